"""Instrumentation must not change what code means: proved on the whole standard library.

For every file: the probes come off byte for byte; the instrumented text compiles; and its
syntax tree, with the probes taken away, is the original's, line numbers included.
"""
import ast
import concurrent.futures
import gc
import os
import pathlib
import sysconfig
import tokenize
import warnings

import instrumented
import pytest

LIBRARY = pathlib.Path(sysconfig.get_path("stdlib"))


def library_files():
    for folder, names, files in os.walk(LIBRARY):
        names[:] = sorted(n for n in names if n not in ("site-packages", "dist-packages",
                                                        "__pycache__"))
        for file in sorted(files):
            if file.endswith(".py"):
                yield os.path.join(folder, file)


def check(result):
    """What is wrong with one file's result, or nothing."""
    gc.disable()  # millions of small nodes, none of them cyclic
    path = result["path"]
    if result.get("code") == "nothing_to_do":
        return None
    if "error" in result:
        return f"{path}: {result['error']}"
    if not result["identical"]:
        return f"{path}: removing the probes does not give the original back"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with tokenize.open(path) as source:
            original = ast.parse(source.read())
        try:
            tree = ast.parse(result["instrumented"])
            instrumented.compare(original, tree)
            compile(tree, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, instrumented.Difference) as error:
            return f"{path}: {error}"
    return None


def parses(path):
    """Whether Python itself reads the file: the library ships some that it must not."""
    try:
        with tokenize.open(path) as source, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source.read())
        return True
    except (SyntaxError, ValueError):
        return False


@pytest.fixture(scope="module")
def results():
    return list(instrumented.roundtrip(library_files()))


@pytest.mark.parametrize("original, changed", [
    ("a < b", '_tg_le(0,a ,"<="and b)'),
    ("f(a)", "f(_tg_a(0,b))"),
    ("x = 1", "_tg_h(0);x = 1\ny = 2"),
    ("if a: pass", "\nif _tg_p(0,a): pass"),
    ("a == 'x'", "a == 'y'"),
    ("isinstance(a, b)", "_tg_isinstance(0,b, a)"),
])
def test_the_comparison_sees_a_change(original, changed):
    with pytest.raises(instrumented.Difference):
        instrumented.compare(ast.parse(original), ast.parse(changed))


def test_the_standard_library_survives_instrumentation(results):
    assert len(results) > 500
    with concurrent.futures.ProcessPoolExecutor(max_workers=2) as pool:
        problems = [problem for problem in pool.map(check, results, chunksize=16) if problem]
    problems = [p for p in problems if parses(p.split(":")[0])]
    assert not problems, "\n".join(problems[:20])


def test_probes_are_really_there(results):
    goals = sum(result.get("goals", 0) for result in results)
    sites = sum(result.get("sites", 0) for result in results)
    assert goals > 50_000
    assert sites > 10_000


def test_analysis_is_fast_enough(results):
    size = sum(result.get("bytes", 0) for result in results)
    seconds = sum(result.get("seconds", 0) for result in results)
    assert size / seconds > 1_000_000, f"{size / seconds / 1e6:.2f} MB/s"
