"""deploy/alertmanager: accepted by Debian's amtool, routed as promised, worded for people."""
import datetime
import json
import pathlib
import re
import subprocess

import pytest
import yaml

import servers
import shortened
from alert_routes import ROUTES
from vendors import Vendors

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "alertmanager"
TOKEN = "0123456789abcdef-drill"  # as the file of secrets that shortened.py writes has it
OLD, NEW = DEPLOY / "alertmanager-0.25.yml", DEPLOY / "alertmanager.yml"


def amtool(*arguments):
    return subprocess.run(["amtool", *map(str, arguments)], capture_output=True, text=True, timeout=60)


def load(path):
    return yaml.safe_load(path.read_text())


def receiver(config, name):
    return next(r for r in config["receivers"] if r["name"] == name)


def test_debian_accepts_its_form():
    result = amtool("check-config", OLD)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_new_form_differs_only_by_jira(tmp_path):
    """amtool 0.25 does not know jira_configs: everything else of the new form is checked here,
    and the Jira block by the field names that Alertmanager 0.28 documents, less wont_fix_resolution, which hides
    open tickets from those before 0.33. `./dev test optional` runs the file in 0.28 and 0.35."""
    new, old = load(NEW), load(OLD)
    jira = receiver(new, "tickets").pop("jira_configs")
    receiver(old, "tickets").pop("webhook_configs")
    assert new == old
    copy = tmp_path / "alertmanager.yml"
    copy.write_text(yaml.safe_dump(new))
    assert amtool("check-config", copy).returncode == 0
    documented = {
        "send_resolved", "api_url", "http_config", "project", "issue_type", "summary", "description", "labels",
        "priority", "resolve_transition", "reopen_transition", "reopen_duration", "fields"}
    for block in jira:
        assert set(block) <= documented
        assert {"project", "issue_type", "api_url"} <= set(block)


@pytest.mark.parametrize("labels, receivers", ROUTES)
def test_routes(labels, receivers):
    result = amtool("config", "routes", "test", f"--config.file={OLD}", f"--verify.receivers={receivers}", *labels)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("path", [OLD, NEW], ids=lambda path: path.name)
def test_the_hook_is_told_when_people_are(path):
    """Else the time to notify that `testgen ops weekly` prints would be another."""
    config = load(path)
    routes = config["route"]["routes"]
    hooks = [route for route in routes if route["receiver"] == "testgen-hook"]
    assert routes[:2] == hooks and all(route["continue"] for route in hooks)
    times = ("matchers", "group_by", "group_wait", "group_interval", "repeat_interval")
    people = [next(route for route in routes if route["receiver"] == name) for name in ("on-call", "monitoring")]
    assert [[route.get(key) for key in times] for route in hooks] == [[route.get(key) for key in times] for route in people]
    [hook] = receiver(config, "testgen-hook")["webhook_configs"]
    assert hook["url"].endswith("/v1/hooks/alertmanager") and hook["send_resolved"] is True


@pytest.mark.skipif(not (servers.BUILD / "testgen").exists(), reason="the program is not built: run ./dev build")
def test_the_service_logs_what_people_are_told(tmp_path):
    """The shipped routes in a real Alertmanager, to a real service. The vendors check what they are sent."""
    log = tmp_path / "app.log"
    begun = datetime.datetime.now(datetime.timezone.utc)
    alerts = {"HighErrorRate": "critical", "SlowResponseTime": "warning"}

    def heard(status):
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        found = [(line["alert"], line["severity"]) for line in lines
                 if line.get("event") == "alert_received" and line["status"] == status]
        return sorted(found) == sorted(alerts.items())

    with Vendors() as vendors, \
            servers.Testgen(tmp_path / "service", "--log-file", log, env={"TESTGEN_API_TOKEN": TOKEN}) as service, \
            servers.Alertmanager(tmp_path / "am", shortened.alertmanager_at_vendors(tmp_path, vendors, service.url),
                                 DEPLOY / "templates") as manager:
        def tell(**more):
            # A job each: a failing service mutes its slowness.
            answer = servers.request(manager.url + "/api/v2/alerts", [
                {"labels": {"alertname": name, "severity": severity, "job": name}, "startsAt": begun.isoformat(), **more,
                 "annotations": {"summary": "s", "description": "d", "runbook_url": "https://docs.example.com/r",
                                 "dashboard_url": "https://grafana.example.com/d"}} for name, severity in alerts.items()])
            assert answer.status == 200, answer

        tell()
        servers.wait_for(lambda: heard("firing"), "the service to hear of both", 20)
        servers.wait_for(lambda: all(vendors.of("slack", name) for name in alerts), "people to be told as well", 20)
        tell(endsAt=datetime.datetime.now(datetime.timezone.utc).isoformat())
        servers.wait_for(lambda: heard("resolved"), "the service to hear the all-clear", 20)


