"""Every shipped rule passes the checks of tests/support/rule_lint.py, and each check finds its mistake."""
import json
import subprocess

import pytest
import yaml

import contract
import promql_tree
import rule_lint
import servers

RULES = sorted((servers.SOURCE / "deploy/prometheus/rules").glob("*.yml"))
TEXTBOOK = servers.SOURCE / "deploy/prometheus/compat/textbook-alerts.yml"
LINKS = {"runbook_url": "https://docs.example.com/testgen/runbooks/{alert}.md",
         "dashboard_url": "https://grafana.example.com/d/testgen-copilot-"}

pytestmark = pytest.mark.skipif(
    not (servers.BUILD / "testgen").exists(), reason="the program is not built: run ./dev build")


def groups(path):
    return yaml.safe_load(path.read_text())["groups"]


@pytest.fixture(scope="module")
def lint():
    schema = json.loads(subprocess.run([servers.BUILD / "testgen", "telemetry", "schema", "--json"], check=True,
                                       capture_output=True, timeout=60).stdout)
    known = {**contract.program(), **contract.OTHERS, **contract.OWN, **contract.NODE}
    recorded = contract.recorded(known)
    known.update(recorded)
    config = yaml.safe_load((servers.SOURCE / "deploy/prometheus/prometheus.yml").read_text())
    return rule_lint.Lint(lambda name: set(contract.labels_of(name, known)),
                          {metric["name"]: metric["type"] for metric in schema["metrics"]}, recorded,
                          rule_lint.seconds(config["global"]["scrape_interval"]), LINKS)


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_shipped_rules_are_clean(lint, path):
    found = list(lint.findings(groups(path)))
    assert not found, "\n".join(f"{rule}: {check}: {what}" for rule, check, what in found)


def test_the_textbook_rules_are_not(lint):
    found = {(rule, check) for rule, check, _ in lint.findings(groups(TEXTBOOK))}
    assert {("HighMemoryUsage", "promql/nan"), ("HighCacheMissRate", "promql/nan"),
            ("HighErrorRate", "alerts/annotation"), ("SlowResponseTime", "rule/label")} <= found


GOOD = {"severity": "warning", "service": "testgen-copilot"}
TEXTS = {"summary": "s", "description": "d", "runbook_url": "https://docs.example.com/testgen/runbooks/Bad.md",
         "dashboard_url": "https://grafana.example.com/d/testgen-copilot-overview"}


def alert(expression, **changes):
    return {"alert": "Bad", "expr": expression, "for": "1m", "labels": GOOD, "annotations": TEXTS, **changes}


@pytest.mark.parametrize("check, rule", [
    ("promql/syntax", alert("sum by (job) (up{) > 1")),
    ("promql/rate", alert("sum by (job) (rate(testgen_requests_total[30s])) > 1")),
    ("promql/rate", alert("sum by (job) (rate(testgen_queue_length[5m])) > 1")),
    ("promql/rate", alert("deriv(testgen_requests_total[5m]) > 1")),
    ("promql/rate", alert("rate(sum by (job) (testgen_requests_total)[5m:15s]) > 1")),
    ("promql/counter", alert("testgen_requests_total > 5")),
    ("promql/regexp", alert('testgen_llm_circuit_state{state=~"open"} > 0')),
    ("promql/regexp", alert('testgen_llm_circuit_state{state=~"^open|half_open$"} > 0')),
    ("promql/aggregate", alert("sum(testgen_queue_length) > 5")),
    ("promql/aggregate", alert("sum by (le) (testgen_queue_length) > 5")),
    ("promql/nan", alert("testgen_memory_working_set_bytes / testgen_memory_limit_bytes > 0.9")),
    ("promql/vector_matching", alert("testgen_queue_length > 5 and sum by (job) (testgen_active_requests) > 1")),
    ("promql/series", alert("job:testgen_nothing:rate5m > 5")),
    ("promql/fragile", alert("topk by (job) (1, testgen_queue_length) > 5")),
    ("alerts/comparison", alert("testgen_queue_length")),
    ("alerts/absent", alert("absent(testgen_queue_length)", **{"for": "15s"})),
    ("alerts/for", {key: value for key, value in alert("testgen_queue_length > 5").items() if key != "for"}),
    ("alerts/annotation", alert("testgen_queue_length > 5", annotations={"summary": "s"})),
    ("alerts/template", alert("sum by (job) (testgen_queue_length) > 5",
                              annotations={**TEXTS, "description": "{{ $labels.instance }}"})),
    ("alerts/template", alert("testgen_queue_length > 5", annotations={**TEXTS, "description": "{{ $value }}"})),
    ("alerts/template", alert("testgen_queue_length > 5", labels={**GOOD, "length": "{{ $value }}"})),
    ("rule/label", alert("testgen_queue_length > 5", labels={"severity": "bad", "service": "x"})),
    ("rule/link", alert("testgen_queue_length > 5", annotations={**TEXTS, "runbook_url": "https://wiki/"})),
    ("rule/name", {"record": "queue", "expr": "sum by (job) (testgen_queue_length)"}),
])
def test_a_mistake_is_found(lint, check, rule):
    assert check in {found for _, found, _ in lint.findings([{"name": "g", "rules": [rule]}])}


def test_a_rule_given_twice_is_found(lint):
    twice = [{"name": "g", "interval": "5m", "rules": [alert("testgen_queue_length > 5")] * 2}]
    assert {"rule/duplicate", "group/interval"} == {check for _, check, _ in lint.findings(twice)}


@pytest.mark.parametrize("expression, labels", [
    ("sum by (job, kind) (rate(a[5m]))", {"job", "kind"}),
    ("sum without (instance) (a)", {"job", "x"}),
    ("sum by (job) (a) / on (job) group_left () b", {"job"}),
    ('label_replace(max by (job) (a), "w", "$1", "job", "(.+)") > 0', {"job", "w"}),
    ('absent(up{job="j"})', {"job"}),
    ("1 - a", {"job", "instance", "x"}),
    ("histogram_quantile(0.9, sum by (job, le) (rate(a[5m]))) > 2", {"job"}),
    ("sum by (job) (a) unless on (job) b <= 3 * avg_over_time(b[1h] offset 5m)", {"job"}),
    ("-a or sum by (job) (b)", {"job", "instance", "x"}),
])
def test_labels_that_an_expression_keeps(expression, labels):
    assert promql_tree.output_labels(promql_tree.parse(expression), lambda _: {"job", "instance", "x"}) == labels
