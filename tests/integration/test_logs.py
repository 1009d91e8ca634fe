"""The log of the real program: its formats, its levels by real work, and what cannot stop the work."""
import contextlib
import datetime
import json
import os
import pathlib
import pty
import re
import signal
import socketserver
import sqlite3
import subprocess
import threading
import urllib.error
import urllib.request

import pytest
from servers import BUILD, Testgen, free_port, wait_for
from test_service import CALC, body

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOKEN = "a-token-long-enough-for-tests"


def lines_of(path):
    """The JSON lines of a log that are complete."""
    text = pathlib.Path(path).read_text() if pathlib.Path(path).exists() else ""
    return [json.loads(line) for line in text.split("\n")[:-1] if line.startswith("{")]


def events_of(path):
    return {line["event"] for line in lines_of(path)}


def catalogue():
    printed = subprocess.run([BUILD / "testgen", "telemetry", "schema", "--json"], capture_output=True, text=True,
                             timeout=30, check=True).stdout
    return {event["name"]: event for event in json.loads(printed)["log_events"]}


def put(service, path, document, headers=None):
    asked = urllib.request.Request(service.url + path, data=json.dumps(document).encode(), method="PUT",
                                   headers={"Content-Type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


# A branch that no search opens, so that it goes on for longer than a request should take.
LOCKED = '''import hashlib


def opens(word: str) -> bool:
    if hashlib.sha256(word.encode()).hexdigest().startswith("0123456789"):
        return True
    return word == "open"
'''


@pytest.fixture(scope="module")
def busy_log(tmp_path_factory):
    """The log of one service that was made to do something of nearly every kind."""
    folder = tmp_path_factory.mktemp("policy")
    (folder / "token").write_text(TOKEN + "\n")
    log = folder / "app.log"
    me = {"Authorization": f"Bearer {TOKEN}"}
    service = Testgen(folder, "--workers", "1", "--log-file", log, "--log-level", "debug",
                      "--token-file", folder / "token",
                      env={**os.environ, "OTEL_EXPORTER_JAEGER_ENDPOINT": "http://jaeger:14268/api/traces"})
    with service:
        slow = body(seed=1, budget=15, content=LOCKED)
        assert service.post("/v1/generate", slow, headers=me).status == 200
        assert service.post("/v1/generate", slow, headers=me).json()["cached"] is True
        assert service.post("/v1/generate", body(content="def broken(:\n"), headers=me).status == 422
        held = service.post("/v1/generate", body(seed=2, wait=0, budget=20), headers=me).json()["id"]
        waiting = service.post("/v1/generate", body(seed=3, wait=0, budget=20), headers=me).json()["id"]
        for job in (waiting, held):
            asked = urllib.request.Request(f"{service.url}/v1/jobs/{job}", method="DELETE", headers=me)
            urllib.request.urlopen(asked, timeout=30).close()
        for _ in range(12):
            assert service.get("/v1/jobs", headers={"Authorization": "Bearer guess"}).status == 401
        assert put(service, "/debug/log-level", {"debug_metrics": True}, me)[0] == 200
        with contextlib.closing(sqlite3.connect(service.data / "testgen.db", timeout=10)) as database:
            database.execute("ALTER TABLE probe RENAME TO lost")
            database.commit()
            wait_for(lambda: service.get("/ready").status == 503, "the lost database to show", 20)
            assert service.post("/v1/generate", slow, headers=me).status == 200  # cached
            database.execute("ALTER TABLE lost RENAME TO probe")
            database.commit()
            wait_for(lambda: service.get("/ready").status == 200, "the database to be back", 20)
        wait_for(lambda: {"database_lost", "health_check_recovered", "security_incident", "job_cancelled",
                          "slow_request"} <= events_of(log), "the events")
    return log


# One event for each line of the policy that needs no broken machine; those that do have a test of
# their own below, or, for llm_error, in test_llm_engine.py.
BY_WORK = {
    "cache operations": {"cache_hit", "cache_miss", "cache_stored"},
    "state changes": {"job_started"},
    "measurements": {"stage_finished"},
    "requests": {"request_finished"},
    "user actions": {"job_submitted", "job_cancelled", "debug_metrics_changed"},
    "business events": {"service_started", "service_stopped", "job_finished", "generation_finished"},
    "slow operations": {"slow_request"},
    "deprecated use": {"deprecated_setting"},
    "resource warnings": {"authentication_failed"},
    "lost database": {"database_lost"},
    "security incidents": {"security_incident"},
}


@pytest.mark.parametrize("policy", sorted(BY_WORK))
def test_work_of_each_kind_is_logged_at_its_level(busy_log, policy):
    events = catalogue()
    lines = lines_of(busy_log)
    for name in BY_WORK[policy]:
        spec = events[name]
        assert spec["policy"] == policy
        mine = [line for line in lines if line["event"] == name]
        assert mine, f"{name} was never logged"
        for line in mine:
            assert (line["level"], line["message"]) == (spec["level"], spec["message"])


def test_every_line_is_as_the_catalogue_says(busy_log):
    events = catalogue()
    fixed = ["timestamp", "level", "message", "service", "event"]
    for line in lines_of(busy_log):
        assert list(line)[:5] == fixed
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["timestamp"])
        assert line["service"] == "testgen-copilot"
        declared = {field["name"]: field["optional"] for field in events[line["event"]]["fields"]}
        found = set(line) - set(fixed) - {"trace_id", "span_id", "suppressed"}
        assert found <= set(declared), line
        assert {name for name, optional in declared.items() if not optional} <= found, line


def test_a_finished_request_says_how_long_it_took_and_in_which_trace(busy_log):
    finished = [line for line in lines_of(busy_log) if line["event"] == "request_finished"]
    assert all(line["duration_ms"] >= 0 and len(line["trace_id"]) == 32 for line in finished)
    slow = next(line for line in lines_of(busy_log) if line["event"] == "slow_request")
    assert any(line["duration_ms"] > 2000 and line["trace_id"] == slow["trace_id"] for line in finished)


def test_no_token_is_in_the_log(busy_log):
    assert TOKEN not in busy_log.read_text()


@contextlib.contextmanager
def small_disk(folder, size):
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip("this machine does not let us mount a tmpfs: " + mounted.stderr.strip())
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_critical(tmp_path):
    """Readiness needs 64 MiB; the tmpfs has half of it."""
    log = tmp_path / "app.log"
    with small_disk(tmp_path / "disk", "32m") as disk:
        process = subprocess.Popen([BUILD / "testgen", "serve", "--listen", f"127.0.0.1:{free_port()}", "--data", disk / "d",
                                    "--log-file", log], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(lambda: "disk_space_exhausted" in events_of(log), "the full disk to be seen", 20)
        finally:
            process.terminate()
            assert process.wait(20) == 0
    line = next(line for line in lines_of(log) if line["event"] == "disk_space_exhausted")
    assert line["level"] == "CRITICAL" and "MiB free" in line["reason"]


def test_what_makes_it_impossible_to_start_is_logged_as_a_configuration_error(tmp_path):
    log = tmp_path / "app.log"
    ended = subprocess.run([BUILD / "testgen", "serve", "--listen", "0.0.0.0:0", "--data", tmp_path / "d", "--log-file", log],
                           capture_output=True, text=True, timeout=30)
    assert ended.returncode != 0 and "keys create" in ended.stderr
    [line] = [line for line in lines_of(log) if line["event"] == "configuration_error"]
    assert line["level"] == "ERROR" and "API key" in line["error"]


def test_the_level_changes_while_it_runs(tmp_path):
    log = tmp_path / "app.log"
    with Testgen(tmp_path, "--log-file", log, "--log-level", "warning") as service:
        assert service.get("/debug/log-level").json() == {"level": "warning", "debug_metrics": False}
        assert put(service, "/debug/log-level", {"level": "debug", "debug_metrics": True}) == \
            (200, {"level": "debug", "debug_metrics": True})
        assert "testgen_request_size_bytes" in service.get("/metrics").text
        wait_for(lambda: "probe_answered" in events_of(log), "a line at DEBUG")
        changed = next(line for line in lines_of(log) if line["event"] == "log_level_changed")
        assert (changed["from"], changed["to"], changed["level"]) == ("WARNING", "DEBUG", "INFO")
        for wrong in ({"level": "loud"}, {"level": 3}, {"lvl": "debug"}, {}, [], {"level": "info", "x": 1}):
            status, problem = put(service, "/debug/log-level", wrong)
            assert status == 422 and problem["hint"], wrong
        assert service.get("/debug/log-level").json()["level"] == "debug"


@pytest.mark.parametrize("arguments, watched, expected", [
    ([], False, "json info"),
    ([], True, "pretty debug"),
    (["--environment", "production"], True, "json info"),
    (["--environment", "development"], False, "pretty debug"),
    (["--environment", "development", "--log-level", "info"], False, "pretty info"),
    (["--log-format", "ecs"], True, "ecs debug"),
])
def test_the_environment_decides_what_the_settings_leave_open(tmp_path, arguments, watched, expected):
    reader, writer = pty.openpty() if watched else os.pipe()
    process = subprocess.Popen([BUILD / "testgen", "serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "d", *arguments],
                               stdout=subprocess.DEVNULL, stderr=writer)
    os.close(writer)
    text = b""
    try:
        while b"database" not in text and b"service started" not in text:
            text += os.read(reader, 65536)
        process.terminate()
        with contextlib.suppress(OSError):  # a terminal's end is an error
            while more := os.read(reader, 65536):
                text += more
    finally:
        process.kill()
        process.wait(20)
        os.close(reader)
    form, _ = expected.split()
    first = next(line for line in text.decode().splitlines() if "service started" in line)
    if form == "pretty":
        assert re.match(r"\S+Z (\x1b\[32m)?INFO", first)
        assert ("\x1b[" in first) == watched
    elif form == "json":
        assert json.loads(first)["event"] == "service_started"
    else:
        assert json.loads(first)["log.level"] == "info"


def test_generate_logs_to_a_file_when_asked(tmp_path):
    source = tmp_path / "calc.py"
    source.write_text(CALC)
    log = tmp_path / "run.log"
    ended = subprocess.run([BUILD / "testgen", "generate", source, "-o", tmp_path / "out", "-b", "8s", "--log-file", log,
                            "--log-level", "debug"], capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert {"stage_finished", "generation_finished"} <= events_of(log)
    assert '"event"' not in ended.stderr + ended.stdout


# --- formats beside their reference implementations ------------------------------------------------

def node(script, *arguments):
    return subprocess.run(["node", "-e", script, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60,
                          check=True).stdout


def flat(document, prefix=""):
    """{"a": {"b": 1}} and {"a.b": 1} are the same to Elasticsearch."""
    out = {}
    for key, value in document.items():
        if isinstance(value, dict):
            out.update(flat(value, prefix + key + "."))
        else:
            out[prefix + key] = value
    return out


def test_ecs_lines_say_what_elastics_own_formatter_says(tmp_path):
    log = tmp_path / "app.log"
    with Testgen(tmp_path, "--log-format", "ecs", "--log-file", log, "--environment", "production") as service:
        trace = "0af7651916cd43dd8448eb211c80319c"
        assert service.get("/v1/jobs", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"}).status == 200
        wait_for(lambda: "request_finished" in log.read_text(), "the request in the log")
    ours = next(line for line in lines_of(log) if line["event.action"] == "request_finished")
    # The same record, written by @elastic/ecs-pino-format.
    script = """
      const { ecsFormat } = require('@elastic/ecs-pino-format');
      const pino = require('pino');
      const ours = JSON.parse(process.argv[1]);
      const log = pino(ecsFormat({ apmIntegration: false, serviceName: 'testgen-copilot',
        serviceVersion: ours['service.version'], serviceEnvironment: 'production' }));
      log.info({ 'event.action': ours['event.action'], 'event.duration': ours['event.duration'],
        http: { request: { method: 'GET', id: ours['http.request.id'] },
                response: { status_code: 200, body: { bytes: ours['http.response.body.bytes'] } } },
        url: { path: '/v1/jobs' }, client: { address: '127.0.0.1' },
        trace: { id: ours['trace.id'] }, span: { id: ours['span.id'] } }, 'request finished');"""
    theirs = flat(json.loads(node(script, json.dumps(ours))))
    own = {key: value for key, value in ours.items() if not key.startswith("testgen.")}
    for clock in ("@timestamp", "process.pid"):
        assert type(own.pop(clock)) is type(theirs.pop(clock))
    assert own == theirs
    assert ours["trace.id"] == trace
    assert list(ours)[:3] == ["@timestamp", "log.level", "message"]


def test_ecs_levels_are_elastics(tmp_path):
    script = """
      const { ecsFormat } = require('@elastic/ecs-pino-format');
      const log = require('pino')({ level: 'trace', ...ecsFormat({ apmIntegration: false }) });
      for (const level of ['debug', 'info', 'warn', 'error', 'fatal']) log[level]('x');"""
    theirs = {json.loads(line)["log.level"] for line in node(script).splitlines()}
    assert theirs == {"debug", "info", "warn", "error", "fatal"}
    log = tmp_path / "app.log"
    with Testgen(tmp_path, "--log-format", "ecs", "--log-level", "debug", "--log-file", log):
        pass
    assert {line["log.level"] for line in lines_of(log)} <= theirs


def test_otel_lines_are_otlp_documents(tmp_path):
    log = tmp_path / "app.log"
    with Testgen(tmp_path, "--log-format", "otel", "--log-file", log) as service:
        assert service.get("/v1/jobs").status == 200
        wait_for(lambda: "request_finished" in log.read_text(), "the request in the log")
    for line in lines_of(log):
        [resource_logs] = line["resourceLogs"]
        assert {"key": "service.name", "value": {"stringValue": "testgen-copilot"}} in resource_logs["resource"]["attributes"]
        [record] = resource_logs["scopeLogs"][0]["logRecords"]
        when = datetime.datetime.fromtimestamp(int(record["timeUnixNano"]) / 1e9, datetime.timezone.utc)
        assert abs((datetime.datetime.now(datetime.timezone.utc) - when).total_seconds()) < 600
        assert record["severityNumber"] in (5, 9, 13, 17, 21) and record["body"]["stringValue"]
        if record["eventName"] == "request_finished":
            assert re.fullmatch("[0-9a-f]{32}", record["traceId"]) and re.fullmatch("[0-9a-f]{16}", record["spanId"])


# --- what must not stop the work -------------------------------------------------------------------

def dropped(service, reason):
    found = re.search(rf'^testgen_log_lines_dropped_total{{reason="{reason}"}} (\S+)$', service.get("/metrics").text, re.M)
    return float(found.group(1)) if found else 0.0


def test_sighup_opens_the_file_again(tmp_path):
    log = tmp_path / "app.log"
    with Testgen(tmp_path, "--log-file", log) as service:
        wait_for(lambda: "service_started" in events_of(log), "the first line")
        log.rename(tmp_path / "app.log.1")
        service.process.send_signal(signal.SIGHUP)
        wait_for(log.exists, "the new file")
        service.get("/v1/jobs")
        wait_for(lambda: "request_finished" in events_of(log), "a line in the new file")
    assert "request_finished" not in events_of(tmp_path / "app.log.1")


def test_it_rotates_by_size_and_no_line_is_torn(tmp_path):
    log = tmp_path / "app.log"
    with Testgen(tmp_path, "--log-file", log, "--log-max-size", "4KiB", "--log-keep", "3", "--log-level", "debug") as service:
        for _ in range(60):
            service.get("/health")
        wait_for((tmp_path / "app.log.3").exists, "three rotated files")
    for path in [log, *(tmp_path / f"app.log.{n}" for n in (1, 2, 3))]:
        text = path.read_text()
        assert 0 < len(text) <= 4096 and all(json.loads(line) for line in text.splitlines())
    assert not (tmp_path / "app.log.4").exists()


def test_a_full_disk_stops_nothing_and_is_counted(tmp_path):
    with small_disk(tmp_path / "disk", "64k") as disk, Testgen(tmp_path, "--log-file", disk / "app.log") as service:
        log, filler = disk / "app.log", disk / "filler"
        wait_for(lambda: "service_started" in events_of(log), "the first line")
        with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
            while file.write(b"x" * 512):
                pass
        for _ in range(40):  # more than the log's last page takes
            assert service.get("/v1/nothing").status == 404
        wait_for(lambda: dropped(service, "write_failed") >= 5, "the lost lines to be counted")
        filler.unlink()
        before = len(lines_of(log))
        assert service.get("/v1/nothing").status == 404
        wait_for(lambda: len(lines_of(log)) > before, "lines again")
        assert all(json.loads(line) for line in log.read_text().splitlines()), "no line is torn"


@pytest.mark.parametrize("reader_leaves", [True, False])
def test_a_pipe_that_nobody_reads_stops_nothing(tmp_path, reader_leaves):
    reader, writer = os.pipe()
    port = free_port()
    process = subprocess.Popen([BUILD / "testgen", "serve", "--listen", f"127.0.0.1:{port}", "--data", tmp_path / "d",
                                "--log-level", "debug"], stdout=subprocess.DEVNULL, stderr=writer)
    os.close(writer)
    service = Testgen.__new__(Testgen)
    service.url = f"http://127.0.0.1:{port}"
    try:
        def up():
            with contextlib.suppress(OSError):
                return service.get("/ready").status == 200
            return False
        wait_for(up, "the service")
        if reader_leaves:
            os.close(reader)
            service.get("/health")
            wait_for(lambda: dropped(service, "write_failed") > 0, "the lost lines to be counted")
        else:
            for _ in range(400):  # more than a pipe holds
                assert service.get("/health").status == 200
        assert service.get("/alive").status == 200
    finally:
        process.terminate()
        code = process.wait(20)
        if not reader_leaves:
            os.close(reader)
    assert code == 0


# --- rsyslog ----------------------------------------------------------------------------------------

def forwarding_to(port, folder, log):
    """The shipped configuration, with this test's file, collector and state."""
    text = (ROOT / "deploy" / "rsyslog" / "testgen.conf").read_text()
    text = text.replace("/var/log/testgen/*.log", str(log)).replace('target="logs.example.com" port="5170"',
                                                                    f'target="127.0.0.1" port="{port}"')
    assert str(log) in text and str(port) in text
    return f'global(workDirectory="{folder}")\n' + text


class Collector(socketserver.ThreadingTCPServer):
    """Keeps the lines that it is sent."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        self.lines = []
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                for line in self.rfile:
                    outer.lines.append(line.decode())

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


def test_lines_arrive_unchanged_through_rsyslog(tmp_path):
    daemon = pathlib.Path("/usr/sbin/rsyslogd")
    if not daemon.exists():
        pytest.skip("Debian's rsyslog is not installed")
    log, work = tmp_path / "app.log", tmp_path / "work"
    work.mkdir()
    with Collector() as collector:
        (tmp_path / "rsyslog.conf").write_text(forwarding_to(collector.server_address[1], work, log))
        process = subprocess.Popen([daemon, "-n", "-f", tmp_path / "rsyslog.conf", "-i", tmp_path / "pid"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with Testgen(tmp_path, "--log-file", log, "--log-level", "debug") as service:
                service.post("/v1/generate", body(content="def f(x):\n    return 'ä \\\\ \"q\" %s' % x\n", budget=1))
                service.get("/v1/nothing/%22quoted%22/%C3%A4")
            sent = log.read_text().splitlines(keepends=True)
            assert len(sent) > 10
            wait_for(lambda: len(collector.lines) >= len(sent), "every line to arrive", 30)
            assert sorted(collector.lines) == sorted(sent)
            assert all(json.loads(line) for line in collector.lines)
        finally:
            process.terminate()
            process.wait(20)
