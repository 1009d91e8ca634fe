"""Adds up what the suites of ./dev test left behind: <suite>.xml (JUnit) and <suite>.status
("exit-status seconds"). Prints a line a suite, then the closing line `N passed, N failed,
N skipped`. A suite that broke off without a failed test counts as one failure, so that a crash
is never a success. Exit status 1 when anything failed."""
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

NO_TESTS_COLLECTED = 5  # pytest's status for an empty suite
ORDER = ["unit", "lint", "cases", "sandbox", "integration", "e2e", "deploy", "optional"]


def count(folder, suite):
    """(passed, failed, skipped, note) of one suite."""
    status = int((folder / f"{suite}.status").read_text().split()[0])
    tests = failed = skipped = 0
    try:
        root = ElementTree.parse(folder / f"{suite}.xml").getroot()
    except (OSError, ElementTree.ParseError):
        return 0, 1, 0, "no results"
    for element in [root] if root.tag == "testsuite" else root.iter("testsuite"):
        number = lambda name: int(element.get(name, "0"))  # noqa: E731
        tests += number("tests")
        failed += number("failures") + number("errors")
        skipped += number("skipped") + number("disabled")
    if status not in (0, NO_TESTS_COLLECTED) and failed == 0:
        return tests - skipped, 1, skipped, f"broke off with status {status}"
    return tests - failed - skipped, failed, skipped, ""


def main(folder):
    suites = sorted((path.stem for path in folder.glob("*.status")), key=ORDER.index)
    totals = [0, 0, 0]
    print()
    for suite in suites:
        *counts, note = count(folder, suite)
        seconds = (folder / f"{suite}.status").read_text().split()[1]
        totals = [a + b for a, b in zip(totals, counts)]
        passed, failed, skipped = counts
        print(f"{suite:<12}{passed:>6} passed{failed:>5} failed{skipped:>5} skipped{seconds:>6} s  {note}".rstrip())
    print(f"{totals[0]} passed, {totals[1]} failed, {totals[2]} skipped")
    return 1 if totals[1] or not suites else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
