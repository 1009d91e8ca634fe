"""testgen generate with each interpreter that is promised, as far as this machine has it. Only the
standard library is asked for: pytest need not be installed for all of them."""
import os
import pathlib
import subprocess

import pytest

from interpreters import VERSIONS, interpreter

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTGEN = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen"
SHOP = '''"""A shop."""
import enum
import os
from dataclasses import dataclass
from typing import Optional


class Size(enum.Enum):
    SMALL = 1
    LARGE = 2


@dataclass(frozen=True)
class Item:
    name: str
    price: float
    size: Size = Size.SMALL

    @property
    def label(self) -> str:
        return f"{self.name} ({self.size.name.lower()})"


def discount(total: float, code: Optional[str] = None) -> float:
    """Raises ValueError for unknown codes."""
    if code is None:
        return total
    if code == "HALF":
        return total / 2
    raise ValueError("unknown code")


def numbers(most: int):
    for number in range(most):
        if number % 2:
            yield number


async def later(value: int) -> int:
    if value > 3:
        return value * 2
    return value


def home() -> str:
    return os.environ.get("SHOP_HOME", "nowhere")


def greet(name: str) -> None:
    print("hello", name or "stranger")
'''


@pytest.mark.parametrize("version", VERSIONS)
def test_generates_tests_that_pass(version, tmp_path):
    python = interpreter(version)
    if python is None:
        pytest.skip(f"this machine has no CPython {version}")
    (tmp_path / "shop.py").write_text(SHOP)
    done = subprocess.run([TESTGEN, "generate", "shop.py", "-o", "out", "--framework", "unittest", "--max-executions", "4000",
                           "--python", python], cwd=tmp_path, capture_output=True, text=True, timeout=240,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(tmp_path)})
    assert done.returncode == 0, done.stdout + done.stderr
    text = (tmp_path / "out/test_shop.py").read_text()
    for call in (".label", "discount(", "numbers(", "later(", "home(", "greet("):
        assert call in text, call + "\n" + done.stdout
    run = subprocess.run([python, "-m", "unittest", "discover", "-s", "out"], cwd=tmp_path, capture_output=True, text=True,
                         timeout=60)
    assert run.returncode == 0, run.stderr
    assert " 0 tests" not in run.stderr
