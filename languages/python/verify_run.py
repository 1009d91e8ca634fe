"""Runs a generated test file once under pytest and writes what happened as JSON.

Used inside the sandbox, in a fresh process each time:
    verify_run.py TEST_FILE RESULTS ORDER_SEED [SOURCE_FILE COVERAGE_JSON]

RESULTS gets one JSON document a line: {"start": test} before each test, and a last one with
"outcomes" and "problems", so that a test which takes the process down is known by name.

ORDER_SEED 0 keeps the order of the file, any other number shuffles it. With a source file the
run is measured by coverage.py with branches, as `coverage run --branch` does.
"""

import json
import os
import random
import signal
import sys

SECONDS_A_TEST = 5


class Reporter:
    """A pytest plugin: one outcome a test function, and an order of our choosing."""

    def __init__(self, order_seed, say):
        self.order_seed = order_seed
        self.say = say
        self.outcomes = {}
        self.problems = []

    def pytest_collection_modifyitems(self, items):
        if self.order_seed:
            random.Random(self.order_seed).shuffle(items)

    def pytest_runtest_setup(self, item):
        self.say({"start": item.name})
        signal.alarm(SECONDS_A_TEST)

    def pytest_runtest_teardown(self, item):
        signal.alarm(0)

    def pytest_runtest_logreport(self, report):
        name = report.nodeid.rpartition("::")[2]
        if report.failed or report.when == "call":
            failed_before = self.outcomes.get(name) == "failed"
            self.outcomes[name] = "failed" if failed_before else report.outcome
            if report.failed:
                self.problems.append([name, str(report.longrepr)[-600:]])

    def pytest_collectreport(self, report):
        if report.failed:
            self.problems.append(["", str(report.longrepr)[-1500:]])


def on_alarm(_signal, _frame):
    raise TimeoutError("a test took longer than %d s" % SECONDS_A_TEST)


def main():
    test_file, results_path, order_seed = sys.argv[1], sys.argv[2], int(sys.argv[3])
    source, coverage_path = (sys.argv[4:6] + [None, None])[:2]
    folder = os.path.dirname(test_file)
    sys.path[:] = [entry for entry in sys.path if entry and entry != folder]
    measured = None
    if coverage_path:
        import coverage

        measured = coverage.Coverage(
            branch=True, include=[source], data_file=None, config_file=False
        )
        measured.start()
    import pytest

    signal.signal(signal.SIGALRM, on_alarm)
    # Code under test may change what the report needs.
    write, dump, leave = os.write, json.dumps, os._exit
    results = os.open(results_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)

    def say(document):
        write(results, (dump(document) + "\n").encode("utf-8", "backslashreplace"))

    reporter = Reporter(order_seed, say)
    code = pytest.main(
        ["-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", folder, "--tb=short",
         test_file],
        plugins=[reporter],
    )
    if measured is not None:
        measured.stop()
        try:
            measured.json_report(outfile=coverage_path, include=[source])
        except coverage.CoverageException as error:
            reporter.problems.append(["", "coverage: %s" % error])
    say({"exit": int(code), "outcomes": reporter.outcomes, "problems": reporter.problems[:20]})
    leave(0)


main()