def test_channels():
    on_call = receiver(load(NEW), "on-call")
    assert {"pagerduty_configs", "opsgenie_configs", "slack_configs", "sns_configs"} <= set(on_call)
    assert on_call["slack_configs"][0]["channel"] == "#alerts"
    monitoring = receiver(load(NEW), "monitoring")
    assert monitoring["slack_configs"][0]["channel"] == "#monitoring" and receiver(load(NEW), "mail")["email_configs"]


def test_only_mail_is_quiet_at_night():
    """Nobody who is on call sleeps through a page because of quiet hours."""
    muted = [route["receiver"] for route in load(NEW)["route"]["routes"] if "mute_time_intervals" in route]
    assert muted == ["mail"]


def test_each_warning_that_persists_has_a_ticket_of_its_own():
    ticket = next(r for r in load(NEW)["route"]["routes"] if r["receiver"] == "tickets")
    assert ticket["matchers"] == ['severity="ticket"'] and "warning" in ticket["group_by"]


@pytest.mark.parametrize("path", [OLD, NEW], ids=lambda path: path.name)
def test_secrets_come_from_files(path):
    text = path.read_text()
    for key in re.findall(r"^\s*-?\s*(\w*(?:key|token|password|secret|api_url|credentials)\w*):\s*(\S+)", text, re.M):
        name, value = key
        if name == "api_url":  # Jira's address, not a Slack secret
            continue
        assert name.endswith("_file") and value.startswith("/etc/alertmanager/secrets/"), key


def test_inhibition_points_from_a_cause_to_its_symptoms():
    for rule in load(NEW)["inhibit_rules"]:
        assert rule["equal"] == ["job"]
        assert not any("LLMAPIErrors" in matcher for matcher in rule["target_matchers"])


def alert(status="firing"):
    return {
        "status": status,
        "labels": {"alertname": "HighErrorRate", "severity": "critical", "job": "testgen-copilot"},
        "annotations": {
            "summary": "High error rate detected", "description": "12% of the requests failed.",
            "runbook_url": "https://docs.example.com/r", "dashboard_url": "https://grafana.example.com/d"},
        "startsAt": "2026-01-02T03:04:05Z", "endsAt": "0001-01-01T00:00:00Z"}


@pytest.mark.parametrize("template, text", [
    ("testgen.title", "[FIRING:1] HighErrorRate (testgen-copilot)"),
    ("testgen.sms", "High error rate detected. https://docs.example.com/r"),
    ("testgen.runbook", "https://docs.example.com/r"),
    ("testgen.dashboard", "https://grafana.example.com/d"),
    ("testgen.text", "High error rate detected (critical, firing)\n12% of the requests failed.\n"
                     "Runbook: https://docs.example.com/r\nDashboard: https://grafana.example.com/d\n"
                     "Since: 2026-01-02 03:04:05 UTC"),
])
def test_templates(template, text, tmp_path):
    data = tmp_path / "data.json"
    data.write_text(json.dumps({
        "status": "firing", "receiver": "on-call", "alerts": [alert()], "externalURL": "http://am",
        "groupLabels": {"alertname": "HighErrorRate", "job": "testgen-copilot"},
        "commonLabels": {}, "commonAnnotations": {}}))
    result = amtool("template", "render", f"--template.glob={DEPLOY}/templates/*.tmpl",
                    f'--template.text={{{{ template "{template}" . }}}}', f"--template.data={data}")
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == text
