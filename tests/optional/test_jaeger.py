"""Traces to a real Jaeger, read back through its query interface. The gateway before the service and the provider behind
it are played by the test: they tell spans of their own, as services that Jaeger shows beside ours.
"""
import time

import go_programs
import pytest
from llm_server import LlmServer, Reply
from otlp_servers import Listening
from servers import Testgen, free_port, request, wait_for

MODULE = "def sign(x: int) -> int:\n    if x < 0:\n        return -1\n    return 1\n"
JOB = {"language": "python", "files": [{"path": "sign.py", "content": MODULE}], "options": {"budget_seconds": 1},
       "wait_seconds": 60}
TEST = "```python\ndef test_negative():\n    assert sign.sign(-2) == -1\n```"
TRACE, GATEWAY = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class Jaeger(Listening):
    name = "jaeger"

    def __init__(self, program, folder):
        port, query = free_port(), free_port()
        self.query = f"http://127.0.0.1:{query}"
        # What is not asked for listens, too; each on a free port of its own.
        others = [f"--{name}.host-port=127.0.0.1:{free_port()}" for name in (
            "admin.http", "query.grpc-server", "collector.grpc-server", "collector.http-server", "collector.otlp.grpc")]
        super().__init__(folder, lambda self: [
            program, f"--collector.otlp.http.host-port=127.0.0.1:{port}",
            f"--query.http-server.host-port=127.0.0.1:{query}", *others], "/v1/traces", port=port)

    def tell(self, service, name, span, parent=""):
        """A span of another service, as its own exporter would send it."""
        now = time.time_ns()
        sent = request(self.url + "/v1/traces", body={"resourceSpans": [{
            "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]},
            "scopeSpans": [{"spans": [{"traceId": TRACE, "spanId": span, "parentSpanId": parent, "name": name, "kind": 2,
                                       "startTimeUnixNano": str(now), "endTimeUnixNano": str(now + 1000)}]}]}]})
        assert sent.status == 200, sent

    def edges(self):
        """Pairs of (service, span) of the trace, parent and child; the parent of a root is None."""
        answer = request(f"{self.query}/api/traces/{TRACE}")
        if answer.status != 200:
            return set()
        trace, = answer.json()["data"]
        named = {span["spanID"]: (trace["processes"][span["processID"]]["serviceName"], span["operationName"])
                 for span in trace["spans"]}
        return {(named.get(next((reference["spanID"] for reference in span["references"]), None)), named[span["spanID"]])
                for span in trace["spans"]}


@pytest.fixture(scope="session")
def jaeger_program():
    return go_programs.build("jaeger", "github.com/jaegertracing/jaeger/cmd/all-in-one")


def test_jaeger_shows_gateway_service_and_provider_as_one_tree(tmp_path, jaeger_program):
    with Jaeger(jaeger_program, tmp_path / "jaeger") as jaeger, LlmServer(lambda asked: Reply(TEST)) as provider, Testgen(
            tmp_path / "serve", "--engine", "llm", "--llm", "openai-chat:m", "--llm-url",
            f"openai-chat={provider.base('openai-chat')}", env={
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": jaeger.url + "/v1/traces", "OTEL_BSP_SCHEDULE_DELAY": "50"}) as service:
        jaeger.tell("gateway", "proxy", GATEWAY)
        done = service.post("/v1/generate", JOB, {"traceparent": f"00-{TRACE}-{GATEWAY}-01"}, timeout=90)
        assert done.status == 200 and provider.asked, done
        for number, asked in enumerate(provider.asked, start=1):
            version, trace, caller, flags = asked.headers["traceparent"].split("-")
            assert (version, trace) == ("00", TRACE) and int(flags, 16) & 1, asked.headers
            jaeger.tell("provider", "complete", f"{number:016x}", caller)

        def ours(name):
            return ("testgen-copilot", name)
        request_span = ours("POST /v1/generate")
        wanted = {
            (None, ("gateway", "proxy")), (("gateway", "proxy"), request_span),
            (ours("chat m"), ("provider", "complete")),
            (request_span, ours("cache.get")), (ours("job.run"), ours("cache.put")),
            (request_span, ours("db.enqueue")), (ours("job.run"), ours("db.finish")),
            (request_span, ours("queue.wait")), (request_span, ours("job.run")),
            (ours("job.run"), ours("generate_tests")),
            *((ours("generate_tests"), ours(step)) for step in ("load", "ask", "verify", "score", "emit", "record")),
            (ours("ask"), ours("chat m"))}
        try:
            wait_for(lambda: wanted <= jaeger.edges(), "the trace in Jaeger", 30)
        except AssertionError:
            seen = jaeger.edges()
            raise AssertionError(f"missing: {wanted - seen}; seen: {seen}") from None
