"""Tests in pytest's style, with the project's fixtures, for each interpreter that is promised: Debian has pytest for one
of them. Each of the others gets an environment of its own, build/optional/pytest-VERSION, with the newest pytest that
PyPI has for it. Where a version or the registry is missing, that is said in one line."""
import os
import pathlib
import subprocess

import pytest

from interpreters import VERSIONS, interpreter

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTGEN = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen"
MODULE = '''"""A cart."""


class Cart:
    def __init__(self, owner: str):
        self.owner = owner
        self.lines = []

    def add(self, name: str, price: int) -> None:
        if price < 0:
            raise ValueError("a price is not negative")
        self.lines.append((name, price))

    def total(self) -> int:
        return sum(price for _, price in self.lines)


def checkout(cart, rates, country):
    if country not in rates:
        raise KeyError(country)
    return cart.total() + cart.total() * rates[country] // 100


async def later(value: int) -> int:
    return value * 2 if value > 3 else value


def greet(name: str) -> None:
    print("hello", name or "stranger")
'''
CONFTEST = '''import pytest

from cart import Cart


@pytest.fixture
def full_cart():
    made = Cart("me")
    made.add("book", 70)
    yield made
    made.lines.clear()


@pytest.fixture(scope="session")
def rates():
    return {"AT": 20}
'''
TESTS = '''import cart


def test_checkout(full_cart, rates):
    assert cart.checkout(full_cart, rates, "AT") == 84
'''


def with_pytest(version):
    """The interpreter of an environment that has pytest."""
    python = interpreter(version)
    if python is None:
        pytest.skip(f"this machine has no CPython {version}")
    folder = ROOT / "build" / "optional" / f"pytest-{version}"
    inside = folder / "bin" / "python"
    ready = [inside, "-c", "import pytest"]
    if not inside.exists() or subprocess.run(ready, capture_output=True).returncode != 0:
        made = subprocess.run([python, "-m", "venv", "--clear", folder], capture_output=True, text=True, timeout=300)
        if made.returncode != 0:
            pytest.skip(f"CPython {version} makes no environment: {(made.stdout + made.stderr).strip()[-200:]}")
        got = subprocess.run([inside, "-m", "pip", "install", "-q", "--disable-pip-version-check", "pytest"],
                             capture_output=True, text=True, timeout=300)
        if got.returncode != 0:
            pytest.skip(f"pytest for CPython {version} cannot be had: {got.stderr.strip().splitlines()[-1][:200]}")
    return inside


@pytest.mark.parametrize("version", VERSIONS)
def test_tests_in_pytests_style_pass(version, tmp_path):
    python = with_pytest(version)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\nversion = '1'\n")
    (tmp_path / "cart.py").write_text(MODULE)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "conftest.py").write_text(CONFTEST)
    (tmp_path / "tests" / "test_mine.py").write_text(TESTS)
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(tmp_path)}
    done = subprocess.run([TESTGEN, "generate", "cart.py", "-o", "tests", "--max-executions", "1500", "--python", python],
                          cwd=tmp_path, capture_output=True, text=True, timeout=240, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    text = (tmp_path / "tests" / "test_cart.py").read_text()
    for call in ("checkout(full_cart, rates", "later(", "greet(", "total()"):
        assert call in text, call + "\n" + done.stdout + text
    run = subprocess.run([python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"], cwd=tmp_path,
                         capture_output=True, text=True, timeout=60, env=environment)
    assert run.returncode == 0, run.stdout + run.stderr
