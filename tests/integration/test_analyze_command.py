"""testgen analyze on a small project: figures, survivors, tests that check nothing, exit codes."""
import json
import os
import pathlib
import subprocess
import textwrap

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTGEN = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen"
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8",
               "TESTGEN_PYTHON": "/usr/bin/python3"}

PROJECT = {
    "pyproject.toml": """
        [tool.pytest.ini_options]
        markers = ["slow: takes long"]
        """,
    "src/shop/__init__.py": """
        from .cart import Cart
        """,
    "src/shop/cart.py": """
        class Cart:
            def __init__(self):
                self.items = []

            def add(self, price, count=1):
                if count < 1:
                    raise ValueError("count must be positive")
                self.items.append((price, count))

            def total(self):
                return sum(price * count for price, count in self.items)
        """,
    "src/shop/tax.py": """
        def tax(amount, rate=0.2):
            if amount <= 0:
                return 0
            return round(amount * rate, 2)


        def unused(amount):
            return amount + 1
        """,
    "src/shop/lonely.py": """
        def alone():
            return 1
        """,
    "tests/conftest.py": """
        import pytest
        from shop import Cart

        @pytest.fixture
        def cart():
            return Cart()
        """,
    "tests/test_cart.py": """
        import pytest
        from shop import Cart

        @pytest.mark.slow
        @pytest.mark.parametrize("price", [3, 4])
        def test_total(cart, price):
            cart.add(price, 2)
            assert cart.total() == 2 * price

        def test_smoke(cart):
            cart.add(1)

        def test_wrong(cart):
            assert cart.total() == 1

        def test_bad_count():
            with pytest.raises(ValueError):
                Cart().add(1, 0)
        """,
    "tests/unit/test_tax.py": """
        import unittest
        from shop.tax import tax

        class TestTax(unittest.TestCase):
            def test_some(self):
                self.assertEqual(tax(10), 2)

            def test_nothing(self):
                tax(0)
        """,
}


@pytest.fixture
def shop(tmp_path):
    for name, text in PROJECT.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip())
    return tmp_path


def analyze(folder, *words):
    return subprocess.run([TESTGEN, "analyze", *words], cwd=folder, env=ENVIRONMENT,
                          capture_output=True, text=True, timeout=120)


def report(folder, *words):
    ran = analyze(folder, *words, "--json", "-")
    assert ran.stdout, ran.stderr
    out = json.loads(ran.stdout)
    return ran.returncode, out, {m["module_name"]: m for m in out["modules"]}


def test_figures_and_remarks(shop):
    code, whole, modules = report(shop, "src")
    assert code == 0
    cart, tax, lonely = modules["shop.cart"], modules["shop.tax"], modules["shop.lonely"]
    assert cart["coverage"]["branch_ratio"] == 1.0
    assert (cart["functions_tested"], cart["functions_total"]) == (3, 3)
    assert cart["tests_passing"] == 4
    assert [f["test"] for f in cart["failing"]] == ["tests/test_cart.py::test_wrong"]
    assert cart["without_assertions"] == ["tests/test_cart.py::test_smoke"]
    assert cart["mutation"]["killed"] > 0.6 * cart["mutation"]["mutants_run"]
    assert 'line 6: "count must be positive" became ""' in "\n".join(
        cart["mutation"]["survivors"]).replace("line 7", "line 6")

    assert (tax["functions_tested"], tax["functions_total"]) == (1, 2)
    assert tax["test_files"] == [str(shop / "tests/unit/test_tax.py")]
    assert "line 2: <= became <" in tax["mutation"]["survivors"]
    assert "line 8: amount + 1 became None" in tax["mutation"]["survivors"]
    assert tax["killing_nothing"] == ["tests/unit/test_tax.py::TestTax::test_nothing"]
    assert whole["idle_tests"] == ["tests/unit/test_tax.py::TestTax::test_nothing"]

    assert lonely["test_files"] == []
    assert lonely["coverage"]["lines_covered"] == 0
    assert lonely["coverage"]["lines_total"] == 2
    assert lonely["quality"] == 0.0
    assert cart["quality"] > tax["quality"] > lonely["quality"]


def test_the_table_is_for_people(shop):
    ran = analyze(shop, "src", "--tests", "tests")
    assert ran.returncode == 0, ran.stderr
    assert "no test imports:\n  src/shop/lonely.py" in ran.stdout
    assert "nothing to test in:\n  src/shop/__init__.py" in ran.stdout
    assert "tests/test_cart.py::test_wrong: assert 0 == 1" in ran.stdout
    assert "src/shop/tax.py line 2: <= became <" in ran.stdout
    assert not list(shop.rglob("__pycache__")) and not list(shop.rglob(".pytest_cache"))


def test_the_same_seed_tries_the_same_mutants(shop):
    first, second = (report(shop, "src/shop/cart.py", "--seed", "5")[1] for _ in range(2))
    assert first["modules"][0]["mutation"] == second["modules"][0]["mutation"]


@pytest.mark.parametrize("flags, code", [
    (["--mutation-target", "10"], 0),
    (["--mutation-target", "99"], 6),
    (["--coverage-target", "100"], 6),
    (["--quality-target", "95"], 6),
])
def test_targets(shop, flags, code):
    ran = analyze(shop, "src/shop/tax.py", *flags)
    assert ran.returncode == code
    assert ("targets missed" in ran.stdout) == (code == 6)


def test_paths_that_do_not_serve(shop):
    missing = analyze(shop, "src", "--tests", "nowhere")
    assert missing.returncode == 3 and "nowhere does not exist" in missing.stderr
    without = analyze(shop, "src", "--tests", "src")
    assert without.returncode == 5 and "there are no tests in src" in without.stderr
    assert analyze(shop, "gone.py").returncode == 3
    assert analyze(shop).returncode == 2


def test_a_broken_module_and_a_broken_test_file_are_named(shop):
    (shop / "src/shop/bad.py").write_text("def f(:\n")
    (shop / "tests/test_gone.py").write_text("import shop.tax\nimport no_such_module\n"
                                             "def test_x(): pass\n")
    code, _, modules = report(shop, "src/shop/bad.py", "src/shop/tax.py")
    assert code == 1
    broken = [m for m in modules.values() if m["error"]]
    assert len(broken) == 1 and broken[0]["error"]["code"] == "invalid_input"
    tax = modules["shop.tax"]
    assert "no_such_module" in tax["problems"][0]["reason"]
    assert tax["tests_passing"] == 2 and tax["mutation"]["killed"] > 0


def test_hostile_tests_do_not_stop_the_rest(shop):
    (shop / "tests/test_hostile.py").write_text(textwrap.dedent("""
        import os, signal
        from shop.tax import tax

        def test_loops_when_changed():
            while tax(10) != 2:
                pass

        def test_writes_to_the_terminal():
            os.write(1, b"\\x1b[2J")
            os.write(2, b"noise")
            assert tax(0) == 0
        """))
    code, _, modules = report(shop, "src/shop/tax.py", "--budget", "20s")
    assert code == 0
    tax = modules["shop.tax"]
    assert tax["tests_passing"] == 4
    assert tax["mutation"]["killed"] >= 0.4 * tax["mutation"]["mutants_run"]
