"""All three signals to a real OpenTelemetry Collector, read back from what it understood."""
import os
import subprocess

import go_programs
import pytest
from otlp_servers import Listening, collected, configured
from servers import BUILD, free_port, wait_for
from telemetry_receivers import attributes

MODULE = "def sign(x):\n    if x < 0:\n        return -1\n    return 1\n"


class Collector(Listening):
    name = "collector"

    def __init__(self, program, folder):
        port = free_port()
        exporters = "".join(f"""
  file/{signal}:
    path: {folder}/{signal}.jsonl
    flush_interval: 100ms""" for signal in ("traces", "metrics", "logs"))
        pipelines = "".join(f"""
    {signal}:
      receivers: [otlp]
      exporters: [file/{signal}]""" for signal in ("traces", "metrics", "logs"))
        how = configured(folder, "collector", port, f"""receivers:
  otlp:
    protocols:
      http:
        endpoint: 127.0.0.1:{port}
exporters:{exporters}
service:
  telemetry:
    metrics:
      level: none
  pipelines:{pipelines}
""")
        super().__init__(folder, lambda self: [program, f"--config=file:{folder}/collector.yaml"], **how)

    def items(self, signal):
        return collected(self.folder / f"{signal}.jsonl", signal)


@pytest.fixture(scope="session")
def collector_program():
    return go_programs.build("collector", ".")


@pytest.mark.parametrize("how", [
    {"OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf", "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip"},
    {"OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"},
    {"OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf", "TESTGEN_NATIVE_HISTOGRAMS": "true",
     "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "delta",
     "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION": "base2_exponential_bucket_histogram"},
], ids=["protobuf", "json", "delta-exponential"])
def test_a_collector_understands_all_three_signals(tmp_path, collector_program, how):
    (tmp_path / "sign.py").write_text(MODULE)
    with Collector(collector_program, tmp_path / "collector") as collector:
        ran = subprocess.run([BUILD / "testgen", "generate", "sign.py", "--output", "out", "--max-executions", "200",
                              "--verbose", "--otlp-endpoint", collector.url], cwd=tmp_path, env={**os.environ, **how},
                             capture_output=True, text=True, timeout=120)
        assert ran.returncode == 0, ran.stderr

        def arrived():
            spans = {span["name"]: span for span in collector.items("traces")}
            metrics = {metric["name"]: metric for metric in collector.items("metrics")}
            logs = [record for record in collector.items("logs") if record.get("eventName") == "stage_finished"]
            return (spans, metrics, logs) if "generate" in spans and metrics and logs else None
        spans, metrics, logs = wait_for(arrived, "the signals in the collector's files", 30)
    assert {"generate", "generate_tests", "load", "propose", "verify", "sandbox.run"} <= set(spans)
    whole = spans["generate_tests"]
    assert whole["parentSpanId"] == spans["generate"]["spanId"] and whole["status"]["code"] == 1
    told = attributes(whole)
    assert told["file.path"].endswith("sign.py") and told["tests.count"] >= 2
    assert {record["traceId"] for record in logs} == {whole["traceId"]}
    made, = [point for point in metrics["testgen_tests_generated_total"]["sum"]["dataPoints"]
             if attributes(point) == {"language": "python"}]
    assert int(made["asInt"]) == told["tests.count"]
    duration = metrics["testgen_generation_duration_seconds"]
    assert ("exponentialHistogram" if "TESTGEN_NATIVE_HISTOGRAMS" in how else "histogram") in duration, duration
    assert "otel.sdk.span.started" in metrics
