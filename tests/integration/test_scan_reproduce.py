"""testgen scan --reproduce: a finding gets a test that shows it, or the reason why there is none."""
import fcntl
import json
import os
import pathlib
import pty
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTGEN = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen"
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}

MODULES = {
    "ping.py": "import os\n\n\ndef ping(host, count=1):\n    return os.system(f'ping -c {count} {host}')\n",
    "archive.py": "import subprocess\n\n\ndef pack(name, *, verbose=False):\n"
                  "    done = subprocess.run('tar cf x.tar ' + name, shell=True, capture_output=True)\n"
                  "    return done.stdout.decode()\n",
    "calc.py": "class Calculator:\n    def __init__(self, precision):\n        self.precision = precision\n\n"
               "    def run(self, expression: str, digits: int):\n"
               "        return round(eval(expression), digits)\n",
    "store.py": "def find(connection, name):\n    with connection.cursor() as cursor:\n"
                "        cursor.execute(\"SELECT * FROM users WHERE name = '%s'\" % name)\n"
                "        return cursor.fetchall()\n",
    "quoted.py": "import os\nimport shlex\n\n\ndef ping(host):\n"
                 "    return os.system('ping ' + shlex.quote(host))\n",
}


def run_testgen(*words, cwd):
    return subprocess.run([TESTGEN, "scan", *map(str, words)], cwd=cwd, env=ENVIRONMENT, capture_output=True,
                          text=True, timeout=300)


def run_pytest(cwd):
    return subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "generated-tests"],
                          cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    for name, text in MODULES.items():
        (folder / name).write_text(text)
    run = run_testgen(".", "--reproduce", "--format", "json", "-o", "report.json", cwd=folder)
    assert run.returncode == 0, run
    findings = {pathlib.PurePath(one["file"]).name: one
                for one in json.loads((folder / "report.json").read_text())["findings"]}
    return folder, findings, run.stderr


def test_each_way_to_a_sink_gets_its_test(scanned):
    folder, findings, said = scanned
    assert set(findings) == set(MODULES)
    shown = {"ping.py": "test_ping_hands_host_to_os_system",
             "archive.py": "test_pack_hands_name_to_subprocess_run",
             "calc.py": "test_calculator_run_hands_expression_to_eval",
             "store.py": "test_find_hands_name_to_cursor_execute"}
    for file, test in shown.items():
        assert findings[file].get("test") == f"generated-tests/test_security_{file[:-3]}.py::{test}", findings[file]
        assert "not_reproduced" not in findings[file]
    assert "testgen: reproduced 4 of 5 findings; tests in " in said
    assert sorted(path.name for path in (folder / "generated-tests").glob("*.py")) == [
        f"test_security_{name[:-3]}.py" for name in sorted(shown)]


def test_what_is_made_safe_is_not_reproduced_and_stays_as_severe(scanned):
    folder, findings, _ = scanned
    quoted = findings["quoted.py"]
    assert "test" not in quoted
    assert quoted["not_reproduced"] == (
        "os.system was called, but the text that was passed in did not arrive as it was")
    before = run_testgen("quoted.py", "--format", "json", cwd=folder)
    plain = json.loads(before.stdout)["findings"][0]
    assert (plain["severity"], plain["confidence"]) == (quoted["severity"], quoted["confidence"])


