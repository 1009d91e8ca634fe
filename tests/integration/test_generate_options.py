"""testgen generate on small projects: several modules, reports for other tools, choices, targets."""
import json
import os
import pathlib
import re
import subprocess
import xml.etree.ElementTree as xml

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTGEN = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen"
PYTHON = "/usr/bin/python3"
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "TESTGEN_PYTHON": PYTHON}

CART = '''class Cart:
    def __init__(self, limit: int = 3):
        self.limit = limit
        self.items = []

    def add(self, price: int) -> int:
        if price < 0:
            raise ValueError("a price is not negative")
        if len(self.items) >= self.limit:
            raise OverflowError("the cart is full")
        self.items.append(price)
        return sum(self.items)


def discount(total: int, member: bool) -> int:
    if member and total > 100:
        return total - 10
    return total
'''
UNREACHABLE = '''def square_root_of_two(x: int) -> bool:
    if x * x == 2:
        return True
    return False
'''


@pytest.fixture
def project(tmp_path):
    package = tmp_path / "src" / "shop"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "cart.py").write_text(CART)
    (package / "a_module_whose_name_is_longer_than_any_terminal_that_people_still_have_today.py").write_text(
        UNREACHABLE)
    return tmp_path


def generate(folder, *words, **options):
    # Executions and not seconds: the machine may be busy.
    return subprocess.run([TESTGEN, "generate", *words, "--max-executions", "1000"], cwd=folder,
                          env={**ENVIRONMENT, **options.pop("environment", {})}, capture_output=True, text=True,
                          timeout=120, **options)


def coverage_by_hand(folder, tests, source):
    """(lines run, lines not run) as coverage.py itself tells."""
    environment = {**ENVIRONMENT, "PYTHONDONTWRITEBYTECODE": "1"}
    for words in (["run", "--branch", f"--include={source}", "-m", "pytest", "-q", "-p", "no:cacheprovider", tests],
                  ["json", "-q", "-o", "coverage.json"]):
        subprocess.run([PYTHON, "-m", "coverage", *words], cwd=folder, env=environment, check=True,
                       capture_output=True, timeout=120)
    (measured,) = json.loads((folder / "coverage.json").read_text())["files"].values()
    return measured


