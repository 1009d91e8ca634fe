"""A metric that no code moves is refused: each row of a landed feature has code that uses its handle, and the real
service moves it: in a healthy run, or in one with receivers, faults and hostile callers.
"""
import concurrent.futures
import contextlib
import json
import os
import re
import sqlite3
import subprocess
import sys

import pytest

import servers
import tls_service
from control_group import GREEDY, ControlGroup
from llm_server import LlmServer, Reply
from servers import wait_for
from telemetry_receivers import DatagramReceiver, OtlpReceiver

# What takes small limits, a certificate, or code that behaves badly.
MOVED_BY_RARITIES = {
    "testgen_telemetry_series_rejected_total", "testgen_trace_ring_evicted_total", "testgen_tests_dropped_total",
    "testgen_sandbox_kills_total", "testgen_tls_certificate_expiry_timestamp_seconds", "testgen_log_fields_cut_total",
}
# A control group that is at its limits.
MOVED_AT_LIMITS = {
    "testgen_container_cpu_throttled_seconds_total", "testgen_container_oom_kills_total",
}
# What is zero while all is well and nobody receives.
MOVED_BY_FAULTS = {
    "testgen_database_errors_total", "testgen_feature_errors_total", "testgen_log_lines_dropped_total",
    "otel_sdk_processor_span_queue_size", "otel_sdk_processor_span_queue_capacity",
    "otel_sdk_processor_span_processed_total", "otel_sdk_exporter_span_inflight",
    "otel_sdk_exporter_span_exported_total", "otel_sdk_exporter_operation_duration_seconds",
    "otel_sdk_exporter_metric_data_point_inflight", "otel_sdk_exporter_metric_data_point_exported_total",
    "otel_sdk_processor_log_queue_size", "otel_sdk_processor_log_queue_capacity",
    "otel_sdk_processor_log_processed_total", "otel_sdk_exporter_log_inflight",
    "otel_sdk_exporter_log_exported_total", "testgen_telemetry_pushed_total", "testgen_tickets_total",
    "testgen_ticket_duration_seconds",
    "testgen_sla_error_rate_percent", "testgen_sla_error_rate_ratio",
}

MODULE = """
def bounded(x: int) -> int:
    if x > 10:
        return 10
    if x < 0:
        return 0
    return x
"""


@pytest.fixture(scope="module")
def rows():
    output = subprocess.run([servers.BUILD / "testgen", "telemetry", "schema", "--json"], check=True,
                            capture_output=True, timeout=60).stdout
    return {row["name"]: row for row in json.loads(output)["metrics"]}


def handles():
    """{metric name: the member of Metrics that is its handle}."""
    text = (servers.SOURCE / "src/telemetry/metrics/metrics.cc").read_text()
    return {name: handle for handle, name in
            re.findall(r"(\w+)\(\s*registry\.\w+(?:<\d>)?\(\s*\"(\w+)\"\)\)", text)}


def test_code_uses_every_handle_of_a_landed_feature(rows):
    sources = [path.read_text() for path in sorted((servers.SOURCE / "src").rglob("*.*"))
               if path.suffix in (".cc", ".h") and path.name not in ("metrics.cc", "metrics.h")]
    known = handles()
    assert set(known) == set(rows), "a row without a handle, or a handle without a row"
    used = {name for name, handle in known.items()
            if any(re.search(rf"\b{handle}\b\s*(\.|\n|,|;|\)|\}})", text) for text in sources)}
    landed = {name for name, row in rows.items() if row["landed"]}
    assert landed - used == set(), "rows of landed features that no code moves"
    assert used - landed == set(), "code moves these: their features have landed"


def moved(page):
    """Names of families with a value that is not zero."""
    names = set()
    for line in page.splitlines():
        match = re.match(r"([a-zA-Z_:]\w*)(\{.*\})? (\S+)$", line)
        if match and float(match.group(3)) != 0:
            names.add(match.group(1))
    return names | {re.sub(r"_(bucket|sum|count)$", "", name) for name in names}