def test_the_tests_pass_beside_the_code_and_fail_once_it_is_mended(scanned, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(scanned[0], folder)
    run = run_pytest(folder)
    assert run.returncode == 0 and "4 passed" in run.stdout, run.stdout
    (folder / "ping.py").write_text("import os\nimport shlex\n\n\ndef ping(host, count=1):\n"
                                    "    return os.system(f'ping -c {count} {shlex.quote(host)}')\n")
    run = run_pytest(folder)
    assert run.returncode == 1 and "1 failed, 3 passed" in run.stdout, run.stdout


def test_a_test_reads_as_a_person_would_write_it(scanned):
    text = (scanned[0] / "generated-tests" / "test_security_ping.py").read_text()
    assert text.startswith("# testgen: sha256=")
    assert text.endswith('''

def test_ping_hands_host_to_os_system():
    """python/shell-true (CWE-78): host reaches os.system as it is."""
    sink = mock.MagicMock()
    with mock.patch.object(ping.os, "system", sink):
        ping.ping("testgen'\\";id")
    assert sink.call_args.args[0] == "ping -c 1 testgen'\\";id"
'''), text


def test_text_and_sarif_name_the_test(scanned):
    folder = scanned[0]
    run = run_testgen("ping.py", "quoted.py", "--reproduce", cwd=folder)
    assert "Reproduced by" in run.stdout and "test_security_ping.py" in run.stdout, run.stdout
    assert "Not reproduced: os.system was called" in run.stdout
    run = run_testgen("ping.py", "--reproduce", "--format", "sarif", cwd=folder)
    properties = json.loads(run.stdout)["runs"][0]["results"][0]["properties"]
    assert properties["reproducingTest"] == (
        "generated-tests/test_security_ping.py::test_ping_hands_host_to_os_system")


def test_a_persons_file_is_left_alone(tmp_path):
    (tmp_path / "ping.py").write_text(MODULES["ping.py"])
    theirs = tmp_path / "tests" / "test_security_ping.py"
    theirs.parent.mkdir()
    theirs.write_text("def test_mine():\n    assert True\n")
    run = run_testgen("ping.py", "--reproduce", "--reproduce-output", "tests", cwd=tmp_path)
    assert run.returncode == 0, run
    assert theirs.read_text() == "def test_mine():\n    assert True\n"
    assert "tests/test_security_ping_testgen.py::test_ping_hands_host_to_os_system" in run.stdout
    assert "is not one of ours, so it was left alone" in run.stderr


def test_tests_of_a_module_with_such_a_name_stay_whoever_comes_first(tmp_path):
    (tmp_path / "ping.py").write_text(MODULES["ping.py"])
    (tmp_path / "security_ping.py").write_text("def double(x):\n    return x * 2\n")

    def generate(folder):
        return subprocess.run([TESTGEN, "generate", "security_ping.py", "--max-executions", "60", "-o", folder],
                              cwd=tmp_path, env=ENVIRONMENT, check=True, capture_output=True, text=True, timeout=120)

    generate("a")
    before = (tmp_path / "a/test_security_ping.py").read_text()
    for _ in range(2):
        run = run_testgen("ping.py", "--reproduce", "--reproduce-output", "a", cwd=tmp_path)
        assert "a/test_security_ping_testgen.py::" in run.stdout, run
        assert "test_security_ping.py holds other tests of ours, so it was left alone" in run.stderr
        assert (tmp_path / "a/test_security_ping.py").read_text() == before
    run_testgen("ping.py", "--reproduce", "--reproduce-output", "b", cwd=tmp_path)
    before = (tmp_path / "b/test_security_ping.py").read_text()
    generate("b")
    assert (tmp_path / "b/test_security_ping.py").read_text() == before
    for folder in ("a", "b"):
        assert sorted(path.name for path in (tmp_path / folder).glob("*.py")) == [
            "test_security_ping.py", "test_security_ping_testgen.py"]


def test_modules_whose_names_come_out_the_same_keep_their_files_apart(tmp_path):
    (tmp_path / "net").mkdir()
    (tmp_path / "net/__init__.py").write_text("")
    (tmp_path / "net/ping.py").write_text(MODULES["ping.py"])
    (tmp_path / "net_ping.py").write_text(MODULES["ping.py"])
    for file in ("net/ping.py", "net_ping.py", "net/ping.py"):
        run = run_testgen(file, "--reproduce", cwd=tmp_path)
        assert "Reproduced by" in run.stdout, run
    texts = [path.read_text() for path in sorted((tmp_path / "generated-tests").glob("*.py"))]
    assert len(texts) == 2 and "net.ping, " in texts[0] and "net_ping, " in texts[1], texts


def test_without_the_flag_nothing_is_run_or_written(tmp_path):
    (tmp_path / "evil.py").write_text("import os\nopen('ran', 'w').close()\n\n\ndef f(x):\n    os.system(x)\n")
    run = run_testgen("evil.py", cwd=tmp_path)
    assert run.returncode == 0, run
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evil.py"]
    assert "eproduced" not in run.stdout + run.stderr


def test_a_sink_that_fires_does_no_harm(tmp_path):
    """The command is recorded, not run: also where the code runs one of its own on import."""
    (tmp_path / "evil.py").write_text(
        "import os\nos.system('touch ran')\n\n\ndef f(x):\n    os.system('touch ran; ' + x)\n")
    run = run_testgen("evil.py", "--reproduce", cwd=tmp_path)
    assert run.returncode == 0 and "Reproduced by" in run.stdout, run
    assert not (tmp_path / "ran").exists()


def test_input_that_was_followed_from_a_request_is_given_there(tmp_path):
    (tmp_path / "flask.py").write_text("class Request:\n    args = {}\n\n\nrequest = Request()\n")
    (tmp_path / "web.py").write_text("import os\nfrom flask import request\n\n\ndef show():\n"
                                     "    name = request.args.get('name')\n    os.system('ls ' + name)\n\n\n"
                                     "def view(request, key):\n    os.system('cat ' + request.GET[key])\n")
    run = run_testgen("web.py", "--reproduce", "--format", "json", cwd=tmp_path)
    tests = [one.get("test", one) for one in json.loads(run.stdout)["findings"]]
    assert tests == ["generated-tests/test_security_web.py::test_show_hands_request_args_get_to_os_system",
                     "generated-tests/test_security_web.py::test_view_hands_request_get_to_os_system"], run.stdout
    assert run_pytest(tmp_path).returncode == 0


def test_code_that_cannot_be_called_says_why(tmp_path):
    (tmp_path / "top.py").write_text("import os, sys\nos.system('ls ' + sys.argv[1])\n")
    (tmp_path / "needs.py").write_text("import os\nimport no_such_thing\n\n\ndef f(x):\n    os.system('a' + x)\n")
    run = run_testgen(".", "--reproduce", "--format", "json", cwd=tmp_path)
    assert run.returncode == 0, run
    why = {pathlib.PurePath(one["file"]).name: one.get("not_reproduced", "")
           for one in json.loads(run.stdout)["findings"]}
    assert why["top.py"] == "it is in no function that a test could call"
    assert why["needs.py"].startswith("the module cannot be imported: ModuleNotFoundError")
    assert not (tmp_path / "generated-tests").exists()


def test_what_branches_guard_is_reached_with_what_the_explorer_finds(tmp_path):
    (tmp_path / "guarded.py").write_text(
        "import os\n\n\nclass Runner:\n    def __init__(self, level: int):\n        self.level = level\n\n"
        "    def start(self, mode, name):\n        if self.level > 3 and mode == 'raw':\n"
        "            self.__go('cat ' + name)\n\n"
        "    def __go(self, command):\n        if len(command) > 20:\n            os.system(command)\n")
    run = run_testgen("guarded.py", "--reproduce", cwd=tmp_path)
    assert "test_security_guarded.py::test_runner_go_hands_" in run.stdout, run
    assert run_pytest(tmp_path).returncode == 0


@pytest.mark.parametrize("code", [
    "import asyncio\n\n\nasync def find(pool, name):\n    async with pool.acquire() as conn:\n"
    "        cursor = await conn.cursor()\n"
    "        await cursor.execute('SELECT * FROM t WHERE n = ' + name)\n        return await cursor.fetchall()\n",
    "async def find(cursor, name):\n    await cursor.execute(f\"SELECT * FROM t WHERE n = '{name}'\")\n",
    "import os\n\n\ndef run(*words):\n    os.system('ls ' + words[0])\n",
    "import os\n\n\ndef run(**options):\n    os.system('ls ' + options['folder'])\n",
    "import pickle\n\n\ndef load(data: bytes):\n    return pickle.loads(data)\n",
], ids=["await on the way", "await of a parameter's method", "*args", "**kwargs", "bytes"])
def test_each_way_to_write_it_is_reproduced(code, tmp_path):
    (tmp_path / "ways.py").write_text(code)
    run = run_testgen("ways.py", "--reproduce", "--audit", "--min-severity", "info", cwd=tmp_path)
    assert "Reproduced by" in run.stdout, run
    made = run_pytest(tmp_path)
    assert made.returncode == 0, made.stdout


@pytest.mark.parametrize("code, name", [
    ("import argparse\nimport os\n\n\ndef main():\n    parser = argparse.ArgumentParser()\n"
     "    parser.add_argument('--level', type=int, default=1)\n    parser.add_argument('--folder', required=True)\n"
     "    parser.add_argument('target')\n    args = parser.parse_args()\n    os.system('ls ' + args.folder)\n",
     "main_hands_folder_to_os_system"),
    ("import os\nimport sys\n\n\ndef main():\n    if len(sys.argv) != 3:\n        sys.exit(2)\n"
     "    os.system('ls ' + sys.argv[2])\n", "main_hands_sys_argv_to_os_system"),
    ("import os\nimport sys\n\n\ndef main():\n    os.system('ls ' + os.environ['FOLDER'])\n    sys.exit(1)\n", "main_hands_folder_to_os_system"),
], ids=["option", "argument", "variable"])
def test_input_from_the_world_is_given_there(code, name, tmp_path):
    (tmp_path / "tool.py").write_text(code)
    run = run_testgen("tool.py", "--reproduce", cwd=tmp_path)
    assert f"test_security_tool.py::test_{name}" in run.stdout, run
    made = run_pytest(tmp_path)
    assert made.returncode == 0, made.stdout


def test_without_a_sandbox_it_says_so_and_runs(tmp_path):
    (tmp_path / "ping.py").write_text(MODULES["ping.py"])
    run = run_testgen("ping.py", "--reproduce", "--unsafe-no-sandbox", cwd=tmp_path)
    assert run.returncode == 0 and "Reproduced by" in run.stdout, run
    assert "--unsafe-no-sandbox runs the code under test as you" in run.stderr


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "ping.py").write_text(MODULES["ping.py"])
    (tmp_path / "taken").write_text("a file\n")
    run = run_testgen("ping.py", "--reproduce", "--reproduce-output", "taken", cwd=tmp_path)
    assert run.returncode == 1, run
    assert "taken" in run.stderr and "choose another folder with --reproduce-output" in run.stderr
    assert "Not reproduced: " in run.stdout and "reproduced 0 of 1 finding" in run.stderr
    assert (tmp_path / "taken").read_text() == "a file\n"


