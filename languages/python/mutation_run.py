"""Scores a test suite with mutants, under pytest, inside the sandbox:

    mutation_run.py TASK RESULTS

One process imports pytest. Its child collects the tests, runs them once to see which lines each
of them reaches, and then forks for each mutant of a function: the fork swaps the function's code
and runs the tests that reach the changed line, the quickest first, until one fails. Mutants of
code that runs at import need the module to be imported again: those are forked from the first
process and run the whole suite. What hangs or dies is killed.

TASK is JSON: files, own_project, arguments, source, module, units, mutants, proof, seconds. With
mutants in `proof`, tests that have killed nothing are tried on those, until each has killed one.
RESULTS gets one JSON document a line: {"tests": {name: outcome}}, then {"mutant": number,
"killed": bool, "how": word, "by": name} for each mutant, {"idle": [names]} after the proof, and
{"done": true}.
"""

import ast
import builtins
import functools
import gc
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


def statement_ranges(text):
    """line → (first, last) line of the innermost statement or head that it lies in."""
    ranges = {}
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.stmt):
            continue
        body = getattr(node, "body", None)
        first = min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", [])])
        last = node.end_lineno
        if isinstance(body, list) and body:
            last = max(first, body[0].lineno - 1)
        for line in range(first, last + 1):
            # ast.walk goes from the outside in.
            ranges[line] = (first, last)
    return ranges


def code_named(code, scope):
    """The last code object of that scope: an earlier definition is replaced by it."""
    if not scope:
        return code
    for constant in reversed(code.co_consts):
        if isinstance(constant, types.CodeType):
            if constant.co_name == scope[0]:
                found = code_named(constant, scope[1:])
            elif constant.co_name.startswith("<generic parameters"):
                found = code_named(constant, scope)
            else:
                continue
            if found is not None:
                return found
    return None


class Task:
    """The mutants, and what is needed to make them."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.__dict__.update(loads(file.read()))
        self.texts = [unit["text"].encode() for unit in self.units]
        with open(self.source, "rb") as file:
            try:
                self.ranges = statement_ranges(file.read())
            except (SyntaxError, ValueError):
                self.ranges = {}

    def is_at_import(self, mutant):
        return not self.units[mutant["unit"]]["scope"]

    def text(self, mutant):
        text = self.texts[mutant["unit"]]
        return (text[:mutant["begin"]] + mutant["text"].encode() + text[mutant["end"]:]).decode()

    def lines(self, mutant):
        first, last = self.ranges.get(mutant["line"], (mutant["line"],) * 2)
        return set(range(first, last + 1))


class Tracer:
    """Which lines of the source ran. Threads are seen too."""

    def __init__(self, source):
        self.source, self.lines = source, set()

    def start(self):
        self.lines = set()
        threading.settrace(self.enter)
        sys.settrace(self.enter)

    def stop(self):
        sys.settrace(None)
        threading.settrace(None)
        return self.lines

    def enter(self, frame, event, argument):
        if frame.f_code.co_filename != self.source:
            return None
        self.lines.add(frame.f_lineno)
        return self.step

    def step(self, frame, event, argument):
        if event == "line":
            self.lines.add(frame.f_lineno)
        return self.step


class Fuel:
    """What the module's loops burn. Without any left the process ends."""

    def __init__(self):
        self.fill(0.0)

    def fill(self, clean_seconds):
        self.left = FUEL + FUEL_A_SECOND * clean_seconds

    def burn(self):
        self.left -= 1
        if self.left < 0:
            leave(OUT_OF_FUEL)

    def install(self):
        def while_loop(_goal, value):
            self.burn()
            return bool(value)

        def for_loop(_goal, values):
            for item in values:
                self.burn()
                yield item

        builtins._tg_w, builtins._tg_i = while_loop, for_loop


class Quiet:
    """A pytest plugin: no output, and reports without tracebacks, which nobody will read."""

    def __init__(self):
        self.failed = False
        self.outcome = None

    def pytest_sessionstart(self, session):
        config = session.config
        reporter = config.pluginmanager.getplugin("terminalreporter")
        if reporter is not None:
            config.pluginmanager.unregister(reporter)

    # Comes after pytest's own for unittest, which puts the exception into the call.
    def pytest_runtest_makereport(self, item, call):
        import pytest

        if call.excinfo is None:
            outcome = "passed"
        elif call.excinfo.errisinstance(pytest.skip.Exception):
            outcome = "skipped"
        else:
            outcome = "failed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.outcome = "failed"
        elif self.outcome != "failed" and (report.when == "call" or report.skipped):
            self.outcome = report.outcome

    def run(self, item, following):
        """Outcome of one test; fixtures that the following one does not need end with it."""
        self.outcome = None
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        return self.outcome or "failed"


