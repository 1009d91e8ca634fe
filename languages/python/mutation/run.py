"""Scores a test suite with mutants, under pytest or else unittest, inside the sandbox:

    run.py TASK RESULTS

One process imports the runner. Its child collects the tests, runs them once to see which lines each
of them reaches, and then forks for each mutant of a function: the fork swaps the function's code
and runs the tests that reach the changed line, the quickest first, until one fails. Mutants of
code that runs at import need the module to be imported again: those are forked from the first
process and run the whole suite. What hangs or dies is killed.

TASK is JSON: files, conftests, own_project, arguments, source, module, units, mutants, proof,
seconds. With
mutants in `proof`, tests that have killed nothing are tried on those, until each has killed one.
RESULTS gets one JSON document a line: {"tests": {name: outcome}}, then {"mutant": number,
"killed": bool, "how": word, "by": name} for each mutant, {"idle": [names]} after the proof, and
{"done": true}.
"""

import ast
import builtins
import functools
import gc
import importlib
import importlib.machinery
import json
import os
import select
import signal
import sys
import threading
import time
import types
import __future__

FUEL = 100_000  # rounds of the module's loops, a test
FUEL_A_SECOND = 50_000_000  # more than any loop goes round; of the clean test's time
CPU_SECONDS = 0.4  # the least that a test gets before it counts as endless
WALL_SECONDS = 2.0
GRACE = 0.1  # seconds after its deadline that the run may finish the mutant it is at
MAX_DEATHS = 5  # of the clean run, before its tests are given up
OUT_OF_FUEL = 77

# Code under test may change what the reports need.
fork, read, write, leave, waitpid, kill, killpg, setpgid = (
    os.fork, os.read, os.write, os._exit, os.waitpid, os.kill, os.killpg, os.setpgid)
pipe, close, monotonic = os.pipe, os.close, time.monotonic
wait_readable, set_timer, set_signal = select.select, signal.setitimer, signal.signal
dumps, loads = json.dumps, json.loads
FUTURES = functools.reduce(
    int.__or__, (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names))


def say(descriptor, document):
    data = (dumps(document) + "\n").encode("utf-8", "backslashreplace")
    while data:
        data = data[write(descriptor, data):]


class Lines:
    """Lines from a pipe, with a deadline for each."""

    def __init__(self, descriptor):
        self.descriptor, self.rest = descriptor, b""

    def next(self, seconds):
        """A line; b"" at the end of the pipe; None when none came in time."""
        until = monotonic() + seconds
        while b"\n" not in self.rest:
            left = until - monotonic()
            if left <= 0 or not wait_readable([self.descriptor], [], [], left)[0]:
                return None
            data = read(self.descriptor, 65536)
            if not data:
                return b""
            self.rest += data
        line, _, self.rest = self.rest.partition(b"\n")
        return line + b"\n"
