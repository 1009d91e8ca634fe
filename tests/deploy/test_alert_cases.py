"""Every alert has cases in which it fires, stays silent, sees little traffic and sees nothing at all; and each of those
cases is about that alert: it fails as soon as the alert says the opposite."""
import pytest
import yaml

from alert_cases import (ALERTS, FIRES_ON_NOTHING, KINDS, NAMED, PROMTOOL, ROOT, alerts, document, expects, fed, kind, outcomes,
                         promtool, reads)

TEXTBOOK = ROOT / "deploy" / "prometheus" / "compat" / "textbook-alerts.yml"


def test_the_alerts_are_there():
    assert {name: rule["labels"]["severity"] for name, rule in alerts().items()} == {
        name: severity for name, (severity, _) in ALERTS.items()}


def test_every_file_of_cases_is_some_alerts():
    assert {path.name for path in PROMTOOL.glob("*_test.yml")} == {file for _, file in ALERTS.values()}


@pytest.mark.parametrize("file", [file for _, file in ALERTS.values()], ids=lambda name: name.removesuffix("_test.yml"))
def test_unit(file):
    result = promtool("test", "rules", PROMTOOL / file)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("name", ALERTS)
def test_every_kind_of_case_is_there(name):
    cases = document(name)["tests"]
    assert {kind(case) for case in cases} == KINDS
    told = [each for case in cases if kind(case) == "fires" for each in case.get("alert_rule_test", [])
            if each["alertname"] == name and each.get("exp_alerts")]
    assert told, "no case shows the whole text of what people are told"
    for case in cases:
        fires = kind(case) == "fires" or (kind(case) == "absent" and name in FIRES_ON_NOTHING)
        assert expects(case, name) is fires, case["name"]
        # Prometheus makes `up` itself: it is there for whoever is to be scraped.
        seen = fed(case) & (reads(name) - {"up"})
        if kind(case) == "absent":
            assert not seen, f"{case['name']}: {seen} is there"
        elif kind(case) == "quiet" and reads(name) - {"up"}:
            assert seen, f"{case['name']}: nothing that the alert reads is there"


@pytest.mark.parametrize("name", ALERTS)
def test_every_case_looks_at_its_alert(name, tmp_path):
    """An alert that always fires fails every case in which it shall not, and one that never fires every other."""
    cases = {case["name"]: expects(case, name) for case in document(name)["tests"]}
    always = outcomes(name, "vector(1)", tmp_path / "always")
    never = outcomes(name, "vector(1) < 0", tmp_path / "never")
    assert [case for case, fires in cases.items() if not fires and always[case]] == []
    assert [case for case, fires in cases.items() if fires and never[case]] == []


def test_a_case_that_looks_at_another_alert_is_found():
    case = {"name": "quiet: x", "input_series": [], "alert_rule_test": [{"eval_time": "1m", "alertname": "QueueGrowing"}]}
    assert expects(case, "ServiceStuck") is None and expects(case, "QueueGrowing") is False
    case = {"name": "fires: x", "input_series": [], "promql_expr_test": [
        {"expr": 'count(ALERTS{alertstate="firing",alertname="ServiceStuck"})', "eval_time": "1m", "exp_samples": [{"value": 1}]}]}
    assert expects(case, "ServiceStuck") is True and expects(case, "QueueGrowing") is None


@pytest.mark.parametrize("name", NAMED)
def test_cases_tell_ours_from_the_textbook(name, tmp_path):
    """Cases that the textbook form also passes would prove nothing."""
    document = yaml.safe_load((ROOT / "deploy" / "prometheus" / "rules" / "alerts.yml").read_text())
    for group in document["groups"]:
        for rule in group["rules"]:
            if rule.get("alert") == name:
                rule["expr"] = alerts(TEXTBOOK)[name]["expr"]
    (tmp_path / "alerts.yml").write_text(yaml.safe_dump(document))
    case = (PROMTOOL / ALERTS[name][1]).read_text()
    replaced = case.replace("../../../deploy/prometheus/rules/alerts.yml", "alerts.yml")
    assert replaced != case
    (tmp_path / "case.yml").write_text(replaced)
    assert promtool("test", "rules", tmp_path / "case.yml").returncode != 0
