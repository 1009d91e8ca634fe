"""deploy/prometheus: loads in Debian's Prometheus, and every alert fires and stays silent as it should."""
import pathlib
import re
import shutil
import subprocess

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy" / "prometheus"
RULES = DEPLOY / "rules" / "alerts.yml"
CASES = sorted((ROOT / "tests" / "deploy" / "promtool").glob("*_test.yml"))

# Name → severity and the file of its cases. The names and severities are part of the product.
ALERTS = {
    "TestGenServiceDown": ("critical", "service_down_test.yml"),
    "HighErrorRate": ("critical", "error_rate_test.yml"),
    "HighMemoryUsage": ("critical", "memory_test.yml"),
    "SlowResponseTime": ("warning", "response_time_test.yml"),
    "LLMAPIErrors": ("warning", "llm_errors_test.yml"),
    "HighCacheMissRate": ("warning", "cache_test.yml"),
}

# The textbook expressions, each wrong in the ways that its cases reproduce.
TEXTBOOK = {
    "TestGenServiceDown": 'up{job="testgen-copilot"} == 0',
    "HighErrorRate": "rate(testgen_errors_total[5m]) > 0.1",
    "HighMemoryUsage": "(container_memory_usage_bytes / container_spec_memory_limit_bytes) > 0.9",
    "SlowResponseTime": "histogram_quantile(0.95, rate(testgen_request_duration_seconds_bucket[5m])) > 2",
    "LLMAPIErrors": "rate(testgen_llm_errors_total[10m]) > 0.05",
    "HighCacheMissRate": "rate(testgen_cache_misses_total[10m]) / rate(testgen_cache_hits_total[10m]) > 0.5",
}


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)


def rules():
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def alerts():
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def test_configuration_loads():
    result = run("promtool", "check", "config", "--lint=all", "--lint-fatal", DEPLOY / "prometheus.yml")
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_six_alerts_are_there():
    assert {name: rule["labels"]["severity"] for name, rule in alerts().items()} == {
        name: severity for name, (severity, _) in ALERTS.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_unit(case):
    result = run("promtool", "test", "rules", case)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("name", ALERTS)
def test_cases_tell_ours_from_the_textbook(name, tmp_path):
    """Cases that the textbook form also passes would prove nothing."""
    text = RULES.read_text()
    document = yaml.safe_load(text)
    for group in document["groups"]:
        for rule in group["rules"]:
            if rule.get("alert") == name:
                rule["expr"] = TEXTBOOK[name]
    (tmp_path / "alerts.yml").write_text(yaml.safe_dump(document))
    case = (ROOT / "tests" / "deploy" / "promtool" / ALERTS[name][1]).read_text()
    replaced = case.replace("../../../deploy/prometheus/rules/alerts.yml", "alerts.yml")
    assert replaced != case
    (tmp_path / "case.yml").write_text(replaced)
    assert run("promtool", "test", "rules", tmp_path / "case.yml").returncode != 0


@pytest.mark.parametrize("name", ALERTS)
def test_fires_and_stays_silent(name):
    """Each alert has at least one case that fires with its whole text and two that stay silent."""
    cases = yaml.safe_load((ROOT / "tests" / "deploy" / "promtool" / ALERTS[name][1]).read_text())["tests"]
    fires = [c for c in cases for a in c.get("alert_rule_test", []) if a["alertname"] == name and a.get("exp_alerts")]
    silent = [c for c in cases
              if all(not a.get("exp_alerts") for a in c.get("alert_rule_test", []))
              and all(not p.get("exp_samples") for p in c.get("promql_expr_test", []))]
    assert len(fires) >= 1 and len(silent) >= 2, (len(fires), len(silent))


@pytest.mark.parametrize("name", ALERTS)
def test_annotations(name):
    rule = alerts()[name]
    text = rule["annotations"]
    assert set(text) == {"summary", "description", "runbook_url", "dashboard_url"}
    assert text["runbook_url"] == f"https://docs.example.com/testgen/runbooks/{name}.md"
    assert (ROOT / "docs" / "runbooks" / f"{name}.md").is_file(), "an alert without a runbook"
    assert text["dashboard_url"].startswith("https://grafana.example.com/d/testgen-copilot-overview?")
    assert rule["labels"]["service"] == "testgen-copilot"
    # A value in a label makes a new alert of every evaluation.
    assert not any("$value" in str(value) for value in rule["labels"].values())


def seconds(duration):
    unit = {"s": 1, "m": 60, "h": 3600, "d": 86400}
    return sum(int(n) * unit[u] for n, u in re.findall(r"(\d+)([smhd])", duration))


def test_windows_hold_several_scrapes():
    """rate() over fewer than four scrapes is empty as soon as one of them is missed."""
    interval = seconds(yaml.safe_load((DEPLOY / "prometheus.yml").read_text())["global"]["scrape_interval"])
    for rule in rules():
        for window in re.findall(r"\[(\w+)\]", rule["expr"]):
            assert seconds(window) >= 4 * interval, rule
        if "absent(" in rule["expr"]:
            assert seconds(rule["for"]) >= 2 * interval, rule


def test_every_alert_compares_and_every_division_is_guarded():
    for rule in rules():
        if "alert" in rule:
            assert re.search(r"[<>=]=?\s*[\d.]+|absent\(", rule["expr"]), rule["alert"]
        if "/" in re.sub(r'"[^"]*"', "", rule["expr"]):
            assert "> 0)" in rule["expr"], rule


def test_links_can_be_replaced(tmp_path):
    """The command that deploy/README.md gives for it does what it says."""
    readme = (ROOT / "deploy" / "README.md").read_text()
    command = next(line.strip() for line in readme.splitlines() if line.strip().startswith("sed -i"))
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    assert run("bash", "-c", command, cwd=tmp_path).returncode == 0
    text = (tmp_path / "deploy/prometheus/rules/alerts.yml").read_text()
    assert "example.com" not in re.sub(r"#.*", "", text)
    for path in (tmp_path / "deploy/grafana").rglob("*"):
        assert path.suffix not in (".ts", ".json") or "example.com" not in path.read_text(), path
    assert run("promtool", "check", "rules", tmp_path / "deploy/prometheus/rules/alerts.yml").returncode == 0