def wait_moved(wanted, look, seconds):
    """Looks until all of them have moved; names those that have not."""
    try:
        wait_for(lambda: wanted <= look(), "rows to move", seconds)
    except AssertionError:
        raise AssertionError(f"not moved in {seconds} s: {sorted(wanted - look())}") from None


def test_a_run_moves_every_row_of_landed_features(rows, tmp_path):
    token = "0123456789abcdef-metrics"
    hasty = subprocess.run([servers.BUILD / "testgen", "keys", "create", "hasty", "--requests-per-minute", "1", "--data",
                            tmp_path / "data"], check=True, capture_output=True, text=True, timeout=60).stdout.strip()
    with servers.Testgen(tmp_path, "--workers", "1", "--drain-timeout", "1s", env={
            "TESTGEN_API_TOKEN": token, "DEBUG_METRICS": "true"}) as service:
        mine = {"Authorization": f"Bearer {token}", "User-Agent": "test"}
        def job(number, wait):
            return {"language": "python", "files": [{"path": f"m{number}.py", "content": MODULE}],
                    "options": {"budget_seconds": 1}, "wait_seconds": wait}
        seen = set()
        def look():
            seen.update(moved(service.get("/metrics").text))
            return seen
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            first = pool.submit(service.post, "/v1/generate", job(0, 30), mine)
            waiting = [service.post("/v1/generate", job(n, 0), mine).json() for n in (1, 2)]
            wait_for(lambda: {"testgen_active_requests", "testgen_queue_length", "testgen_jobs_running"} <= look(),
                     "a moment of work", 20)
            assert first.result().status == 200, first.result()
        assert service.post("/v1/generate", job(0, 30), mine).status == 200  # from the cache
        assert servers.request(f"{service.url}/v1/jobs/{waiting[1]['id']}", headers=mine, method="DELETE").status == 200
        for judged, verdict in ((f"tests/{waiting[0]['id']}", "accepted"), ("findings/f1", "confirmed"),
                                ("findings/f2", "false_positive")):
            assert service.post(f"/v1/{judged}/feedback", {"verdict": verdict}, mine).status == 200
        unsafe = "import os\nfrom flask import request\nos.system(request.args['x'])\n"
        assert service.post("/v1/scan", {"files": [{"path": "a.py", "content": unsafe}]}, mine).status == 200
        assert service.get("/v1/jobs").status == 401
        assert [service.get("/v1/jobs", {"Authorization": f"Bearer {hasty}"}).status for _ in "12"] == [200, 429]
        assert service.get("/debug/requests", mine).status == 200
        with_models = {name for name, row in rows.items() if row["feature"] == "llm"}
        expected = ({name for name, row in rows.items() if row["landed"]} - MOVED_BY_FAULTS - MOVED_BY_RARITIES - MOVED_AT_LIMITS
                    - with_models)
        wait_moved(expected, look, 20)


def test_faults_and_receivers_move_the_others(rows, tmp_path):
    token = "0123456789abcdef-metrics"
    mine = {"Authorization": f"Bearer {token}"}
    (tmp_path / "jira").write_text("0123456789abcdef-jira\n")
    (tmp_path / "jira").chmod(0o600)
    # Busy at first, so that there is something in flight and in the queues.
    with OtlpReceiver(tmp_path, *["503+1"] * 30, "200") as receiver, DatagramReceiver() as agent, servers.Testgen(
            tmp_path / "serve", "--workers", "1", "--otlp-endpoint", receiver.url, "--dogstatsd", agent.url, "--jira-url",
            "http://127.0.0.1:9", "--jira-token-file", tmp_path / "jira", "--jira-project", "OPS", env={
                "TESTGEN_API_TOKEN": token, "TESTGEN_DOGSTATSD_INTERVAL": "200ms", "OTEL_METRIC_EXPORT_INTERVAL": "200",
                "OTEL_BSP_SCHEDULE_DELAY": "50", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "1",
                "OTEL_BLRP_SCHEDULE_DELAY": "50", "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE": "1"}) as service:
        seen = set()

        def look():
            # Always something new to tell, so that queues are seen while they are not empty.
            assert {service.get("/v1/jobs").status for _ in range(4)} <= {401, 429}
            seen.update(moved(service.get("/metrics").text))
            return seen
        receiving = {name for name in MOVED_BY_FAULTS if name.startswith("otel_") or "pushed" in name}
        wait_moved(receiving, look, 90)
        with contextlib.closing(sqlite3.connect(service.data / "testgen.db", timeout=10)) as database:
            database.execute("ALTER TABLE jobs RENAME TO lost")
            database.commit()
            assert service.post("/v1/generate", {"language": "python", "files": [{"path": "m.py", "content": MODULE}]},
                                mine).status >= 500
            database.execute("ALTER TABLE lost RENAME TO jobs")
            database.commit()
        alert = {"status": "firing", "labels": {"alertname": "A", "severity": "ticket"}, "startsAt": "now", "fingerprint": "f"}
        assert service.post("/v1/hooks/alertmanager", {"version": "4", "alerts": [alert]}, mine).status == 503
        wait_moved(MOVED_BY_FAULTS, look, 30)


