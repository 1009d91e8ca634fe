# Part of serve.py: one run of one test file, in the child, under pytest or unittest.


class Report:
    """What both runners tell: which test runs, how it ended, which assertions moved."""

    def __init__(self, say, command):
        self.say = say
        self.order_seed = command["order_seed"]
        self.skip = frozenset(command["skip"])
        self.seconds = command["seconds_a_test"]
        self.conftests = command["conftests"]
        self.module, self.source = command["module"], command["source"]
        self.current = ""
        self.forget()
        # Code under test may replace what the report needs.
        self.now, self.alarm = time.monotonic, signal.setitimer
        builtins.__testgen_moved__ = self.on_moved

    def forget(self):
        self.moved, self.problem, self.outcome, self.started = [], "", None, None

    def on_moved(self, number, error, text):
        self.moved.append(number)
        if not self.problem:
            raised = "" if isinstance(error, AssertionError) else ", " + describe(error)
            self.problem = "`%s` did not hold%s" % (text, raised)

    def on_alarm(self, _signal, _frame):
        raise TimeoutError("the test took longer than %g s" % self.seconds)

    def choose(self, items, name_of):
        other = self.imported_instead()
        if other:
            self.say({"problem": "`import %s` found %s: the test runner or another module imports that first. "
                                 "Install the project for this Python, as `pip install -e .` does"
                                 % (self.module, other)})
            items[:] = []
        items[:] = [item for item in items if name_of(item) not in self.skip]
        if self.order_seed:
            random.Random(self.order_seed).shuffle(items)

    def imported_instead(self):
        """The file that goes by the name of the module under test, when it is not the one under test."""
        found = getattr(sys.modules.get(self.module), "__file__", None)
        if not isinstance(found, str) or not found.endswith(".py"):
            return None
        return None if os.path.realpath(found) == os.path.realpath(self.source) else found

    def begin(self, name):
        self.current = name
        self.forget()
        self.say({"start": name})
        self.started = self.now()
        self.alarm(signal.ITIMER_REAL, self.seconds)

    def end(self):
        self.alarm(signal.ITIMER_REAL, 0)
        self.say({
            "test": self.current,
            "outcome": self.outcome or "failed",
            "seconds": round(self.now() - self.started, 4),
            "moved": self.moved,
            "problem": self.problem[-MOST_DETAIL:],
        })


def describe(error):
    try:
        return ("%s: %s" % (type(error).__name__, error))[:MOST_DETAIL]
    except Exception:
        return type(error).__name__


class PytestPlugin:
    def __init__(self, report):
        self.report = report

    def pytest_collection_modifyitems(self, items):
        self.report.choose(items, lambda item: item.nodeid.partition("::")[2])

    def pytest_runtest_logstart(self, nodeid):
        self.report.begin(nodeid.partition("::")[2])

    def pytest_runtest_logreport(self, report):
        if report.failed or (report.when == "call" and self.report.outcome is None):
            self.report.outcome = report.outcome
        elif report.skipped:
            self.report.outcome = "skipped"
        if report.failed and not self.report.problem:
            crash = getattr(report.longrepr, "reprcrash", None)
            self.report.problem = str(crash.message if crash else report.longrepr)[:MOST_DETAIL]

    def pytest_runtest_logfinish(self):
        self.report.end()

    def pytest_collectreport(self, report):
        if report.failed:
            self.report.say({"problem": str(report.longrepr)[-MOST_DETAIL:]})


def run_pytest(report, test_file, folder, plain):
    import pytest

    options = ["-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", folder, "--tb=line",
               "--basetemp", os.path.join(folder, "tmp")]
    if plain:
        options += ["--assert=plain"]
    plugins = [PytestPlugin(report), Conftests(report.conftests)]
    pytest.main([*options, test_file], plugins=plugins)


def run_unittest(report, test_file, folder, plain):
    import unittest

    def name_of(test):
        return ".".join(test.id().split(".")[-2:])

    class Result(unittest.TestResult):
        def startTest(self, test):
            super().startTest(test)
            report.begin(name_of(test))

        def note(self, error):
            report.outcome = "failed"
            report.problem = report.problem or describe(error[1])

        def addSuccess(self, test):
            report.outcome = report.outcome or "passed"

        def addSkip(self, test, reason):
            report.outcome = "skipped"

        def addError(self, test, error):
            self.note(error)

        addFailure = addError

        def addSubTest(self, test, subtest, error):
            if error is not None:
                self.note(error)

        def stopTest(self, test):
            super().stopTest(test)
            report.end()

    def flatten(suite):
        for item in suite:
            if isinstance(item, unittest.TestSuite):
                yield from flatten(item)
            else:
                yield item

    sys.path.insert(0, folder)
    try:
        module = importlib.import_module(os.path.splitext(os.path.basename(test_file))[0])
    except BaseException as error:
        report.say({"problem": describe(error)})
        return
    tests = list(flatten(unittest.defaultTestLoader.loadTestsFromModule(module)))
    report.choose(tests, name_of)
    unittest.TestSuite(tests).run(Result())


class CoverageTool:
    """coverage.py, started before the runner is imported."""

    def __init__(self, source):
        import coverage

        self.source = source
        self.library = coverage
        self.measured = coverage.Coverage(
            branch=True, include=[source], data_file=None, config_file=False
        )

    def start(self):
        self.measured.start()

    def report(self, folder):
        self.measured.stop()
        path = os.path.join(folder, "coverage.json")
        try:
            self.measured.json_report(outfile=path, include=[self.source])
        except self.library.CoverageException as error:
            return {"problem": describe(error)}
        with open(path, encoding="utf-8") as file:
            return json.load(file)


class LineTracer:
    """Lines of one file that ran, for machines without coverage.py; the report has its form. It
    knows no branches: the core adds those that its own probes saw."""

    def __init__(self, source):
        self.source = source
        self.seen = set()

    def start(self):
        import threading

        threading.settrace(self.on_call)
        sys.settrace(self.on_call)

    def on_call(self, frame, _event, _argument):
        return self.on_line if frame.f_code.co_filename == self.source else None

    def on_line(self, frame, event, _argument):
        if event == "line":
            self.seen.add(frame.f_lineno)
        return self.on_line

    def report(self, _folder):
        sys.settrace(None)
        lines = self.lines()
        covered = lines & self.seen
        return {
            "tool": "testgen",
            "totals": {"num_statements": len(lines), "covered_lines": len(covered)},
            "files": {self.source: {
                "executed_lines": sorted(covered), "missing_lines": sorted(lines - covered),
            }},
        }

    def lines(self):
        import dis

        with open(self.source, "rb") as file:
            waiting = [compile(file.read(), self.source, "exec", dont_inherit=True)]
        lines = set()
        while waiting:
            code = waiting.pop()
            lines.update(line for _, line in dis.findlinestarts(code) if line)
            waiting += [item for item in code.co_consts if isinstance(item, type(code))]
        return lines
