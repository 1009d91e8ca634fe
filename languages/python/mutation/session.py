# Part of run.py: how a session collects and runs tests, under pytest or, where there is none, under
# unittest. A session is a pytest plugin, and unittest's tests come to it as items.


class UnittestItem:
    """A test, and the class and module fixtures that it alone needs."""

    def __init__(self, file, test):
        self.test = test
        self.nodeid = "::".join([os.path.relpath(file), type(test).__name__, test._testMethodName])

    def outcome(self):
        import unittest

        result = unittest.TestResult()
        unittest.TestSuite([self.test]).run(result)
        if result.failures or result.errors or result.unexpectedSuccesses:
            return "failed"
        return "skipped" if result.skipped else "passed"


def unittest_module(file):
    """The test file as a module, with the packages it lies in."""
    folder, name = os.path.split(os.path.splitext(file)[0])
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder, package = os.path.split(folder)
        name = package + "." + name
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return importlib.import_module(name)


def unittest_items(files, session):
    import unittest

    def flat(suite):
        for part in suite:
            if isinstance(part, unittest.TestSuite):
                yield from flat(part)
            else:
                yield part

    items = []
    for file in files:
        try:
            tests = unittest.defaultTestLoader.loadTestsFromModule(unittest_module(file))
        except BaseException as error:
            text = "%s: %s" % (type(error).__name__, error)
            session.pytest_collectreport(types.SimpleNamespace(failed=True, longrepr=text))
            continue
        items += [UnittestItem(file, test) for test in flat(tests)]
    return items


def run_session(task, session):
    if has_pytest():
        import pytest

        pytest.main(task.arguments + task.files, plugins=[session, Conftests(task.conftests)])
    else:
        items = unittest_items(task.files, session)
        session.pytest_runtestloop(types.SimpleNamespace(items=items))


def has_pytest():
    try:
        __import__("pytest")
    except ImportError:
        return False
    return True
