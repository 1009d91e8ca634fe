"""Runs generated test files under the real runner (pytest or unittest), in the sandbox.

One process is one environment: hash seed, time zone, locale and clock are fixed when it starts. It
imports the runner once and waits; each command is served by a forked child, so that a run costs
no start-up. The parent never runs code under test: it watches the child and tells how it ended.

    serve.py FRAMEWORK [SOURCE_FILE]

With a SOURCE_FILE, coverage of that file is measured from the start, before the runner is
imported: by coverage.py with branches, as `coverage run --branch` does, or by a line tracer
where coverage.py is not installed.

Descriptors: 3 commands in, 4 replies out, 5 the clock library, already loaded. 0 to 2 are never
used: code under test may close them or write to them. A command is a 4-byte little-endian length and JSON. Replies are JSON documents,
one a line; the child writes them itself, so that they are there even when it is killed:
    {"start": test}
    {"test": test, "outcome": "passed", "seconds": 0.1, "moved": [], "problem": ""}
    {"problem": text}                 the file could not be collected
    {"coverage": {...}}
    {"finished": true}                the runner came to its end
    {"ended": how, "detail": text}    always last, from the parent
The files of this folder, ../frames.py and ../conftests.py are one program: the build joins serve,
frames, conftests, runners, main, in this order.
Only the standard library and the runner are used, CPython 3.9 and newer.
"""

import ast
import builtins
import importlib
import json
import os
import random
import select
import shutil
import signal
import struct
import sys
import tempfile
import time

COMMANDS, REPLIES, CLOCK = 3, 4, 5
MOST_DETAIL = 600
SPREAD = 1.5  # how much later than its own alarm a test is given up from outside


def speaker(pulse=None):
    """A function that writes one reply; code under test may replace what it would look up."""
    write, dump = os.write, json.dumps

    def say(document):
        view = memoryview((dump(document) + "\n").encode("ascii", "replace"))
        while view:
            view = view[write(REPLIES, view):]
        if pulse is not None:
            write(pulse, b".")

    return say


def separate_assertions(text):
    """The same file with each assertion of a test evaluated on its own: one that fails is
    reported by its number in the test, and the test goes on."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            number = [0]
            node.body = [wrap_assertions(statement, number) for statement in node.body]
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def wrap_assertions(statement, number):
    if is_assertion(statement):
        guarded = ast.parse("try:\n    pass\nexcept Exception as error:\n"
                            "    __testgen_moved__(%d, error, %r)\n"
                            % (number[0], ast.unparse(statement)[:200])).body[0]
        guarded.body = [statement]
        number[0] += 1
        return guarded
    for field in ("body", "orelse", "finalbody"):
        inner = getattr(statement, field, None)
        if inner and not isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            setattr(statement, field, [wrap_assertions(item, number) for item in inner])
    return statement


def is_assertion(statement):
    if isinstance(statement, ast.Assert):
        return True
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and isinstance(statement.value.func, ast.Attribute)
        and isinstance(statement.value.func.value, ast.Name)
        and statement.value.func.value.id == "self"
        and statement.value.func.attr.startswith("assert")
    )
