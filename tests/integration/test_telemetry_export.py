"""What leaves the process, taken by receivers that know the protocols better than we do."""
import functools
import http.client
import json
import os
import re
import shutil
import signal
import subprocess

import pytest
from servers import BUILD, SOURCE, Server, Testgen, free_port, request, wait_for
from telemetry_receivers import DatagramReceiver, OtlpReceiver, attributes, items

PROGRAM = BUILD / "testgen"
MODULE = "def sign(x):\n    if x < 0:\n        return -1\n    return 1\n"
JOB = {"language": "python", "files": [{"path": "sign.py", "content": MODULE}], "options": {"budget_seconds": 1},
       "wait_seconds": 0}
TOKEN = {"Authorization": "Bearer t0ken-for-the-tests"}


def quick(**more):
    """Variables that make exporters send at once."""
    return {"OTEL_BSP_SCHEDULE_DELAY": "50", "OTEL_BLRP_SCHEDULE_DELAY": "50",
            "OTEL_METRIC_EXPORT_INTERVAL": "200", **more}


def generate(folder, *flags, env=None, **how):
    (folder / "sign.py").write_text(MODULE)
    return subprocess.run(
        [PROGRAM, "generate", "sign.py", "--output", "out", "--max-executions", "200", "--quiet", *flags],
        cwd=folder, env={**os.environ, **(env or {})}, capture_output=True, text=True, timeout=120, **how)


@pytest.mark.parametrize("protocol", ["http/protobuf", "http/json"])
def test_a_run_sends_its_spans_and_metrics(tmp_path, protocol):
    with OtlpReceiver(tmp_path) as receiver:
        ran = generate(tmp_path, "--otlp-endpoint", receiver.url, env=quick(
            OTEL_EXPORTER_OTLP_PROTOCOL=protocol, OTEL_EXPORTER_OTLP_COMPRESSION="gzip",
            OTEL_RESOURCE_ATTRIBUTES="deployment.environment=test"))
        assert ran.returncode == 0, ran.stderr
        traces = receiver.requests("/v1/traces")
        metrics = receiver.requests("/v1/metrics")
    assert all(sent["headers"]["content-encoding"] == "gzip" for sent in traces + metrics)
    spans = [span for sent in traces for span in items(sent, "traces")]
    named = {span["name"]: span for span in spans}
    assert {"generate", "generate_tests", "load", "analyze", "propose", "verify", "score", "emit",
            "record", "sandbox.run"} <= set(named)
    whole = named["generate_tests"]
    told = attributes(whole)
    assert told["file.path"].endswith("sign.py") and told["file.language"] == "python"
    assert told["tests.count"] >= 2
    assert whole["status"]["code"] == 1
    assert whole["parentSpanId"] == named["generate"]["spanId"]
    assert len({span["traceId"] for span in spans}) == 1
    resource = attributes(traces[0]["body"]["resourceSpans"][0]["resource"])
    assert resource["service.name"] == "testgen-copilot" and resource["deployment.environment"] == "test"

    figures = {metric["name"]: metric for sent in metrics for metric in items(sent, "metrics")}
    point, = [p for p in figures["testgen_tests_generated_total"]["sum"]["dataPoints"]
              if attributes(p) == {"language": "python"}]
    assert int(point["asInt"]) == told["tests.count"]
    assert figures["testgen_generation_duration_seconds"]["unit"] == "s"
    assert "otel.sdk.span.started" in figures


@pytest.mark.parametrize("protocol", ["http/protobuf", "http/json"])
def test_a_run_sends_its_log(tmp_path, protocol):
    with OtlpReceiver(tmp_path) as receiver:
        ran = generate(tmp_path, "--otlp-endpoint", receiver.url, "--verbose",
                       env=quick(OTEL_EXPORTER_OTLP_PROTOCOL=protocol))
        assert ran.returncode == 0, ran.stderr
        logs = receiver.requests("/v1/logs")
        spans = [span for sent in receiver.requests("/v1/traces") for span in items(sent, "traces")]
    whole, = [span for span in spans if span["name"] == "generate_tests"]
    records = [record for sent in logs for record in items(sent, "logs")]
    stages = [record for record in records if record.get("eventName") == "stage_finished"]
    assert {attributes(record)["stage"] for record in stages} >= {"load", "verify"}
    assert {record["traceId"] for record in stages} == {whole["traceId"]}


