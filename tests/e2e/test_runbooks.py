"""Every command of every runbook is run, those in sentences as well, against a real service, Prometheus and Alertmanager at the
addresses that the pages assume. The service has troubles, so that what the pages look for is there: a command that prints nothing,
an answer that is not 2xx, an address that does not exist or a flag that is none fails. What asks systemd is only read by the shell,
because there is no systemd in a test. Panels that a page names are panels of the dashboards.
"""
import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading

import pytest

import dashboards
import runbook_pages
import servers
import shortened
from drill_stack import openssl_certificate
from exporters import BlackboxExporter
from llm_server import LlmServer, Reply
from loopback import Loopback
from runbook_pages import PAGES
from servers import wait_for

ALERTS = [path for path in PAGES if path.stem != "README"]
NEEDS_SYSTEMD = re.compile(r"^(systemctl|journalctl|systemd-cgtop)\b")
UNIT = servers.SOURCE / "deploy" / "systemd" / "testgen.service"

# What may print nothing here, and why.
MAY_BE_EMPTY = {"ps -eo state": "no program hangs in the kernel"}
# What may end with something else than 0: this machine may lack something, the provider refuses, and processes end while they are
# looked at.
MAY_SAY_NO = {"testgen doctor": {1}, "testgen llm check": {1, 4}, "ls -l /proc/*/fd": {1, 2}}
NOWHERE = "http://127.0.0.1:9"

built = pytest.mark.skipif(not (servers.BUILD / "testgen").exists(), reason="the program is not built: run ./dev build")


def commands():
    """(page, command)"""
    for path in ALERTS:
        text = path.read_text()
        yield from ((path.stem, command) for command in runbook_pages.blocks(text))
        yield from ((path.stem, command) for command in runbook_pages.inline(text))


COMMANDS = list(dict.fromkeys(commands()))
SHELL = [each for each in COMMANDS if not each[1].startswith("testgen drill ")]
DRILLS = [each for each in COMMANDS if each[1].startswith("testgen drill ")]


def test_there_are_commands_on_every_page():
    for path in ALERTS:
        text = path.read_text()
        assert runbook_pages.blocks(text), f"{path.stem}: nothing to type"
        assert any(command.startswith(f"testgen drill run {path.stem}") for command in runbook_pages.inline(text)), (
            f"{path.stem} does not say how to drill it")


def test_no_command_hides_among_the_words():
    """A span with a space whose first word is a program is a command, or says here that it is none."""
    for path in PAGES:
        for span in runbook_pages.spans(path.read_text()):
            first = span.split()[0]
            hidden = " " in span and shutil.which(first) and first not in runbook_pages.PROGRAMS
            assert not hidden, f"{path.stem}: `{span}` is not run by a test: add {first} to runbook_pages.PROGRAMS"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_named_panels_are_panels(path):
    titles = {panel["title"] for file in dashboards.FILES for panel in dashboards.panels(dashboards.load(file))}
    for names, where in runbook_pages.panels(path.read_text()):
        # "its panel" is the one that the alert's own link leads to; the front page speaks of panels as such.
        assert names or "its panel" in where or path.stem == "README", f"a panel without its name in quotes: …{where}…"
        assert set(names) <= titles, f"{sorted(set(names) - titles)} are no panels: …{where}…"


@built
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_named_flags_are_flags(path):
    reference = (servers.SOURCE / "docs" / "reference" / "cli.md").read_text()
    for flag in runbook_pages.flags(path.read_text()):
        assert re.search(rf"^ +(-\w, )?{flag}\b", reference, re.M), f"testgen has no {flag}"


def test_every_curl_fails_when_it_is_refused():
    """`curl -s` alone prints the page of an error, or nothing, and says that all is well."""
    for page, command in COMMANDS:
        for part in command.split("|"):
            if part.split()[0] != "curl":
                continue
            words = runbook_pages.words(part)
            fails = "--fail-with-body" in words or any(re.fullmatch(r"-\w*f\w*", word) for word in words)
            assert fails or "%{http_code}" in part, f"{page}: {command}"
            assert any(re.fullmatch(r"-\w*S\w*", word) for word in words), f"{page}: a refused connection is silent: {command}"