class Functions(Quiet):
    """The session of the process that swaps code: it serves mutants instead of a test loop."""

    def __init__(self, task, requests, answers, before):
        super().__init__()
        self.task, self.requests, self.answers = task, requests, answers
        self.before = before  # the module's dictionary before the tests imported their own copy
        self.tracer = Tracer(task.source)
        self.importing = Tracer(task.source)
        self.items, self.clean, self.problem = [], {}, ""
        self.killers = set()  # tests that have killed something

    def pytest_collectreport(self, report):
        if report.failed:
            self.problem = str(report.longrepr)[-400:]

    def pytest_runtestloop(self, session):
        at_import = sorted(self.importing.stop())
        self.items = session.items
        self.run_clean()
        self.find_functions()
        self.give_fuel()
        gc.collect()
        gc.freeze()
        say(self.answers, {
            "tests": {self.items[k].nodeid: seen["outcome"] for k, seen in self.clean.items()},
            "problem": self.problem,
            "at_import": at_import,
            "seconds": sum(seen["seconds"] for seen in self.clean.values())})
        lines = Lines(self.requests)
        while True:
            line = lines.next(3600)
            if not line:
                leave(0)
            request = loads(line)
            if "prove" in request:
                say(self.answers, {"idle": self.prove(request["prove"])})
            else:
                self.killers.update(k for k, item in enumerate(self.items)
                                    if item.nodeid in request["killers"])
                say(self.answers, self.try_mutant(self.task.mutants[request["try"]]))

    def run_clean(self):
        """In a fork, so that every mutant starts from what only collection has touched."""
        pending = list(range(len(self.items)))
        for _ in range(MAX_DEATHS):
            if not pending:
                return
            seen = self.forked(pending, self.clean_test, lambda k: (60.0, 60.0))
            for k, answer in seen.items():
                self.clean[k] = answer or {"outcome": "died", "lines": [], "seconds": 0.0}
            pending = [k for k in pending if k not in seen]

    def clean_test(self, k, following):
        before = monotonic()
        self.tracer.start()
        try:
            outcome = self.run(self.items[k], following)
        finally:
            lines = self.tracer.stop()
        return {"outcome": outcome, "lines": sorted(lines), "seconds": monotonic() - before}

    def forked(self, tests, work, limits, prepare=None, until_failure=False):
        """Runs work(test, following item) for each in one fork: test → what it returned, None
        for the one that took the fork down. Tests after that one, or after a failure when
        asked, are missing."""
        from_child, to_parent = pipe()
        child = fork()
        if child == 0:
            try:
                setpgid(0, 0)
                close(from_child)
                if prepare is not None:
                    prepare()
                set_signal(signal.SIGPROF, signal.SIG_DFL)
                for position, k in enumerate(tests):
                    later = tests[position + 1] if position + 1 < len(tests) else None
                    say(to_parent, {"start": k})
                    set_timer(signal.ITIMER_PROF, limits(k)[0])
                    answer = work(k, None if later is None else self.items[later])
                    set_timer(signal.ITIMER_PROF, 0)
                    say(to_parent, {"end": k, "answer": answer})
                    if until_failure and answer["outcome"] == "failed":
                        break
            finally:
                leave(0)
        close(to_parent)
        seen, running = {}, None
        lines = Lines(from_child)
        while True:
            line = lines.next(limits(running)[1] if running is not None else WALL_SECONDS * 5)
            if not line:
                break
            document = loads(line)
            if "start" in document:
                running = document["start"]
            else:
                seen[document["end"]] = document["answer"]
                running = None
        end_family(child)
        close(from_child)
        if running is not None:
            seen[running] = None
        return seen

    def find_functions(self):
        self.functions, self.caches = {}, []
        for thing in gc.get_objects():
            kind = type(thing)
            if kind is types.FunctionType:
                code = thing.__code__
                if code.co_filename == self.task.source and thing.__globals__ is not self.before:
                    self.functions.setdefault((code.co_name, code.co_firstlineno), []).append(thing)
            elif kind is functools._lru_cache_wrapper:
                self.caches.append(thing)

    def functions_of(self, unit):
        return self.functions.get((unit["scope"][-1], unit["decorated_line"]), [])

    def give_fuel(self):
        """Puts code whose loops burn fuel into every function: one that a mutant misleads may
        be the one that never ends."""
        self.fuel = Fuel()
        self.fuel.install()
        for unit in self.task.units:
            functions = self.functions_of(unit) if unit["scope"] else []
            code = self.code_of(unit, unit["text"], functions[0].__code__) if functions else None
            for function in functions:
                if code is not None:
                    function.__code__ = code

    def code_of(self, unit, text, original):
        """The code of a unit's text for the function, or None when it cannot take its place."""
        flags = original.co_flags & FUTURES
        try:
            whole = compile("\n" * (unit["first_line"] - 1) + text, self.task.source, "exec",
                            flags=flags, dont_inherit=True)
        except (SyntaxError, ValueError):
            return None
        code = code_named(whole, unit["scope"])
        if code is None:
            return None
        if len(code.co_freevars) == len(original.co_freevars):
            return code
        # Without its `super()` a method has no use for the class around it, but keeps the cell.
        return None if code.co_freevars else code.replace(co_freevars=original.co_freevars)

    def passing(self, mutant, among=None):
        """The tests that reach the mutant: those that have killed nothing yet, then the quick."""
        lines = self.task.lines(mutant)
        tests = [k for k, seen in self.clean.items()
                 if seen["outcome"] == "passed" and not lines.isdisjoint(seen["lines"])
                 and (among is None or k in among)]
        tests.sort(key=lambda k: (k in self.killers, self.clean[k]["seconds"], k))
        return tests

    def run_mutant(self, mutant, tests, until_failure):
        """test → its outcome, None where it took the process down. None: it does not fit."""
        unit = self.task.units[mutant["unit"]]
        functions = self.functions_of(unit)
        if not tests or not functions:
            return {}
        code = self.code_of(unit, self.task.text(mutant), functions[0].__code__)
        if code is None:
            return None

        def install():
            for function in functions:
                function.__code__ = code
            for cache in self.caches:
                cache.cache_clear()

        def one_test(k, following):
            self.fuel.fill(self.clean[k]["seconds"])
            return {"outcome": self.run(self.items[k], following)}

        def limits(k):
            clean = self.clean[k]["seconds"]
            return max(CPU_SECONDS, 20 * clean), max(WALL_SECONDS, 20 * clean)

        return self.forked(tests, one_test, limits, install, until_failure)

    def try_mutant(self, mutant):
        seen = self.run_mutant(mutant, self.passing(mutant), True)
        if seen is None:
            return {"killed": None, "how": "does not fit"}
        killers = killers_in(seen)
        if killers:
            self.killers.update(killers)
            how = "failed" if seen[killers[0]] else "ended or hung"
            return {"killed": True, "how": how, "by": self.items[killers[0]].nodeid}
        return {"killed": False, "how": "survived" if seen else "not reached"}

    def prove(self, until):
        """Tests that no mutant of the proof is killed by, or None when time ran out before."""
        idle = {k for k, seen in self.clean.items() if seen["outcome"] == "passed"} - self.killers
        for mutant in self.task.proof:
            if not idle:
                break
            if monotonic() > until:
                return None
            pending = self.passing(mutant, idle)
            while pending:
                seen = self.run_mutant(mutant, pending, False)
                if not seen:
                    break
                idle.difference_update(killers_in(seen))
                pending = [k for k in pending if k not in seen]
        return sorted(self.items[k].nodeid for k in idle)


