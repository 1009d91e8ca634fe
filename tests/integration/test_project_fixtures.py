"""Generated tests ask the project's own conftest.py for what the project's tests get from it, where it counts
for them. A conftest.py that fails, hangs or ends its process costs its fixtures and nothing else."""
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTGEN = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen"
PYTHON = "/usr/bin/python3"
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "TESTGEN_PYTHON": PYTHON}

# Nobody guesses a key, so that only a fixture's cart has one.
MODULE = '''import hashlib


class Cart:
    def __init__(self, key):
        if not hashlib.sha256(key.encode()).hexdigest().startswith("2bd806c97f0e00af1a1fc3328fa763a9"):
            raise PermissionError("no such key")
        self.lines = []
        self.discount = 0

    def add(self, name, price):
        if price < 0:
            raise ValueError("a price is not negative")
        self.lines.append((name, price))

    def total(self):
        whole = sum(price for _, price in self.lines)
        if whole > 100:
            return whole - self.discount
        return whole


def checkout(cart, rates, country):
    if country not in rates:
        raise KeyError(country)
    return cart.total() + cart.total() * rates[country] // 100


def load_rates(path):
    out = {}
    for line in path.read_text().splitlines():
        name, _, rate = line.partition("=")
        out[name.strip()] = int(rate)
    return out


def spare():
    return 7
'''

CONFTEST = '''import pytest

from shop.cart import Cart


@pytest.fixture
def cart():
    return Cart("%s" % "open sesame 42")


@pytest.fixture
def full_cart(cart):
    cart.add("book", 70)
    cart.add("lamp", 60)
    cart.discount = 13
    yield cart
    cart.lines.clear()


@pytest.fixture(scope="session")
def rates():
    return {"AT": 20, "DE": 19}


@pytest.fixture
def rate_file(tmp_path):
    file = tmp_path / "rates.txt"
    file.write_text("AT = 20")
    return file
'''

TESTS = '''from shop import cart as module


def test_total(full_cart):
    assert full_cart.total() == 117


def test_checkout(full_cart, rates):
    assert module.checkout(full_cart, rates, "AT") == 140


def test_rates(rate_file):
    assert module.load_rates(rate_file) == {"AT": 20}
'''


def checksum():
    import hashlib
    return hashlib.sha256(b"open sesame 42").hexdigest()[:32]


@pytest.fixture
def project(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\nversion = '1'\n")
    for folder in ("shop", "tests"):
        (tmp_path / folder).mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "cart.py").write_text(MODULE.replace("2bd806c97f0e00af1a1fc3328fa763a9", checksum()))
    (tmp_path / "tests" / "conftest.py").write_text(CONFTEST)
    (tmp_path / "tests" / "test_mine.py").write_text(TESTS)
    return tmp_path


def generate(folder, output="tests", limit=("--max-executions", "600"), framework="pytest"):
    """The text of the generated file and its module's report."""
    ran = subprocess.run([TESTGEN, "generate", "shop/cart.py", "-o", output, *limit, "--json", "report.json",
                          "--framework", framework], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True,
                         timeout=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    report = json.loads((folder / "report.json").read_text())
    return (folder / output / "test_shop_cart.py").read_text(), report["modules"][0]


def left_out(report):
    return {item["subject"]: item["reason"] for item in report["omissions"]}


def passes(folder, tests="tests"):
    ran = subprocess.run([PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"{tests}/test_shop_cart.py"],
                         cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_what_fixtures_give_is_asked_for(project):
    text, report = generate(project)
    assert "(full_cart" in text.replace("self, ", "") and "full_cart.total() == 117" in text
    assert "cart_module.checkout(full_cart, rates" in text, "the module has another name than the fixture"
    assert "cart_module.load_rates(rate_file) == {" in text
    assert report["functions_tested"] == report["functions_total"]
    passes(project)
    again, _ = generate(project)
    assert again == text, "tests that stand are verified with their fixtures"


def test_two_projects_alike_get_the_same_file(project):
    first, _ = generate(project)
    (project / "tests" / "test_shop_cart.py").unlink()
    assert generate(project)[0] == first


def test_elsewhere_no_fixture_is_used_and_the_report_says_why(project):
    text, report = generate(project, "out")
    assert "full_cart" not in text and "rate_file" not in text
    assert "conftest.py" in left_out(report)["fixture full_cart"]
    passes(project, "out")


def test_unittest_style_asks_for_none(project):
    text, report = generate(project, framework="unittest")
    assert "full_cart" not in text and "fixture full_cart" not in left_out(report)


HARM = {
    "ends its process at import": "import os\nos._exit(3)\n",
    "hangs at import": "while True:\n    pass\n",
    "prints and fails": CONFTEST + "print('x' * 100000)\n\n\n@pytest.fixture(autouse=True)\ndef guard():\n"
                                   "    raise RuntimeError('no database')\n",
    "a fixture hangs": CONFTEST + "\n\n@pytest.fixture(autouse=True)\ndef guard():\n    while True:\n        pass\n",
    # What the project's tests find is not there any more when the new tests are made.
    "only works once": CONFTEST + "\n\nimport sys\nif 'pytest' in sys.modules and sys.argv[0] == '-c' and "
                                  "len(sys.argv) < 4:\n    import os\n    os._exit(4)\n",
}


@pytest.mark.parametrize("conftest", HARM.values(), ids=HARM)
def test_a_harmful_conftest_costs_its_fixtures_and_nothing_else(project, conftest):
    (project / "tests" / "conftest.py").write_text(conftest)
    text, report = generate(project, limit=("--budget", "10s"))
    said = json.dumps(report, indent=1) + text
    assert "spare() == 7" in text, said
    assert "no such key" in text, said
    assert report["tests_kept"] >= 2, said


def test_a_fixture_that_fails_is_named(project):
    (project / "tests" / "conftest.py").write_text(
        CONFTEST + "\n\nimport sys\n\n\n@pytest.fixture\ndef moody():\n"
                   "    if len(sys.argv) < 4:\n        raise RuntimeError('not twice')\n    return Cart('open sesame 42')\n")
    (project / "tests" / "test_mine.py").write_text(TESTS + "\n\ndef test_moody(moody):\n    assert moody.total() == 0\n")
    text, report = generate(project)
    assert "moody" not in text and "not twice" in left_out(report)["fixture moody"]
    assert "full_cart.total() == 117" in text
    passes(project)
