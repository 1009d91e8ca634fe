"""Instrumented modules behave as the originals do: their own doctests, run under the probes."""
import doctest
import pathlib
import sys
import sysconfig

import instrumented
import pytest

LIBRARY = pathlib.Path(sysconfig.get_path("stdlib"))

# Modules with doctests that do not depend on the terminal, the clock or C accelerators.
WITH_DOCTESTS = ["_pydecimal", "difflib", "fractions", "ipaddress", "statistics",
                 "pickletools", "collections/__init__", "doctest"]


def load_both(name, monkeypatch):
    path = LIBRARY / f"{name}.py"
    [result] = instrumented.roundtrip([path])
    dotted = name.replace("/__init__", "").replace("/", ".")
    probes = instrumented.Probes(result["goals"], result["sites"])
    modules = []
    for text, used in ((path.read_text(encoding="utf-8"), None),
                       (result["instrumented"], probes)):
        module = instrumented.load(dotted, path, text, used)
        modules.append(module)
    return modules[0], modules[1], probes


def run_doctests(module, monkeypatch):
    monkeypatch.setitem(sys.modules, module.__name__, module)
    finder = doctest.DocTestFinder(exclude_empty=True)
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.REPORT_ONLY_FIRST_FAILURE)
    for test in finder.find(module, module.__name__, module=False, globs=dict(module.__dict__)):
        runner.run(test, out=lambda text: None)
    return runner.summarize(verbose=False)


@pytest.mark.parametrize("name", WITH_DOCTESTS)
def test_doctests_give_the_same_results(name, monkeypatch):
    original, changed, probes = load_both(name, monkeypatch)
    expected = run_doctests(original, monkeypatch)
    actual = run_doctests(changed, monkeypatch)
    assert expected.attempted > 0
    assert (actual.failed, actual.attempted) == (expected.failed, expected.attempted)
    assert probes.covered, "no probe was called"


def outcome(call):
    try:
        return repr(call())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


CALLS = {
    "textwrap": [
        lambda m: m.wrap("the quick brown fox jumps over the lazy dog " * 3, 17),
        lambda m: m.wrap("a-b-c " * 9, 7, break_on_hyphens=False, max_lines=3),
        lambda m: m.fill("x" * 50, 10), lambda m: m.shorten("hello  world foo", 9),
        lambda m: m.wrap("x", 0), lambda m: m.dedent("  a\n    b\n\n  c"),
        lambda m: m.indent("a\n\nb", "> "),
    ],
    "shlex": [
        lambda m: m.split("a 'b c' \"d\\\"e\" # f", comments=True), lambda m: m.split("'open"),
        lambda m: list(m.shlex("a && b || c; d >> e", punctuation_chars=True)),
        lambda m: m.join(["a b", "c", ""]), lambda m: m.quote("it's"),
    ],
    "heapq": [
        lambda m: m.nlargest(3, [5, 1, 9, 7]), lambda m: m.nsmallest(2, "hello", key=ord),
        lambda m: list(m.merge([1, 4], [2, 3], reverse=False)),
        lambda m: [m.heappop(h) for h in [[1, 2, 3]] for _ in range(3)],
        lambda m: m.heappop([]),
    ],
    "fnmatch": [
        lambda m: m.translate("[!a-c]*?.txt"), lambda m: m.filter(["a.py", "b.txt"], "*.py"),
        lambda m: m.fnmatchcase("abc", "[a-"), lambda m: m.translate("**[z-a]"),
    ],
    "colorsys": [
        lambda m: m.rgb_to_hls(0.2, 0.4, 0.4), lambda m: m.hsv_to_rgb(0.7, 0.5, 0.5),
        lambda m: m.rgb_to_yiq(1, 0, 0), lambda m: m.hls_to_rgb(0.5, 0.5, 0.0),
    ],
    "configparser": [
        lambda m: (lambda p: (p.read_string("[a]\nx=1\n y\n[b]\nz=%(x)s\nx=2"),
                              {s: dict(p[s]) for s in p}))(m.ConfigParser()),
        lambda m: m.ConfigParser().read_string("x=1"),
    ],
    "string": [
        lambda m: m.Template("$a ${b} $$").substitute(a=1, b=2), lambda m: m.capwords(" a  b "),
        lambda m: m.Formatter().format("{0!r:>5} {x[1]}", "q", x="yz"),
        lambda m: m.Template("$").substitute(),
    ],
    "datetime": [
        lambda m: m.date.fromisoformat("2024-02-29"),
        lambda m: m.datetime.fromisoformat("2011-11-04T00:05:23.283+00:00"),
        lambda m: m.timedelta(days=-1, hours=25) * 2.5,
    ],
    "argparse": [
        lambda m: (lambda p: (p.add_argument("--n", type=int, default=3),
                              p.add_argument("f", nargs="*"),
                              p.parse_args(["--n", "4", "a", "b"]))[-1])(m.ArgumentParser("p")),
    ],
}


@pytest.mark.parametrize("name", sorted(CALLS))
def test_calls_give_the_same_results(name, monkeypatch):
    original, changed, probes = load_both(name, monkeypatch)
    for number, call in enumerate(CALLS[name]):
        expected = outcome(lambda: call(original))
        assert outcome(lambda: call(changed)) == expected, f"call {number}"
    assert probes.covered and probes.operands
