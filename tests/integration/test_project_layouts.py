"""Where a module stands: packages, src/ layouts, namespace packages, names that no import can say.
For each the tests must run from the project's folder by plain pytest, and a module that cannot be
imported must be said with the file that asks for what is missing."""
import json
import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTGEN = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen"
PYTHON = "/usr/bin/python3"
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "TESTGEN_PYTHON": PYTHON}

PLAIN = '''

def plain(x: int) -> str:
    if x > 3:
        return "more"
    return "less"
'''


def project(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def generate(folder, *paths):
    """The report, as modules by their path, and what was said."""
    ran = subprocess.run([TESTGEN, "generate", *paths, "-o", "out", "--max-executions", "600", "--jobs", "2", "--json", "report.json"],
                         cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=120)
    report = json.loads((folder / "report.json").read_text())
    modules = {}
    for module in report["modules"]:
        path = pathlib.Path(module["source_path"])
        modules[str(path.relative_to(folder) if path.is_absolute() else path)] = module
    return modules, ran.stdout + ran.stderr


def passes(folder):
    ran = subprocess.run([PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "out"], cwd=folder, env=ENVIRONMENT,
                         capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_relative_imports(tmp_path):
    project(tmp_path, {"pkg/__init__.py": "from .a import plain\n", "pkg/a.py": "from .sub.c import deep\nfrom . import b\n" + PLAIN,
                       "pkg/b.py": "LIMIT = 3\n" + PLAIN, "pkg/sub/__init__.py": "",
                       "pkg/sub/c.py": "from ..b import LIMIT\n\n\ndef deep(x: int) -> bool:\n    return x > LIMIT\n"})
    modules, said = generate(tmp_path, "pkg")
    assert {m["module_name"] for m in modules.values() if m["tests_kept"]} == {"pkg.a", "pkg.b", "pkg.sub.c"}, said
    passes(tmp_path)


def test_a_src_layout(tmp_path):
    project(tmp_path, {"pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n', "src/shop/__init__.py": "",
                       "src/shop/cart.py": "from shop.prices import PRICE\n" + PLAIN, "src/shop/prices.py": "PRICE = 3\n" + PLAIN})
    modules, said = generate(tmp_path, "src")
    assert {m["module_name"] for m in modules.values() if m["tests_kept"]} == {"shop.cart", "shop.prices"}, said
    passes(tmp_path)


def test_a_namespace_package(tmp_path):
    project(tmp_path, {"company/team/tool.py": "from company.team import other\n" + PLAIN, "company/team/other.py": PLAIN})
    modules, said = generate(tmp_path, "company")
    assert modules["company/team/tool.py"]["module_name"] == "company.team.tool", said
    assert all(m["tests_kept"] for m in modules.values()), said
    passes(tmp_path)


def test_names_that_no_import_can_say(tmp_path):
    names = ["my-script.py", "2fast.py", "class.py", "naïve.py", "with space.py", "dotted.name.py"]
    project(tmp_path, {name: PLAIN.replace("plain", "größe") if name == "naïve.py" else PLAIN for name in names})
    modules, said = generate(tmp_path, ".")
    assert set(modules) == set(names), said
    assert all(m["tests_kept"] for m in modules.values()), said
    passes(tmp_path)


def test_a_module_beside_an_extension_of_its_name(tmp_path):
    """Python imports the extension; the source is not what would be tested."""
    built = next(pathlib.Path("/usr/lib").glob("python3.*/lib-dynload/_json.*.so"), None)
    if built is None:
        pytest.skip("this Python has no extension modules of its own")
    project(tmp_path, {"fast.py": PLAIN, "other.py": PLAIN})
    shutil.copy(built, tmp_path / built.name.replace("_json", "fast"))
    modules, said = generate(tmp_path, ".")
    assert set(modules) == {"fast.py", "other.py"}, said  # the extension is no source
    assert modules["other.py"]["tests_kept"]
    if modules["fast.py"]["tests_kept"] == 0:
        assert modules["fast.py"]["error"] or modules["fast.py"]["omissions"], said
    passes(tmp_path)


def test_an_extension_is_no_source(tmp_path):
    (tmp_path / "fast.cpython-311-x86_64-linux-gnu.so").write_bytes(b"\x7fELF\2\1\1\0")
    ran = subprocess.run([TESTGEN, "generate", "fast.cpython-311-x86_64-linux-gnu.so"], cwd=tmp_path, env=ENVIRONMENT,
                         capture_output=True, text=True, timeout=60)
    assert ran.returncode == 3
    assert "is not in a supported language" in ran.stderr


def test_a_missing_import_is_said_with_the_file_that_asks(tmp_path):
    project(tmp_path, {"pkg/__init__.py": "", "pkg/a.py": "from pkg import b\n" + PLAIN,
                       "pkg/b.py": "\nimport frobnicate.deep\n", "pkg/d.py": "from os.path import nothing_there\n" + PLAIN,
                       "pkg/e.py": "from pkg import f\n" + PLAIN, "pkg/f.py": "def broken(:\n"})
    modules, said = generate(tmp_path, "pkg/a.py", "pkg/d.py", "pkg/e.py")
    error = modules["pkg/a.py"]["error"]
    assert "importing pkg.a failed at line 1, in pkg/b.py at line 2: ModuleNotFoundError: No module named 'frobnicate'" in error["message"]
    assert error["hint"].startswith("install frobnicate for " + PYTHON)
    assert "cannot import name 'nothing_there'" in modules["pkg/d.py"]["error"]["message"]
    assert "install" not in modules["pkg/d.py"]["error"]["hint"]
    assert "in pkg/f.py at line 1: SyntaxError" in modules["pkg/e.py"]["error"]["message"], said
