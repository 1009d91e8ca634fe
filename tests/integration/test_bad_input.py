"""testgen generate on code that means harm: nothing is lost, nothing gets out, and what can be
tested is. Sources that are merely wrong are golden cases (tests/cases/cli)."""
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import socket
import subprocess
import termios
import threading
import time

import pytest

import hostile_modules

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTGEN = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen"
PYTHON = "/usr/bin/python3"
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "TESTGEN_PYTHON": PYTHON}


class Listener:
    """A service of this machine that nobody may reach."""

    def __init__(self):
        self.visits = 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            self.visits += 1
            connection.close()


class Terminal:
    """A controlling terminal for a program, and what has been written to it."""

    def __init__(self):
        self.parent, self.child = pty.openpty()

    def control(self):
        os.setsid()
        fcntl.ioctl(self.child, termios.TIOCSCTTY, 0)

    def received(self):
        os.close(self.child)
        text = b""
        while select.select([self.parent], [], [], 0)[0]:
            try:
                piece = os.read(self.parent, 65536)
            except OSError:  # nobody is at the other end
                break
            if not piece:
                break
            text += piece
        os.close(self.parent)
        return text.decode("utf-8", "replace")


class Outcome:
    """One run over every hostile module."""

    def __init__(self, folder):
        self.project, self.home = folder / "project", folder / "home"
        self.project.mkdir()
        self.home.mkdir()
        listener = Listener()
        self.sources = {}
        everything = {**hostile_modules.CALLS, **{name: text for name, (text, _) in hostile_modules.IMPORTS.items()}}
        for name, text in everything.items():
            self.sources[name] = text.replace("PORT", str(listener.port)) + hostile_modules.PLAIN
            (self.project / f"{name}.py").write_text(self.sources[name])
        (self.home / "precious.txt").write_text("mine\n")
        terminal = Terminal()
        started = time.monotonic()
        run = subprocess.Popen([TESTGEN, "generate", ".", "-o", "../out", "--max-executions", "400", "--jobs", "2", "--json", "../report.json"],
                               cwd=self.project, env={**ENVIRONMENT, "HOME": str(self.home), "TERM": "xterm"}, stdin=terminal.child,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=terminal.control)
        out, err = run.communicate(timeout=200)
        self.seconds = time.monotonic() - started
        self.exit, self.said, self.terminal = run.returncode, out + err, terminal.received()
        self.visits = listener.visits
        listener.server.close()
        report = json.loads((folder / "report.json").read_text())
        self.modules = {pathlib.Path(m["source_path"]).stem: m for m in report["modules"]}
        self.files = {path.name: path.read_text() for path in (folder / "out").glob("*.py")}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    return Outcome(tmp_path_factory.mktemp("hostile"))


def test_every_module_is_reported(outcome):
    assert outcome.exit == 1, outcome.said  # some of it could not be done
    assert set(outcome.modules) == set(outcome.sources)


def test_nothing_is_lost(outcome):
    assert (outcome.home / "precious.txt").read_text() == "mine\n"
    assert {path.name for path in outcome.home.iterdir()} == {"precious.txt"}
    assert {path.stem: path.read_text() for path in outcome.project.iterdir()} == outcome.sources


def test_nothing_gets_out(outcome):
    assert outcome.visits == 0
    assert "NOISE" not in outcome.said + outcome.terminal
    assert "\x1b" not in outcome.said, "code under test paints the terminal"


def test_nothing_stays_behind(outcome):
    deadline = time.monotonic() + 10
    while (left := processes_in(outcome.project)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left


def processes_in(folder):
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = path.read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        if str(folder) in text:
            found.append(text)
    return found


@pytest.mark.parametrize("name", sorted(hostile_modules.CALLS))
def test_a_function_beside_a_hostile_one_gets_its_tests(outcome, name):
    module = outcome.modules[name]
    assert module["error"] is None
    assert "plain(" in outcome.files.get(f"test_{name}.py", ""), json.dumps(module, indent=1)[:2000]


def test_a_function_that_ends_its_process_for_some_values_is_tested_for_the_others(outcome):
    text = outcome.files["test_exits.py"]
    assert re.search(r"leave\((-?[01]|-?2)\)|param\(-?[012], -?[012]", text), text
    assert "leave" in outcome.files["test_exits.py"].partition("def test_plain")[0]


def test_what_ends_the_process_is_told_by_its_code(outcome):
    text = outcome.files["test_exits.py"]
    assert 'monkeypatch.setattr(exits.os, "_exit", sys.exit)' in text, text
    assert 'pytest.raises(SystemExit, match="4")' in text, "what follows os._exit(4) does not run"


@pytest.mark.parametrize("name", sorted(hostile_modules.IMPORTS))
def test_a_hostile_import_is_said_in_one_line(outcome, name):
    error = outcome.modules[name]["error"]
    text = json.dumps(error)
    assert name in text and re.search(hostile_modules.IMPORTS[name][1], text), text
    assert "Traceback" not in text, text


def test_what_is_kept_passes_in_a_plain_run(outcome, tmp_path):
    """Without the sandbox. Not for those whose import or calls would do harm here."""
    (tmp_path / "out").mkdir()
    names = ["aborts", "clears", "closes", "eats", "exits", "forks", "moves", "patches", "writes"]
    for name in names:
        (tmp_path / f"{name}.py").write_text(outcome.sources[name])
        (tmp_path / f"out/test_{name}.py").write_text(outcome.files[f"test_{name}.py"])
    # At the same time, each in a process of its own: they disturb each other by design.
    runs = {name: subprocess.Popen([PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"out/test_{name}.py"],
                                   cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   env={**ENVIRONMENT, "PYTHONPATH": str(tmp_path)}) for name in names}
    for name, run in runs.items():
        said, _ = run.communicate(timeout=60)
        assert run.returncode == 0, name + said


def test_the_time_is_bounded(outcome):
    """By executions and not by time, so that a machine that does other work changes nothing but this."""
    assert outcome.seconds < 8 * len(outcome.sources), outcome.seconds
