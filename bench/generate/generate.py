#!/usr/bin/env python3
"""Measures `testgen generate` from outside, on modules that are on this machine.

    ./dev bench generate [--budget 10s] [--seed 1] [--json FILE] [MODULE.py …]

For each module: generate, then run what was made five times under plain pytest, in fresh
processes with other hash seeds and time zones, unsandboxed and without any help of ours; then
once more under `coverage run --branch`, the whole file as denominator. A test that fails in any
of the five runs counts as failing.
"""
import argparse
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3"
ENVIRONMENTS = [("0", "UTC"), ("1", "America/New_York"), ("42", "Asia/Kathmandu"),
                ("4294967295", "Pacific/Apia"), ("random", "Europe/Berlin")]
STANDARD = ["textwrap", "shlex", "fnmatch", "colorsys", "heapq"]
PACKAGED = ["toolz.itertoolz", "semver", "inflection"]


def locate(module):
    """The file of a module, without running it."""
    finder = "import importlib.util, sys; print(importlib.util.find_spec(sys.argv[1]).origin)"
    found = subprocess.run([PYTHON, "-c", finder, module], capture_output=True, text=True)
    return pathlib.Path(found.stdout.strip()) if found.returncode == 0 else None


def run_suite(folder, hash_seed, zone):
    """(passed, failed) of one plain pytest run."""
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": zone,
                   "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run([PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)],
                         capture_output=True, text=True, env=environment, cwd=folder, timeout=300)
    counts = {word: int(number) for number, word in
              re.findall(r"(\d+) (passed|failed|error)", run.stdout.splitlines()[-1])}
    return counts.get("passed", 0), counts.get("failed", 0) + counts.get("error", 0)


def measure(folder, source):
    """Line and branch percentages by coverage.py, whole file as denominator."""
    data = folder / "coverage.data"
    subprocess.run([PYTHON, "-m", "coverage", "run", "--branch", f"--include={source}",
                    f"--data-file={data}", "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)],
                   capture_output=True, cwd=folder, timeout=300, check=False)
    out = folder / "coverage.json"
    subprocess.run([PYTHON, "-m", "coverage", "json", f"--data-file={data}", "-o", str(out)],
                   capture_output=True, cwd=folder, timeout=120, check=False)
    if not out.exists():
        return 0.0, 0.0
    totals = json.loads(out.read_text())["totals"]
    lines = 100.0 * totals["covered_lines"] / max(1, totals["num_statements"])
    branches = (100.0 * totals["covered_branches"] / totals["num_branches"]
                if totals["num_branches"] else 100.0)
    return lines, branches


def bench(source, options):
    with tempfile.TemporaryDirectory(prefix="testgen-bench-") as scratch:
        folder = pathlib.Path(scratch) / "tests"
        report = pathlib.Path(scratch) / "report.json"
        started = time.monotonic()
        run = subprocess.run([options.testgen, "generate", str(source), "-o", str(folder),
                              "--budget", options.budget, "--seed", str(options.seed),
                              "--json", str(report), "--quiet"], capture_output=True, text=True)
        wall = time.monotonic() - started
        row = {"module": source.stem, "wall": wall, "exit": run.returncode}
        if not folder.exists():
            return {**row, "error": run.stderr.strip()[-300:]}
        module = json.loads(report.read_text())["modules"][0]
        row["tests"] = module["tests_kept"]
        row["functions"] = f'{module["functions_tested"]}/{module["functions_total"]}'
        row["failing"] = max(run_suite(folder, *environment)[1] for environment in ENVIRONMENTS)
        row["lines"], row["branches"] = measure(folder, source)
        return row


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", type=pathlib.Path)
    parser.add_argument("--budget", default="10s")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--testgen", default=str(ROOT / "build/release/testgen"))
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    sources = options.modules or [found for found in map(locate, STANDARD + PACKAGED) if found]

    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"budget {options.budget} a module, seed {options.seed}, {time.strftime('%Y-%m-%d')}\n")
    head = "| module | functions | tests | lines % | branches % | failing in 5 runs | wall s |"
    print(head + "\n|---|---:|---:|---:|---:|---:|---:|", flush=True)
    rows = []
    for source in sources:
        row = bench(source, options)
        rows.append(row)
        if "error" in row:
            print(f'| {row["module"]} | {row["error"]} |', flush=True)
            continue
        print(f'| {row["module"]} | {row["functions"]} | {row["tests"]} | {row["lines"]:.1f} | '
              f'{row["branches"]:.1f} | {row["failing"]} | {row["wall"]:.1f} |', flush=True)
    good = [row for row in rows if "error" not in row]
    if good:
        mean = {key: sum(row[key] for row in good) / len(good) for key in ("lines", "branches", "wall")}
        print(f'| mean of {len(good)} | | {sum(r["tests"] for r in good)} | {mean["lines"]:.1f} | '
              f'{mean["branches"]:.1f} | {sum(r["failing"] for r in good)} | {mean["wall"]:.1f} |')
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n")
    return 0 if len(good) == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
