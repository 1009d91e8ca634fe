"""deploy/otel-collector/collector.yaml in a real OpenTelemetry Collector: a used service before it, and receivers behind its
exporters. Other addresses and a shorter wait for the decision; exporters that the Go registry does not have are cut out.
"""
import concurrent.futures
import os
import random
import subprocess
import time

import go_programs
import pytest
import yaml
from otlp_servers import Listening, collected
from servers import BUILD, SOURCE, Testgen, free_port, wait_for
from telemetry_receivers import OtlpReceiver

SHIPPED = yaml.safe_load((SOURCE / "deploy/otel-collector/collector.yaml").read_text())
STACKS = yaml.safe_load((SOURCE / "deploy/compose/otel-collector.yaml").read_text())
KEYS = {"ELASTICSEARCH_API_KEY": "e", "DD_API_KEY": "d", "NEW_RELIC_LICENSE_KEY": "licence-0123"}
ORDINARY, FAILED, SLOW = 1000, 30, 6
WAIT = 8  # seconds until the decision about a trace, in place of 70

pytestmark = pytest.mark.skipif(not (BUILD / "testgen").exists(), reason="the program is not built: run ./dev build")


@pytest.fixture(scope="session")
def program():
    return go_programs.build("collector", ".")


@pytest.fixture(scope="session")
def parts(program):
    """Names of the exporters that this collector has."""
    said = subprocess.run([program, "components"], check=True, capture_output=True, text=True, timeout=60).stdout
    return {exporter["name"] for exporter in yaml.safe_load(said)["exporters"]}


def cut(config, parts):
    """The same without exporters that this collector does not have."""
    config = yaml.safe_load(yaml.safe_dump(config))
    config["exporters"] = {name: how for name, how in config["exporters"].items() if name.split("/")[0] in parts}
    for pipeline in config["service"]["pipelines"].values():
        pipeline["exporters"] = [name for name in pipeline["exporters"] if name in config["exporters"]]
    return config


@pytest.mark.parametrize("shipped", [SHIPPED, STACKS], ids=["otel-collector", "compose"])
def test_the_collector_accepts_it(program, parts, shipped, tmp_path):
    def validate(config):
        file = tmp_path / "collector.yaml"
        file.write_text(yaml.safe_dump(config))
        return subprocess.run([program, "validate", f"--config={file}"], env={**os.environ, **KEYS}, capture_output=True,
                              text=True, timeout=60)

    said = validate(cut(shipped, parts))
    assert said.returncode == 0 and "deprecated" not in said.stderr, said.stderr
    broken = cut(shipped, parts)
    broken["processors"]["batch"]["timeouts"] = "2s"
    assert validate(broken).returncode != 0, "it finds mistakes"


class Sink(Listening):
    """A second collector, which takes OTLP for Jaeger and for Tempo and writes down what it understood."""
    name = "sink"

    def __init__(self, program, folder):
        self.ports = {name: free_port() for name in ("jaeger", "tempo")}
        port = free_port()
        config = {
            "receivers": {
                **{f"otlp/{name}": {"protocols": {"grpc": {"endpoint": f"127.0.0.1:{at}"}}} for name, at in self.ports.items()},
                "otlp/ready": {"protocols": {"http": {"endpoint": f"127.0.0.1:{port}"}}}},
            "exporters": {f"file/{name}": {"path": f"{folder}/{name}.jsonl", "flush_interval": "100ms"}
                          for name in (*self.ports, "ready")},
            "service": {"telemetry": {"metrics": {"level": "none"}}, "pipelines": {
                f"traces/{name}": {"receivers": [f"otlp/{name}"], "exporters": [f"file/{name}"]}
                for name in (*self.ports, "ready")}}}
        folder.mkdir()
        (folder / "sink.yaml").write_text(yaml.safe_dump(config))
        super().__init__(folder, lambda self: [program, f"--config={folder}/sink.yaml"], "/v1/traces", port=port)

    def spans(self, name):
        return list(collected(self.folder / f"{name}.jsonl", "traces"))


class Shipped(Listening):
    name = "shipped"

    def __init__(self, program, parts, folder, sink, newrelic):
        port = free_port()
        config = cut(SHIPPED, parts)
        protocols = config["receivers"]["otlp"]["protocols"]
        protocols["grpc"]["endpoint"], protocols["http"]["endpoint"] = f"127.0.0.1:{free_port()}", f"127.0.0.1:{port}"
        for name, at in sink.ports.items():
            config["exporters"][f"otlp_grpc/{name}"]["endpoint"] = f"127.0.0.1:{at}"
        config["exporters"]["otlp_http/newrelic"]["endpoint"] = newrelic.url
        config["processors"]["tail_sampling"]["decision_wait"] = f"{WAIT}s"
        config["service"]["telemetry"]["metrics"]["readers"] = [
            {"pull": {"exporter": {"prometheus": {"host": "127.0.0.1", "port": free_port()}}}}]
        folder.mkdir()
        (folder / "shipped.yaml").write_text(yaml.safe_dump(config))
        super().__init__(folder, lambda self: [program, f"--config={folder}/shipped.yaml"], "/v1/traces", port=port, env=KEYS)


