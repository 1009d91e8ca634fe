"""Runs the golden cases: see README.md. TESTGEN_ACCEPT=1 rewrites what they expect."""
import os
import pathlib
import re
import shutil
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release")
ACCEPT = bool(os.environ.get("TESTGEN_ACCEPT"))
CASES = sorted(path.parent for path in HERE.rglob("cmd"))


def run(case, folder):
    """(exit status, output) of the case's command in a copy of its input."""
    if (case / "in").is_dir():
        shutil.copytree(case / "in", folder, dirs_exist_ok=True, symlinks=True)
    # Nothing of whoever runs the tests: no settings, no locale, no other Python.
    environment = {"PATH": f"{BUILD}:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": str(folder), "LC_ALL": "C.UTF-8",
                   "COLUMNS": "100", "TESTGEN_PYTHON": "/usr/bin/python3"}
    ran = subprocess.run(["bash", str(case / "cmd")], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    return ran.returncode, normalize(ran.stdout.decode("utf-8", "backslashreplace"), folder)


def normalize(text, folder):
    version = re.search(r"project\(testgen VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
    text = text.replace(str(folder), "$DIR").replace(version, "$VERSION")
    return re.sub(r" *\b\d+(\.\d)?s$", " $TIME", text, flags=re.M)


def test_there_are_cases():
    assert CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.relative_to(HERE)))
def test_case(case, tmp_path):
    # Under a name of our own: pytest's has the case's name in it, cut at some length.
    folder = tmp_path / "work"
    folder.mkdir()
    status, output = run(case, folder)
    if ACCEPT:
        (case / "out.txt").write_text(output)
        (case / "exit").write_text(f"{status}\n")
    assert output == (case / "out.txt").read_text()
    assert status == int((case / "exit").read_text())
