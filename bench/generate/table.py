"""Rows as Markdown."""
import statistics

import mutants as mutation
from measure import killed

HEAD = ["module", "functions", "items", "error-only %", "longest test", "lines %", "branches %", "mutation %", "held-out %",
        "idle", "failing", "wall s", "over %", "core MB"]


def line(cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def heading(names):
    return line(names) + "\n|---" + "|---:" * (len(names) - 1) + "|"


def number(value, digits=1):
    return "–" if value is None else f"{value:.{digits}f}"


def mutants_of(row):
    return row["mutation"].get("mutants", [])


def row_line(row):
    if "error" in row:
        return line([row["module"], row["error"].replace("|", "/").replace("\n", " "), *[""] * 9,
                     number(row["wall"]), number(row["over"], 0), number(row["core_mb"], 0)])
    idle = str(len(row["mutation"].get("idle", [])))
    if row["mutation"].get("undecided"):
        idle += f" + {len(row['mutation']['undecided'])}?"
    return line([row["module"], f"{row['tested']}/{row['functions']}", row["items"], number(row["error_only"], 0), row["longest"],
                 number(row["lines"]), number(row["branches"]), number(row["mutation %"]),
                 number(killed(mutants_of(row), mutation.HELD_OUT)), idle, len(row["failing"]), number(row["wall"]),
                 number(row["over"], 0), number(row["core_mb"], 0)])


def mean(values):
    values = [value for value in values if value is not None]
    return statistics.fmean(values) if values else None


def mean_line(rows):
    """Means of the percentages, items and times; sums of what should be none; the largest of the rest."""
    good = [row for row in rows if "error" not in row]
    if not good:
        return line(["mean of 0"] + [""] * (len(HEAD) - 1))
    def of(key):
        return mean(row[key] for row in good)
    return line([f"mean of {len(good)}", f"{sum(r['tested'] for r in good)}/{sum(r['functions'] for r in good)}", number(of("items"), 0),
                 number(of("error_only"), 0), max(r["longest"] for r in good), number(of("lines")), number(of("branches")),
                 number(of("mutation %")), number(mean(killed(mutants_of(r), mutation.HELD_OUT) for r in good)),
                 sum(len(r["mutation"].get("idle", [])) for r in good), sum(len(r["failing"]) for r in good), number(of("wall")),
                 f"max {max(r['over'] for r in rows):.0f}", f"max {max(r['core_mb'] for r in rows):.0f}"])


def operators(rows):
    """The mutation score by operator, over all modules."""
    everything = [m for row in rows if "error" not in row for m in mutants_of(row)]
    out = [heading(["operator", "held out", "mutants", "killed %"])]
    for held_out, names in (("", mutation.SHARED), ("yes", mutation.HELD_OUT)):
        for name in names:
            chosen = [m for m in everything if m["operator"] == name]
            out.append(line([name.replace("_", " "), held_out, len(chosen), number(killed(chosen))]))
    return "\n".join(out)


def rivals(rows):
    """Line / branch / mutation of each generator, side by side."""
    names = sorted({name for row in rows for name in row.get("rivals", {})})
    out = [heading(["module", "testgen", *names])]

    def cell(figures):
        if "error" in figures:
            return "–"
        return f"{figures['lines']:.0f} / {figures['branches']:.0f} / {number(figures['mutation %'], 0)}"
    good = [row for row in rows if "rivals" in row]
    for row in good:
        out.append(line([row["module"], cell(row), *(cell(row["rivals"].get(name, {"error": ""})) for name in names)]))

    def average(of):
        """A suite that does not exist covers nothing."""
        figures = [of(row) for row in good]
        return " / ".join(f"{mean(f.get(key) or 0.0 for f in figures):.0f}" for key in ("lines", "branches", "mutation %"))
    if good:
        out.append(line(["mean", average(lambda row: row), *(average(lambda row, n=name: row["rivals"].get(n, {})) for name in names)]))
    return "\n".join(out)