class Used:
    """What was asked, by trace, and what came out of the collector."""

    def __init__(self):
        self.random = random.Random(2026)  # so that the sampler decides the same each time
        self.ordinary, self.failed, self.slow = [], [], []

    def ask(self, service, kept_as, expected, body=None):
        trace = f"{self.random.getrandbits(128):032x}"
        headers = {"traceparent": f"00-{trace}-{self.random.getrandbits(64) | 1:016x}-01"}

        def go():
            begun = time.monotonic()
            answer = service.post("/v1/generate", body, headers) if body else service.get("/v1/jobs", headers)
            assert answer.status in expected, answer
            took = time.monotonic() - begun
            (self.slow if took >= 2 else kept_as).append(trace)

        return go

    def drive(self, service):
        def all_at_once(asked):
            with concurrent.futures.ThreadPoolExecutor(2) as callers:
                for done in [callers.submit(each) for each in asked]:
                    done.result()

        all_at_once([self.ask(service, self.ordinary, {200}) for _ in range(ORDINARY)])
        module = "def sign{0}(x: int) -> int:\n    if x < {0}:\n        return -1\n    return 1\n"
        all_at_once([self.ask(service, self.ordinary, {200}, {
            "language": "python", "files": [{"path": "m.py", "content": module.format(number)}],
            "options": {"budget_seconds": 3}, "wait_seconds": 60}) for number in range(SLOW)])
        (service.data / "drill.faults").write_text("9999999999\nstore-fails\n")
        wait_for(lambda: service.get("/v1/jobs").status >= 500, "the database to fail")
        all_at_once([self.ask(service, self.failed, range(500, 600)) for _ in range(FAILED)])


@pytest.fixture(scope="module")
def used(program, parts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("collector")
    with OtlpReceiver(folder) as newrelic, Sink(program, folder / "sink") as sink, \
            Shipped(program, parts, folder / "shipped", sink, newrelic) as collector, \
            Testgen(folder / "service", "--workers", "2", "--allow-drills", "--otlp-endpoint", collector.url, env={
                "OTEL_BSP_SCHEDULE_DELAY": "100", "OTEL_METRIC_EXPORT_INTERVAL": "1000", "OTEL_BLRP_SCHEDULE_DELAY": "200",
                "OTEL_TRACES_SAMPLER": "always_on"}) as service:
        it = Used()
        it.sink, it.newrelic, it.collector = sink, newrelic, collector
        it.drive(service)

        def kept():
            return {span["traceId"] for span in sink.spans("jaeger")}

        # Decisions are in the order of arrival, and the failures came last.
        wait_for(lambda: set(it.failed) <= kept(), "the last traces to be decided", WAIT + 30, 0.5)
        it.kept = kept()
        yield it


def test_all_that_failed_and_all_that_was_slow_is_kept(used):
    assert len(used.failed) == FAILED and len(used.slow) >= SLOW, "what the test meant to do"
    assert set(used.failed) | set(used.slow) <= used.kept


def test_of_the_rest_the_stated_share_is_kept(used):
    share = SHIPPED["processors"]["tail_sampling"]["policies"][2]["probabilistic"]["sampling_percentage"] / 100
    kept = len(used.kept & set(used.ordinary))
    spread = (len(used.ordinary) * share * (1 - share)) ** 0.5
    assert abs(kept - share * len(used.ordinary)) < 4 * spread, f"{kept} of {len(used.ordinary)}"


def test_a_kept_trace_is_whole(used):
    """The request, its job in the queue and the pipeline: decided together, though their spans came at different times."""
    spans = [span for span in used.sink.spans("jaeger") if span["traceId"] == used.slow[-1]]
    names = {span["name"] for span in spans}
    assert {"generate_tests", "propose", "verify"} <= names and any("/v1/generate" in name for name in names), names
    ids = {span["spanId"] for span in spans}
    assert [span["name"] for span in spans if span.get("parentSpanId") not in ids] == ["POST /v1/generate"], "one root"


@pytest.mark.parametrize("exporter", SHIPPED["exporters"])
def test_each_exporter_delivers(used, parts, exporter):
    if exporter.split("/")[0] not in parts:
        pytest.skip(f"the Go registry does not have the whole of {exporter}: its lines in collector.yaml were cut out")
    if exporter == "otlp_http/newrelic":
        for path in ("/v1/traces", "/v1/metrics", "/v1/logs"):
            came = used.newrelic.wait_for(path)
            assert all(request["headers"]["api-key"] == KEYS["NEW_RELIC_LICENSE_KEY"] for request in came)
    else:
        name = exporter.split("/")[1]
        wait_for(lambda: used.kept <= {span["traceId"] for span in used.sink.spans(name)}, f"all kept traces at {name}", 20)