@pytest.fixture(scope="module")
def place():
    """A service with troubles of most kinds, and what watches it. What stands in the pages → what it is here."""
    with tempfile.TemporaryDirectory(prefix="testgen-runbooks-") as name, contextlib.ExitStack() as cleanup:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        enter = cleanup.enter_context
        log = folder / "log" / "app.log"
        log.parent.mkdir()
        # A provider that wants another key, a certificate, a receiver that refuses telemetry.
        model = enter(LlmServer(lambda _: Reply(), key="another"))
        otlp = enter(Loopback(lambda _: (400, "text/plain", "")))
        openssl_certificate(folder, "live", 90)
        service = enter(servers.Testgen(
            folder / "service", "--workers", "1", "--log-file", log, "--audit-log", log.parent / "audit.log", "--engine", "llm",
            "--llm", "openai-chat:m", "--llm-url", f"openai-chat={model.base('openai-chat')}", "--otlp-endpoint", otlp.url,
            env={"OTEL_BSP_SCHEDULE_DELAY": "200", "OTEL_TRACES_EXPORTER": "otlp", "OTEL_METRICS_EXPORTER": "none",
                 "OTEL_LOGS_EXPORTER": "none"}))
        blackbox = enter(BlackboxExporter(folder / "blackbox"))
        alertmanager = enter(servers.Alertmanager(folder / "alertmanager", shortened.alertmanager(NOWHERE)))
        prometheus = enter(servers.Prometheus(folder / "prometheus", shortened.prometheus(
            shortened.all_rules(folder / "rules"), {"testgen-copilot": service.address, "blackbox": f"{service.url}/ready"},
            alertmanager.address, blackbox.address)))
        prometheus.wait_scraped({"testgen-copilot", "blackbox"})
        env = {**os.environ, "PATH": f"{servers.BUILD}:{os.environ['PATH']}", "TESTGEN_DATA": str(service.data),
               "TESTGEN_SERVER": service.url, "TESTGEN_LLM": "openai-chat:m", "TESTGEN_LLM_RETRIES": "0",
               "TESTGEN_LLM_URL": f"openai-chat={model.base('openai-chat')}"}
        # Keys of another installation: this one would ask everybody for one from then on.
        keys = {"TESTGEN_DATA": str(folder / "keys")}
        subprocess.run([servers.BUILD / "testgen", "keys", "create", "KNOWN"], check=True, capture_output=True, timeout=30,
                       env={**env, **keys})

        # Something to find: an error, a verdict for the audit log, a request of more than two seconds and its trace.
        assert service.get("/v1/jobs/none").status == 404
        assert service.post("/v1/findings/f/feedback", {"verdict": "confirmed"}).status == 200

        def generate(content):
            answer = service.post("/v1/generate", {"language": "python", "files": [{"path": "m.py", "content": content}],
                                                   "options": {"budget_seconds": 10}, "wait_seconds": 3})
            assert answer.status in (200, 202), answer
            return answer

        trace = generate("def half(x: int) -> float:\n    return x / 2\n").headers["traceparent"].split("-")[1]
        generate("import time\n\ntime.sleep(60)\n\n\ndef late(x: int) -> int:\n    return x\n")
        wait_for(lambda: "slow_request" in log.read_text(), "a slow request in the log", 30)
        wait_for(lambda: "llm_error" in log.read_text(), "the provider to fail", 30)
        wait_for(lambda: service.get(f"/debug/traces/{trace}").status == 200, "the trace", 30)
        wait_for(lambda: re.search(r'^testgen_health_check_status\{check="llm_api"\} 0$', service.get("/metrics").text, re.M),
                 "the check of the provider to fail", 30)
        # Look-ups that miss go on, so that a budget burns while the pages are tried.
        stop = threading.Event()

        def ask():
            number = 0
            while not stop.wait(1):
                number += 1
                service.post("/v1/scan", {"files": [{"path": "m.py", "content": f"x = {number}\n"}]})

        asking = threading.Thread(target=ask)
        asking.start()
        cleanup.callback(asking.join)
        cleanup.callback(stop.set)
        # WarningReturns counts the starts of warnings; a failing check is one.
        wait_for(lambda: prometheus.query("alertname_job:testgen_warning_starts:count1d"), "a warning to start", 40)
        wait_for(lambda: prometheus.query('{__name__=~"job_objective:testgen_slo_burn:rate.*"} > 1'), "a budget to burn", 40)
        yield {"env": env, "keys": keys, "texts": {
            "localhost:8000": service.address, "localhost:9090": prometheus.address, "localhost:9093": alertmanager.address,
            "/var/log/testgen": str(log.parent), "/var/lib/testgen": str(service.data), "$TRACE_ID": trace,
            "FILE": str(folder / "live.pem"), "keys create NAME": "keys create loud", "keys revoke NAME": "keys revoke KNOWN"}}