def test_a_receiver_with_moods_is_retried_as_the_specification_says(tmp_path):
    plan = ["429+1", "503+date", "502", "504", "cut", "200"]
    with OtlpReceiver(tmp_path, *plan) as receiver, Testgen(
            tmp_path / "serve", env=quick(OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=receiver.url + "/v1/traces")) as service:
        service.post("/v1/generate", JOB)
        sent = receiver.wait_for("/v1/traces", len(plan), 60)
        # An empty label is none: these were taken.
        wait_for(lambda: figure(service, "otel_sdk_exporter_span_exported_total") > 0, "spans to be taken", 30)
    assert [each["answer"] for each in sent[:len(plan)]] == plan
    first = [each["body"] for each in sent[:len(plan)]]
    assert all(body == first[0] for body in first), "the same batch, again"
    assert sent[1]["time"] - sent[0]["time"] >= 0.99
    assert sent[2]["time"] - sent[1]["time"] >= 0.5  # a date has whole seconds


@pytest.mark.parametrize("answer, error", [("400", "rejected"), ("500", "rejected"), ("partial", "partial_success"),
                                           ("429+3600", "unavailable")])
def test_what_must_not_be_retried_is_counted(tmp_path, answer, error):
    with OtlpReceiver(tmp_path, answer) as receiver, Testgen(
            tmp_path / "serve", env=quick(OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=receiver.url + "/v1/traces")) as service:
        service.get("/v1/jobs/none")
        lost = f'otel_sdk_exporter_span_exported_total{{error_type="{error}"}}'
        wait_for(lambda: figure(service, lost) >= 1, f"a loss as {error}", 30)
        bodies = [json.dumps(each["body"], sort_keys=True) for each in receiver.requests("/v1/traces")]
    # The service's own work may have made a batch of its own meanwhile; none came twice.
    assert len(set(bodies)) == len(bodies)


def figure(service, series):
    for line in service.get("/metrics").text.splitlines():
        if line.startswith(series + " "):
            return float(line.rsplit(" ", 1)[1])
    return 0.0


@pytest.mark.parametrize("answer", ["slow", "garbage", "cut", "503"])
def test_no_receiver_holds_up_the_work(tmp_path, answer):
    with OtlpReceiver(tmp_path, answer) as receiver:
        ran = generate(tmp_path, "--otlp-endpoint", receiver.url)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "out" / "test_sign.py").exists()


def test_deltas_add_up_to_totals(tmp_path):
    with OtlpReceiver(tmp_path) as receiver, Testgen(
            tmp_path / "serve", env=quick(OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=receiver.url + "/v1/metrics",
                                          OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE="delta")) as service:
        for _ in range(5):
            service.get("/v1/jobs/none")
            service.post("/v1/jobs/none", {})

        def counted():
            total = 0
            for sent in receiver.requests("/v1/metrics"):
                for metric in items(sent, "metrics"):
                    if metric["name"] == "testgen_requests_total":
                        assert metric["sum"]["aggregationTemporality"] == 1
                        total += sum(int(point["asInt"]) for point in metric["sum"]["dataPoints"]
                                     if attributes(point)["endpoint"] == "/v1/jobs/{id}")
            return total
        expected = 5
        wait_for(lambda: counted() >= expected, "the deltas", 20)
        assert counted() in (expected, 2 * expected)


def peer_lines(calls):
    """What hot-shots sends for the same calls."""
    ran = subprocess.run(["node", SOURCE / "tests/support/dogstatsd_peer.cjs"], input=json.dumps(calls),
                         capture_output=True, text=True, timeout=60, cwd=SOURCE)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


