"""Drills every alert, or those that are named, and prints how long each takes; `./dev soak drills`.

Results are kept in build/drills.json, so that a long run may be done in parts. With --write the page
docs/reference/alerts.md gets the figures. With --shipped-windows the critical alerts are drilled with the rules, scrapes
and routes as they are shipped, each beside the others in a stack of its own: the better part of an hour, because a budget burns on for half an hour
after its cause.
"""
import argparse
import concurrent.futures
import contextlib
import json
import os
import pathlib
import re
import sys
import tempfile

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import rule_lint  # noqa: E402
import servers  # noqa: E402
from drill_stack import EXPECTED, DrillStack  # noqa: E402

KEPT = servers.SOURCE / "build" / "drills.json"
PAGE = servers.SOURCE / "docs" / "reference" / "alerts.md"
# From a fault to the last notification of a critical alert: with windows of seconds, and beyond the alert's `for` with
# those that are shipped.
TOLD_WITHIN = 15
TOLD_AFTER_FOR = 60
ROW = r"^{} +(\w+) +([\d.]+) +([\d.]+) +([\d.]+)  (.*)$"

HEAD = """\
# Alerts

What `deploy/prometheus/rules/` has, and how long each took when it was drilled: from the fault until
Prometheus fired it, until the last receiver was told, and from the repair until nobody had it any more. These
drills ran with windows of seconds (`tests/support/shortened.py`), so the figures show that each alert works, not how
fast it is in production. `./dev soak drills --write` drills all of them again and writes this page.

| alert | severity | for | says | fired (s) | told (s) | resolved (s) | told by |
|---|---|---|---|---|---|---|---|
"""
SHIPPED_HEAD = """
## With the shipped windows

The critical alerts once more, with rules, scrapes and routes as they are shipped; a page is to go out within the alert's
`for` and a minute. `./dev soak drills --shipped-windows --write` drills them again.

| alert | for (s) | told (s) | bar (s) | resolved (s) |
|---|---:|---:|---:|---:|
"""


def shipped():
    for path in sorted((servers.SOURCE / "deploy/prometheus/rules").glob("*.yml")):
        for group in yaml.safe_load(path.read_text())["groups"]:
            yield from (rule for rule in group["rules"] if "alert" in rule)


def drilled(stack, alert, severity):
    """The figures of one drill, or why it failed."""
    done = stack.drill("run", alert, seconds=200 if stack.short else 9000)
    found = re.search(ROW.format(alert), done.stdout, re.M)
    if not found:
        return {"problem": f"{done.stderr.strip()} {stack.vendors.refused}"}
    by = found.group(5).split(", ")
    # Alertmanager counts what it sends and not of what: the vendors know when they heard of this alert. What a webhook is
    # told ends as a ticket.
    heard = {vendor: stack.vendors.of("jira" if vendor == "webhook" else vendor, alert, since=done.begun) for vendor in by}
    silent = EXPECTED[severity] - {vendor for vendor, messages in heard.items() if messages}
    if silent or stack.vendors.refused:
        return {"problem": f"not told or told wrongly: {sorted(silent)} {stack.vendors.refused}"}
    told = max(messages[0]["at"] for messages in heard.values()) - done.begun
    return {"fires": float(found.group(2)), "told": told, "resolves": float(found.group(4)), "by": by}


def page(figures, unshortened, before):
    """A row without new figures is as it was in the page before."""
    short_before, _, shipped_before = before.partition("\n## With the shipped windows")

    def was(text, name):
        found = re.search(rf"^\| \[?{name}\b.*\n", text, re.M)
        return found[0] if found else ""

    lines = []
    for rule in shipped():
        name, one = rule["alert"], figures.get(rule["alert"])
        if one is None and (row := was(short_before, name)):
            lines.append(row)
            continue
        told = "not drilled | | |" if one is None else (
            f"{one['fires']:.1f} | {one['told']:.1f} | {one['resolves']:.1f} | {', '.join(one['by'])}")
        lines.append(f"| [{name}](../runbooks/{name}.md) | {rule['labels']['severity']} | {rule['for']} | "
                     f"{rule['annotations']['summary']} | {told} |\n")
    slow = []
    for rule in shipped():
        if one := unshortened.get(rule["alert"]):
            held = rule_lint.seconds(rule["for"])
            slow.append(f"| {rule['alert']} | {held:.0f} | {one['told']:.0f} | {held + TOLD_AFTER_FOR:.0f} | "
                        f"{one['resolves']:.0f} |\n")
        elif row := was(shipped_before, rule["alert"]):
            slow.append(row)
    return HEAD + "".join(lines) + (SHIPPED_HEAD + "".join(slow) if slow else "")


