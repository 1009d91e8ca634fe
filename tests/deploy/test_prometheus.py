"""deploy/prometheus: loads in Debian's Prometheus, and every alert fires and stays silent as it should."""
import pathlib
import re
import shutil
import subprocess

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy" / "prometheus"
RULES = sorted((DEPLOY / "rules").glob("*.yml"))
TEXTBOOK = DEPLOY / "compat" / "textbook-alerts.yml"
PROMTOOL = ROOT / "tests" / "deploy" / "promtool"
CASES = sorted(PROMTOOL.glob("*_test.yml"))

# Name → severity and the file of its cases. The names and severities are part of the product; the first six
# are fixed.
ALERTS = {
    "TestGenServiceDown": ("critical", "service_down_test.yml"),
    "HighErrorRate": ("critical", "error_rate_test.yml"),
    "HighMemoryUsage": ("critical", "memory_test.yml"),
    "SlowResponseTime": ("warning", "response_time_test.yml"),
    "LLMAPIErrors": ("warning", "llm_errors_test.yml"),
    "HighCacheMissRate": ("warning", "cache_test.yml"),
    "ErrorBudgetBurnFast": ("critical", "budget_burn_fast_test.yml"),
    "ErrorBudgetBurnSlow": ("warning", "budget_burn_slow_test.yml"),
    "ServiceStuck": ("critical", "service_stuck_test.yml"),
    "QueueGrowing": ("warning", "queue_growing_test.yml"),
    "ServiceFlapping": ("warning", "service_flapping_test.yml"),
    "HealthCheckFailing": ("warning", "health_check_failing_test.yml"),
    "ProbeFailing": ("warning", "probe_failing_test.yml"),
    "CertificateExpiresSoon": ("warning", "certificate_test.yml"),
    "SandboxKills": ("warning", "sandbox_kills_test.yml"),
    "LLMBudgetBurn": ("warning", "llm_budget_test.yml"),
    "FailedLoginSpike": ("warning", "failed_login_test.yml"),
    "UnusualAccess": ("warning", "unusual_access_test.yml"),
    "HighFalsePositiveRate": ("warning", "false_positives_test.yml"),
    "TelemetryLost": ("warning", "telemetry_lost_test.yml"),
    "DiskSpaceLow": ("warning", "disk_space_test.yml"),
    "WarningPersists": ("ticket", "warning_persists_test.yml"),
    "WarningReturns": ("ticket", "warning_returns_test.yml"),
}
NAMED = list(ALERTS)[:6]


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=180, **options)


def rules(*paths):
    return [rule for path in paths or RULES for group in yaml.safe_load(path.read_text())["groups"]
            for rule in group["rules"]]


def alerts(*paths):
    return {rule["alert"]: rule for rule in rules(*paths) if "alert" in rule}


def test_configuration_loads():
    result = run("promtool", "check", "config", "--lint=all", "--lint-fatal", DEPLOY / "prometheus.yml")
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_textbook_file_loads_and_is_not_loaded():
    result = run("promtool", "check", "rules", "--lint=all", "--lint-fatal", TEXTBOOK)
    assert result.returncode == 0, result.stdout + result.stderr
    assert list(alerts(TEXTBOOK)) == NAMED
    globs = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())["rule_files"]
    assert TEXTBOOK not in [path for pattern in globs for path in DEPLOY.glob(pattern)]


def test_the_alerts_are_there():
    assert {name: rule["labels"]["severity"] for name, rule in alerts().items()} == {
        name: severity for name, (severity, _) in ALERTS.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_unit(case):
    result = run("promtool", "test", "rules", case)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("name", NAMED)
def test_cases_tell_ours_from_the_textbook(name, tmp_path):
    """Cases that the textbook form also passes would prove nothing."""
    text = (DEPLOY / "rules" / "alerts.yml").read_text()
    document = yaml.safe_load(text)
    for group in document["groups"]:
        for rule in group["rules"]:
            if rule.get("alert") == name:
                rule["expr"] = alerts(TEXTBOOK)[name]["expr"]
    (tmp_path / "alerts.yml").write_text(yaml.safe_dump(document))
    case = (PROMTOOL / ALERTS[name][1]).read_text()
    replaced = case.replace("../../../deploy/prometheus/rules/alerts.yml", "alerts.yml")
    assert replaced != case
    (tmp_path / "case.yml").write_text(replaced)
    assert run("promtool", "test", "rules", tmp_path / "case.yml").returncode != 0


@pytest.mark.parametrize("name", ALERTS)
def test_fires_and_stays_silent(name):
    """Each alert has at least one case that fires with its whole text and two that stay silent."""
    cases = yaml.safe_load((PROMTOOL / ALERTS[name][1]).read_text())["tests"]
    fires = [c for c in cases for a in c.get("alert_rule_test", []) if a["alertname"] == name and a.get("exp_alerts")]
    silent = [c for c in cases
              if all(not a.get("exp_alerts") for a in c.get("alert_rule_test", []))
              and all(not p.get("exp_samples") for p in c.get("promql_expr_test", []))]
    assert len(fires) >= 1 and len(silent) >= 2, (len(fires), len(silent))


@pytest.mark.parametrize("name", [name for name in ALERTS if name not in NAMED])
def test_is_tried_with_little_traffic_and_with_nothing(name):
    """Of the six this is seen by the traps that their cases reproduce, and of all by test_normal_load.py."""
    kinds = {case["name"].split(":")[0] for case in yaml.safe_load((PROMTOOL / ALERTS[name][1]).read_text())["tests"]}
    assert kinds == {"fires", "silent", "quiet", "absent"}


@pytest.mark.parametrize("name", ALERTS)
def test_has_a_runbook(name):
    assert (ROOT / "docs" / "runbooks" / f"{name}.md").is_file(), "an alert without a runbook"


def test_links_can_be_replaced(tmp_path):
    """The command that deploy/README.md gives for it does what it says."""
    readme = (ROOT / "deploy" / "README.md").read_text()
    command = next(line.strip() for line in readme.splitlines() if line.strip().startswith("sed -i"))
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    assert run("bash", "-c", command, cwd=tmp_path).returncode == 0
    for path in (tmp_path / "deploy/prometheus/rules").glob("*.yml"):
        assert "example.com" not in re.sub(r"#.*", "", path.read_text()), path
        assert run("promtool", "check", "rules", path).returncode == 0
    for path in (tmp_path / "deploy/grafana").rglob("*"):
        assert path.suffix not in (".ts", ".json") or "example.com" not in path.read_text(), path
