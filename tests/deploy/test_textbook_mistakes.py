"""The thirteen ways in which the textbook's six alerts are wrong, and two tempting repairs. Each file of promtool/textbook/
has one input on which the textbook form misbehaves and ours does not."""
import json
import re
import subprocess

import pytest
import yaml

import servers
from alert_cases import NAMED, PROMTOOL, ROOT, alerts, promtool

FOLDER = PROMTOOL / "textbook"
CASES = sorted(FOLDER.glob("*_test.yml"))
MISTAKES, REPAIRS = CASES[:13], CASES[13:]
TEXTBOOK = ROOT / "deploy" / "prometheus" / "compat" / "textbook-alerts.yml"
PAGE = ROOT / "docs" / "explanation" / "how-the-alerts-judge.md"
BUILT = pytest.mark.skipif(not (servers.BUILD / "testgen").exists(), reason="the program is not built: run ./dev build")


def test_as_printed_they_do_not_load():
    printed = FOLDER / "as_printed.yml"
    result = promtool("check", "rules", printed)
    assert result.returncode != 0 and "field severity not found" in result.stdout + result.stderr
    # What is shipped is the same with the two fields where they belong.
    given = yaml.safe_load(printed.read_text())["groups"][0]["rules"]
    assert {rule["alert"]: (rule["expr"], rule["for"], rule["severity"], rule["summary"]) for rule in given} == {
        name: (rule["expr"], rule["for"], rule["labels"]["severity"], rule["annotations"]["summary"])
        for name, rule in alerts(TEXTBOOK).items()}


def test_the_textbook_file_loads_and_prometheus_does_not_load_it():
    result = promtool("check", "rules", "--lint=all", "--lint-fatal", TEXTBOOK)
    assert result.returncode == 0, result.stdout + result.stderr
    assert list(alerts(TEXTBOOK)) == NAMED
    deploy = ROOT / "deploy" / "prometheus"
    globs = yaml.safe_load((deploy / "prometheus.yml").read_text())["rule_files"]
    assert TEXTBOOK not in [path for pattern in globs for path in deploy.glob(pattern)]


def test_there_are_thirteen_of_all_six_alerts():
    assert [int(path.name[:2]) for path in CASES] == list(range(1, 16))
    found = {re.search(r'alertname="(\w+)"', path.read_text()).group(1) for path in MISTAKES}
    assert found == set(NAMED)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem.removesuffix("_test"))
def test_mistake(path):
    result = promtool("test", "rules", path)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem.removesuffix("_test"))
def test_both_forms_are_asked_and_differ(path):
    """Of one alert and one input. The textbook's alerts have no label `service`; ours have."""
    [case] = yaml.safe_load(path.read_text())["tests"]
    asked = {}
    for each in case["promql_expr_test"]:
        if found := re.search(r'ALERTS\{alertname="(\w+)",alertstate="firing",service="([\w-]*)"', each["expr"]):
            asked[found.groups()] = bool(each.get("exp_samples"))
    assert len({alert for alert, _ in asked}) == 1
    verdicts = {service: fires for (_, service), fires in asked.items()}
    assert set(verdicts) == {"", "testgen-copilot"} and verdicts[""] != verdicts["testgen-copilot"], asked
    # A form that is said to be silent is watched the whole time, not at one moment.
    for each in case["promql_expr_test"]:
        assert "ALERTS" not in each["expr"] or each.get("exp_samples") or each["expr"].startswith("count_over_time("), each


def test_the_page_lists_them():
    link = r"\[`(\w+)`\]\(\.\./\.\./tests/deploy/promtool/textbook/(\w+\.yml)\)"
    rows = re.findall(rf"^\| (\d+) \|.*\| {link} \|$", PAGE.read_text(), re.M)
    assert [(int(number), f"{name}_test.yml", file) for number, name, file in rows] == [
        (number, path.name, path.name) for number, path in enumerate(CASES, 1)]


@BUILT
def test_the_program_does_its_part_of_number_5(tmp_path):
    """What HighErrorRate reads stands at zero before the first failure."""
    with servers.Testgen(tmp_path) as service:
        page = service.get("/metrics").text
    for status in ("500", "503"):
        assert re.search(rf'^testgen_requests_total{{[^}}]*endpoint="/v1/generate",status="{status}"}} 0$', page, re.M), status
    schema = json.loads(subprocess.run([servers.BUILD / "testgen", "telemetry", "schema", "--json"], check=True,
                                       capture_output=True, timeout=60).stdout)
    [errors] = [metric for metric in schema["metrics"] if metric["name"] == "testgen_errors_total"]
    types = next(label["values"] for label in errors["labels"] if label["name"] == "type")
    shown = set(re.findall(r'^testgen_errors_total{type="(\w+)",component="job"} 0$', page, re.M))
    assert shown == set(types)


@BUILT
def test_the_program_does_its_part_of_number_9():
    """What SlowResponseTime and the objectives compare with is a bound."""
    schema = json.loads(subprocess.run([servers.BUILD / "testgen", "telemetry", "schema", "--json"], check=True,
                                       capture_output=True, timeout=60).stdout)
    bounds = {metric["name"]: metric["bounds"] for metric in schema["metrics"] if metric["type"] == "histogram"}
    assert {0.5, 1, 2, 5} <= set(bounds["testgen_request_duration_seconds"])
    assert 30 in bounds["testgen_generation_duration_seconds"]
