"""deploy/alertmanager/alertmanager.yml in the Alertmanagers that it is for, which Debian does not have: the oldest, with a Jira
of a Data Center, and a new one, with Jira Cloud. Tickets come by Alertmanager's own receiver; the Jira that the test plays
checks what it is sent against the documented requests.
"""
import contextlib
import datetime
import pathlib
import subprocess
import tempfile

import go_programs
import pytest
import servers
import shortened
import yaml
from alert_routes import ROUTES
from drill_stack import DrillStack
from servers import wait_for
from vendors import Vendors

FOLDER = shortened.DEPLOY / "alertmanager"
NEW = "alertmanager.yml"
MODULE = "github.com/prometheus/alertmanager"
# Their pages are made by npm for a release; nobody looks at them here.
PAGES = {"0.35": {f"ui/app/dist/{name}/index.html": "<p>not built</p>" for name in ("elm", "mantine")}}


class Built:
    def __init__(self, version):
        folder = f"alertmanager-{version}"
        flags = go_programs.with_files(folder, MODULE, PAGES[version]) if version in PAGES else []
        self.cloud = version != "0.28"
        self.server, self.amtool = (go_programs.build(folder, f"{MODULE}/cmd/{name}", f"{name}-{version}", flags)
                                    for name in ("alertmanager", "amtool"))

    def config(self, folder, vendors, service_url):
        config = yaml.safe_load(shortened.alertmanager_at_vendors(folder, vendors, service_url, file=NEW))
        tickets = next(receiver for receiver in config["receivers"] if receiver["name"] == "tickets")
        if self.cloud:  # which is otherwise seen from the host's name
            tickets["jira_configs"][0]["api_type"] = "cloud"
        return yaml.safe_dump(config)


@pytest.fixture(scope="module", params=["0.28", "0.35"])
def built(request):
    return Built(request.param)


@pytest.mark.parametrize("name", [NEW, "alertmanager-0.25.yml"])
def test_it_accepts_the_file(built, name):
    checked = subprocess.run([built.amtool, "check-config", FOLDER / name], capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "1 templates" in checked.stdout and "SUCCESS" in checked.stdout, checked.stdout


@pytest.mark.parametrize("labels, receivers", ROUTES)
def test_routes(built, labels, receivers):
    tested = subprocess.run([built.amtool, "config", "routes", "test", f"--config.file={FOLDER / NEW}",
                             f"--verify.receivers={receivers}", *labels], capture_output=True, text=True, timeout=60)
    assert tested.returncode == 0, tested.stdout + tested.stderr


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat()


def test_a_ticket_is_opened_once_kept_up_to_date_closed_and_opened_again(built, tmp_path):
    with Vendors() as vendors, servers.Alertmanager(
            tmp_path, built.config(tmp_path, vendors, "http://127.0.0.1:9"), FOLDER / "templates", built.server) as manager:
        vendors.jira.cloud = built.cloud
        begun = now()

        def tell(*warnings, **more):
            labels = {"alertname": "WarningPersists", "severity": "ticket", "warning": "SlowResponseTime", "job": "testgen-copilot"}
            answer = servers.request(manager.url + "/api/v2/alerts", [
                {"labels": {**labels, "instance": instance}, "startsAt": begun, **more, "annotations": {
                    "summary": "SlowResponseTime persists", "description": "For two hours.",
                    "runbook_url": "https://docs.example.com/r", "dashboard_url": "https://grafana.example.com/d"}}
                for instance in warnings])
            assert answer.status == 200, answer

        def issue():
            assert not vendors.refused and len(vendors.jira.issues) <= 1, (vendors.refused, vendors.jira.issues)
            return next(iter(vendors.jira.issues.values()), None)

        tell("a:8000")
        fields = wait_for(issue, f"a ticket: {manager.log_tail(5)}", 20)["fields"]
        assert fields["project"] == {"key": "OPS"} and fields["issuetype"] == {"name": "Task"}
        assert fields["summary"] == "[FIRING:1] WarningPersists (testgen-copilot)"
        assert "SlowResponseTime persists" in fields["description"] and "https://docs.example.com/r" in fields["description"]
        assert {"testgen-copilot", "alert"} < set(fields["labels"]) and fields["priority"] == {"name": "Medium"}
        tell("a:8000", "b:8000")
        wait_for(lambda: issue()["fields"]["summary"].startswith("[FIRING:2]"), "the ticket to name both", 20)
        tell("a:8000", "b:8000", endsAt=now())
        wait_for(lambda: issue()["done"], f"the ticket to be closed: {manager.log_tail(5)}", 20)
        begun = now()
        tell("a:8000")
        wait_for(lambda: not issue()["done"], "the same ticket to be opened again", 20)


@pytest.mark.skipif(not (servers.BUILD / "testgen").exists(), reason="the program is not built: run ./dev build")
def test_a_drill_ends_in_jira():
    """A real service that is slow, a real Prometheus with the shipped rules, and this Alertmanager."""
    newest = Built("0.35")
    with tempfile.TemporaryDirectory(prefix="testgen-drill-") as name, contextlib.ExitStack() as cleanup:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        stack = DrillStack(folder, cleanup, alertmanager=newest)
        done = stack.drill("run", "WarningPersists")
        assert done.returncode == 0, f"{done.stdout}{done.stderr}\n{stack.alertmanager.log_tail(5)}\n{stack.vendors.refused}"
        assert stack.vendors.of("jira", "WarningPersists") and not stack.vendors.refused, stack.vendors.refused
        wait_for(lambda: stack.vendors.of("jira", "WarningPersists", "resolve"), "the ticket to be closed", 20)
