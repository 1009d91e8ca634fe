"""testgen generate as a person meets it: Ctrl-C, a terminal, a full disk."""
import json
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
import fcntl

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTGEN = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen"
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "TESTGEN_PYTHON": "/usr/bin/python3"}

CLAMP = """def clamp(x: int, low: int, high: int) -> int:
    if low > high:
        raise ValueError("empty range")
    return max(low, min(x, high))
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "clamp.py").write_text(CLAMP)
    (tmp_path / "later.py").write_text(CLAMP.replace("clamp", "later"))
    return tmp_path


def start(folder, *flags, **options):
    return subprocess.Popen([TESTGEN, "generate", "clamp.py", "later.py", "-o", "out", "--jobs", "1", *flags],
                            cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True, **options)


def wait_for_line(stream, wanted, seconds=60):
    """Reads lines until one contains `wanted`."""
    deadline = time.monotonic() + seconds
    seen = []
    while time.monotonic() < deadline:
        ready, _, _ = select.select([stream], [], [], 0.2)
        if ready:
            line = stream.readline()
            seen.append(line)
            if wanted in line:
                return
            assert line, f"ended before {wanted!r}: {seen}"
    raise AssertionError(f"no {wanted!r} in {seen}")


def processes_naming(folder):
    """Command lines of living processes that mention the folder."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = path.read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        if str(folder) in text and "pytest" not in text:
            found.append(text)
    return found