def end_family(child):
    """A fork, and what it has started: a mutant that forks for ever slows down all after it."""
    for end in (killpg, kill):
        try:
            end(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
    waitpid(child, 0)


def killers_in(seen):
    return [k for k, answer in seen.items() if answer is None or answer["outcome"] == "failed"]


class Whole(Quiet):
    """The session of a process that imports a mutant of the whole module."""

    def __init__(self, answers, passed, refuel):
        super().__init__()
        self.answers, self.passed, self.refuel = answers, passed, refuel

    def pytest_collectreport(self, report):
        if report.failed:
            say(self.answers, {"failed": ""})
            leave(0)

    def pytest_runtestloop(self, session):
        items = [item for item in session.items if item.nodeid in self.passed]
        for position, item in enumerate(items):
            say(self.answers, {"start": item.nodeid})
            following = items[position + 1] if position + 1 < len(items) else None
            self.refuel()
            if self.run(item, following) == "failed":
                say(self.answers, {"failed": item.nodeid})
                leave(0)
        say(self.answers, {"survived": True})
        leave(0)


def forget_module(name):
    """Lets the next import load the module anew; the dictionary of the one that was there."""
    old = sys.modules.pop(name, None)
    parent, _, child = name.rpartition(".")
    if parent in sys.modules:
        sys.modules[parent].__dict__.pop(child, None)
    return None if old is None else old.__dict__


def serve_text(source, text):
    """Imports of the file get this text, whoever loads it."""
    loader = importlib.machinery.SourceFileLoader
    original = loader.get_code

    def get_code(self, fullname):
        if os.path.realpath(self.get_filename(fullname)) != os.path.realpath(source):
            return original(self, fullname)
        return compile(text, source, "exec", dont_inherit=True)

    loader.get_code = get_code


class Scoring:
    """The first process. It holds pytest, but nothing of the tests or the module."""

    def __init__(self, task, results):
        self.task, self.results = task, results
        self.deadline = monotonic() + task.seconds
        self.arguments = task.arguments + task.files

    def start_functions(self, fresh):
        """Forks the process that swaps code; what it says when it is ready."""
        from_here, requests = pipe()
        answers, to_here = pipe()
        child = fork()
        if child == 0:
            close(requests)
            close(answers)
            import pytest

            before = forget_module(self.task.module) if fresh else None
            session = Functions(self.task, from_here, to_here, before)
            if any(self.task.is_at_import(mutant) for mutant in self.task.mutants):
                session.importing.start()
            pytest.main(self.arguments, plugins=[session])
            leave(0)
        close(from_here)
        close(to_here)
        self.requests, self.child, self.lines = requests, child, Lines(answers)
        return self.answer(max(1.0, self.deadline - monotonic()))

    def answer(self, seconds):
        line = self.lines.next(seconds)
        return loads(line) if line else None

    def run(self):
        fresh = self.task.module in sys.modules
        ready = self.start_functions(fresh)
        if fresh and (ready is None or "failed" in ready["tests"].values()):
            # A second copy of such a module is not the same to those that use the first.
            kill(self.child, signal.SIGKILL)
            fresh = False
            ready = self.start_functions(fresh)
        if ready is None:
            say(self.results, {"problem": "the tests did not run to the end"})
            return
        say(self.results, {"tests": ready["tests"]})
        self.passed = {name for name, outcome in ready["tests"].items() if outcome == "passed"}
        if not self.passed:
            say(self.results, {
                "problem": "no test passes on the unchanged module. " + ready["problem"]})
            return
        self.at_import, self.clean_seconds = set(ready["at_import"]), ready["seconds"]
        killers = set()  # at import, which the process of the functions does not know
        for number, mutant in enumerate(self.task.mutants):
            if monotonic() > self.deadline:
                break
            if self.task.is_at_import(mutant):
                result = self.try_at_import(mutant)
                killers.add(result.get("by"))
            else:
                say(self.requests, {"try": number, "killers": sorted(filter(None, killers))})
                killers.clear()
                result = self.answer(3600)
                if result is None:
                    say(self.results, {"problem": "the process that runs the tests ended"})
                    return
            if result["killed"] is not None:
                say(self.results, dict(result, mutant=number))
        if self.task.proof and monotonic() < self.deadline:
            say(self.requests, {"prove": self.deadline})
            say(self.results, self.answer(3600) or {"problem": "the proof did not end"})
        say(self.results, {"done": True})

    def try_at_import(self, mutant):
        if self.at_import.isdisjoint(self.task.lines(mutant)):
            return {"killed": False, "how": "not reached"}
        answers, to_here = pipe()
        child = fork()
        if child == 0:
            import pytest

            close(answers)
            set_signal(signal.SIGPROF, signal.SIG_DFL)
            set_timer(signal.ITIMER_PROF, 2.0 + 20 * self.clean_seconds)
            fuel = Fuel()
            fuel.install()
            forget_module(self.task.module)
            serve_text(self.task.source, self.task.text(mutant))
            session = Whole(to_here, self.passed, lambda: fuel.fill(self.clean_seconds))
            pytest.main(self.arguments, plugins=[session])
            leave(0)
        close(to_here)
        lines, running, verdict = Lines(answers), "", None
        until = monotonic() + 4.0 + 40 * self.clean_seconds
        while verdict is None:
            line = lines.next(max(0.0, until - monotonic()))
            if not line:
                break
            document = loads(line)
            running = document.get("start", running)
            verdict = document if "failed" in document or "survived" in document else None
        kill(child, signal.SIGKILL)
        waitpid(child, 0)
        close(answers)
        if verdict is None:
            return {"killed": True, "how": "ended or hung", "by": running}
        if "failed" in verdict:
            return {"killed": True, "how": "failed", "by": verdict["failed"]}
        return {"killed": False, "how": "survived"}


def main():
    task = Task(sys.argv[1])
    results = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    hidden = set() if task.own_project else {os.path.dirname(file) for file in task.files}
    sys.path[:] = [entry for entry in sys.path if entry and entry not in hidden]
    __import__("pytest")  # before the forks, which all need it
    Scoring(task, results).run()
    leave(0)


if __name__ == "__main__":
    main()
