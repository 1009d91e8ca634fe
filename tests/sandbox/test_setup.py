"""Where the sandbox can be built, what it shows, and what it says where it cannot be built."""

import json
import secrets
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from sandbox_runs import IS_ROOT, ORDINARY_USER, ROOT_OF_ONE, USERS, probe, processes_with

ENVIRONMENT = ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"]
needs_root = pytest.mark.skipif(not IS_ROOT, reason="only root can try this as another user")


def shell(script, **more):
    return {"argv": ["/bin/sh", "-c", script], "environment": ENVIRONMENT, **more}


def wait_until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)


@pytest.fixture
def open_folder():
    folder = Path(tempfile.mkdtemp(prefix="sandbox-", dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("user", USERS.values(), ids=USERS.keys())
def test_what_can_be_seen_is_a_short_list(user, stage):
    result = probe(shell("ls -A / /etc /home /root 2>/dev/null; ls /dev"), user,
                   program=stage / "sandbox_probe")
    seen = set(result["stdout"].split())
    assert seen <= {"/:", "/etc:", "bin", "dev", "etc", "lib", "lib64", "proc", "sbin", "tmp", "usr",
                    "alternatives", "ld.so.cache", "localtime", "core", "fd", "full", "null",
                    "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout", "tty", "urandom",
                    "zero"}


@pytest.mark.parametrize("user", USERS.values(), ids=USERS.keys())
def test_the_program_has_no_privilege(user, stage):
    result = probe(shell("grep -E '^(Cap|NoNewPrivs|Seccomp:|Groups)' /proc/self/status"), user,
                   program=stage / "sandbox_probe")
    status = dict(line.split(":", 1) for line in result["stdout"].splitlines())
    for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[kind], 16) == 0, kind
    assert status["NoNewPrivs"].strip() == "1"
    assert status["Seccomp"].strip() == "2"


@pytest.mark.parametrize("user", USERS.values(), ids=USERS.keys())
def test_ordinary_work_still_works(user, stage):
    """Threads, children, pipes, local sockets, semaphores, temporary files."""
    program = """
import asyncio, multiprocessing, os, pty, socket, subprocess, tempfile, threading
threading.Thread(target=print, args=("thread",)).start()
print(subprocess.run(["/bin/echo", "child"], capture_output=True, text=True).stdout, end="")
a, b = socket.socketpair(); a.send(b"pair\\n"); print(b.recv(9).decode(), end="")
with multiprocessing.get_context("fork").Pool(2) as pool: print(pool.map(abs, [-1, 2]))
async def main(): await asyncio.sleep(0); print("async")
asyncio.run(main())
with tempfile.NamedTemporaryFile() as f: f.write(b"x"); print(os.path.dirname(f.name))
print(os.get_terminal_size.__name__, len(os.urandom(4)), os.cpu_count() > 0)
"""
    result = probe({"argv": ["/usr/bin/python3", "-c", program], "environment": ENVIRONMENT}, user,
                   program=stage / "sandbox_probe")
    assert result["stderr"] == ""
    assert result["stdout"].split("\n")[:-1] == [
        "thread", "child", "pair", "[1, 2]", "async", "/tmp", "get_terminal_size 4 True"]


@needs_root
def test_a_project_that_only_root_may_enter_is_shown_without_its_secrets(open_folder):
    project = open_folder / "closed" / "project"
    (project / "package").mkdir(parents=True)
    (project / "module.py").write_text("import package.part\n")
    (project / "package" / "part.py").write_text("print('imported')\n")
    (project / "key").write_text("secret\n")
    (project / "key").chmod(0o600)
    project.chmod(0o700)
    project.parent.chmod(0o700)
    result = probe({"argv": ["/usr/bin/python3", "-B", "-m", "module"], "environment": ENVIRONMENT,
                    "read_only": [str(project)], "working_directory": str(project)})
    assert result["stdout"] == "imported\n", result
    result = probe(shell(f"cat {project}/key", read_only=[str(project)]))
    assert result["exit_code"] != 0
    assert project.stat().st_mode & 0o777 == 0o700
    assert project.stat().st_uid == 0


@needs_root
def test_roots_private_files_stay_private_in_an_open_project(open_folder):
    (open_folder / "key").write_text("secret\n")
    (open_folder / "key").chmod(0o600)
    result = probe(shell(f"cat {open_folder}/key", read_only=[str(open_folder)]))
    assert result["outcome"] == "exited"
    assert result["exit_code"] != 0
    assert "secret" not in result["stdout"]


@needs_root
@pytest.mark.skipif("root of a rootless container" not in USERS,
                    reason="this machine lets an ordinary user create no namespace to begin with")
def test_without_namespaces_the_error_says_which_setting(stage):
    """In a user namespace of our own, so that the machine's setting is left alone."""
    command = [*ROOT_OF_ONE, "sh", "-c",
               'echo 0 > /proc/sys/user/max_user_namespaces && exec "$0"']
    answer = probe(shell("true"), command, program=stage / "sandbox_probe")
    assert answer["error"] == "environment"
    assert "namespace" in answer["message"]
    assert answer["hint"] != ""


@needs_root
def test_a_folder_closed_to_the_user_is_an_error(open_folder, stage):
    closed = open_folder / "closed"
    (closed / "inner").mkdir(parents=True)
    closed.chmod(0o700)
    answer = probe(shell("true", read_only=[str(closed / "inner")]), ORDINARY_USER,
                   program=stage / "sandbox_probe")
    assert answer["error"] == "permission_denied"
    assert str(closed / "inner") in answer["message"]


@pytest.mark.parametrize("user", USERS.values(), ids=USERS.keys())
def test_nothing_outlives_a_killed_testgen(user, stage):
    token = secrets.token_hex(16)
    request = shell(f"sleep 1000 & sleep 1000; : {token}", wall_ms=60_000)
    prober = subprocess.Popen([*user, str(stage / "sandbox_probe")], stdin=subprocess.PIPE, cwd="/")
    prober.stdin.write(json.dumps(request).encode())
    prober.stdin.close()
    # bubblewrap, init and the shell name the token.
    wait_until(lambda: len(processes_with(token)) >= 3)
    prober.kill()
    prober.wait()
    wait_until(lambda: processes_with(token) == [])


def test_a_project_in_tmp_leaves_the_private_tmp_in_place():
    with tempfile.NamedTemporaryFile(dir="/tmp", suffix=".py") as file:
        Path(file.name).chmod(0o644)
        result = probe(shell(f"test -e {file.name} && echo x > /tmp/new && echo both",
                             read_only=["/tmp"]))
    if result.get("error") == "too_large":
        pytest.skip("this machine's /tmp is too full to be shown")
    assert result["stdout"] == "both\n", result
    assert not Path("/tmp/new").exists()
