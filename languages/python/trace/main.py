# Part of the trace (sources.py): runs the tests, under pytest or without it.


def fixture_watch(pytest, calls):
    """A pytest plugin: tells the trace what fixtures of conftest.py files have given."""

    class Watch:
        @pytest.hookimpl(hookwrapper=True)
        def pytest_fixture_setup(self, fixturedef):
            yield
            code = getattr(fixturedef.func, "__code__", None)
            result = fixturedef.cached_result
            path = getattr(code, "co_filename", "")
            if result and result[2] is None and os.path.basename(path) == "conftest.py":
                if not fixturedef.params:
                    calls.fixture_ready(fixturedef.argname, path, result[0])

        def pytest_fixture_post_finalizer(self, fixturedef):
            calls.fixture_gone(fixturedef.argname)

    return Watch()


def run_with_pytest(pytest, root, files, calls):
    pytest.main(["-q", "-p", "no:cacheprovider", "--continue-on-collection-errors",
                 "--rootdir", root, *files], plugins=[fixture_watch(pytest, calls)])


def run_with_unittest(files):
    import importlib.util
    import unittest

    for number, file in enumerate(files):
        spec = importlib.util.spec_from_file_location("project_tests_%d" % number, file)
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except Exception:
            continue
        suite = unittest.defaultTestLoader.loadTestsFromModule(module)
        unittest.TextTestRunner(stream=io.StringIO()).run(suite)


def main():
    root, source, module, alias, report, events = sys.argv[1:7]
    leave = os._exit
    target = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o644)
    sys.path[:] = [entry for entry in sys.path if entry]
    sources = Sources(module, alias)
    import tempfile

    sources.temporary = (tempfile.gettempdir() + "/", root.rstrip("/") + "/")
    calls = Calls(source, sources, target, int(events))
    try:
        import pytest
    except ImportError:
        pytest = None
    try:
        follow(calls)
        if pytest is not None:
            run_with_pytest(pytest, root, sys.argv[7:], calls)
        else:
            run_with_unittest(sys.argv[7:])
    finally:
        leave(0)


main()