@pytest.mark.parametrize("kind", ["udp", "unix"])
def test_datadogs_lines_are_those_of_a_well_known_client(tmp_path, kind):
    path = tmp_path / "dsd.socket" if kind == "unix" else None
    with DatagramReceiver(path) as receiver:
        with Testgen(tmp_path / "serve", "--dogstatsd", receiver.url,
                     env={"TESTGEN_DOGSTATSD_INTERVAL": "200ms"}) as service:
            service.post("/v1/generate", JOB)
            done = wait_for(lambda: [line for line in receiver.lines() if line.startswith("testgen.response_time:")],
                            "a response time", 60)
            lines = receiver.lines()
        limit = 8192 if kind == "unix" else 1432
        assert all(len(datagram.encode()) <= limit for datagram in receiver.datagrams)
    value = float(re.match(r"testgen.response_time:([0-9.e-]+)\|h", done[0])[1])
    assert done[0] == peer_lines([["histogram", "response_time", value, ["language:python"]]])[0]
    counted, = peer_lines([["increment", "requests", 1, ["method:POST", "endpoint:generate", "status:202"]]])
    assert counted in lines
    check, = peer_lines([["check", "database", 0]])
    assert check in lines
    gauge, = peer_lines([["gauge", "active_requests", 0]])
    assert gauge in lines


class Pushgateway(Server):
    """Debian's."""
    name = "pushgateway"

    def __init__(self, folder):
        super().__init__(folder, lambda self: ["prometheus-pushgateway", f"--web.listen-address={self.address}"],
                         "/-/ready")


@pytest.mark.skipif(not shutil.which("prometheus-pushgateway"), reason="Debian's prometheus-pushgateway is not installed")
def test_a_pushgateway_takes_the_metrics_of_a_run(tmp_path):
    with Pushgateway(tmp_path / "gateway") as gateway:
        ran = generate(tmp_path, "--pushgateway", gateway.url)
        assert ran.returncode == 0, ran.stderr
        page = request(gateway.url + "/metrics").text
    made, = re.findall(r'^testgen_tests_generated_total\{instance="[^"]+",job="testgen",language="python"\} (\d+)$',
                       page, re.M)
    assert int(made) >= 2


def test_a_textfile_is_what_node_exporter_reads(tmp_path):
    folder = tmp_path / "textfiles"
    ran = generate(tmp_path, "--metrics-file", folder / "testgen.prom")
    assert ran.returncode == 0, ran.stderr
    port = free_port()
    with Server(tmp_path / "node", lambda self: [
            "prometheus-node-exporter", f"--web.listen-address={self.address}", "--collector.disable-defaults",
            "--collector.textfile", f"--collector.textfile.directory={folder}"], "/metrics", port=port) as node:
        page = request(node.url + "/metrics").text
    assert "node_textfile_scrape_error 0" in page
    assert re.search(r'^testgen_tests_generated_total\{language="python"\} [1-9]', page, re.M)


def test_a_metrics_file_that_cannot_be_written_is_said(tmp_path):
    ran = generate(tmp_path, "--metrics-file", "sign.py/no.prom")
    assert ran.returncode == 4 and "--metrics-file" in ran.stderr


def test_trace_file_holds_the_runs_spans(tmp_path):
    ran = generate(tmp_path, "--trace-file", "spans.jsonl")
    assert ran.returncode == 0, ran.stderr
    lines = (tmp_path / "spans.jsonl").read_text().splitlines()
    spans = [span for line in lines for resource in json.loads(line)["resourceSpans"]
             for scope in resource["scopeSpans"] for span in scope["spans"]]
    assert {"generate", "generate_tests", "verify"} <= {span["name"] for span in spans}


@functools.cache
def catalogue():
    printed = subprocess.run([PROGRAM, "telemetry", "schema", "--json"], capture_output=True, text=True, timeout=30,
                             check=True).stdout
    return json.loads(printed)["spans"]


def as_declared(span):
    """A span is one of the catalogue's, with that row's kind and attributes."""
    def is_row(row):
        pattern = re.sub(r"\\{\w+\\}", r"[\\w/{}]+", re.escape(row["name"]))
        return row["landed"] and re.fullmatch(pattern, span["name"])
    row, = [row for row in catalogue() if is_row(row)]
    assert span["kind"] == row["kind"], span
    declared = {attribute["name"]: attribute["optional"] for attribute in row["attributes"]}
    assert set(span["attributes"]) <= set(declared), (span, row)
    assert {name for name, optional in declared.items() if not optional} <= set(span["attributes"]), (span, row)