def trouble(place, command):
    """Runs it; what is wrong with it, or nothing."""
    written = command
    for text, instead in place["texts"].items():
        command = command.replace(text, instead)
    if NEEDS_SYSTEMD.match(command):
        done = subprocess.run(["bash", "-n", "-c", command], capture_output=True, text=True, timeout=10)
        return done.stderr or ("" if UNIT.stem in command or "-k" in command or "cgtop" in command else "which unit?")
    env = {**place["env"], **(place["keys"] if written.startswith("testgen keys") else {})}
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=60, env=env)

    def listed(table):
        return next((value for text, value in table.items() if written.startswith(text)), None)

    # 141: `head` had enough.
    allowed = {0, 141} if "| head" in command else {0}
    if done.returncode not in allowed | (listed(MAY_SAY_NO) or set()):
        return f"ended with {done.returncode}: {done.stdout[-300:]} {done.stderr}"
    if not done.stdout.strip() and not listed(MAY_BE_EMPTY):
        return f"prints nothing: {done.stderr}"
    if "%{http_code}" in command and not done.stdout.strip().startswith("2"):
        return f"answered {done.stdout}"
    for wrong in ("not found", "No such file", "unknown", "parse error", "invalid", "usage:", "Could not resolve", "returned error"):
        if wrong.lower() in done.stderr.lower():
            return done.stderr
    return ""


@built
@pytest.mark.parametrize("page, command", SHELL, ids=lambda value: value[:60])
def test_command(place, page, command):
    assert trouble(place, command) == "", f"{page}: {command}"


@built
@pytest.mark.parametrize("command", [
    "curl -sSf http://localhost:8000/nothing",
    "curl -sSf http://localhost:8000/nothing | head",
    "curl -sSf http://localhost:8000/metrics | grep '^testgen_no_such_metric'",
    "curl -sS -o /dev/null -w '%{http_code}\\n' http://localhost:8000/nothing",
    "curl -sSfG http://localhost:9090/api/v1/query --data-urlencode 'query=sum(' | jq -r .data",
    "curl -sSfG http://localhost:9090/api/v1/query --data-urlencode 'query=no_such_series' | jq -r '.data.result[]'",
    "tail -n 5 /var/log/testgen/other.log",
    "testgen config print --no-such-flag",
    "amtool alert query --alertmanager.url=http://localhost:9093/nowhere",
    "systemctl status other",
])
def test_a_command_that_is_wrong_is_found(place, command):
    assert trouble(place, command)


@built
@pytest.mark.parametrize("page, command", DRILLS, ids=lambda value: value[:60])
def test_drill_command(tmp_path, page, command):
    """Understood down to the first thing that it needs from outside: drills themselves are test_drills.py's."""
    words = [{"COMMAND": "true", "FOLDER": str(tmp_path)}.get(word, word) for word in runbook_pages.words(command)]
    assert words[3] == page, "the drill of another alert"
    done = subprocess.run([servers.BUILD / "testgen", *words[1:], "--data", tmp_path, "--prometheus", NOWHERE, "--alertmanager", NOWHERE],
                          capture_output=True, text=True, timeout=30)
    assert done.returncode not in (0, 2) and "127.0.0.1:9" in done.stderr, (done.returncode, done.stderr)