def check(value, schema, root, where="report"):
    """That a document has the form its schema promises; test_report_json checks values as well."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    if value is None:
        assert "null" in schema["type"], where
    elif isinstance(value, dict):
        assert set(schema.get("required", ())) <= set(value) <= set(schema["properties"]), where
        for name, member in value.items():
            check(member, schema["properties"][name], root, f"{where}.{name}")
    elif isinstance(value, list):
        for item in value:
            check(item, schema["items"], root, f"{where}[]")
    elif "enum" in schema:
        assert value in schema["enum"], where
    elif "const" in schema:
        assert value == schema["const"], where
    else:
        kinds = {str: {"string"}, bool: {"boolean"}, int: {"integer", "number"}, float: {"number"}}[type(value)]
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        assert kinds & set(types), where


def test_reports_for_other_tools_agree_with_coverage_py(project):
    ran = generate(project, "src", "-o", "out", "--junit", "junit.xml", "--lcov", "lcov.info", "--cobertura",
                   "cobertura.xml", "--json", "report.json", "--jobs", "2")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    report = json.loads((project / "report.json").read_text())
    schema = json.loads((ROOT / "docs/reference/report-schema.json").read_text())
    check(report, schema, schema)
    cart = next(module for module in report["modules"] if module["module_name"] == "shop.cart")
    measured = coverage_by_hand(project, cart["written"][0]["path"], "src/shop/cart.py")

    record = next(part for part in (project / "lcov.info").read_text().split("end_of_record\n")
                  if "SF:src/shop/cart.py\n" in part)
    lines = {int(line): int(hits) for line, hits in re.findall(r"^DA:(\d+),(\d+)$", record, flags=re.M)}
    assert sorted(line for line, hits in lines.items() if hits) == measured["executed_lines"]
    assert sorted(line for line, hits in lines.items() if not hits) == measured["missing_lines"]
    branches = re.findall(r"^BRDA:(\d+),0,\d+,(.)$", record, flags=re.M)
    assert len(branches) == measured["summary"]["num_branches"]
    assert sum(hits == "1" for _, hits in branches) == measured["summary"]["covered_branches"]

    tree = xml.parse(project / "cobertura.xml").getroot()
    found = next(node for node in tree.iter("class") if node.get("filename") == "src/shop/cart.py")
    assert {int(line.get("number")): int(line.get("hits")) for line in found.iter("line")} == lines
    assert int(tree.get("lines-valid")) == sum(
        module["coverage"]["lines_total"] for module in report["modules"] if module["coverage"])

    suites = xml.parse(project / "junit.xml").getroot()
    cases = {case.get("name") for case in suites.iter("testcase") if len(case) == 0}
    kept = {test["name"] for module in report["modules"] for test in module["tests"]}
    assert kept and cases == kept


def test_the_table_has_a_line_a_module_and_a_total(project):
    ran = generate(project, "src", "-o", "out", environment={"COLUMNS": "80"})
    lines = ran.stdout.splitlines()
    assert lines[0].split() == ["module", "functions", "tests", "lines", "branches", "mutation", "time"]
    assert any(line.startswith("shop.cart") for line in lines) and any(line.startswith("total") for line in lines)
    # The long name gives way, from its front: ends tell names apart.
    assert any(line.startswith("…") and "today " in line for line in lines)
    assert all(len(line) <= 80 for line in lines[:4]), lines
    assert "src/shop/__init__.py: nothing to test in it" in ran.stdout
    # In a pipe, one line a module.
    assert sorted(re.findall(r"^\[(\d)/3\] ", ran.stderr, flags=re.M)) == ["1", "2", "3"]


def test_two_jobs_lose_nothing(project):
    one = generate(project, "src", "-o", "one", "--jobs", "1", "--quiet")
    two = generate(project, "src", "-o", "two", "--jobs", "2", "--quiet")
    assert one.returncode == two.returncode == 0, one.stderr + two.stderr
    files = {path.name: path.read_text() for path in (project / "one").iterdir()}
    assert len(files) == 2
    assert files == {path.name: path.read_text() for path in (project / "two").iterdir()}


def test_symbols_leave_the_rest_of_a_project_alone(project):
    ran = generate(project, "src", "-o", "out", "--symbol", "Cart.add", "--json", "-", "--quiet")
    assert ran.returncode == 0, ran.stderr
    (module,) = json.loads(ran.stdout)["modules"]
    assert module["module_name"] == "shop.cart"
    assert module["tests"] and {test["function"] for test in module["tests"]} <= {"Cart.add", "Cart", "Cart.__init__"}


def test_a_run_on_one_function_keeps_the_tests_of_the_others(project):
    assert generate(project, "src/shop/cart.py", "-o", "out", "--quiet").returncode == 0
    (made,) = (project / "out").glob("*.py")
    assert "discount" in made.read_text() and ".add(" in made.read_text()
    assert generate(project, "src/shop/cart.py", "-o", "out", "--symbol", "discount", "--seed", "2",
                    "--quiet").returncode == 0
    assert list((project / "out").glob("*.py")) == [made]
    assert "discount" in made.read_text() and ".add(" in made.read_text()
    ran = subprocess.run([PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "out"], cwd=project,
                         env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stdout


def test_diff_works_on_what_changed(project):
    def git(*words):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words], cwd=project,
                       env={**ENVIRONMENT, "HOME": str(project)}, check=True, capture_output=True, timeout=60)

    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "first")
    source = project / "src/shop/cart.py"
    source.write_text(CART.replace("total > 100", "total > 200"))
    ran = generate(project, "src", "-o", "out", "--diff", "main", "--json", "-", "--quiet")
    assert ran.returncode == 0, ran.stderr
    (module,) = json.loads(ran.stdout)["modules"]
    assert {test["function"] for test in module["tests"]} == {"discount"}
    source.write_text(CART)
    assert generate(project, "src", "-o", "out", "--diff", "main").returncode == 5


def test_targets_are_judged_over_the_run(project):
    name = "src/shop/a_module_whose_name_is_longer_than_any_terminal_that_people_still_have_today.py"
    ran = generate(project, name, "-o", "out", "--coverage-target", "99", "--junit", "junit.xml", "--json",
                   "report.json")
    assert ran.returncode == 6, ran.stdout + ran.stderr
    assert "targets missed:\n  coverage is " in ran.stdout
    (target,) = json.loads((project / "report.json").read_text())["targets"]
    assert target["met"] is False and target["reached_percent"] < 99
    failures = [node.get("message") for node in xml.parse(project / "junit.xml").getroot().iter("failure")]
    assert failures and failures[0].startswith("coverage is ")
    assert generate(project, name, "-o", "out", "--coverage-target", "10", "--quiet").returncode == 0


def test_a_reader_that_went_away_costs_no_file(project):
    process = subprocess.Popen([TESTGEN, "generate", "src", "-o", "out", "--max-executions", "300", "--junit",
                                "junit.xml"], cwd=project, env=ENVIRONMENT, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    process.stdout.close()
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 4 and "Broken pipe" in errors
    assert xml.parse(project / "junit.xml").getroot().tag == "testsuites"
    assert len(list((project / "out").iterdir())) == 2


def test_a_full_disk_keeps_the_old_report_and_the_tests(project):
    disk = project / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k,nr_inodes=10", "tmpfs", disk],
                             capture_output=True, text=True, timeout=20)
    if mounted.returncode != 0:
        pytest.skip("mounting a small file system needs privileges: " + mounted.stderr.strip())
    try:
        (disk / "report.xml").write_text("old" + " " * 4000)
        ran = generate(project, "src/shop/cart.py", "-o", "out", "--cobertura", "disk/report.xml", "--lcov",
                       "lcov.info")
        assert ran.returncode == 4, ran.stderr
        assert "--cobertura: " in ran.stderr and "No space left on device" in ran.stderr
        assert (disk / "report.xml").read_text().startswith("old")
    finally:
        subprocess.run(["umount", disk], check=True, timeout=20)
    # The other report and the tests are there all the same.
    assert (project / "lcov.info").read_text().startswith("TN:\n")
    assert list((project / "out").iterdir())
