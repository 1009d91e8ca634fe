"""Drills every alert, or those that are named, and prints how long each takes; `./dev soak drills`.

Results are kept in build/drills.json, so that a long run may be done in parts. With --write the page
docs/reference/alerts.md gets the figures.
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import sys
import tempfile

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import servers  # noqa: E402
from drill_stack import EXPECTED, DrillStack  # noqa: E402

KEPT = servers.SOURCE / "build" / "drills.json"
PAGE = servers.SOURCE / "docs" / "reference" / "alerts.md"
# From a fault to the last notification of a critical alert, with these short windows.
TOLD_WITHIN = 15
# A few alerts are muted by others that their fault causes as well, or wait for those to end.
ROW = r"^{} +(\w+) +([\d.]+) +([\d.]+) +([\d.]+)  (.*)$"


def shipped():
    for path in sorted((servers.SOURCE / "deploy/prometheus/rules").glob("*.yml")):
        for group in yaml.safe_load(path.read_text())["groups"]:
            yield from (rule for rule in group["rules"] if "alert" in rule)


def drilled(stack, alert, severity):
    """The figures of one drill, or why it failed."""
    done = stack.drill("run", alert, seconds=200)
    found = re.search(ROW.format(alert), done.stdout, re.M)
    if not found:
        return {"problem": f"{done.stderr.strip()} {stack.vendors.refused}"}
    by = found.group(5).split(", ")
    # What a webhook is told ends as a ticket.
    heard = [vendor for vendor in by if stack.vendors.of("jira" if vendor == "webhook" else vendor, alert)]
    silent = EXPECTED[severity] - set(heard)
    if silent or stack.vendors.refused:
        return {"problem": f"not told or told wrongly: {sorted(silent)} {stack.vendors.refused}"}
    return {"fires": float(found.group(2)), "told": float(found.group(3)), "resolves": float(found.group(4)), "by": by}


def page(figures):
    lines = ["# Alerts", "",
             "What `deploy/prometheus/rules/` has, and how long each took when it was drilled: from the fault until",
             "Prometheus fired it, until the last receiver was told, and from the repair until nobody had it any more. The",
             "drills ran with windows of seconds (`tests/support/shortened.py`), so the figures show that each alert works, not how",
             "fast it is in production: there its `for` and its windows are what counts.",
             "`./dev soak drills --write` drills all of them again and writes this page.", "",
             "| alert | severity | for | says | fired (s) | told (s) | resolved (s) | told by |",
             "|---|---|---|---|---|---|---|---|"]
    for rule in shipped():
        name, one = rule["alert"], figures.get(rule["alert"])
        if one is None:
            lines.append(f"| [{name}](../runbooks/{name}.md) | {rule['labels']['severity']} | {rule['for']} | "
                         f"{rule['annotations']['summary']} | not drilled | | | |")
            continue
        lines.append(f"| [{name}](../runbooks/{name}.md) | {rule['labels']['severity']} | {rule['for']} | "
                     f"{rule['annotations']['summary']} | {one['fires']:.1f} | {one['told']:.1f} | {one['resolves']:.1f} | "
                     f"{', '.join(one['by'])} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    severities = {rule["alert"]: rule["labels"]["severity"] for rule in shipped()}
    figures = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    with tempfile.TemporaryDirectory(prefix="testgen-drill-") as folder, contextlib.ExitStack() as cleanup:
        path = pathlib.Path(folder)
        path.chmod(0o755)
        stack = DrillStack(path, cleanup)
        for alert in arguments.names or severities:
            why = stack.impossible(alert)
            one = {"problem": why} if why else drilled(stack, alert, severities[alert])
            stack.vendors.refused.clear()
            if "problem" not in one:
                figures[alert] = one
                KEPT.write_text(json.dumps(figures, indent=1))
            print(f"{alert:<24}{severities[alert]:<10}" + (
                one.get("problem") or f"fires {one['fires']:6.1f} s   told {one['told']:6.1f} s   "
                f"resolves {one['resolves']:6.1f} s   {', '.join(one['by'])}"), flush=True)
    missing = sorted(set(severities) - set(figures))
    print(f"{len(severities) - len(missing)} of {len(severities)} alerts have fired and resolved"
          + (f"; missing: {', '.join(missing)}" if missing else ""))
    late = sorted(alert for alert, one in figures.items()
                  if severities.get(alert) == "critical" and one["told"] > TOLD_WITHIN)
    if late:
        print(f"critical, and told later than {TOLD_WITHIN} s after the fault: {', '.join(late)}")
    if arguments.write:
        PAGE.write_text(page(figures))
    return 1 if late or (missing and not arguments.names) else 0


if __name__ == "__main__":
    assert os.environ.get("TESTGEN_BUILD_DIR") or servers.BUILD.exists(), "build first: ./dev build"
    sys.exit(main())
