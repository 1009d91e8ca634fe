"""The panel that an alert's link leads to draws what the alert judges, and what is recorded is used by somebody."""
import json
import re
import subprocess
import urllib.parse

import pytest

import contract
import dashboards
import judged
import promql
import servers

ALERTS = {rule["alert"]: rule for rule in contract.all_rules() if "alert" in rule}


def linked(alert):
    """The panel of the alert's dashboard_url."""
    url = urllib.parse.urlsplit(ALERTS[alert]["annotations"]["dashboard_url"])
    number = urllib.parse.parse_qs(url.query).get("viewPanel")
    assert number, f"{alert} leads to a dashboard, and to none of its panels"
    return next(panel for panel in dashboards.panels(dashboards.named(url.path.split("/")[2]))
                if panel["id"] == int(number[0]))


@pytest.mark.parametrize("alert", sorted(ALERTS))
def test_the_panel_draws_what_the_alert_judges(alert):
    panel = linked(alert)
    assert not list(judged.missing(ALERTS[alert]["expr"], panel)), panel["title"]


def drawing(*expressions):
    return {"targets": [{"expr": expression} for expression in expressions]}


@pytest.mark.parametrize("expression, panel, lacking", [
    ("a:b:c > 1", ["a:b:d"], ["a:b:c"]),
    ("a:b:c > 1 and on (job) d:e:f >= 3", ["a:b:c"], []),  # a floor
    ("a:b:c > 1 and on (job) d:e:f > 3", ["a:b:c"], ["d:e:f"]),
    ("a:b:c >= 3", ["d:e:f"], ["a:b:c"]),  # no floor where there is nothing else
    ("a > 1 or b > 1", ["max(a)"], ["b"]),
    ("a > 0.1 * (sum by (job) (b) > 0)", ["a"], ["b"]),
    ("a < 1", ['a{job=~"$job", fstype!~"tmpfs"}'], ["a: its query leaves out by ['fstype']"]),
    ("a < 1", ['a{fstype!~"tmpfs"}', 'a{job=~"$job"}'], []),
    ('a{kind="x"} > 1', ['sum by (kind) (rate(a{instance=~"$instance"}[$__rate_interval]))'], []),
    ('a{kind="x"} > 1', ['a{kind=~"x|y"}'], []),
    ('a{kind="x"} > 1', ['a{kind!="x"}'], ["a: its query leaves out by ['kind']"]),
    ('a{kind=~"x|y"} > 1', ['a{kind="x"}'], ["a: its query leaves out by ['kind']"]),
])
def test_the_check_finds_what_is_not_drawn(expression, panel, lacking):
    assert list(judged.missing(expression, drawing(*panel))) == lacking


def test_what_is_recorded_is_used():
    """By a panel, by an alert, by `testgen ops`, or by what records something that is."""
    used = {name for alert in ALERTS.values() for name in promql.metrics(alert["expr"])}
    for path in dashboards.FILES:
        for _, expression in dashboards.queries(dashboards.load(path)):
            used |= promql.metrics(re.sub(r"\$__\w+", "1m", expression))
    if (servers.BUILD / "testgen").exists():
        asked = subprocess.run([servers.BUILD / "testgen", "ops", "queries"], check=True, capture_output=True, timeout=60)
        for query in json.loads(asked.stdout):
            used |= promql.metrics(query["expression"])
    records = [rule for rule in contract.all_rules() if "record" in rule]
    for _ in records:  # as deep as one may be made of another
        for rule in records:
            if rule["record"] in used:
                used |= promql.metrics(rule["expr"])
    assert not {rule["record"] for rule in records} - used, "recorded for nobody"
