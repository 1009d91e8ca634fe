"""The files that generate writes: they run under their framework, read like tests a person wrote,
and keep what an earlier run or a person put there."""
import ast
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTGEN = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen"
PYTHON = "/usr/bin/python3"
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "TESTGEN_PYTHON": PYTHON}

SHOP = '''
"""Prices and carts."""


def grade(score):
    if score < 0 or score > 100:
        raise ValueError("score out of range")
    if score >= 90:
        return "A"
    if score >= 75:
        return "B"
    return "F"


def double(number):
    return number * 2


class Cart:
    def __init__(self, owner="ann"):
        self.owner = owner
        self.items = []

    def add(self, name, count=1):
        if count <= 0:
            raise ValueError("count must be positive")
        self.items.append((name, count))
        return len(self.items)

    def holds(self, name):
        return any(item == name for item, _ in self.items)
'''


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project with the suite of a first run; not to be changed."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "shop.py").write_text(SHOP)
    generate(folder)
    return folder


@pytest.fixture
def shop(made, tmp_path):
    """A copy of it."""
    return Path(shutil.copytree(made, tmp_path / "shop"))


def generate(folder, *flags):
    ran = subprocess.run([TESTGEN, "generate", "shop.py", "-o", "tests", "--max-executions", "1500", *flags],
                         cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=170)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return folder / "tests/test_shop.py"


def generate_and_report(folder, *flags):
    text = generate(folder, "--json", "report.json", *flags).read_text()
    return text, json.loads((folder / "report.json").read_text())["modules"][0]


def units(text):
    return set(re.findall(r"# testgen: unit (\S+) sha256=[0-9a-f]{16}", text))


def functions(text):
    return [node for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test")]


def test_a_suite_runs_and_reads_well(made):
    text = (made / "tests/test_shop.py").read_text()
    ast.parse(text, feature_version=(3, 9))
    ran = subprocess.run([PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"], cwd=made,
                         capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stdout
    assert {"grade", "Cart.add"} <= units(text)
    assert "class TestCart:" in text and "@pytest.mark.parametrize(" in text
    for function in functions(text):
        first = min([function.lineno, *(d.lineno for d in function.decorator_list)])
        assert function.end_lineno - first + 1 < 25, function.name
        assert len(function.name) <= 80
    assert max(map(len, text.splitlines())) <= 88 or "sha256" in text.splitlines()[0]


def test_unittest_files_need_no_pytest(shop):
    subprocess.run([PYTHON, "-m", "venv", "--without-pip", ".venv"], cwd=shop, check=True, timeout=60)
    bare = shop / ".venv/bin/python"
    assert subprocess.run([bare, "-c", "import pytest"], capture_output=True).returncode != 0
    text, report = generate_and_report(shop, "--framework", "unittest", "--python", ".venv/bin/python")
    assert "pytest" not in text and "class TestCart(unittest.TestCase):" in text
    assert report["mutation"]["mutants_run"] > 20
    assert report["mutation"]["ratio"] > 0.6
    ran = subprocess.run([bare, "-m", "unittest", "discover", "-s", "tests"], cwd=shop,
                         capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert re.search(r"Ran [1-9]\d* tests", ran.stderr)


def test_the_same_seed_writes_the_same_file(made, tmp_path):
    first = (made / "tests/test_shop.py").read_bytes()
    (tmp_path / "shop.py").write_text(SHOP)
    assert generate(tmp_path).read_bytes() == first
    # Once more, over the file that is there now.
    assert generate(tmp_path).read_bytes() == first


def section(text, unit):
    """The tests of a unit, mark and all."""
    part = text[text.index("# testgen: unit %s " % unit):]
    following = part.find("# testgen", 5)
    return part[:following].rstrip() if following > 0 else part.rstrip()


def cases(text):
    """The rows of a table, whatever they are called."""
    return set(re.findall(r"pytest\.param\((.*?)(?:, id=.*)?\),$", text, re.MULTILINE))


def test_later_runs_renew_what_changed_and_keep_the_rest(shop):
    first = (shop / "tests/test_shop.py").read_text()
    assert {"grade", "double", "Cart.add", "Cart.holds"} <= units(first)

    # Another seed finds other tests; a reader of the diff sees none, since the old ones are as good.
    again = generate(shop, "--seed", "1").read_text()
    for unit in units(first):
        assert section(first, unit) in again, unit

    # On one symbol: only its tests are written anew, tests of what is gone or fails go.
    source = SHOP.replace("def double(number):\n    return number * 2\n", "")
    source = source.replace("return any(", "return not any(").replace('return "B"', 'return "C"')
    (shop / "shop.py").write_text(source)
    one, before = generate_and_report(shop, "--symbol", "grade")
    assert units(one) == units(first) - {"double", "Cart.holds"}
    assert '"C"' in section(one, "grade") and '"B"' not in one
    assert section(first, "Cart.add").splitlines()[1:] == section(one, "Cart.add").splitlines()[1:]

    # On everything: what that run left out is made up for.
    whole, report = generate_and_report(shop)
    assert units(whole) == units(first) - {"double"}
    assert cases(section(one, "grade")) <= cases(section(whole, "grade"))
    assert section(one, "Cart.add") in whole
    assert report["tests_standing"] == before["tests_kept"], "every test stands, and others join them"
    ran = subprocess.run([PYTHON, "-m", "pytest", "-q", "tests"], cwd=shop, capture_output=True, text=True,
                         timeout=60)
    assert ran.returncode == 0, ran.stdout

    # What is gone, what changed and what fails though it is the same (double's tests, by its global).
    (shop / "shop.py").write_text(SHOP.replace("number * 2", "number * FACTOR").replace("def double", "FACTOR = 2\n\n\ndef double"))
    early = generate(shop).read_text()
    assert "double" in units(early)
    gone = SHOP[:SHOP.index("    def holds")].replace("def double", "FACTOR = 3\n\n\ndef double")
    (shop / "shop.py").write_text(gone.replace("number * 2", "number * FACTOR").replace('return "F"', 'return "E"'))
    after, report = generate_and_report(shop)
    retired = {entry["function"]: entry["reason"] for entry in report["retired"]}
    assert retired["Cart.holds"] == "gone" and retired["grade"] == "changed"
    assert retired["double"] == "stale" and "double" in units(after)
    assert section(early, "Cart.add").splitlines()[1:] == section(after, "Cart.add").splitlines()[1:]


def test_an_edited_file_is_left_alone(shop):
    file = shop / "tests/test_shop.py"
    mine = file.read_text() + "\n\ndef test_of_mine():\n    assert True\n"
    file.write_text(mine)
    generate(shop, "--symbol", "grade")
    assert file.read_text() == mine
    beside = shop / "tests/test_shop_testgen.py"
    assert units(beside.read_text()) == {"grade"}