def gone(folder, seconds=10):
    deadline = time.monotonic() + seconds
    while processes_naming(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not processes_naming(folder)


def test_ctrl_c_keeps_what_is_verified(folder):
    run = start(folder, "--budget", "3s", "--json", "report.json", "--verbose", bufsize=1)
    for _module in range(2):  # the second one's search has begun
        wait_for_line(run.stderr, 'stage="analyze"')
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=60)
    assert run.returncode == 130, err
    assert "stopping" in err
    assert "interrupted" in out
    report = json.loads((folder / "report.json").read_text())
    assert report["interrupted"] is True
    assert (folder / "out/test_clamp.py").exists()
    made = subprocess.run(["/usr/bin/python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", "out"], cwd=folder,
                          env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    assert made.returncode == 0, made.stdout
    assert gone(folder)


def test_a_second_ctrl_c_ends_at_once_and_leaves_nothing_running(folder):
    run = start(folder, "--budget", "60s", "--verbose", bufsize=1)
    wait_for_line(run.stderr, 'stage="analyze"')
    run.send_signal(signal.SIGINT)
    run.send_signal(signal.SIGTERM)
    begin = time.monotonic()
    run.wait(timeout=20)
    assert time.monotonic() - begin < 10
    # 143 when the second signal was the one that ended it; 130 when the first was quick enough.
    assert run.returncode in (130, 143)
    assert gone(folder)


def on_terminal(folder, environment, columns=60):
    """What a terminal of that width receives, and the exit status."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    run = subprocess.Popen([TESTGEN, "generate", "clamp.py", "-o", "out", "--max-executions", "300"], cwd=folder,
                           env={**ENVIRONMENT, **environment}, stdin=child, stdout=child, stderr=child)
    os.close(child)
    received = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            piece = os.read(parent, 65536)
        except OSError:  # the other end is closed: Linux says EIO
            break
        if not piece:
            break
        received += piece
    os.close(parent)
    return received.decode(), run.wait(timeout=20)


def test_a_terminal_gets_one_line_that_redraws_and_goes(folder):
    text, status = on_terminal(folder, {"TERM": "xterm"}, columns=200)
    assert status == 0
    frames = text.split("\r\x1b[2K")
    assert len(frames) > 4 and "█" in text and "%" in text
    for frame in frames[1:-1]:
        plain = re.sub(r"\x1b\[\d*m", "", frame)
        assert "\n" not in plain and len(plain) < 200, plain
    # After the last erasure comes the table, alone.
    assert frames[-1].startswith("module") and "█" not in frames[-1]


def test_no_color_and_dumb_terminals_are_respected(folder):
    text, _ = on_terminal(folder, {"TERM": "xterm", "NO_COLOR": "1"}, columns=80)
    assert "█" in text and not re.search(r"\x1b\[\d*m", text)
    frames = text.split("\r\x1b[2K")
    assert all(len(frame) < 80 for frame in frames[1:-1])
    for environment in ({"TERM": "dumb"}, {"TERM": "xterm", "CI": "true"}):
        text, _ = on_terminal(folder, environment)
        assert "\x1b" not in text and "[1/1] clamp.py" in text


@pytest.mark.parametrize("columns", [20, 40])
def test_a_width_too_small_for_the_bar_still_works(folder, columns):
    text, status = on_terminal(folder, {"TERM": "xterm"}, columns=columns)
    assert status == 0
    for frame in text.split("\r\x1b[2K")[1:-1]:
        assert len(re.sub(r"\x1b\[\d*m", "", frame)) < columns


@pytest.fixture
def small_disk(folder):
    """A file system of one page at out/, which a privileged user can mount."""
    target = folder / "out"
    target.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k,nr_inodes=10", "tmpfs", target],
                             capture_output=True, text=True, timeout=20)
    if mounted.returncode != 0:
        pytest.skip("mounting a small file system needs privileges: " + mounted.stderr.strip())
    yield target
    subprocess.run(["umount", target], check=True, timeout=20)


def generate(folder):
    return subprocess.run([TESTGEN, "generate", "clamp.py", "-o", "out", "--max-executions", "300", "--json", "report.json"],
                          cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)


def test_a_full_disk_is_said_and_leaves_the_old_file_whole(folder, small_disk):
    old = small_disk / "test_clamp.py"
    old.write_text("# mine\n" + "#" * 4000)
    ran = generate(folder)
    assert ran.returncode == 4, ran.stderr
    assert "No space left on device" in ran.stdout + ran.stderr
    assert old.read_text().startswith("# mine")
    assert [path.name for path in small_disk.iterdir()] == ["test_clamp.py"]
    # What was made is not lost: the report holds it.
    report = json.loads((folder / "report.json").read_text())
    assert "def test_" in report["modules"][0]["files"][0]["content"]


def test_a_read_only_disk_is_said(folder, small_disk):
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True, timeout=20)
    ran = generate(folder)
    assert ran.returncode == 4, ran.stderr
    assert "Read-only file system" in ran.stdout + ran.stderr


def test_what_fails_beside_the_tests_of_another_file_does_not_stay(tmp_path):
    (tmp_path / "state.py").write_text("ready = False\n")
    (tmp_path / "begin.py").write_text(
        'import state\n\n\ndef begin() -> str:\n    state.ready = True\n    return "begun"\n')
    (tmp_path / "status.py").write_text(
        'import state\n\n\ndef status() -> str:\n    return "ready" if state.ready else "cold"\n\n\n'
        'def double(n: int) -> int:\n    return n * 2\n')
    command = [TESTGEN, "generate", "begin.py", "status.py", "-o", "out", "--budget", "2s", "--json", "out.json"]
    done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    modules = {module["module_name"]: module for module in json.loads((tmp_path / "out.json").read_text())["modules"]}
    assert any(omission["subject"].startswith("test_status") and "other files" in omission["reason"]
               for omission in modules["status"]["omissions"]), modules["status"]["omissions"]
    text = (tmp_path / "out" / "test_status.py").read_text()
    assert "test_double" in text and "cold" not in text
    assert (tmp_path / "out" / "test_begin.py").exists()
    for files in (["test_begin.py", "test_status.py"], ["test_status.py", "test_begin.py"]):
        ran = subprocess.run(["/usr/bin/python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", *files],
                             cwd=tmp_path / "out", env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
        assert ran.returncode == 0, ran.stdout
