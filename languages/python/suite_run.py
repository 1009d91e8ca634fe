"""Runs test files that a person wrote, once, under pytest, and measures one module:

    suite_run.py ROOT SOURCE RESULTS COVERAGE FILE…

SOURCE may be empty: nothing is measured then. RESULTS gets one JSON document: {"outcomes": {test: word}, "problems": [[test, text]]}, where a
file that cannot be collected is a problem of "". COVERAGE gets the report of coverage.py, with
branches, where that is installed.
"""

import json
import os
import sys

MOST_DETAIL = 600


class Outcomes:
    """A pytest plugin: what became of each test."""

    def __init__(self):
        self.outcomes, self.problems = {}, []

    def pytest_runtest_logreport(self, report):
        if report.failed or report.skipped or report.when == "call":
            if self.outcomes.get(report.nodeid) != "failed":
                self.outcomes[report.nodeid] = report.outcome
        if report.failed:
            self.note(report.nodeid, report.longrepr)

    def pytest_collectreport(self, report):
        if report.failed:
            self.note("", report.longrepr)

    def note(self, name, longrepr):
        crash = getattr(longrepr, "reprcrash", None)
        self.problems.append([name, str(crash.message if crash else longrepr)[-MOST_DETAIL:]])


def begin_measuring(source):
    try:
        import coverage
    except ImportError:
        return None
    measured = coverage.Coverage(branch=True, include=[source], data_file=None, config_file=False)
    measured.start()
    return measured


def end_measuring(measured, source, path):
    measured.stop()
    data = measured.get_data()
    if source not in data.measured_files():
        data.add_arcs({source: []})  # never imported is not covered, not unknown
    measured.json_report(outfile=path, include=[source])


def main():
    root, source, results, coverage_path = sys.argv[1:5]
    write, dumps, leave = os.write, json.dumps, os._exit
    target = os.open(results, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    sys.path[:] = [entry for entry in sys.path if entry]
    measured = begin_measuring(source) if source else None
    import pytest

    plugin = Outcomes()
    if sys.argv[5:]:  # without a file pytest would run all there are
        pytest.main(["-q", "-p", "no:cacheprovider", "--continue-on-collection-errors",
                     "--rootdir", root, *sys.argv[5:]], plugins=[plugin])
    if measured is not None:
        try:
            end_measuring(measured, source, coverage_path)
        except Exception as error:
            plugin.problems.append(["", "coverage.py: %s" % error])
    data = dumps({"outcomes": plugin.outcomes, "problems": plugin.problems})
    data = data.encode("utf-8", "backslashreplace")
    while data:
        data = data[write(target, data):]
    leave(0)


main()
