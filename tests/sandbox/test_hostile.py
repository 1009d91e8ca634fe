"""Every hostile program, inside the sandbox and without it.

What is promised and what to expect is in each program's first comment; hostile/README.md
explains the words.
"""

import os
import secrets
import signal
import subprocess
import time

import pytest
from hostile_program import all_programs
from sandbox_runs import IS_ROOT, OUTSIDE_USER, USERS, ProbeKilled, probe, processes_with

PROGRAMS = all_programs()
HIDDEN = "TOKEN=the project's\n"
NAMES = [program.name for program in PROGRAMS]


def request_for(program, stage, listener, token, **more):
    words = {"{token}": token, "{port}": str(listener.port), "{abstract}": listener.abstract,
             "{host_pid}": str(os.getpid()), "{source}": str(stage / "project"),
             "{secret}": str(stage / "secret"), "{hidden}": str(stage / "project" / ".env"),
             "{setuid}": str(stage / "programs" / "print_effective_user")}
    path = str(stage / "programs" / program.name)
    argv = ["/usr/bin/python3", "-B", path + ".py"] if program.path.suffix == ".py" else [path]
    return {"argv": argv + [words.get(word, word) for word in program.arguments],
            "environment": ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"],
            "read_only": [str(stage / "programs"), str(stage / "project")], "hidden": [str(stage / "project" / ".env")],
            **more}


def lines(result, word):
    return [line for line in result["stdout"].splitlines() if line.startswith(word)]


def assert_outcome(result, expected):
    words = expected.split()
    assert result.get("outcome") == words[0], result
    if len(words) == 2:
        assert result["exit_code"] == int(words[1]), result


def assert_gone(token):
    deadline = time.monotonic() + 5
    while processes_with(token) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert processes_with(token) == []


@pytest.fixture
def victim():
    """Starts a sleeping process of a given user, to see whether it survives."""
    started = []

    def start(user):
        started.append(subprocess.Popen([*user, "sleep", "60"]))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.parametrize("user", USERS.values(), ids=USERS.keys())
@pytest.mark.parametrize("program", PROGRAMS, ids=NAMES)
def test_inside(program, user, stage, listener, victim):
    token = secrets.token_hex(16)
    bystander = victim(user)
    visits = listener.visits
    request = request_for(program, stage, listener, token, **program.limits)
    result = probe(request, user, program=stage / "sandbox_probe")
    if program.inside == "refused":
        assert_outcome(result, "exited 0")
        assert lines(result, "HARMED") == []
        assert lines(result, "REFUSED") != []
    else:
        assert_outcome(result, program.inside)
        assert lines(result, "HARMED") == []
    assert_gone(token)
    assert listener.visits == visits
    assert bystander.poll() is None
    assert (stage / "project" / "module.py").read_text() == "x = 1\n"
    assert (stage / "project" / ".env").read_text() == HIDDEN


@pytest.mark.parametrize("program", PROGRAMS, ids=NAMES)
def test_outside(program, stage, listener, victim):
    """Without a sandbox the program does its harm, so the test above can fail."""
    if program.outside.startswith("not tried"):
        pytest.skip(program.outside)
    if program.outside.endswith(" as root") and not IS_ROOT:
        pytest.skip("needs root")
    user = OUTSIDE_USER if IS_ROOT and not program.outside.endswith(" as root") else []
    if program.outside == "victim killed" and not user:
        pytest.skip("it would kill everything of the user that runs the tests")
    if program.name == "setuid" and not IS_ROOT:
        pytest.skip("only root can make a program that is set-user-id to root")
    token = secrets.token_hex(16)
    bystander = victim(user)
    # Only the limits that it has without a sandbox too, where they are the point.
    same = program.limits if program.outside == program.inside else {}
    request = request_for(program, stage, listener, token, sandbox="none", **same)
    try:
        result = probe(request, user, program=stage / "sandbox_probe")
    except ProbeKilled:
        result = None

    if program.outside.startswith("harmed"):
        assert lines(result, "HARMED") != [], result
    elif program.outside == "probe killed":
        assert result is None
    elif program.outside == "victim killed":
        assert bystander.wait(timeout=5) != 0
    elif program.outside == "survivor":
        survivors = processes_with(token)
        assert survivors != []
        for pid in survivors:
            os.kill(pid, signal.SIGKILL)
    else:
        assert_outcome(result, program.outside)
    restore(stage)


def restore(stage):
    module = stage / "project" / "module.py"
    module.write_text("x = 1\n")
    module.chmod(0o666)
    hidden = stage / "project" / ".env"
    hidden.unlink(missing_ok=True)
    hidden.write_text(HIDDEN)
    hidden.chmod(0o666)


def test_every_program_says_what_to_expect():
    assert len(PROGRAMS) >= 25
    for program in PROGRAMS:
        harmful = program.outside.startswith(("harmed", "probe killed", "victim killed", "survivor"))
        reason = program.outside.partition("not tried: ")[2]
        assert harmful or reason or program.outside == program.inside, program.name
