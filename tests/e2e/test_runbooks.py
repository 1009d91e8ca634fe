"""Every command of every runbook is run, against a real service, Prometheus and Alertmanager at the addresses that the pages
assume. What asks systemd is only read by the shell, because there is no systemd in a test.
"""
import contextlib
import os
import pathlib
import re
import subprocess
import tempfile

import pytest

import servers
import shortened
from servers import wait_for

PAGES = sorted((servers.SOURCE / "docs" / "runbooks").glob("[A-Z]*.md"))
NEEDS_SYSTEMD = re.compile(r"^(systemctl|journalctl|systemd-cgtop)\b")

pytestmark = pytest.mark.skipif(
    not (servers.BUILD / "testgen").exists(), reason="the program is not built: run ./dev build")


def commands():
    """(page, command): indented blocks, one command a line, a line that ends with | goes on."""
    for path in PAGES:
        lines = re.findall(r"^(?: {4}| {6})(\S.*)$", path.read_text(), flags=re.M)
        for line in re.sub(r"\|\n", "| ", "\n".join(lines)).splitlines():
            yield path.stem, line


@pytest.fixture(scope="module")
def place():
    with tempfile.TemporaryDirectory(prefix="testgen-runbooks-") as name, contextlib.ExitStack() as cleanup:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        enter = cleanup.enter_context
        log = folder / "log" / "app.log"
        log.parent.mkdir()
        service = enter(servers.Testgen(folder / "service", "--log-file", log, "--audit-log", log.parent / "audit.log"))
        alertmanager = enter(servers.Alertmanager(folder / "alertmanager", shortened.alertmanager("http://127.0.0.1:9")))
        prometheus = enter(servers.Prometheus(folder / "prometheus", shortened.prometheus(
            shortened.all_rules(folder / "rules"), {"testgen-copilot": service.address}, alertmanager.address)))
        prometheus.wait_scraped({"testgen-copilot"})
        # Something to find: an error in the log, a line in the audit log, a trace.
        assert service.get("/v1/jobs/none").status == 404
        assert service.post("/v1/findings/f/feedback", {"verdict": "confirmed"}).status == 200
        trace = wait_for(lambda: re.findall(r'"trace_id":"(\w{32})"', log.read_text()), "a trace in the log")[0]
        yield {"localhost:8000": service.address, "localhost:9090": prometheus.address,
               "localhost:9093": alertmanager.address, "/var/log/testgen": str(log.parent),
               "/var/lib/testgen": str(service.data), "$TRACE_ID": trace}


def test_there_are_commands_on_every_page():
    assert {page for page, _ in commands()} == {path.stem for path in PAGES} - {"README"}


@pytest.mark.parametrize("page, command", commands(), ids=lambda value: value[:60])
def test_command(place, page, command):
    for text, instead in place.items():
        command = command.replace(text, instead)
    path = f"{servers.BUILD}:{os.environ['PATH']}"
    if NEEDS_SYSTEMD.match(command):
        done = subprocess.run(["bash", "-n", "-c", command], capture_output=True, text=True, timeout=10)
        assert done.returncode == 0, done.stderr
        return
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60,
                          env={**os.environ, "PATH": path, "TESTGEN_DATA": place["/var/lib/testgen"]})
    # 1: nothing was found, or the check says no.
    assert done.returncode in (0, 1), f"{page}: {command}: {done.returncode} {done.stderr}"
    for wrong in ("not found", "No such file", "unknown", "parse error", "invalid", "usage:", "Could not resolve"):
        assert wrong.lower() not in done.stderr.lower(), f"{page}: {command}: {done.stderr}"