class Results:
    """What earlier runs and this one found out, kept as they come: {alert: figures} of each kind."""

    def __init__(self):
        self._read()

    def _read(self):
        kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
        self.short, self.shipped = kept.get("short", {}), kept.get("shipped", {})

    def keep(self, kind, alert, one):
        if "problem" not in one:
            self._read()  # another run may have kept something meanwhile
            getattr(self, kind)[alert] = one
            KEPT.write_text(json.dumps({"short": self.short, "shipped": self.shipped}, indent=1))
        print(f"{alert:<24}" + (one.get("problem") or (
            f"fires {one['fires']:6.1f} s   told {one['told']:6.1f} s   resolves {one['resolves']:6.1f} s   "
            f"{', '.join(one['by'])}")), flush=True)


@contextlib.contextmanager
def stack_of(**options):
    with tempfile.TemporaryDirectory(prefix="testgen-drill-") as folder, contextlib.ExitStack() as cleanup:
        path = pathlib.Path(folder)
        path.chmod(0o755)
        yield DrillStack(path, cleanup, **options)


def with_short_windows(names, severities, results):
    """One after the other; the alerts that are told too late or have never been seen."""
    with stack_of() as stack:
        for alert in names or severities:
            why = stack.impossible(alert)
            one = {"problem": why} if why else drilled(stack, alert, severities[alert])
            stack.vendors.refused.clear()
            results.keep("short", alert, one)
    missing = sorted(set(severities) - set(results.short))
    print(f"{len(severities) - len(missing)} of {len(severities)} alerts have fired and resolved"
          + (f"; missing: {', '.join(missing)}" if missing else ""))
    late = sorted(alert for alert, one in results.short.items()
                  if severities.get(alert) == "critical" and one["told"] > TOLD_WITHIN)
    if late:
        print(f"critical, and told later than {TOLD_WITHIN} s after the fault: {', '.join(late)}")
    return late + ([] if names else missing)


def with_shipped_windows(names, severities, results):
    """All at once; the alerts that are told too late or were not seen."""
    names = names or [alert for alert, severity in severities.items() if severity == "critical"]

    def one_drill(alert):
        with stack_of(short=False, name=f"-{alert}") as stack:
            why = stack.impossible(alert)
            return {"problem": why} if why else drilled(stack, alert, severities[alert])

    bad = []
    held = {rule["alert"]: rule_lint.seconds(rule["for"]) for rule in shipped()}
    with concurrent.futures.ThreadPoolExecutor(len(names)) as pool:
        running = {pool.submit(one_drill, alert): alert for alert in names}
        for done in concurrent.futures.as_completed(running):
            alert, one = running[done], done.result()
            results.keep("shipped", alert, one)
            if "problem" in one or one["told"] > held[alert] + TOLD_AFTER_FOR:
                bad.append(alert)
    for alert in names:
        if alert in results.shipped:
            print(f"{alert:<24}told {results.shipped[alert]['told']:.0f} s after the fault, bar "
                  f"{held[alert] + TOLD_AFTER_FOR:.0f} s")
    return bad


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--shipped-windows", action="store_true")
    arguments = parser.parse_args()
    severities = {rule["alert"]: rule["labels"]["severity"] for rule in shipped()}
    results = Results()
    run = with_shipped_windows if arguments.shipped_windows else with_short_windows
    bad = run(arguments.names, severities, results)
    if arguments.write:
        PAGE.write_text(page(results.short, results.shipped, PAGE.read_text()))
    return 1 if bad else 0


if __name__ == "__main__":
    assert os.environ.get("TESTGEN_BUILD_DIR") or servers.BUILD.exists(), "build first: ./dev build"
    sys.exit(main())
