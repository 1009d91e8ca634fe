"""What can be said of a folder of tests by reading and running it: sizes, failures, coverage."""
import ast
import json
import os
import pathlib
import re
import subprocess

import corpus

HERE = pathlib.Path(__file__).resolve().parent
FAKE_CLOCK = pathlib.Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
# Hash seed, time zone, locale, shift of the clock, order. The first is a plain run.
HOSTILE = [("0", "UTC", "C.UTF-8", "", False), ("1", "America/New_York", "C", "+400d", True),
           ("42", "Asia/Kathmandu", "C.UTF-8", "-1000d", True), ("4294967295", "Pacific/Apia", "POSIX", "+12h", True),
           ("random", "Europe/Berlin", "C.UTF-8", "+4000d", True)]
PYTEST = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header"]


def functions(folder):
    """Every test function under a folder: "file::name" → (lines, only expects an error)."""
    found = {}
    for file in pathlib.Path(folder).rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"):
                first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                found[f"{file.name}::{node.name}"] = (node.end_lineno - first + 1, only_expects_error(node))
    return found


def only_expects_error(function):
    """It has `raises` and asserts nothing else."""
    called = {n.attr for n in ast.walk(function) if isinstance(n, ast.Attribute)}
    raises = called & {"raises", "assertRaises", "assertRaisesRegex"}
    asserts = any(isinstance(n, ast.Assert) for n in ast.walk(function)) or any(
        name.startswith("assert") and not name.startswith("assertRaises") for name in called)
    return bool(raises) and not asserts


def run_pytest(folder, *flags, python=corpus.PYTHON, timeout=300, **changes):
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **changes}
    try:
        return subprocess.run([python, *PYTEST, *flags, str(folder)], capture_output=True, text=True,
                              env=environment, cwd=folder, timeout=timeout).stdout
    except subprocess.TimeoutExpired:
        return "1 error in a run that did not end"


def function_of(item):
    """The key in functions() of a collected item."""
    file, _, rest = item.partition("::")
    return f"{file.rpartition('/')[2]}::{rest.rpartition('::')[2].partition('[')[0]}"


def items(folder):
    """Names of the collected tests; a parametrised one counts for each row."""
    return [line for line in run_pytest(folder, "--collect-only").splitlines() if "::" in line]


def failing(folder):
    """Names of tests that fail in one of five plain runs, each with another hash seed, time zone,
    locale, width, clock and order, and all but the first with another home."""
    failed = set()
    home = pathlib.Path(folder).parent / "another home"
    home.mkdir(exist_ok=True)
    for number, (hash_seed, zone, locale, shift, shuffle) in enumerate(HOSTILE):
        changes = {"PYTHONHASHSEED": hash_seed, "TZ": zone, "LC_ALL": locale, "COLUMNS": str(80 + 20 * number)}
        flags = []
        if shift and FAKE_CLOCK.exists():
            changes.update(LD_PRELOAD=str(FAKE_CLOCK), FAKETIME=shift)
        if shuffle:
            changes.update(PYTHONPATH=str(HERE), SHUFFLED=str(number), HOME=str(home), USER="someone", LOGNAME="someone")
            flags = ["-p", "shuffled"]
        shown = run_pytest(folder, "-rfE", *flags, **changes)
        named = re.findall(r"^(?:FAILED|ERROR) (\S+)", shown, re.M)
        failed.update(name.rpartition("/")[2] for name in named)
        if not named and not re.search(r"\d+ passed", shown):
            failed.add(f"the whole run: {' '.join(shown.split())[-200:]}")
    return sorted(failed)


def coverage(folder, source):
    """What coverage.py says of a file: percentages, missing lines and branches, whole file as
    denominator."""
    data, out = pathlib.Path(folder) / ".coverage.data", pathlib.Path(folder) / ".coverage.json"
    subprocess.run([corpus.PYTHON, "-m", "coverage", "run", "--branch", f"--include={source}", f"--data-file={data}",
                    *PYTEST, str(folder)], capture_output=True, cwd=folder, timeout=300, check=False)
    subprocess.run([corpus.PYTHON, "-m", "coverage", "json", f"--data-file={data}", "-o", str(out)],
                   capture_output=True, cwd=folder, timeout=120, check=False)
    if not out.exists():
        return {"lines": 0.0, "branches": 0.0, "missing_lines": [], "missing_branches": []}
    measured = json.loads(out.read_text())
    totals = measured["totals"]
    (file,) = measured["files"].values()
    data.unlink()
    out.unlink()
    return {"lines": 100.0 * totals["covered_lines"] / max(1, totals["num_statements"]),
            "branches": (100.0 * totals["covered_branches"] / totals["num_branches"] if totals["num_branches"] else 100.0),
            "missing_lines": file["missing_lines"], "missing_branches": file["missing_branches"]}
