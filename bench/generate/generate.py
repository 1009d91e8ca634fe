#!/usr/bin/env python3
"""Measures `testgen generate` from outside, on modules that are on this machine.

    ./dev bench generate [--budget 10s] [--jobs N] [--only NAME…] [--unseen] [--write] [MODULE.py…]
    ./dev bench generate --packages | --two-at-once | --ten-lines | --hang [--write]

For each module: generate, then run what was made five times under plain pytest, unsandboxed, in
fresh processes with other hash seeds, time zones, locales, clocks and orders; then under
`coverage run --branch`, the whole file as denominator; then against mutants of our own
(mutants.py), some of whose operators the program's search never uses.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import platform
import sys
import tempfile
import time

import corpus
import measure
import rivals
import sections
import table

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "bench"))
import page  # noqa: E402


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench generate", description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", type=pathlib.Path, help="files to measure in place of the corpus")
    parser.add_argument("--budget", default="10s")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--max-executions", type=int, default=0, help="passed on to testgen")
    parser.add_argument("--jobs", type=int, default=1, help="modules measured at the same time")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="modules of either corpus, or any that Python finds")
    parser.add_argument("--unseen", action="store_true", help="the modules that the program was not developed with")
    parser.add_argument("--mutants", type=int, default=150, help="the most that are sampled of a module")
    parser.add_argument("--mutation-limit", type=float, default=40, metavar="SECONDS", help="for the mutants of one module")
    parser.add_argument("--no-rivals", dest="rivals", action="store_false", help="leave the other generators out")
    parser.add_argument("--pynguin", action="store_true", help="Pynguin too, from its registry")
    parser.add_argument("--details", type=pathlib.Path, metavar="DIR", help="what is not reached and who survives, a file a module")
    parser.add_argument("--keep", type=pathlib.Path, metavar="DIR", help="keep the tests and reports here")
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--write", action="store_true", help=f"put the tables into {page.PAGE.relative_to(ROOT)}")
    parser.add_argument("--testgen", default=str(ROOT / "build/release/testgen"))
    for name, section in sections.SECTIONS.items():
        parser.add_argument(f"--{name}", action="store_true", help=section.__doc__.splitlines()[0])
    return parser.parse_args()


def machine(options):
    return (f"Measured on {platform.machine()}, {os.cpu_count()} cores, Python {python_version()}, "
            f"budget {options.budget} a module, seed {options.seed}, {time.strftime('%Y-%m-%d')}")


def python_version():
    import subprocess
    return subprocess.run([corpus.PYTHON, "-V"], capture_output=True, text=True, timeout=60).stdout.split()[-1]


def sources(options):
    """(name, file) of what is to be measured; what is not installed is said."""
    if options.modules:
        return [(path.stem, path.resolve()) for path in options.modules]
    names = options.only or (corpus.UNSEEN if options.unseen else corpus.DEVELOPMENT)
    found = [(name, corpus.locate(name)) for name in names]
    for name, path in found:
        if path is None:
            print(f"{name} is not installed, or is not Python", file=sys.stderr)
    return [(name, path) for name, path in found if path]


def modules(options):
    """The main table. Its rows, and all of it as Markdown."""
    rows = []
    print(table.heading(table.HEAD), flush=True)
    with tempfile.TemporaryDirectory(prefix="testgen-bench-") as scratch, \
            concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        pynguin = rivals.Pynguin(scratch) if options.pynguin else None
        if pynguin and pynguin.missing:
            print(f"Pynguin is skipped: {pynguin.missing}", file=sys.stderr)
            pynguin = None
        for row in pool.map(lambda item: measure.measure(item[1], item[0], options, pynguin), sources(options)):
            rows.append(row)
            print(table.row_line(row), flush=True)
    print(table.mean_line(rows))
    text = "\n".join([table.heading(table.HEAD), *map(table.row_line, rows), table.mean_line(rows)])
    tail = "\n\n" + table.operators(rows)
    if options.rivals:
        tail += "\n\nLines / branches / mutation % of each generator:\n\n" + table.rivals(rows)
    print(tail)
    for row in rows:
        for problem in [*row.get("failing", []), row.get("mutation", {}).get("error")]:
            if problem:
                print(f"{row['module']}: {problem}", file=sys.stderr)
    return rows, text + tail


def main():
    options = parse()
    print(machine(options) + "\n", flush=True)
    chosen = [name for name in sections.SECTIONS if getattr(options, name.replace("-", "_"))]
    results, good = {}, True
    for name in chosen:
        results[name], text, fine = sections.SECTIONS[name](options)
        good = good and fine
        print(text + "\n", flush=True)
        if options.write:
            page.write(name, f"{machine(options)}\n\n{text}")
    if not chosen:
        name = "unseen" if options.unseen else "corpus" if options.budget == "10s" else f"corpus-{options.budget}"
        results[name], text = modules(options)
        good = not any("error" in row for row in results[name])
        if options.write:
            page.write(name, f"{machine(options)}\n\n{text}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
