"""Traces to a real Jaeger, read back through its query interface."""
import go_programs
import pytest
from otlp_servers import Listening, configured
from servers import Testgen, free_port, request, wait_for

MODULE = "def sign(x):\n    if x < 0:\n        return -1\n    return 1\n"
JOB = {"language": "python", "files": [{"path": "sign.py", "content": MODULE}], "options": {"budget_seconds": 1},
       "wait_seconds": 30}


class Jaeger(Listening):
    name = "jaeger"

    def __init__(self, program, folder):
        port, query, grpc = free_port(), free_port(), free_port()
        how = configured(folder, "jaeger", port, f"""service:
  extensions: [jaeger_storage, jaeger_query]
  telemetry:
    metrics:
      level: none
  pipelines:
    traces:
      receivers: [otlp]
      exporters: [jaeger_storage_exporter]
extensions:
  jaeger_storage:
    backends:
      memory:
        memory:
          max_traces: 1000
  jaeger_query:
    storage:
      traces: memory
    http:
      endpoint: 127.0.0.1:{query}
    grpc:
      endpoint: 127.0.0.1:{grpc}
receivers:
  otlp:
    protocols:
      http:
        endpoint: 127.0.0.1:{port}
exporters:
  jaeger_storage_exporter:
    trace_storage: memory
""")
        self.query = f"http://127.0.0.1:{query}"
        super().__init__(folder, lambda self: [program, f"--config=file:{folder}/jaeger.yaml"], **how)

    def trace(self, trace_id):
        answer = request(f"{self.query}/api/traces/{trace_id}")
        return answer.json()["data"][0]["spans"] if answer.status == 200 else []


@pytest.fixture(scope="session")
def jaeger_program():
    return go_programs.build("jaeger", "github.com/jaegertracing/jaeger/cmd/jaeger")


def test_jaeger_shows_the_request_as_one_tree(tmp_path, jaeger_program):
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    with Jaeger(jaeger_program, tmp_path / "jaeger") as jaeger:
        with Testgen(tmp_path / "serve", env={
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": jaeger.url + "/v1/traces", "OTEL_BSP_SCHEDULE_DELAY": "50"}) as service:
            done = service.post("/v1/generate", JOB, {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
            assert done.status == 200, done
        spans = wait_for(lambda: jaeger.trace(trace), "the trace in Jaeger", 30)
    parents = {span["spanID"]: reference["spanID"] for span in spans for reference in span["references"]}
    names = {span["spanID"]: span["operationName"] for span in spans}
    pairs = {(names.get(parents.get(span)), name) for span, name in names.items()}
    assert {("POST /v1/generate", "job.run"), ("job.run", "generate_tests"), ("generate_tests", "verify"),
            ("POST /v1/generate", "db.enqueue"), ("job.run", "db.finish")} <= pairs, pairs
