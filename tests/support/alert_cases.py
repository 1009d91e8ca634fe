"""The promtool cases of each alert: which file has them, of which kind each is, and what is left of them when the rule says
something else. A case's name begins with its kind:

fires   the alert fires, and is told with its whole text in at least one case
silent  what looks like it and is not
quiet   so little happens that a share of it means nothing
absent  no series that the alert reads exists
"""
import pathlib
import re
import subprocess

import yaml

import promql

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES = sorted((ROOT / "deploy" / "prometheus" / "rules").glob("*.yml"))
PROMTOOL = ROOT / "tests" / "deploy" / "promtool"
KINDS = {"fires", "silent", "quiet", "absent"}

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
# Of these, that there is no series is the matter itself.
FIRES_ON_NOTHING = {"TestGenServiceDown"}


def promtool(*arguments):
    return subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, timeout=180)


def rules(*paths):
    return [rule for path in paths or RULES for group in yaml.safe_load(path.read_text())["groups"]
            for rule in group["rules"]]


def alerts(*paths):
    return {rule["alert"]: rule for rule in rules(*paths) if "alert" in rule}


def document(name):
    return yaml.safe_load((PROMTOOL / ALERTS[name][1]).read_text())


def kind(case):
    return case["name"].split(":")[0]


def rule_files(name):
    return [(PROMTOOL / path).resolve() for path in document(name)["rule_files"]]


def reads(name):
    """Metrics that the alert's expression reads, through what the rules of its files record."""
    loaded = rules(*rule_files(name))
    recorded = {}
    for rule in loaded:
        if "record" in rule:
            recorded.setdefault(rule["record"], []).append(rule["expr"])
    found, left = set(), [rule["expr"] for rule in loaded if rule.get("alert") == name]
    assert left, f"the cases of {name} do not load its rule"
    while left:
        for metric in promql.metrics(left.pop()):
            if metric in recorded:
                left += recorded.pop(metric)
            found.add(metric)
    return found


def fed(case):
    """Metrics that the case's input has."""
    return {re.match(r"[^{]*", each["series"]).group() for each in case["input_series"]}


def expects(case, name):
    """Whether this case says, of this alert, that it fires; None when it says nothing of it."""
    told = [bool(each.get("exp_alerts")) for each in case.get("alert_rule_test", []) if each["alertname"] == name]
    for each in case.get("promql_expr_test", []):
        if re.search(rf'ALERTS\{{[^}}]*alertname="{name}"', each["expr"]):
            told.append(bool(each.get("exp_samples")))
    return any(told) if told else None


def about(case, name):
    """The case without its input, and with nothing but what it says of this alert."""
    return {**case, "input_series": [],
            "alert_rule_test": [each for each in case.get("alert_rule_test", []) if each["alertname"] == name],
            "promql_expr_test": [each for each in case.get("promql_expr_test", []) if "ALERTS" in each["expr"]]}


def outcomes(name, expression, folder):
    """{case's name: whether promtool passes it} when the alert's expression is this one, which reads nothing, and it waits for
    nothing."""
    folder.mkdir()
    own = document(name)
    [rule] = [rule for rule in rules(*rule_files(name)) if rule.get("alert") == name]
    (folder / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "g", "rules": [
        {**rule, "expr": expression, "for": "0s"}]}]}))
    cases, files = own["tests"], []
    for at, case in enumerate(cases):
        files.append(folder / f"case{at}.yml")
        files[-1].write_text(yaml.safe_dump({**own, "rule_files": ["rules.yml"], "tests": [about(case, name)]}))
    # "Unit Testing:  FILE", and below it SUCCESS, or FAILED on the other stream.
    done = subprocess.run(["promtool", "test", "rules", *files], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=180, check=False)
    said = dict(re.findall(r"^Unit Testing: +(\S+)\n +(SUCCESS|FAILED)", done.stdout, re.M))
    assert len(said) == len(cases), done.stdout
    return {case["name"]: said[str(path)] == "SUCCESS" for case, path in zip(cases, files)}
