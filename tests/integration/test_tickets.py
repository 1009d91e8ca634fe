"""The alert hook and its tickets, against a Jira that checks what it is sent: a ticket an alert, a line for what was done,
figures for all of it, and a tracker that is away."""
import json
import re

from servers import Testgen, wait_for
from vendors import Vendors


def told(status):
    return {"version": "4", "alerts": [{
        "status": status, "fingerprint": "00deadbeef000001", "startsAt": "2026-01-01T00:00:00Z",
        "labels": {"alertname": "WarningPersists", "severity": "ticket", "warning": "SlowResponseTime", "job": "testgen-copilot"},
        "annotations": {"summary": "A warning has lasted for two hours"}}]}


def service_at(folder, url):
    token = folder / "jira-token"
    token.write_text("jira-secret-0123456789\n")
    token.chmod(0o600)
    return Testgen(folder / "serve", "--jira-url", url, "--jira-user", "ops@example.com", "--jira-token-file", token,
                   "--jira-project", "OPS")


def kept(service):
    page = service.get("/metrics").text
    return {action: int(count) for action, count in re.findall(r'^testgen_tickets_total\{action="(\w+)"\} (\d+)$', page, re.M)}


def lines(service, event):
    """Lines are written by a thread of their own."""
    def found():
        return [json.loads(line) for line in service.log.read_text().splitlines() if f'"{event}"' in line]
    return wait_for(found, f"a line {event}")


def test_what_is_done_with_a_ticket_is_counted_and_told(tmp_path):
    with Vendors() as vendors, service_at(tmp_path, f"{vendors.url}/jira") as service:
        assert kept(service) == {"opened": 0, "reopened": 0, "closed": 0, "nothing": 0, "failed": 0}
        for status in ("firing", "firing", "resolved", "firing"):
            assert service.post("/v1/hooks/alertmanager", told(status)).status == 200
        assert vendors.refused == [] and len(vendors.jira.issues) == 1
        assert kept(service) == {"opened": 1, "reopened": 1, "closed": 1, "nothing": 1, "failed": 0}
        wait_for(lambda: len(lines(service, "ticket_kept")) == 3, "three lines: what changes nothing has none")
        found = lines(service, "ticket_kept")
        assert [line["action"] for line in found] == ["opened", "closed", "reopened"]
        assert all(line["alert"] == "WarningPersists" and line["fingerprint"] == "00deadbeef000001" and line["duration_ms"] > 0
                   and line["level"] == "INFO" and line["trace_id"] for line in found), found
        page = service.get("/metrics").text
        assert re.search(r"^testgen_ticket_duration_seconds_count 4$", page, re.M)
        assert "jira-secret" not in service.log.read_text()


def test_a_tracker_that_is_away_is_told_and_counted(tmp_path):
    with service_at(tmp_path, "http://127.0.0.1:9") as service:
        answer = service.post("/v1/hooks/alertmanager", told("firing"))
        assert answer.status == 503, answer
        assert kept(service)["failed"] == 1
        line, = lines(service, "ticket_failed")
        assert line["level"] == "ERROR" and line["error_type"] == "unavailable" and "Jira" in line["error"], line
        page = service.get("/metrics").text
        assert 'testgen_errors_total{type="unavailable",component="tickets"} 1' in page
