"""testgen generate on code that meets the world: every kind gets a test, and none is flaky."""
import os
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTGEN = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen"
PYTHON = "/usr/bin/python3"
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "TESTGEN_PYTHON": PYTHON}
MODULE = ROOT / "tests" / "integration" / "worldly" / "worldly.py"

# What each function stands for, and what its tests have to hold.
KINDS = {
    "complain": r"assert caplog\.messages == ",
    "set_level": r"assert worldly\._level == ",
    "count_words": r"write_text\(",
    "read_settings": r"tmp_path",
    "write_report": r"assert \(tmp_path / .*\.txt\"\)\.read_text\(\) == ",
    "list_sources": r"write_text\(",
    "load_system_settings": r"setattr\(worldly, \"CONFIG_FILE\", ",
    "cache_folder": r"(setenv|delenv)\(\s*\"WORLDLY_CACHE\"",
    "is_verbose": r"setenv\(\s*\"WORLDLY_VERBOSE\"",
    "age_in_seconds": r"worldly\.time,\s*\"time\"",
    "greeting": r"clock_at\(",
    "days_until": r"date_at\(|pytest\.raises",
    "roll": r"random\.seed\(",
    "new_token": r"uuid\.UUID\(int=1\)",
    "fetch_json": r"\"urlopen\"",
    "current_branch": r"worldly\.subprocess,\s*\"run\"",
    "tool_version": r"\"check_output\"",
    "wait_until_ready": r"worldly\.wait_until_ready",
    "ask_name": r"sys\.stdin",
    "say_hello": r"capsys\.readouterr\(\)\.out == ",
    "register": r"setattr\(worldly, \"_registry\", ",
    "next_number": r"setattr\(worldly, \"_counter\", 0\)",
    "host_label": r"\"gethostname\"",
    "gather_lengths": r"asyncio\.run\(worldly",
    "count_down": r"asyncio\.run\(collect\(",
    "changed_folder": r"entered\(",
    "scratch_copy": r"tempfile\.tempdir",
    "old_name": r"recwarn",
    "main": r"worldly\.main\(",
    "Journal.add": r"\.add\(",
    "Journal.lines": r"\.lines\(\)",
    "Journal.clear": r"\.exists\(\) is False",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(MODULE, folder)
    subprocess.run([TESTGEN, "generate", "worldly.py", "-o", "tests", "--max-executions", "30000"], cwd=folder,
                   env=ENVIRONMENT, check=True, timeout=180, stdout=subprocess.DEVNULL)
    return folder


def functions_of(project):
    text = (project / "tests" / "test_worldly.py").read_text()
    return re.split(r"(?m)^(?=def test_|@pytest)", text)[1:]


def test_every_kind_gets_a_test(project):
    tests = functions_of(project)
    missing = []
    for name, pattern in KINDS.items():
        call = "." + name.rpartition(".")[2] + "("
        about = [test for test in tests if call in test]
        if not any(re.search(pattern, test) for test in about):
            missing.append(name)
    assert len(missing) <= 2, missing


def test_no_test_depends_on_when_where_or_in_what_order_it_runs(project):
    for turn, zone in enumerate(("UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "Europe/Berlin")):
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": str(turn * 7), "WORLDLY_CACHE": "elsewhere",
                       "WORLDLY_VERBOSE": str(turn % 2), "HOME": str(project)}
        done = subprocess.run([PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "tests"],
                              cwd=project, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout[-3000:]


def test_with_unittest_the_stand_ins_need_nothing_but_the_standard_library(tmp_path):
    shutil.copy(MODULE, tmp_path)
    subprocess.run([TESTGEN, "generate", "worldly.py", "-o", "tests", "--framework", "unittest", "--max-executions", "12000"],
                   cwd=tmp_path, env=ENVIRONMENT, check=True, timeout=180, stdout=subprocess.DEVNULL)
    text = (tmp_path / "tests" / "test_worldly.py").read_text()
    assert "import pytest" not in text
    for stand_in in ("temporary_folder(self)", "Patches(self)", "Output(self)", "Log(self)", "caught_warnings(self)"):
        assert f"= {stand_in}" in text, stand_in
    # Isolated, so that neither the environment nor installed packages lend anything.
    done = subprocess.run([PYTHON, "-I", "-S", "-m", "unittest", "discover", "-s", "tests"], cwd=tmp_path,
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    assert re.search(r"Ran [2-9]\d tests", done.stderr), done.stderr


def test_nothing_of_the_sandbox_is_in_the_tests(project):
    text = (project / "tests" / "test_worldly.py").read_text()
    assert "test_candidate" not in text
    assert not re.search(r"/tmp/|0x[0-9a-f]{8}|MagicMock name", text)


def test_the_project_is_left_as_it_was(project):
    assert sorted(path.name for path in project.iterdir() if path.name != "__pycache__") == ["tests", "worldly.py"]
    compile((project / "tests" / "test_worldly.py").read_text(), "test_worldly.py", "exec")
