"""Shippers and collectors that Debian does not have: their files are held to what their documentation asks, and to what
the service's log is."""
import json
import pathlib
import re
import subprocess

import pytest
import yaml

import servers

DEPLOY = servers.SOURCE / "deploy"
READERS = ["elk/filebeat.yml", "elk/filebeat-index.yml", "fluent-bit/fluent-bit.yaml", "fluentd/testgen.conf",
           "vector/vector.yaml", "loki/promtail.yaml", "loki/alloy.config", "rsyslog/testgen.conf"]


@pytest.mark.parametrize("name", READERS)
def test_every_reader_reads_the_same_files(name):
    assert "/var/log/testgen/*.log" in (DEPLOY / name).read_text()


@pytest.mark.parametrize("name", [*READERS, "syslog-ng/testgen.conf", "otel-collector/collector.yaml"])
def test_no_file_holds_a_secret(name):
    text = re.sub(r"(?m)(^|\s)(#|//)\s.*$", "", (DEPLOY / name).read_text())
    for key, value in re.findall(r"(?i)\b([\w-]*(?:password|api[_-]?key|token|license_key))\b\"?\s*[:= ]\s*(\S+)", text):
        assert "${" in value or value == '"#{ENV[' + "'ELASTICSEARCH_PASSWORD']}" + '"', f"{key}: {value}"


def test_filebeat_with_an_index_a_day_has_all_that_this_wants():
    config = yaml.safe_load((DEPLOY / "elk/filebeat-index.yml").read_text())
    [source] = config["filebeat.inputs"]
    assert source["type"] == "filestream" and source["id"] and source["take_over.enabled"] is True
    assert source["parsers"][0]["ndjson"]["target"] == "" and source["parsers"][0]["ndjson"]["add_error_key"]
    assert config["output.elasticsearch"]["index"] == "testgen-logs-%{+yyyy.MM.dd}"
    assert config["setup.ilm.enabled"] is False and config["setup.template.name"] == "testgen-logs"
    template = json.loads((DEPLOY / "elk/index-template.json").read_text())
    assert template["index_patterns"] == [config["setup.template.pattern"]]


@pytest.mark.skipif(not (servers.BUILD / "testgen").exists(), reason="the program is not built: run ./dev build")
def test_the_index_template_knows_only_fields_that_the_log_has():
    schema = json.loads(subprocess.run([servers.BUILD / "testgen", "telemetry", "schema", "--json"], check=True,
                                       capture_output=True, timeout=60).stdout)
    fields = {field["name"] for event in schema["log_events"] for field in event["fields"]}
    fields |= {"@timestamp", "timestamp", "level", "message", "service", "event", "trace_id", "span_id"}
    template = json.loads((DEPLOY / "elk/index-template.json").read_text())
    assert set(template["template"]["mappings"]["properties"]) <= fields


def test_fluent_bit_keeps_its_place_and_loses_nothing():
    config = yaml.safe_load((DEPLOY / "fluent-bit/fluent-bit.yaml").read_text())
    [tail] = config["pipeline"]["inputs"]
    assert tail["parser"] in {parser["name"] for parser in config["parsers"]}
    # YAML 1.1 reads `on` as true, as Fluent Bit does.
    assert tail["db"] and tail["read_from_head"] is True and tail["rotate_wait"] >= 30
    assert config["service"]["storage.path"] and tail["storage.type"] == "filesystem"
    assert all(out["match"] == tail["tag"] and out["retry_limit"] == "no_limits" for out in config["pipeline"]["outputs"])


def test_fluentd_sections_are_whole():
    text = re.sub(r"(?m)\s#.*$", "", (DEPLOY / "fluentd/testgen.conf").read_text())
    stack = []
    for slash, name in re.findall(r"^\s*<(/?)(\w+)", text, flags=re.M):
        if slash:
            assert stack.pop() == name
        else:
            stack.append(name)
    assert not stack
    assert re.search(r"follow_inodes true", text) and re.search(r"overflow_action block", text)


def test_vectors_graph_is_whole():
    config = yaml.safe_load((DEPLOY / "vector/vector.yaml").read_text())
    known = set(config["sources"]) | set(config["transforms"])
    for part in [*config["transforms"].values(), *config["sinks"].values()]:
        assert set(part["inputs"]) <= known
    assert all(sink["buffer"] == {"type": "disk", "max_size": 1073741824, "when_full": "block"}
               for sink in config["sinks"].values())


def test_loki_gets_few_labels():
    config = yaml.safe_load((DEPLOY / "loki/promtail.yaml").read_text())
    stages = {name: value for stage in config["scrape_configs"][0]["pipeline_stages"] for name, value in stage.items()}
    assert set(stages["labels"]) == {"level"} and set(stages["structured_metadata"]) == {"trace_id"}
    alloy = re.sub(r"//.*", "", (DEPLOY / "loki/alloy.config").read_text())
    assert alloy.count("{") == alloy.count("}")
    components = set(re.findall(r'^([\w.]+) "(\w+)" \{', alloy, flags=re.M))
    for used in re.findall(r"\b(loki\.\w+(?:\.\w+)?|local\.\w+)\.(\w+)\.(?:receiver|targets)", alloy):
        assert used in components, used


def test_loki_gets_the_label_that_every_link_to_log_lines_selects():
    selected = {pair for name in ("src/links.ts", "provisioning/datasources/traces.yaml")
                for pair in re.findall(r'\{(\w+)="([\w-]+)"\} \| json', (DEPLOY / "grafana" / name).read_text())}
    [(label, value)] = selected
    promtail = yaml.safe_load((DEPLOY / "loki/promtail.yaml").read_text())
    assert promtail["scrape_configs"][0]["static_configs"][0]["labels"][label] == value
    [targets] = re.findall(r"path_targets = \[\{(.*?)\}\]", (DEPLOY / "loki/alloy.config").read_text(), flags=re.S)
    assert dict(re.findall(r'"(\w+)"\s*=\s*"([^"]*)"', targets))[label] == value
    vector = yaml.safe_load((DEPLOY / "vector/vector.yaml").read_text())
    assert vector["sinks"]["loki"]["labels"][label] == value


def test_the_collectors_pipelines_use_what_is_declared_and_nothing_else():
    config = yaml.safe_load((DEPLOY / "otel-collector/collector.yaml").read_text())
    pipelines = config["service"]["pipelines"]
    assert set(pipelines) == {"traces", "metrics", "logs"}
    for kind in ("receivers", "processors", "exporters"):
        used = {name for pipeline in pipelines.values() for name in pipeline[kind]}
        assert used == set(config[kind]), kind
    for name, pipeline in pipelines.items():
        assert pipeline["processors"][0] == "memory_limiter" and pipeline["processors"][-1] == "batch", name
    policies = {policy["name"]: policy for policy in config["processors"]["tail_sampling"]["policies"]}
    assert policies["failed"]["status_code"] == {"status_codes": ["ERROR"]}
    assert policies["slow"]["latency"]["threshold_ms"] == 2000  # the objective
    assert {"otlp_grpc/jaeger", "otlp_grpc/tempo", "elasticsearch", "datadog", "otlp_http/newrelic"} == set(config["exporters"])


def test_paths_are_absolute_and_exist_as_folders_of_the_package():
    unit = (DEPLOY / "systemd/testgen.service").read_text()
    assert "LogsDirectory=testgen" in unit, "what the readers read is /var/log/testgen"
    assert pathlib.Path(DEPLOY / "logrotate/testgen").read_text().count("delaycompress") == 2
