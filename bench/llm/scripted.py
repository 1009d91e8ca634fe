"""The scripted model on the corpus: what of its tests stayed, and whether `auto` fell below the explorer."""
import json
import pathlib
import tempfile

import measure
import mutants
import scripted_model
import scripted_runs
import suite_figures

NEVER = ("flaky", "vacuous", "hostile", "broken")
KEPT_BAR = 95.0
HEAD = ("module", "calls", "tests in replies", "good", "good that stayed", "good that add but went", "kept %", "values replaced",
        "vacuous, flaky, hostile, broken that stayed", "failing", "explorer: lines / branches / mutation %",
        "auto: lines / branches / mutation %")


def shared(result, killed):
    """Mutants that the suite kills, or lets live, of operators that the program knows of. One that there was no time to
    try is neither."""
    return {(m["operator"], m["line"], m["text"]) for m in result["mutants"] if m["killed"] == killed and m["operator"] in mutants.SHARED}


def mutants_of(folder, source, options, row):
    """What the tests do to every mutant of the sample."""
    result = measure.mutation(folder, source, options)
    if "error" in result or result["not_run"]:
        why = result.get("error") or f"{result['not_run']} not tried in time"
        row["problems"].append(f"{folder.parent.name}/{folder.name}: mutants: {why}")
    return {"mutants": [], **result}


def adds_a_kill(test, survivors, script, module, source, scratch, options, row):
    folder = pathlib.Path(scratch) / f"kills-{test}"
    folder.mkdir(parents=True)
    (folder / f"test_{test}.py").write_text(scripted_runs.alone(script, module, test))
    return bool(shared(mutants_of(folder, source, options, row), True) & survivors)


def figures(run, source, mutated):
    """Lines, branches and mutation score of a suite as text, what it misses, and the score: from outside."""
    row = suite_figures.coverage(run.folder, source)
    score = measure.killed(mutated["mutants"]) or 0.0
    missing = (set(row["missing_lines"]), {tuple(b) for b in row["missing_branches"]})
    return {"text": f"{row['lines']:.1f} / {row['branches']:.1f} / {score:.1f}", "missing": missing, "score": score}


def measure_module(module, options, scratch):
    script, source = scripted_model.read(module), scripted_runs.locate(module)
    if source is None:
        return None
    scratch = pathlib.Path(scratch)
    runs = {engine: scripted_runs.generate(options.build / "testgen", source, scratch / engine, engine, script, options.executions)
            for engine in ("explorer", "llm", "auto")}
    row = {"module": module, "problems": [], "calls": sum(run.calls for run in runs.values()), "tests": len(script.kinds),
           "good": len(script.of("good")), "stayed": 0, "went": [], "observed": 0, "bad": [], "failing": []}
    mutated = {}
    for engine, run in runs.items():
        if run.exit != 0:
            row["problems"].append(f"{engine}: exit {run.exit}: {run.errors[-200:]}")
            continue
        row["failing"] += suite_figures.failing(run.folder)
        mutated[engine] = mutants_of(run.folder, source, options, row)
        if engine == "explorer":
            continue
        stayed = scripted_runs.sorted_out(run, script)
        row["bad"] += [test for kind in NEVER for test in stayed.get(kind, [])]
        for test in stayed.get("wrong", []):
            if "# Observed; the model expected" in scripted_runs.function_text(run.text, test):
                row["observed"] += 1
            else:
                row["bad"].append(test)
        row["stayed"] += len(stayed["good"])
        survivors = shared(mutated[engine], False) - shared(mutated[engine], True)
        for test in script.of("good"):
            if test in stayed["good"]:
                continue
            if scripted_runs.adds_a_goal(test, run, script, module, source, scratch / engine):
                row["went"].append(f"{engine}: {test} (a goal)")
                continue
            if adds_a_kill(test, survivors, script, module, source, scratch / engine, options, row):
                row["went"].append(f"{engine}: {test} (a mutant)")
    if not row["problems"]:
        alone, both = (figures(runs[engine], source, mutated[engine]) for engine in ("explorer", "auto"))
        row["explorer"], row["auto"] = alone["text"], both["text"]
        if any(both["missing"][i] - alone["missing"][i] for i in (0, 1)) or both["score"] < alone["score"]:
            row["problems"].append(f"auto is below the explorer: {alone['text']} and {both['text']}")
    return row


def kept_share(rows):
    stayed, went = sum(row["stayed"] for row in rows), sum(len(row["went"]) for row in rows)
    return 100.0 * stayed / (stayed + went) if stayed + went else 0.0


def line(row):
    return (row["module"], row["calls"], row["tests"], row["good"], row["stayed"], len(row["went"]), f"{kept_share([row]):.0f}",
            row["observed"], len(row["bad"]), len(row["failing"]), row.get("explorer", "none"), row.get("auto", "none"))


def table_of(rows):
    total = {"module": f"all {len(rows)}", **{key: sum(row[key] for row in rows) for key in ("calls", "tests", "good", "stayed", "observed")},
             **{key: [item for row in rows for item in row[key]] for key in ("went", "bad", "failing")}, "explorer": "", "auto": ""}
    body = ["| " + " | ".join(map(str, line(row))) + " |" for row in [*rows, total]]
    return "\n".join(["| " + " | ".join(HEAD) + " |", "|---|" + "---:|" * (len(HEAD) - 1), *body])


def table(options):
    """The table as Markdown, and whether every bar is met."""
    kept = json.loads(options.rows.read_text()) if options.rows and options.rows.exists() else {}
    rows = []
    for module in options.only:
        if module in kept:
            rows.append(kept[module])
            continue
        with tempfile.TemporaryDirectory(prefix="testgen-bench-llm-") as scratch:
            row = measure_module(module, options, scratch)
        if row is None:
            print(f"{module} is not installed")
            continue
        rows.append(row)
        if options.rows:
            kept[module] = row
            options.rows.write_text(json.dumps(kept))
        for problem in [*row["problems"], *row["went"], *row["bad"], *row["failing"]]:
            print(f"{module}: {problem}", flush=True)
    share = kept_share(rows)
    fine = share >= KEPT_BAR and not any(row["bad"] or row["failing"] or row["problems"] for row in rows)
    text = table_of(rows) + (f"\n\nOf the good tests that add a goal or a kill {share:.1f} % stayed (bar {KEPT_BAR:.0f} %); "
                             f"{options.executions} executions a module, seed 1; counts are of the model alone and of `auto` together.")
    return text, fine
