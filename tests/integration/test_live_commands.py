"""`testgen doctor` on a running service, `testgen top` and `testgen support-bundle`."""
import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import tarfile
import termios
import threading
import time

import pytest

from llm_server import LlmServer, Reply
from servers import BUILD, Testgen, free_port, wait_for

MODULE = "def sign(x: int) -> int:\n    if x > 0:\n        return 1\n    return -1 if x < 0 else 0\n"


def testgen(*arguments, code=0, cwd=None, env=None):
    done = subprocess.run([BUILD / "testgen", *map(str, arguments)], capture_output=True, text=True, timeout=60, cwd=cwd,
                          stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})})
    assert code is None or done.returncode == code, done
    return done


testgen.__test__ = False


def job(wait, name="m.py"):
    return {"language": "python", "files": [{"path": name, "content": MODULE}], "options": {"budget_seconds": 2},
            "wait_seconds": wait}


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder = tmp_path_factory.mktemp("live")
    with Testgen(folder, "--workers", "1", "--log-file", folder / "app.log", "--log-level", "info") as running:
        running.log_path = folder / "app.log"
        assert running.post("/v1/generate", job(30)).status == 200
        yield running


def doctor(service, what, code=None):
    done = testgen("doctor", what, "--server", service.url, "--watch", "500ms", "--format", "json", code=code)
    document = json.loads(done.stdout)
    return document, {item["id"]: item for section in document["sections"] for item in section["items"]}


def test_a_check_for_each_step_of_the_guide(service):
    document, items = doctor(service, "service")
    assert set(items) == {"memory_by_component", "memory_growth", "memory_heavy", "active_requests", "slow_queries",
                          "contention", "llm_connectivity", "llm_errors", "llm_rate_limits", "readiness", "telemetry"}
    assert document["unreachable"] == []
    assert not [item for item in items.values() if item["verdict"] == "unknown"], items
    assert items["readiness"]["verdict"] == "good"
    assert items["llm_connectivity"]["verdict"] == "not_applicable"
    # The service runs on this machine, so its processes are found.
    names = [figure["name"] for figure in items["memory_by_component"]["figures"]]
    assert "processes it started, resident" in names
    assert any(figure["name"].startswith("database call") for figure in items["slow_queries"]["figures"])


@pytest.mark.parametrize("what, sections", [("memory", ["High memory usage"]), ("slow", ["Slow response times"]),
                                            ("llm", ["LLM API issues"])])
def test_an_area_alone(service, what, sections):
    document, _ = doctor(service, what)
    assert [section["title"] for section in document["sections"]] == sections


def test_work_in_progress_is_named(service):
    background = threading.Thread(target=lambda: service.post("/v1/generate", job(30, "other.py")))
    background.start()
    try:
        def at_work():
            _, items = doctor(service, "slow")
            return [figure for figure in items["active_requests"]["figures"] if figure.get("of") == "POST /v1/generate"]
        figures = wait_for(at_work, "the request to be seen", 20)
        assert "trace " in figures[0]["note"] and figures[0]["verdict"] == "good"  # it asked to wait
    finally:
        background.join()


def test_a_provider_that_refuses_is_found(tmp_path):
    with LlmServer(lambda asked: Reply(status=429)) as provider, Testgen(
            tmp_path, "--workers", "1", "--engine", "llm", "--llm", "ollama:m", "--llm-url",
            f"ollama={provider.base('ollama')}") as running:
        running.post("/v1/generate", job(40))
        wait_for(lambda: "testgen_llm_requests_total{provider=\"ollama\",status=\"rate_limited\"} 0"
                 not in running.get("/metrics").text and provider.asked, "the provider to be asked", 30)
        _, items = doctor(running, "llm", code=6)
        assert items["llm_errors"]["verdict"] == "bad", items
        assert items["llm_rate_limits"]["verdict"] == "bad", items
        assert any("rate_limited" in figure.get("note", "") for figure in items["llm_errors"]["figures"]), items


def test_nobody_there_is_unknown_and_said():
    done = testgen("doctor", "llm", "--server", f"http://127.0.0.1:{free_port()}", "--watch", "100ms", code=1)
    assert done.stdout.count("not reached: the service at") == 1
    assert "about a running service" in testgen("doctor", "--watch", "1s", code=2).stderr
    assert "did you mean \"slow\"?" in testgen("doctor", "slo", code=2).stderr
    assert "allowed: 100ms to 10m" in testgen("doctor", "slow", "--watch", "1ms", code=2).stderr