# Its answer is another one where the tests run than where they are looked for, so verification drops them all.
UNSTEADY = """
import sys


def runner(n: int) -> str:
    return ("large " if n > 5 else "small ") + str("pytest" in sys.modules)
"""


def test_what_is_rare_moves_the_rest(rows, tmp_path):
    pem, key = tls_service.certificate(tmp_path / "tls", "rare")
    trusted = tls_service.trusting(pem)
    with tls_service.Secure(tmp_path / "serve", pem, key, "--workers", "1", "--trace-memory", "16KiB",
                            "--metric-series-limit", "3", "--drain-timeout", "1s") as service:
        def generate(content):
            job = {"language": "python", "files": [{"path": "m.py", "content": content}],
                   "options": {"budget_seconds": 2}, "wait_seconds": 60}
            return service.fetch("/v1/generate", trusted, method="POST", body=json.dumps(job), timeout=90)
        assert generate(UNSTEADY)[0] == 200
        # Only the sandbox can end this one.
        status, problem = generate("import time\ntime.sleep(1000)\n\n\ndef half(n: int) -> int:\n    return n // 2\n")
        assert status == 422 and b"did not finish within" in problem, problem
        assert service.fetch("/" + "x" * 5000, trusted)[0] == 404
        for _ in range(60):
            service.fetch("/v1/jobs", trusted)
        page = service.fetch("/metrics", trusted)[1].decode()
        assert not MOVED_BY_RARITIES - moved(page), MOVED_BY_RARITIES - moved(page)
        assert re.search(r'^testgen_sandbox_kills_total\{reason="timed_out"\} 1$', page, re.M), page


def test_a_group_at_its_limits_moves_what_tells_of_them(tmp_path):
    with contextlib.ExitStack() as cleanup:
        try:
            group = cleanup.enter_context(ControlGroup(f"testgen-limits-{os.getpid()}", 512 << 20, cpus=0.5))
        except OSError as error:
            pytest.skip(f"no control group can be made here: {error}")
        service = servers.Testgen(tmp_path, "--workers", "1", preexec_fn=group.join)
        cleanup.enter_context(service)

        def figure(name):
            return float(re.search(rf"^{name} (\S+)", service.get("/metrics").text, re.M).group(1))
        assert figure("testgen_memory_limit_bytes") == 512 << 20
        assert figure("testgen_container_oom_kills_total") == 0
        # A processor's work, where half of one may be had.
        busy = subprocess.Popen([sys.executable, "-c", "while True: pass"], preexec_fn=group.join)
        cleanup.callback(busy.wait, 10)
        cleanup.callback(busy.kill)
        wait_for(lambda: figure("testgen_container_cpu_throttled_seconds_total") > 0, "the group to be held back", 30)
        killed = subprocess.run([sys.executable, "-c", GREEDY], preexec_fn=group.join, timeout=60, check=False)
        assert killed.returncode == -9
        wait_for(lambda: figure("testgen_container_oom_kills_total") == 1, "the kill to be counted", 20)
        assert service.get("/alive").status == 200


