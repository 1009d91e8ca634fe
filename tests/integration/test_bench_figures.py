"""The bench's own scorer, on suites whose scores are known by hand."""
import ast
import json
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BENCH = ROOT / "bench/generate"
PYTHON = "/usr/bin/python3"
sys.path.insert(0, str(BENCH))

import mutants  # noqa: E402
import suite_figures  # noqa: E402

EVERY_OPERATOR = '''"""Docstrings are left alone."""
import os

LIMIT = 10


def work(items: "list", start: int = 0, name="x"):
    """Nor this one."""
    total = start
    for item in items[1:]:
        if item is None and not total:
            continue
        total += item * 2
        if total > LIMIT:
            break
    else:
        name = os.path.join(name, "end")
    try:
        return max(total, -start, key=abs)
    except ValueError:
        total = 1
    if total == 1:
        return [total]
    else:
        return None
'''


def test_every_operator_finds_its_place():
    found = mutants.find(EVERY_OPERATOR)
    assert {m.operator for m in found} == set(mutants.SHARED + mutants.HELD_OUT)
    assert not set(mutants.SHARED) & set(mutants.HELD_OUT)


@pytest.mark.parametrize("module", ["textwrap", "dataclasses", "asyncio.tasks", "typing"])
def test_a_mutant_is_python_and_is_one_change(module):
    import importlib.util
    source = pathlib.Path(importlib.util.find_spec(module).origin).read_text()
    original = ast.dump(ast.parse(source))
    for mutant in mutants.sample(mutants.find(source), 25, module):
        tree = ast.parse(source)
        mutants.Finder(tree).found[mutant.number][5]()
        assert ast.dump(tree) != original, mutant.describe()
        try:
            mutants.compiled(source, mutant.number, "mutant.py")
        except SyntaxError as error:  # `break` for `continue` inside `finally` and the like
            pytest.fail(f"{mutant.describe()}: {error}")


def test_docstrings_annotations_and_imports_stay():
    texts = [m.text for m in mutants.find(EVERY_OPERATOR)]
    assert not [t for t in texts if "Nor this" in t or "Docstrings" in t or "'list'" in t or t.startswith("import")]


def test_a_sample_is_the_same_for_the_same_seed():
    found = mutants.find(EVERY_OPERATOR)
    first = [m.number for m in mutants.sample(found, 5, "a")]
    assert first == [m.number for m in mutants.sample(found, 5, "a")] != [m.number for m in mutants.sample(found, 5, "b")]
    assert len(set(first)) == 5


SIGN = '''def sign(x):
    if x < 0:
        return -1
    if x > 0:
        return 1
    return 0


def countdown(n):
    """ValueError when negative."""
    if n < 0:
        raise ValueError("negative")
    while n > 0:
        n -= 1
    return n
'''

THOROUGH = '''import pytest
import signs


@pytest.mark.parametrize("x, wanted", [(-5, -1), (-1, -1), (0, 0), (1, 1), (7, 1)])
def test_sign(x, wanted, tmp_path):
    assert signs.sign(x) == wanted


def test_countdown():
    assert signs.countdown(3) == 0
    assert signs.countdown(0) == 0


def test_countdown_negative():
    with pytest.raises(ValueError, match="^negative$"):
        signs.countdown(-1)
'''

IDLE = '''import signs


def test_sign():
    signs.sign(1)


def test_fails():
    assert signs.sign(1) == 2
'''


def scored(tmp_path, tests, source=SIGN):
    (tmp_path / "src").mkdir()
    module = tmp_path / "src/signs.py"
    module.write_text(source)
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "conftest.py").write_text(f"import sys\nsys.path.insert(0, {str(module.parent)!r})\n")
    (folder / "test_signs.py").write_text(tests)
    out = tmp_path / "out.json"
    ran = subprocess.run([PYTHON, "-X", "frozen_modules=off", BENCH / "mutation_run.py", module, folder, out], capture_output=True,
                         text=True, timeout=120)
    assert out.exists(), ran.stderr
    return json.loads(out.read_text())


