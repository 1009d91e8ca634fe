"""What one module at a time does not show: packages, two jobs, a short function, code that hangs.

Each section gives (figures, Markdown, whether it ran).
"""
import pathlib
import statistics
import tempfile
import time

import corpus
import generator
import measure
import suite_figures
import table

TEN_LINES = '''def price(quantity: int, member: bool) -> float:
    """What so many pieces cost."""
    if quantity < 0:
        raise ValueError("quantity is negative")
    total = quantity * 2.5
    if quantity >= 100:
        total *= 0.8
    if member:
        total -= 5
    return max(total, 0.0)
'''

# Each call that goes wrong stays in C, where no signal handler of Python runs.
HANGS = '''import re


def is_identifier_list(text: str) -> bool:
    return re.fullmatch(r"(\\w+\\s?)*", text + "!") is not None


def power(base: int, exponent: int) -> int:
    return (base + 3) ** (abs(exponent) + 10 ** 9)


def sleepy(count: int) -> int:
    if count > 3:
        return sum(range(10 ** 11))
    return count


def fine(a: int, b: int) -> str:
    if a > b:
        return "more"
    return "less" if a < b else "same"
'''


def packages(options):
    """Debian packages with I/O and state: the share of functions with a kept test."""
    names = ["package", "modules", "functions with a test", "%", "items", "failing", "wall s", "core MB"]
    rows = []
    for package, why in corpus.PACKAGES.items():
        if options.only and package not in options.only:
            continue
        files = corpus.files_of(package)
        if not files:
            rows.append({"package": package, "error": "not installed"})
            continue
        with tempfile.TemporaryDirectory(prefix="testgen-bench-") as scratch:
            folder = pathlib.Path(scratch) / "tests"
            made = generator.generate(options, files, folder, "--jobs", "2", timeout=60 * len(files) + 120)
            if options.keep and folder.exists():
                measure.keep(folder, made.report, options.keep / package)
            reports = made.report.get("modules", [])
            tested, total = sum(m["functions_tested"] for m in reports), sum(m["functions_total"] for m in reports)
            wanting = [{"module": m["module_name"], "tested": m["functions_tested"], "functions": m["functions_total"],
                        "error": m["error"], "omissions": m["omissions"]} for m in reports if m["functions_tested"] < m["functions_total"]]
            made_any = folder.exists()
            rows.append({"package": package, "why": why, "modules": len(files), "tested": tested, "functions": total, "wall": made.seconds,
                         "core_mb": made.peak_mb, "exit": made.exit, "wanting": wanting, "errors": made.errors[-500:],
                         "items": len(suite_figures.items(folder)) if made_any else 0,
                         "failing": suite_figures.failing(folder) if made_any else []})
    good = [row for row in rows if "error" not in row]
    out = [table.heading(names)]
    for row in good:
        out.append(table.line([row["package"], row["modules"], f"{row['tested']}/{row['functions']}",
                               table.number(measure.share(row["tested"], row["functions"]), 0), row["items"], len(row["failing"]),
                               table.number(row["wall"]), table.number(row["core_mb"], 0)]))
    tested, total = sum(r["tested"] for r in good), sum(r["functions"] for r in good)
    out.append(table.line([f"all {len(good)}", sum(r["modules"] for r in good), f"{tested}/{total}",
                           table.number(measure.share(tested, total), 0), sum(r["items"] for r in good),
                           sum(len(r["failing"]) for r in good), "", ""]))
    out += ["", *(f"- {row['package']}: {row.get('why') or row['error']}" for row in rows)]
    if options.details:
        options.details.mkdir(parents=True, exist_ok=True)
        for row in good:
            (options.details / f"package-{row['package']}.txt").write_text(package_details(row))
    return rows, "\n".join(out), len(good) == len(rows)


def package_details(row):
    out = [f"{row['package']}: {row['tested']}/{row['functions']} functions, exit {row['exit']}, {row['wall']:.0f} s", row["errors"]]
    for module in sorted(row["wanting"], key=lambda m: m["tested"] - m["functions"]):
        out += ["", f"{module['module']}: {module['tested']}/{module['functions']} {module['error'] or ''}"]
        out += [f"  {omission}" for omission in module["omissions"]]
    out += ["", "FAILING IN HOSTILE RUNS", *row["failing"]]
    return "\n".join(out) + "\n"


def two_at_once(options):
    """Two modules with --jobs 2 beside one at a time: what is lost?"""
    pair = [("textwrap", corpus.locate("textwrap")), ("semver", corpus.locate("semver"))]
    pair = [(name, path) for name, path in pair if path]
    rows = []
    with tempfile.TemporaryDirectory(prefix="testgen-bench-") as scratch:
        scratch = pathlib.Path(scratch)
        alone = [generator.generate(options, [path], scratch / name, "--jobs", "1") for name, path in pair]
        both = generator.generate(options, [path for _, path in pair], scratch / "both", "--jobs", "2")
        for (name, path), single in zip(pair, alone):
            stem = f"test_{path.stem}.py"
            beside = scratch / f"{name}-of-two"
            beside.mkdir()
            for file in (scratch / "both").rglob(stem):
                (beside / stem).write_text(file.read_text())
            rows.append({"module": name, "alone": measure.suite_row(scratch / name, path, options),
                         "together": measure.suite_row(beside, path, options), "wall_alone": single.seconds, "wall_together": both.seconds})
    out = [table.heading(["module", "branches % alone", "with another", "mutation % alone", "with another", "wall s alone", "both"])]
    for row in rows:
        out.append(table.line([row["module"], *(table.number(row[k]["branches"]) for k in ("alone", "together")),
                               *(table.number(row[k]["mutation %"]) for k in ("alone", "together")),
                               table.number(row["wall_alone"]), table.number(row["wall_together"])]))
    return rows, "\n".join(out), len(rows) == 2


def ten_lines(options):
    """A function of ten lines, end to end, median of five."""
    seconds, tests = [], 0
    for _ in range(5):
        with tempfile.TemporaryDirectory(prefix="testgen-bench-") as scratch:
            source = pathlib.Path(scratch) / "price.py"
            source.write_text(TEN_LINES)
            made = generator.generate(options, [source], pathlib.Path(scratch) / "tests")
            seconds.append(made.seconds)
            tests = sum(m["tests_kept"] for m in made.report.get("modules", []))
    median = statistics.median(seconds)
    text = f"A function of ten lines, end to end: {median:.2f} s (median of {', '.join(f'{s:.2f}' for s in sorted(seconds))}), {tests} tests."
    return {"seconds": seconds, "median": median, "tests": tests}, text, tests > 0


def hang(options):
    """A module whose functions hang in C: time over the budget."""
    with tempfile.TemporaryDirectory(prefix="testgen-bench-") as scratch:
        source = pathlib.Path(scratch) / "hangs.py"
        source.write_text(HANGS)
        started = time.monotonic()
        made = generator.generate(options, [source], pathlib.Path(scratch) / "tests")
        over = 100.0 * ((time.monotonic() - started) / generator.budget_seconds(options.budget) - 1)
        report = (made.report.get("modules") or [{}])[0]
    text = (f"A module whose functions hang in C (a regular expression, a power, a sum): {made.seconds:.1f} s, "
            f"{over:+.0f} % of the budget; {report.get('functions_tested', 0)} of {report.get('functions_total', 0)} functions have a test.")
    return {"wall": made.seconds, "over": over, "exit": made.exit}, text, made.exit in (0, 1)


SECTIONS = {"packages": packages, "two-at-once": two_at_once, "ten-lines": ten_lines, "hang": hang}
