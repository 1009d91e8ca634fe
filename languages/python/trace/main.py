# Part of the trace (sources.py): runs the tests, under pytest or without it.


def run_with_pytest(pytest, root, files):
    pytest.main(["-q", "-p", "no:cacheprovider", "--continue-on-collection-errors",
                 "--rootdir", root, *files])


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
            run_with_pytest(pytest, root, sys.argv[7:])
        else:
            run_with_unittest(sys.argv[7:])
    finally:
        leave(0)


main()
