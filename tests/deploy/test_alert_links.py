"""Each alert leads to the panel that draws what it judges, as deploy/grafana/alert-panels.yml says, and that panel to the alert's
runbook. TESTGEN_ACCEPT=1 writes the links of rules and of their cases anew, after panels have moved."""
import os

import pytest
import yaml

import alert_panels
from servers import SOURCE

RULES = sorted((SOURCE / "deploy/prometheus/rules").glob("*.yml"))
CASES = sorted((SOURCE / "tests/deploy/promtool").glob("*_test.yml"))


def shipped():
    return {rule["alert"]: rule["annotations"]["dashboard_url"] for path in RULES
            for group in yaml.safe_load(path.read_text())["groups"] for rule in group["rules"] if "alert" in rule}


def test_every_alert_has_its_place():
    assert set(alert_panels.table()) == set(shipped())


@pytest.mark.parametrize("path", RULES + CASES, ids=lambda path: path.stem)
def test_links_are_those_of_the_table(path):
    text = path.read_text()
    if os.environ.get("TESTGEN_ACCEPT") == "1" and path.stem != "slo":
        path.write_text(alert_panels.rewritten(text))
    assert path.read_text() == alert_panels.rewritten(text), (
        "links lead to other panels: ./dev accept"
        + (" after the numbers in src/telemetry/slo/burn_rate_rules.cc" if path.stem == "slo" else ""))


@pytest.mark.parametrize("alert", sorted(alert_panels.table()))
def test_the_link_leads_to_a_panel_that_leads_to_the_runbook(alert):
    assert shipped()[alert].startswith(alert_panels.links()[alert])
    panel = alert_panels.panel(alert_panels.table()[alert])
    if panel:
        assert f"Runbook: {alert}" in [link["title"] for link in panel.get("links", [])]
