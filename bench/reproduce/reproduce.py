"""How many security findings `testgen scan --reproduce` shows by a test, and why not the others.

    ./dev bench reproduce [--tree DIR] [--write] [NAME…]

NAMEs are packages below DIR, by default a few of Debian's that the project's own tests and benchmarks bring. Each is
scanned as it lies there, with all rules and their levels as users have them. What is not installed is named and left out.
--write puts the table into docs/benchmarks.md.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.path[:0] = [str(pathlib.Path(__file__).parents[1])]
import page  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
TREE = "/usr/lib/python3/dist-packages"
NAMES = ["bandit", "boltons", "click", "coverage", "flask", "git", "gunicorn"]
REASONS = [("no call got as far as", "no call got there"), ("no call with that text", "no call with that text got there"),
           ("did not arrive as it was", "the text is changed on the way"),
           ("cannot be imported", "the module cannot be imported"), ("is in no function", "it is in no function"),
           ("no telling where", "what is called is made in a way that is not followed"),
           ("no parameter that takes text", "no parameter takes text"), ("its test ", "its test was not kept"),
           ("runs when the module is imported", "it is in no function")]


def reason(text):
    return next((said for part, said in REASONS if part in text), re.sub(r"\W\S*\(\)|[\w.]+\.\w+", "…", text)[:60])


def scan(program, package, folder, reproduce):
    report = folder / "report.json"
    words = [program, "scan", str(package), "--format", "json", "-o", str(report), "--no-cache", "-q"]
    if reproduce:
        words += ["--reproduce", "--reproduce-output", str(folder / "tests")]
    begin = time.monotonic()
    run = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=3600)
    if run.returncode not in (0, 1):
        raise SystemExit(f"{package}: {run.stderr}")
    return json.loads(report.read_text())["findings"], time.monotonic() - begin


def kept_pass(folder):
    """Whether what was written passes once more, all in one run."""
    if not any((folder / "tests").glob("*.py")):
        return True
    run = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder / "tests")],
                         cwd=folder, capture_output=True, text=True, timeout=600)
    return run.returncode == 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--tree", default=TREE)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    program = str(ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen")
    tree = pathlib.Path(options.tree)
    rows, reasons, broken = [], collections.Counter(), 0
    for name in options.names or NAMES:
        if not (tree / name).is_dir():
            print(f"left out: {name} is not installed")
            continue
        with tempfile.TemporaryDirectory() as made:
            folder = pathlib.Path(made)
            found, _ = scan(program, tree / name, folder, False)
            if not any(one["rule"].startswith("python/") for one in found):
                continue
            findings, seconds = scan(program, tree / name, folder, True)
            tried = [one for one in findings if "test" in one or "not_reproduced" in one]
            if not tried:
                continue
            shown = sum("test" in one for one in tried)
            reasons.update(reason(one["not_reproduced"]) for one in tried if "test" not in one)
            broken += not kept_pass(folder)
            rows.append((name, len(tried), shown, seconds))
            print(f"{name:<24} tried {len(tried):>4}  reproduced {shown:>4}  {seconds:7.1f} s", flush=True)
    tried, shown = sum(row[1] for row in rows), sum(row[2] for row in rows)
    if not tried:
        raise SystemExit("nothing was found that could be tried")
    print(f"\nreproduced {shown} of {tried} ({shown / tried:.0%})")
    for text, count in reasons.most_common():
        print(f"{count:>5}  {text}")
    if options.write:
        lines = ["| package | findings tried | reproduced | seconds |", "|---|---|---|---|"]
        lines += [f"| {name} | {all_} | {some} | {seconds:.0f} |" for name, all_, some, seconds in rows]
        lines += [f"| together | {tried} | {shown} ({shown / tried:.0%}) | {sum(row[3] for row in rows):.0f} |", "",
                  "| why not | findings |", "|---|---|"]
        lines += [f"| {text} | {count} |" for text, count in reasons.most_common()]
        page.write("reproduce", "\n".join(lines))
    if broken:
        raise SystemExit(f"the tests of {broken} packages do not pass together")


main()
