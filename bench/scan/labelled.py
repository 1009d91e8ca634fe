"""The public labelled sets: which of their bad places are found, and which good ones are flagged.

Each function takes what a scanner found, as {path: {line: {cwe, …}}}, so that every scanner is measured alike.
"""
import collections
import csv
import os
import re

ANNOTATION = re.compile(r"(?:#|//|/\*|<!--|\{/\*)\s*(ruleid|ok)\s*:")
GO_SAMPLE = re.compile(r"\{\[\]string\{(.*?)\},\s*(\d+),\s*gosec\.NewConfig\(\)\}", re.S)


def owasp(found, expected, name_of=lambda path: path.stem):
    """(mean of TPR - FPR over the categories by exact CWE, lines for each category)."""
    cwes = collections.defaultdict(set)
    for path, lines in found.items():
        for of in lines.values():
            cwes[name_of(path)] |= of
    table = collections.defaultdict(lambda: [0, 0, 0, 0])  # bad found, bad, good flagged, good
    with open(expected) as lines:
        for name, category, real, cwe, *_ in csv.reader(line for line in lines if not line.startswith("#")):
            counts = table[category]
            counts[0 if real == "true" else 2] += int(cwe) in cwes[name]
            counts[1 if real == "true" else 3] += 1
    scores = {name: a / max(b, 1) - c / max(d, 1) for name, (a, b, c, d) in table.items()}
    lines = [f"{name:<20} found {table[name][0]}/{table[name][1]}, flagged {table[name][2]}/{table[name][3]}, {score:+.3f}"
             for name, score in sorted(scores.items())]
    return sum(scores.values()) / max(len(scores), 1), lines


def annotated_files(folders, endings):
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in endings and "security" in path.parts and path.is_file():
                yield path


def annotated(found, folders, endings):
    """(share of `ruleid` places with a finding on one of the two lines after, share of `ok` places)."""
    counts = {"ruleid": [0, 0], "ok": [0, 0]}
    by_name = {os.path.normpath(path): lines for path, lines in found.items()}
    for path in annotated_files(folders, endings):
        lines = by_name.get(os.path.normpath(path), {})
        for number, line in enumerate(path.read_text(errors="replace").split("\n"), 1):
            if match := ANNOTATION.search(line):
                of = counts[match.group(1)]
                of[0] += bool(lines.keys() & {number + 1, number + 2})
                of[1] += 1
    return tuple(a / max(b, 1) for a, b in counts.values())


def securibench(found, folder):
    """(share of lines marked BAD that are found, share of those marked OK)."""
    counts = {"BAD": [0, 0], "OK": [0, 0]}
    by_name = {os.path.normpath(path): lines for path, lines in found.items()}
    for path in sorted(folder.rglob("*.java")):
        lines = by_name.get(os.path.normpath(path), {})
        for number, line in enumerate(path.read_text(errors="replace").split("\n"), 1):
            for mark, of in counts.items():
                if re.search(rf"/\*\s*{mark}\b", line):
                    of[0] += number in lines
                    of[1] += 1
    return tuple(a / max(b, 1) for a, b in counts.values())


def write_go_samples(source, into):
    """gosec's samples as files; {path: whether there is something to find}."""
    out = {}
    into.mkdir(parents=True, exist_ok=True)
    for file in sorted(source.glob("g*_samples.go")):
        for number, (code, findings) in enumerate(GO_SAMPLE.findall(file.read_text(errors="replace"))):
            parts = re.findall(r"`(.*?)`", code, re.S)
            if len(parts) != 1:
                continue
            path = into / f"{file.stem}_{number}.go"
            path.write_text(parts[0])
            out[path] = int(findings) > 0
    return out


def samples(found, wanted):
    """(share of samples with something to find that are flagged, share of the others)."""
    counts = {True: [0, 0], False: [0, 0]}
    by_name = {os.path.normpath(path) for path, lines in found.items() if lines}
    for path, bad in wanted.items():
        counts[bad][0] += os.path.normpath(path) in by_name
        counts[bad][1] += 1
    return tuple(counts[bad][0] / max(counts[bad][1], 1) for bad in (True, False))
