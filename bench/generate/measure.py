"""One row of the table: generate for a module, then measure what was made from outside."""
import collections
import json
import pathlib
import subprocess
import tempfile

import corpus
import generator
import rivals
import suite_figures

HERE = pathlib.Path(__file__).resolve().parent


def mutation(folder, source, options):
    """What the mutants say (mutation_run.py), or {"error": why}."""
    out = pathlib.Path(folder).parent / (pathlib.Path(folder).name + ".mutants.json")
    try:
        run = subprocess.run([corpus.PYTHON, "-X", "frozen_modules=off", str(HERE / "mutation_run.py"), str(source), str(folder),
                              str(out), "--count", str(options.mutants), "--limit", str(options.mutation_limit),
                              *([] if getattr(options, "prove", True) else ["--no-proof"])],
                             capture_output=True, text=True, timeout=8 * options.mutation_limit + 120)
    except subprocess.TimeoutExpired:
        return {"error": "mutants: not done in time"}
    if not out.exists():
        return {"error": (run.stderr.strip().splitlines() or [f"exit {run.returncode}"])[-1][:120]}
    return json.loads(out.read_text())


def share(part, whole):
    return 100.0 * part / whole if whole else None


def killed(mutants, operators=None):
    chosen = [m for m in mutants if operators is None or m["operator"] in operators]
    return share(sum(m["killed"] for m in chosen), len(chosen))


def suite_row(folder, source, options):
    """What every generator's suite is measured by."""
    row = suite_figures.coverage(folder, source)
    row["mutation"] = mutation(folder, source, options)
    row["mutation %"] = killed(row["mutation"].get("mutants", []))
    return row


def measure(source, module, options, pynguin=None):
    with tempfile.TemporaryDirectory(prefix="testgen-bench-") as scratch:
        scratch = pathlib.Path(scratch)
        folder = scratch / "tests"
        made = generator.generate(options, [source], folder)
        row = {"module": module, "source": str(source), "exit": made.exit, "wall": made.seconds, "core_mb": made.peak_mb,
               "over": 100.0 * (made.seconds / generator.budget_seconds(options.budget) - 1)}
        if not made.report.get("modules") or not list(folder.rglob("test_*.py")):
            row["error"] = made.errors[-200:] or f"exit {made.exit}, no tests"
            return row
        if options.keep:
            keep(folder, made.report, options.keep / module)
        report = made.report["modules"][0]
        row.update(tested=report["functions_tested"], functions=report["functions_total"],
                   omissions=report.get("omissions", []), suspicions=len(report.get("suspicions", [])))
        row.update(shape(folder))
        row["failing"] = suite_figures.failing(folder)
        row.update(suite_row(folder, source, options))
        if options.details:
            options.details.mkdir(parents=True, exist_ok=True)
            (options.details / f"{module}.txt").write_text(details(row))
        if options.rivals:
            row["rivals"] = beside(source, module, scratch, options, pynguin)
        return row


def shape(folder):
    """Items, error-only share, longest test."""
    functions = suite_figures.functions(folder)
    items = suite_figures.items(folder)
    alone = sum(functions.get(suite_figures.function_of(item), (0, False))[1] for item in items)
    longest = max(((lines, name) for name, (lines, _) in functions.items()), default=(0, ""))
    return {"items": len(items), "error_only": share(alone, len(items)) or 0.0, "longest": longest[0], "longest_name": longest[1]}


def keep(folder, report, where):
    """Copies the tests and the report, for reading."""
    where.mkdir(parents=True, exist_ok=True)
    for file in folder.rglob("*.py"):
        (where / file.name).write_text(file.read_text())
    (where / "report.json").write_text(json.dumps(report, indent=1))


def beside(source, module, scratch, options, pynguin):
    """The other generators on the same module: name → row or {"error": why}."""
    writers = {"ghostwriter": lambda place: rivals.ghostwriter(module, place, 60)}
    if pynguin is not None:
        writers["pynguin"] = lambda place: pynguin.missing or pynguin.write(
            source, module, place, generator.budget_seconds(options.budget))
    rows = {}
    for name, write in writers.items():
        place = scratch / name
        problem = write(place)
        rows[name] = {"error": problem} if problem else suite_row(place, source, options)
    return rows


def details(row):
    """What a developer of the search wants to know: what is not reached, and who survives."""
    text = pathlib.Path(row["source"]).read_text().splitlines()
    out = [f"{row['module']}: lines {row['lines']:.1f} %, branches {row['branches']:.1f} %, mutation {row['mutation %'] or 0:.1f} %, "
           f"{row['items']} items, {row['tested']}/{row['functions']} functions, {row['wall']:.1f} s", "", "LINES NOT RUN"]
    out += [f"  {line:5} {text[line - 1].rstrip()}" for line in row["missing_lines"]]
    out += ["", "BRANCHES NOT TAKEN (from line -> to line; negative: leaves the function or module)"]
    missing = set(row["missing_lines"])
    for start, end in row["missing_branches"]:
        if start not in missing:
            out.append(f"  {start:5} -> {end:5}  {text[start - 1].strip()}")
    mutants = row["mutation"].get("mutants", [])
    alive = sorted((m for m in mutants if not m["killed"]), key=lambda m: m["line"])
    out += ["", f"SURVIVORS ({len(alive)} of {len(mutants)} sampled; unreached: no test runs the line)"]
    out += [f"  {m['line']:5} {m['how']:9} {m['operator']:18} {m['function']}: {m['text']}" for m in alive]
    by = collections.Counter(m["function"] for m in alive)
    out += ["", "SURVIVORS BY FUNCTION", *(f"  {count:4} {name or '(module)'}" for name, count in by.most_common())]
    for key in ("idle", "undecided"):
        out += ["", f"TESTS THAT KILL NOTHING, {key}", *(f"  {test}" for test in row["mutation"].get(key, []))]
    out += ["", "FAILING IN HOSTILE RUNS", *(f"  {test}" for test in row["failing"])]
    out += ["", "LEFT OUT, as the report says", *(f"  {json.dumps(o)}" for o in row["omissions"])]
    return "\n".join(out) + "\n"
