"""The one script: its commands are explained, its package list covers what CMake asks for."""
import re
import subprocess

from repository import ROOT

DEV = (ROOT / "dev").read_text()


def packages():
    lines = [line.split() for line in (ROOT / "cmake/debian-packages.txt").read_text().splitlines()
             if line and not line.startswith("#")]
    return [(words[0], words[1]) for words in lines]


def test_every_command_is_in_the_usage():
    dispatch = DEV[DEV.index("case $command in"):]
    commands = {word for line in re.findall(r"^  ([a-z| -]+)\)", dispatch, flags=re.M)
                for word in line.split(" | ") if word.isalpha()}
    explained = set(re.findall(r"^  ([a-z]+)", subprocess.run(
        ["./dev", "help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout, flags=re.M))
    assert commands == explained


def test_an_unknown_command_is_a_usage_error():
    ran = subprocess.run(["./dev", "tset"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 2 and 'no command "tset"' in ran.stderr


def test_ci_runs_what_people_run():
    assert re.search(r"^exec \./dev test$", (ROOT / ".ci/run").read_text(), flags=re.M)


def test_every_package_cmake_asks_for_is_installed_by_dev():
    wanted = set(re.findall(r"testgen_require\(\S+ (\S+)", (ROOT / "cmake/Dependencies.cmake").read_text()))
    wanted = {name.rstrip(")") for name in wanted if not name.startswith("$")} - {"package"}
    assert wanted <= {name for group, name in packages() if group == "build"}


def test_packages_are_listed_once_a_group():
    rows = packages()
    assert len(rows) == len(set(rows))
    assert {group for group, _ in rows} == {"build", "run", "test", "tidy", "fuzz", "bench", "package"}


def test_counting_results_never_hides_a_crash(tmp_path):
    (tmp_path / "unit.status").write_text("0 3\n")
    (tmp_path / "unit.xml").write_text('<testsuite tests="5" failures="1" errors="0" skipped="1"/>')
    (tmp_path / "lint.status").write_text("139 1\n")  # killed before it wrote results
    (tmp_path / "cases.status").write_text("3 1\n")  # an internal error after passing tests
    (tmp_path / "cases.xml").write_text('<testsuites><testsuite tests="2" failures="0" errors="0"/></testsuites>')
    ran = subprocess.run(["/usr/bin/python3", ROOT / "tests/support/count_results.py", tmp_path],
                         capture_output=True, text=True, timeout=60)
    assert ran.returncode == 1
    assert ran.stdout.splitlines()[-1] == "5 passed, 3 failed, 1 skipped"