def test_top_once_is_plain_text(service):
    text = testgen("top", "--once", "--server", service.url, "--interval", "300ms").stdout
    assert "\x1b" not in text
    for part in (service.url, "ready", "requests", "queue", "workers", "cache", "models", "objective, last hour",
                 "availability", "tests"):
        assert part in text, part
    assert "is the service running?" in testgen("top", "--once", "--interval", "100ms", "--server",
                                                f"http://127.0.0.1:{free_port()}", code=4).stderr


def size(descriptor, columns, rows):
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def test_top_on_a_terminal_draws_follows_its_size_and_ends_with_q(service):
    ours, theirs = pty.openpty()
    size(ours, 100, 30)
    before = termios.tcgetattr(theirs)
    process = subprocess.Popen([BUILD / "testgen", "top", "--server", service.url, "--interval", "60s"], stdin=theirs,
                               stdout=theirs, stderr=theirs, start_new_session=True,
                               preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    seen = b""

    def read_until(condition, what):
        nonlocal seen
        deadline = time.monotonic() + 15
        while not condition(seen):
            assert time.monotonic() < deadline, (what, seen[-2000:])
            if select.select([ours], [], [], 0.2)[0]:
                seen += os.read(ours, 65536)

    try:
        read_until(lambda text: b"objective, last hour" in text and b"\x1b[J" in text, "the first picture")
        assert b"\x1b[?1049h" in seen
        seen = b""
        size(ours, 40, 8)
        read_until(lambda text: b"\x1b[J" in text, "a picture of the new size")
        lines = seen.split(b"\x1b[H")[-1].split(b"\x1b[J")[0].replace(b"\r", b"").split(b"\n")
        assert len(lines) <= 8 and all(len(line.replace(b"\x1b[K", b"").decode()) <= 40 for line in lines), lines
        os.write(ours, b"q")
        assert process.wait(10) == 0
        read_until(lambda text: b"\x1b[?1049l" in text, "the screen to be given back")
        assert termios.tcgetattr(theirs)[3] == before[3], "echo and lines are as they were"
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)


def test_the_bundle_has_what_it_lists_and_no_secret(service, tmp_path):
    with open(service.log_path, "a") as log:
        log.write('{"message":"leaked sk-ant-api03-k9Lw2ZxQv7RtYp4NmBc8HsDfGj1KaUeTiO5_xWqSdVbNz-AA"}\n')
    secret = "0123456789-a-token-of-the-operator"
    done = testgen("support-bundle", "--server", service.url, "--log-file", service.log_path, "--output",
                   tmp_path / "b.tar.gz", env={"TESTGEN_API_TOKEN": secret, "OPENAI_API_KEY": secret})
    assert (tmp_path / "b.tar.gz").stat().st_mode & 0o077 == 0
    with tarfile.open(tmp_path / "b.tar.gz") as archive:
        files = {name.split("/", 1)[1]: archive.extractfile(name).read().decode() for name in archive.getnames()}
    assert set(files) == {"CONTENTS.txt", "version.txt", "settings.txt", "health.json", "alive.json", "ready.json",
                          "metrics.txt", "requests.json", "log-level.json", "log.txt", "environment.txt"}
    assert "testgen_requests_total" in files["metrics.txt"] and json.loads(files["ready.json"])["status"] == "ready"
    assert "service_started" in files["log.txt"] and "kernel: Linux" in files["environment.txt"]
    everything = "".join(files.values())
    assert secret not in everything and "k9Lw2ZxQv7" not in everything and "[REDACTED]" in files["log.txt"]
    for name in files:
        assert name == "CONTENTS.txt" or (name in done.stdout and name in files["CONTENTS.txt"]), name


def test_a_bundle_of_a_service_that_is_gone_says_so(tmp_path):
    done = testgen("support-bundle", "--server", f"http://127.0.0.1:{free_port()}", code=1, cwd=tmp_path)
    [made] = tmp_path.iterdir()
    assert made.name in done.stdout and "- metrics.txt" in done.stdout
    with tarfile.open(made) as archive:
        assert any(name.endswith("metrics.txt.missing.txt") for name in archive.getnames())