@pytest.mark.skipif(not pathlib.Path("/proc/self/mountinfo").exists() or shutil.which("bwrap") is None,
                    reason="needs bwrap to mount a folder read-only")
def test_a_read_only_folder_is_named(tmp_path):
    (tmp_path / "ping.py").write_text(MODULES["ping.py"])
    (tmp_path / "out").mkdir()
    run = subprocess.run(["bwrap", "--dev-bind", "/", "/", "--ro-bind", tmp_path / "out", tmp_path / "out", TESTGEN, "scan",
                          "ping.py", "--reproduce", "--reproduce-output", "out", "--unsafe-no-sandbox"],
                         cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 1 and "Read-only file system" in run.stderr, run
    assert list((tmp_path / "out").iterdir()) == []


def test_ctrl_c_leaves_nothing_half_written(tmp_path):
    """The second module says when it is being imported, and would stay there for a minute."""
    fifo = tmp_path / "begun"
    os.mkfifo(fifo)
    (tmp_path / "a.py").write_text(MODULES["ping.py"])
    (tmp_path / "b.py").write_text(f"import os, time\nopen({str(fifo)!r}, 'w').close()\ntime.sleep(60)\n\n\n"
                                   "def f(x):\n    os.system(x)\n")
    run = subprocess.Popen([TESTGEN, "scan", ".", "--reproduce", "--unsafe-no-sandbox", "--format", "json", "-o", "r.json"],
                           cwd=tmp_path, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
    with open(fifo):
        pass
    run.send_signal(signal.SIGINT)
    begin = time.monotonic()
    _, said = run.communicate(timeout=60)
    assert time.monotonic() - begin < 15
    assert run.returncode == 130 and "stopping" in said, said
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["interrupted"] is True
    made = [path.name for path in (tmp_path / "generated-tests").iterdir()]
    assert made == ["test_security_a.py"], "what was done stays, and nothing else is there"
    assert run_pytest(tmp_path).returncode == 0


def on_terminal(folder, *words):
    """What a terminal receives, and the exit status."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 70, 0, 0))
    run = subprocess.Popen([TESTGEN, "scan", *words], cwd=folder, env={**ENVIRONMENT, "TERM": "xterm"}, stderr=child,
                           stdout=subprocess.DEVNULL)
    os.close(child)
    seen = b""
    try:
        while some := os.read(parent, 65536):
            seen += some
    except OSError:
        pass  # the other side is closed
    os.close(parent)
    return seen.decode(), run.wait(timeout=60)


def test_a_terminal_sees_how_far_it_is(tmp_path):
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text(MODULES["ping.py"])
    seen, code = on_terminal(tmp_path, ".", "--reproduce")
    assert code == 0 and "0/2 " in seen and "1/2 " in seen and "two.py" in seen and "reproduce" in seen, seen
    assert seen.rstrip().split("\x1b[2K")[-1].startswith("testgen: reproduced 2 of 2"), seen
    quiet, code = on_terminal(tmp_path, ".", "--reproduce", "--quiet")
    assert (quiet, code) == ("", 0)


@pytest.mark.parametrize("words", [("--fix",), ("--server", "http://localhost:1")])
def test_it_does_not_go_together_with(words, tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    run = run_testgen("a.py", "--reproduce", *words, cwd=tmp_path)
    assert run.returncode == 2 and "--reproduce" in run.stderr, run
