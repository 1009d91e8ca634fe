"""What the project's own tests show is used: values that no search would guess, objects as tests make
them. Tests that hang, fail or lie cost their part of the budget and nothing else."""
import os
import pathlib
import subprocess
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTGEN = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen"
PYTHON = "/usr/bin/python3"
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "TESTGEN_PYTHON": PYTHON}

# The key is a checksum: only somebody who has one gets in.
MODULE = '''import hashlib


class Vault:
    def __init__(self, key):
        self.key = key
        self.items = []

    def is_open(self):
        return hashlib.sha256(self.key.encode()).hexdigest().startswith("2bd806c97f0e00af1a1fc3328fa763a9")

    def put(self, item):
        if not self.is_open():
            raise PermissionError("locked")
        self.items.append(item)

    def count(self):
        if not self.is_open():
            return -1
        return len(self.items)


def unlock(key):
    if hashlib.sha256(key.encode()).hexdigest().startswith("2bd806c97f0e00af1a1fc3328fa763a9"):
        return "open"
    return "closed"
'''

TESTS = '''import vault


def test_vault():
    mine = vault.Vault("open sesame 42")
    mine.put("gold")
    assert mine.count() == 1


def test_unlock():
    assert vault.unlock("open sesame 42") == "open"
'''


def generate(folder, *flags):
    (folder / "pyproject.toml").write_text("[project]\nname = 'vault'\nversion = '1'\n")
    (folder / "vault.py").write_text(MODULE.replace("2bd806c97f0e00af1a1fc3328fa763a9", checksum()))
    subprocess.run([TESTGEN, "generate", "vault.py", "-o", "out", *flags], cwd=folder, env=ENVIRONMENT, check=True,
                   capture_output=True, timeout=120)
    return (folder / "out" / "test_vault.py").read_text()


def checksum():
    import hashlib
    return hashlib.sha256(b"open sesame 42").hexdigest()[:32]


def project(folder, tests):
    (folder / "tests").mkdir()
    (folder / "tests" / "test_mine.py").write_text(tests)


def passes(folder):
    ran = subprocess.run([PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "out"], cwd=folder, env=ENVIRONMENT,
                         capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_values_and_objects_of_the_tests_are_used(tmp_path):
    project(tmp_path, TESTS)
    text = generate(tmp_path, "--max-executions", "1500")
    assert '"open sesame 42"' in text and '"open"' in text
    assert 'vault.Vault("open sesame 42")' in text
    passes(tmp_path)


def test_without_them_the_lock_stays_closed(tmp_path):
    assert "sesame" not in generate(tmp_path, "--max-executions", "1500")


def test_a_second_run_sees_what_the_first_one_saw(tmp_path):
    """What was generated into the tests' folder is not taken for the project's own."""
    project(tmp_path, TESTS)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'vault'\nversion = '1'\n")
    (tmp_path / "vault.py").write_text(MODULE.replace("2bd806c97f0e00af1a1fc3328fa763a9", checksum()))
    texts = []
    for _ in range(2):
        subprocess.run([TESTGEN, "generate", "vault.py", "-o", "tests", "--max-executions", "800"], cwd=tmp_path,
                       env=ENVIRONMENT, check=True, capture_output=True, timeout=120)
        texts.append((tmp_path / "tests" / "test_vault.py").read_text())
    assert texts[0] == texts[1]


def test_unittest_style_tests_are_followed(tmp_path):
    project(tmp_path, "import unittest\n\nimport vault\n\n\nclass TestVault(unittest.TestCase):\n"
                      "    def test_unlock(self):\n        self.assertEqual(vault.unlock('open sesame 42'), 'open')\n")
    assert '"open sesame 42"' in generate(tmp_path, "--max-executions", "1500")


@pytest.mark.parametrize("bad", ["import vault\n\n\ndef test_hangs():\n    while True:\n        vault.unlock('x')\n",
                                 "import vault, os\nos._exit(3)\n", "import vault\nimport nothing_of_that_name\n",
                                 "import vault\n\n\ndef test_x(:\n", "import vault, sys\nsys.exit(0)\n"])
def test_bad_tests_cost_their_share_and_no_more(tmp_path, bad):
    project(tmp_path, bad)
    begin = time.monotonic()
    generate(tmp_path, "--max-executions", "400")
    assert time.monotonic() - begin < 60
    passes(tmp_path)