def test_a_run_with_models_moves_every_row_of_theirs(rows, tmp_path):
    """The first model has no price, so a budget in money leaves it out and the second takes over; that one fails once,
    so that it is asked again, and then looks something up."""
    (tmp_path / "prices.json").write_text(json.dumps(
        {"date": "2026-01-01", "providers": {"openai": {"m": {"input": 1, "output": 2}}}}))
    first = [Reply(status=503), Reply(stop="tool", calls=[("look_up", {"symbol": "bounded"})])]
    test = "```python\ndef test_large():\n    assert m0.bounded(11) == 10\n```"
    with LlmServer(lambda asked: Reply(status=400)) as left_out, \
            LlmServer(lambda asked: first.pop(0) if first else Reply(test)) as good, \
            servers.Testgen(tmp_path, "--workers", "1", "--engine", "llm", "--llm", "compatible:m", "--llm-url",
                            f"compatible={left_out.base('openai-chat')}", "--llm", "openai-chat:m", "--llm-url",
                            f"openai-chat={good.base('openai-chat')}", "--llm-prices", str(tmp_path / "prices.json"),
                            "--llm-day-budget", "5", "--llm-ledger", str(tmp_path / "spent.json")) as service:
        job = {"language": "python", "files": [{"path": "m0.py", "content": MODULE}],
               "options": {"budget_seconds": 1}, "wait_seconds": 60}
        answer = service.post("/v1/generate", job)
        assert answer.status == 200, answer
        page = service.get("/metrics").text
        mine = {name for name, row in rows.items() if row["feature"] == "llm"}
        assert mine <= moved(page), sorted(mine - moved(page))
        assert re.search(r'testgen_llm_errors_total\{provider="openai-chat",error_type="unavailable"\} 1', page), page
        assert service.get("/ready").json()["checks"]["llm_api"] is True
        assert left_out.asked == []
    assert json.loads((tmp_path / "spent.json").read_text())["dollars"] > 0


def test_a_scan_of_the_command_moves_its_rows(rows, tmp_path):
    (tmp_path / "a.py").write_text("import os\nfrom flask import request\nos.system(request.args['x'])\n")
    subprocess.run([servers.BUILD / "testgen", "scan", ".", "-q", "--metrics-file", "out.prom"], cwd=tmp_path,
                   check=True, timeout=60)
    assert {name for name, row in rows.items() if row["feature"] == "scan"} <= moved((tmp_path / "out.prom").read_text())


def test_debug_metrics_can_be_switched_while_it_runs(tmp_path):
    shown = re.compile(r"^testgen_(request_size_bytes|response_size_bytes|queue_wait_seconds)_count ", re.M)
    with servers.Testgen(tmp_path) as service:
        def debug(value):
            return servers.request(service.url + "/debug/log-level", body={"debug_metrics": value}, method="PUT")
        assert service.get("/debug/log-level").json()["debug_metrics"] is False
        assert shown.findall(service.get("/metrics").text) == []
        assert debug(True).json()["debug_metrics"] is True
        assert len(shown.findall(service.get("/metrics").text)) == 3
        assert debug(False).json()["debug_metrics"] is False
        assert shown.findall(service.get("/metrics").text) == []


def test_the_account_of_the_objectives_survives_a_restart(tmp_path):
    def error_ratio(service):
        return float(re.search(r"^testgen_sla_error_rate_ratio (\S+)", service.get("/metrics").text, re.M).group(1))
    with servers.Testgen(tmp_path) as service:
        service.get("/v1/jobs")
        before = float(re.search(r'^testgen_slo_value\{objective="throughput",window="30d"\} (\S+)',
                                 service.get("/metrics").text, re.M).group(1))
        assert before >= 1
        assert error_ratio(service) == 0
    with servers.Testgen(tmp_path) as service:
        after = float(re.search(r'^testgen_slo_value\{objective="throughput",window="30d"\} (\S+)',
                                service.get("/metrics").text, re.M).group(1))
        assert after >= 1, "the answer before the restart is forgotten"
