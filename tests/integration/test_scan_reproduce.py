"""testgen scan --reproduce: a finding gets a test that shows it, or the reason why there is none."""
import json
import os
import pathlib
import shutil
import subprocess
import sys

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


def test_generated_tests_of_a_module_with_such_a_name_stay(tmp_path):
    (tmp_path / "ping.py").write_text(MODULES["ping.py"])
    (tmp_path / "security_ping.py").write_text("def double(x):\n    return x * 2\n")
    subprocess.run([TESTGEN, "generate", "security_ping.py", "--max-executions", "60"], cwd=tmp_path, env=ENVIRONMENT,
                   check=True, capture_output=True, timeout=120)
    generated = tmp_path / "generated-tests" / "test_security_ping.py"
    before = generated.read_text()
    for _ in range(2):
        run = run_testgen("ping.py", "--reproduce", cwd=tmp_path)
        assert "generated-tests/test_security_findings_of_ping.py::" in run.stdout, run
        assert generated.read_text() == before
    assert sorted(path.name for path in generated.parent.glob("*.py")) == [
        "test_security_findings_of_ping.py", "test_security_ping.py"]


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


@pytest.mark.parametrize("words", [("--fix",), ("--server", "http://localhost:1")])
def test_it_does_not_go_together_with(words, tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    run = run_testgen("a.py", "--reproduce", *words, cwd=tmp_path)
    assert run.returncode == 2 and "--reproduce" in run.stderr, run
