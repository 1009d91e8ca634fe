"""Recall, noise, speed and memory of `testgen scan`, beside the scanners that are installed.

    ./dev bench scan [--sets DIR] [--tree DIR]

--sets (or TESTGEN_SCAN_SETS) is a folder with what is there of the public sets, each as its repository has it:
BenchmarkPython, BenchmarkJava (OWASP), semgrep-rules (its annotated tests). None is part of this project. A set or a
scanner that is missing is named and left out. Everything runs with one and the same configuration.
"""
import argparse
import collections
import csv
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
ANNOTATION = re.compile(r"(?:#|//|/\*|<!--|\{/\*)\s*(ruleid|ok)\s*:")
BAR_SPEED, BAR_TIMES_BANDIT, BAR_NOISE, BAR_MEMORY = 4.0, 8.0, 0.1, 200


def scan(testgen, *paths, flags=()):
    """(findings, summary, seconds of processor, largest resident set in MB)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run([testgen, "scan", *map(str, paths), "--format", "json", "--jobs", "1", *flags],
                         capture_output=True, timeout=900)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = json.loads(run.stdout)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return report["findings"], report["summary"], seconds


def memory(testgen, path):
    code = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); "
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    output = subprocess.run([sys.executable, "-c", code, testgen, "scan", path, "--jobs", "1", "-q"],
                            capture_output=True, text=True, timeout=900).stdout
    return int(output) / 1024


def row(what, bar, value, good):
    print(f"{what:<58} {bar:>14} {value:>22}  {'met' if good else 'MISSED'}")


def owasp(testgen, folder, expected, code, bar, what, scale):
    findings, _, _ = scan(testgen, folder / code, flags=("--min-severity", "info"))
    found = collections.defaultdict(set)
    for one in findings:
        found[pathlib.Path(one["file"]).stem].add(one["cwe"])
    table = collections.defaultdict(lambda: [0, 0, 0, 0])  # bad found, bad, good flagged, good
    with open(folder / expected) as lines:
        for name, category, real, cwe, *_ in csv.reader(line for line in lines if not line.startswith("#")):
            counts = table[category]
            hit = int(cwe) in found[name]
            counts[0 if real == "true" else 2] += hit
            counts[1 if real == "true" else 3] += 1
    scores = {name: a / max(b, 1) - c / max(d, 1) for name, (a, b, c, d) in table.items()}
    for name, score in sorted(scores.items()):
        a, b, c, d = table[name]
        print(f"    {name:<20} found {a}/{b}, flagged {c}/{d}, {score:+.3f}")
    mean = sum(scores.values()) / max(len(scores), 1)
    row(what, f">= {bar:g}", f"{mean * scale:.3g}", mean * scale >= bar)


def annotated(testgen, folders, endings, hits_bar, flagged_bar, what):
    findings, _, _ = scan(testgen, *folders)
    lines = collections.defaultdict(set)
    for one in findings:
        lines[os.path.normpath(one["file"])].add(one["place"]["line"])
    counts = {"ruleid": [0, 0], "ok": [0, 0]}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix not in endings or "security" not in path.parts or not path.is_file():
                continue
            for number, line in enumerate(path.read_text(errors="replace").split("\n"), 1):
                if match := ANNOTATION.search(line):
                    of = counts[match.group(1)]
                    of[1] += 1
                    of[0] += bool(lines[os.path.normpath(path)] & {number + 1, number + 2})
    hits = counts["ruleid"][0] / max(counts["ruleid"][1], 1)
    flagged = counts["ok"][0] / max(counts["ok"][1], 1)
    row(f"annotated tests, {what}: hits", f">= {hits_bar:.0%}", f"{hits:.1%}", hits >= hits_bar)
    row(f"annotated tests, {what}: ok lines flagged", f"<= {flagged_bar:.0%}", f"{flagged:.1%}", flagged <= flagged_bar)


def bandit(tree):
    """Seconds of processor, and findings of medium and above, or nothing."""
    program = shutil.which("bandit") or shutil.which("bandit3")
    if program is None:
        print("bandit is not installed (Debian: python3-bandit): left out")
        return None
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run([program, "-q", "-r", tree, "-f", "json"], capture_output=True, timeout=900)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    severe = sum(one["issue_severity"] != "LOW" for one in json.loads(run.stdout)["results"])
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, severe


def tree_figures(testgen, tree):
    findings, summary, seconds = scan(testgen, tree)
    plain, _, _ = scan(testgen, tree, flags=("--prefilter=false",))
    speed = summary["bytes"] / 1e6 / seconds
    severe = sum(one["severity"] in ("medium", "high", "critical") for one in findings)
    noise = 1000 * severe / summary["lines"]
    row("noise, medium and above for 1000 lines", f"<= {BAR_NOISE}", f"{noise:.3f}", noise <= BAR_NOISE)
    row("speed, MB/s of one core", f">= {BAR_SPEED:g}", f"{speed:.1f}", speed >= BAR_SPEED)
    row("the same findings without the prefilter", "identical", "yes" if plain == findings else "no",
        plain == findings)
    megabytes = memory(testgen, tree)
    row("memory, MB", f"<= {BAR_MEMORY}", f"{megabytes:.0f}", megabytes <= BAR_MEMORY)
    if peer := bandit(tree):
        row("speed, times bandit's", f">= {BAR_TIMES_BANDIT:g}", f"{peer[0] / seconds:.1f}",
            peer[0] / seconds >= BAR_TIMES_BANDIT)
        print(f"    bandit: {peer[0]:.1f} s, {1000 * peer[1] / summary['lines']:.3f} of medium and above for 1000 lines")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", default=os.environ.get("TESTGEN_SCAN_SETS", ""))
    parser.add_argument("--tree", default="/usr/lib/python3/dist-packages", help="code that is not known to be bad")
    parser.add_argument("--testgen", default=ROOT / "build/release/testgen")
    options = parser.parse_args()
    sets = pathlib.Path(options.sets) if options.sets else None
    print(f"{'':<58} {'bar':>14} {'figure':>22}")
    wanted = {"BenchmarkPython": lambda at: owasp(options.testgen, at, "expectedresults-0.1.csv", "testcode", 0.75,
                                                  "BenchmarkPython, mean of TPR - FPR", 1),
              "BenchmarkJava": lambda at: owasp(options.testgen, at, "expectedresults-1.2.csv",
                                                "src/main/java/org/owasp/benchmark/testcode", 65,
                                                "BenchmarkJava, mean of TPR - FPR, times 100", 100),
              "semgrep-rules": lambda at: (annotated(options.testgen, [at / "python"], {".py"}, 0.6, 0.1, "Python"),
                                           annotated(options.testgen, [at / "javascript", at / "typescript"],
                                                     {".js", ".jsx", ".ts", ".tsx"}, 0.5, 0.1, "JavaScript"))}
    for name, measure in wanted.items():
        if sets is not None and (sets / name).is_dir():
            measure(sets / name)
        else:
            print(f"{name} is not there (--sets DIR, or TESTGEN_SCAN_SETS): left out")
    if pathlib.Path(options.tree).is_dir():
        tree_figures(options.testgen, options.tree)
    else:
        print(f"{options.tree} is not there: left out")
    for program in ("flawfinder", "cppcheck", "semgrep", "gosec"):
        if shutil.which(program) is None:
            print(f"{program} is not installed: left out")


if __name__ == "__main__":
    main()