def test_a_request_is_one_tree_from_the_gateway_to_the_sandbox(tmp_path):
    token = tmp_path / "token"
    token.write_text("t0ken-for-the-tests\n")
    token.chmod(0o600)
    caller = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    with Testgen(tmp_path / "serve", "--token-file", token) as service:
        answer = service.post("/v1/generate", JOB,
                              {**TOKEN, "traceparent": caller})
        assert answer.status == 202, answer
        job = answer.json()["id"]
        wait_for(lambda: service.get(f"/v1/jobs/{job}", TOKEN).json()["state"] == "succeeded", "the job", 60)
        trace = caller.split("-")[1]
        spans = service.get(f"/debug/traces/{trace}", TOKEN).json()["spans"]
        shown = subprocess.run([PROGRAM, "trace", trace, "--server", service.url, "--token-file", token],
                               capture_output=True, text=True, timeout=30)
        refused = subprocess.run([PROGRAM, "trace", trace, "--server", service.url],
                                 capture_output=True, text=True, timeout=30)
        unknown = subprocess.run([PROGRAM, "trace", "f" * 32, "--server", service.url, "--token-file", token],
                                 capture_output=True, text=True, timeout=30)
    by_id = {span["span_id"]: span for span in spans}

    def path(span):
        names = [span["name"]]
        while span["parent_span_id"] in by_id:
            span = by_id[span["parent_span_id"]]
            names.insert(0, span["name"])
        return "/".join(names).replace("POST /v1/generate", "POST")
    paths = {path(span) for span in spans}
    assert {"POST", "POST/queue.wait", "POST/job.run", "POST/job.run/generate_tests",
            "POST/job.run/generate_tests/load", "POST/job.run/generate_tests/verify",
            "POST/cache.get", "POST/db.enqueue",
            "POST/job.run/cache.put", "POST/db.claim", "POST/job.run/db.finish"} <= paths, paths
    # One of a program that stays, or of one that runs once.
    assert paths & {f"POST/job.run/generate_tests/sandbox.{how}" for how in ("start", "run")}, paths
    root, = [span for span in spans if path(span) == "POST"]
    assert root["parent_span_id"] == "00f067aa0ba902b7"
    for span in spans:
        as_declared(span)
    assert shown.returncode == 0, shown.stderr
    assert "└─ job.run" in shown.stdout or "├─ job.run" in shown.stdout
    assert "generate_tests" in shown.stdout and " ms" in shown.stdout
    assert refused.returncode != 0 and "token" in refused.stderr
    assert unknown.returncode != 0 and "in memory" in unknown.stderr


def test_two_callers_are_none(tmp_path):
    """W3C: with two traceparent headers the caller's trace is not continued."""
    first, second = ("00-" + digit * 32 + "-00f067aa0ba902b7-01" for digit in "12")
    with Testgen(tmp_path) as service:
        def trace_of(*headers):
            connection = http.client.HTTPConnection(service.address, timeout=10)
            connection.putrequest("GET", "/v1/jobs/none")
            for header in headers:
                connection.putheader("traceparent", header)
            connection.endheaders()
            answer = connection.getresponse()
            answer.read()
            return answer.headers["traceparent"].split("-")
        version, trace, parent, flags = trace_of(first)
        assert (version, trace, flags) == ("00", "1" * 32, "01") and parent != "00f067aa0ba902b7"
        _, trace, _, flags = trace_of(first, second)
        assert trace not in ("1" * 32, "2" * 32)
        assert flags == "03", "a trace of our own: sampled, with a random id"


def test_a_stopped_run_still_sends_what_it_has(tmp_path):
    (tmp_path / "sign.py").write_text(MODULE)
    with OtlpReceiver(tmp_path) as receiver:
        running = subprocess.Popen([PROGRAM, "generate", "sign.py", "-o", "out", "--budget", "60s", "--quiet",
                                    "--otlp-endpoint", receiver.url], cwd=tmp_path, env={**os.environ, **quick()})
        receiver.wait_for("/v1/traces", 1, 60)
        running.send_signal(signal.SIGINT)
        running.wait(60)
        names = {span["name"] for sent in receiver.requests("/v1/traces") for span in items(sent, "traces")}
    assert "generate" in names
