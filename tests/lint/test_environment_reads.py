"""Settings come from one table, which config/resolve.cc asks for variables; nothing else reads the environment."""
import re

from repository import ROOT, sources

READS = re.compile(r"\b(?:secure_)?getenv\s*\(|(?<![.\w])environ\b")

# What is no setting, and why it may look.
ALLOWED = {
    "src/app/cli.cc": "hands variables to the settings table",
    "src/app/terminal.cc": "how to draw: NO_COLOR, CI, TERM",
    "src/base/process.cc": "looks a program up on PATH, as a shell does",
    "src/lang/registry.cc": "VIRTUAL_ENV is where the user's Python is",
    "src/lang/python/interpreter_probe.cc": "passes the environment on to an interpreter, without Python's own",
    "src/service/environments/environments.cc": "passes it on to pip, which has settings of its own",
    "src/source/git.cc": "passes it on to git",
    "src/verify/clock/clock_shift.c": "runs inside the code under test",
}


def code(path):
    return re.sub(r"//[^\n]*", "", path.read_text())


def test_nothing_else_reads_the_environment():
    found = {str(path.relative_to(ROOT)) for path in sources(".cc", ".h", ".c")
             if str(path.relative_to(ROOT)).startswith("src/") and READS.search(code(path))}
    assert found - set(ALLOWED) == set(), "make it a setting: config/settings_table*.cc"
    assert set(ALLOWED) - found == set(), "no longer reads it: take it off the list"