def test_a_thorough_suite_leaves_only_equivalent_mutants(tmp_path):
    result = scored(tmp_path, THOROUGH)
    alive = [f"{m['line']} {m['text']}" for m in result["mutants"] if not m["killed"]]
    # Each of these changes no answer: below zero nothing but zero is asked again, and a loop that
    # counts to zero may stop where it stands.
    assert all(m["line"] in (13, 14) or "raise" in m["text"] or "GtE" in m["text"] or "LtE" in m["text"]
               for m in result["mutants"] if not m["killed"]), alive
    assert len(alive) <= 3, alive
    assert result["idle"] == result["undecided"] == result["failing"] == []
    assert result["tests"] == 7
    endless = [m for m in result["mutants"] if m["how"] == "cpu"]
    assert endless and all(m["killed"] for m in endless), "a loop that never ends is killed by its time"


def test_a_suite_that_asserts_nothing_kills_nothing(tmp_path):
    result = scored(tmp_path, IDLE)
    killed = [m for m in result["mutants"] if m["killed"]]
    assert [m for m in killed if m["operator"] not in ("delete", "swapped_arguments")] == []
    assert result["idle"] == ["test_signs.py::test_sign"]
    assert result["failing"] == ["test_signs.py::test_fails"], "a test that fails by itself proves nothing"


def test_a_module_of_pytest_itself_is_changed_only_for_the_tests(tmp_path):
    """textwrap is used by pytest; a mutant of it must not take the runner down."""
    import textwrap
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_textwrap.py").write_text(
        "import textwrap\n\n\ndef test_dedent():\n    assert textwrap.dedent('  a\\n  b') == 'a\\nb'\n")
    out = tmp_path / "out.json"
    subprocess.run([PYTHON, BENCH / "mutation_run.py", textwrap.__file__, folder, out, "--count", "40"], check=True, timeout=120)
    result = json.loads(out.read_text())
    killed = [m for m in result["mutants"] if m["killed"]]
    assert 0 < len(killed) < len(result["mutants"])
    assert {m["how"] for m in result["mutants"]} >= {"unreached"}
    assert all(m["function"] in ("dedent", "") or m["how"] == "import" for m in killed)


def test_a_test_file_may_import_the_module_by_itself(tmp_path):
    """As for a module with a C accelerator that is left out: sys.modules is as before afterwards."""
    result = scored(tmp_path, "import importlib, sys\nfrom unittest import mock\n\nwith mock.patch.dict(sys.modules):\n"
                    "    signs = importlib.import_module('signs')\n\n\ndef test_sign():\n    assert signs.sign(5) == 1\n")
    assert any(m["killed"] for m in result["mutants"])


def test_the_shape_of_a_suite(tmp_path):
    (tmp_path / "test_shape.py").write_text(THOROUGH)
    functions = suite_figures.functions(tmp_path)
    assert functions["test_shape.py::test_sign"] == (3, False)
    assert functions["test_shape.py::test_countdown_negative"] == (3, True)
    assert suite_figures.function_of("test_shape.py::TestX::test_sign[0-0]") == "test_shape.py::test_sign"


def test_hostile_runs_find_what_depends_on_the_clock_the_home_and_the_order(tmp_path):
    folder = tmp_path / "suite"
    folder.mkdir()
    (folder / "test_moody.py").write_text(
        "import os, time\nSEEN = []\n\n\ndef test_first():\n    assert not SEEN\n    SEEN.append(1)\n\n\n"
        "def test_second():\n    SEEN.append(2)\n\n\ndef test_home():\n    assert 'another' not in os.path.expanduser('~')\n\n\n"
        "def test_steady():\n    assert 1 + 1 == 2\n")
    failed = suite_figures.failing(folder)
    assert failed == ["test_moody.py::test_first", "test_moody.py::test_home"]
