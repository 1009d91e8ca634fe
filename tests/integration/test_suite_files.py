"""The files that generate writes: they run under their framework, read like tests a person wrote,
and keep what an earlier run or a person put there."""
import ast
import os
import re
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

    def is_empty(self):
        return not self.items
'''


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "shop.py").write_text(SHOP)
    return tmp_path


def generate(folder, *flags):
    ran = subprocess.run([TESTGEN, "generate", "shop.py", "-o", "tests", "--max-executions", "3000", *flags],
                         cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=170)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return folder / "tests/test_shop.py"


def units(text):
    return set(re.findall(r"# testgen: unit (\S+) sha256=[0-9a-f]{16}", text))


def functions(text):
    return [node for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test")]


def test_a_suite_runs_and_reads_well(shop):
    file = generate(shop)
    text = file.read_text()
    ran = subprocess.run([PYTHON, "-m", "pytest", "-q", str(file)], cwd=shop, capture_output=True, text=True,
                         timeout=60)
    assert ran.returncode == 0, ran.stdout
    assert {"grade", "Cart.add"} <= units(text)
    assert "class TestCart:" in text and "@pytest.mark.parametrize(" in text
    for function in functions(text):
        first = min([function.lineno, *(d.lineno for d in function.decorator_list)])
        assert function.end_lineno - first + 1 < 25, function.name
        assert len(function.name) <= 80
    assert max(map(len, text.splitlines())) <= 88 or "sha256" in text.splitlines()[0]


def test_unittest_files_need_no_pytest(shop):
    file = generate(shop, "--framework", "unittest")
    text = file.read_text()
    assert "pytest" not in text and "class TestCart(unittest.TestCase):" in text
    ran = subprocess.run([PYTHON, "-S", "-m", "unittest", "discover", "-s", "tests"], cwd=shop,
                         capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert re.search(r"Ran [1-9]\d* tests", ran.stderr)


def test_the_same_seed_writes_the_same_file(shop):
    first = generate(shop).read_bytes()
    assert generate(shop).read_bytes() == first


def test_a_run_on_one_symbol_keeps_the_tests_of_the_others(shop):
    text = generate(shop).read_text()
    before = units(text)
    assert {"grade", "double", "Cart.add"} <= before
    (shop / "shop.py").write_text(SHOP.replace('return "B"', 'return "C"'))
    after = generate(shop, "--symbol", "grade").read_text()
    assert units(after) == before
    assert '"C"' in after and '"B"' not in after
    part = text[text.index("# testgen: unit Cart.add"):]
    assert part[:part.index("# testgen", 5)] in after, "the tests of a method stand as they stood"


def test_tests_of_what_is_gone_or_broken_go(shop):
    generate(shop)
    source = SHOP.replace("def double(number):\n    return number * 2\n", "")
    (shop / "shop.py").write_text(source.replace("return not self.items", "return bool(self.items)"))
    text = generate(shop, "--symbol", "grade").read_text()
    assert "double" not in units(text) and "grade" in units(text)
    ran = subprocess.run([PYTHON, "-m", "pytest", "-q", "tests"], cwd=shop, capture_output=True, text=True,
                         timeout=60)
    assert ran.returncode == 0, ran.stdout


def test_an_edited_file_is_left_alone(shop):
    file = generate(shop)
    mine = file.read_text() + "\n\ndef test_of_mine():\n    assert True\n"
    file.write_text(mine)
    generate(shop, "--symbol", "grade")
    assert file.read_text() == mine
    beside = shop / "tests/test_shop_testgen.py"
    assert units(beside.read_text()) == {"grade"}
