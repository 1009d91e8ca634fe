"""Scores one folder of tests by the mutants of one file. Run by the bench in a process of its own.

    python3 -X frozen_modules=off mutation_run.py SOURCE FOLDER OUT.json [--count 150] [--seed N] [--limit S] [--no-proof]

pytest itself runs the tests: once under coverage.py, to learn which test reaches which lines; then,
for each mutant, in a fork that imports the changed file under its real name and runs the tests that
reach the change. A test that has not killed anything yet runs first, so that a mutant also says
which tests are worth something; what remains is then tried on mutants outside the sample. A mutant
that takes much longer than the original, or takes its process down, is killed.
"""
import argparse
import ast
import collections
import gc
import importlib.machinery
import io
import json
import os
import pathlib
import random
import resource
import select
import shutil
import signal
import sys
import tempfile
import time

import coverage
import pytest

import mutants as mutation

MEMORY = 3 << 30  # bytes of address space for one mutant
UNUSED = ("cacheprovider", "faulthandler", "doctest", "junitxml", "pastebin", "stepwise", "setuponly", "setupplan",
          "debugging", "nose", "legacypath", "threadexception", "unraisableexception")
OPTIONS = [*(word for name in UNUSED for word in ("-p", f"no:{name}")), "-q", "--assert=plain", "--tb=no", "-W", "ignore"]


def substitute(source, code, names):
    """From now on that file has that code, whatever name it is imported by. A package forgets all
    of its modules, since they may hold what the old code made. Gives the names that it is then
    imported by, as they come: a test file may take the module out of sys.modules again."""
    load = importlib.machinery.SourceFileLoader.get_code
    imported = set()

    def get_code(loader, name):
        if os.path.realpath(loader.path) != source:
            return load(loader, name)
        imported.add(name)
        return code
    importlib.machinery.SourceFileLoader.get_code = get_code
    for name in names:
        top = name.partition(".")[0]
        for other in [n for n in sys.modules if n == name or ("." in name and (n == top or n.startswith(top + ".")))]:
            del sys.modules[other]
    return imported


def names_of(source):
    """The names under which a file is imported now."""
    found = []
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name != "__main__" and isinstance(file, str) and os.path.realpath(file) == source:
            found.append(name)
    return found


class Reporter:
    """A pytest plugin that runs the chosen tests and writes a line to the pipe for each step."""

    def __init__(self, pipe, chosen=None, unproven=(), trace=None):
        self.pipe, self.chosen, self.unproven, self.trace = pipe, chosen, set(unproven), trace
        self.stopped = False

    def say(self, *words):
        os.write(self.pipe, (json.dumps(words) + "\n").encode())

    def pytest_collection_modifyitems(self, items):
        if self.chosen is not None:
            order = {test: place for place, test in enumerate(self.chosen)}
            items[:] = sorted((i for i in items if i.nodeid in order), key=lambda i: order[i.nodeid])

    def pytest_collectreport(self, report):
        if report.failed:
            self.say("broken", report.nodeid, str(report.longrepr)[-400:])

    def pytest_runtest_logstart(self, nodeid):
        self.say("start", nodeid)
        if self.trace:
            self.trace.switch_context(nodeid)

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.say("fail", report.nodeid)
            self.stopped = True
        elif report.when == "call":
            self.say("pass", report.nodeid, report.duration, bool(report.skipped))
        if report.when == "teardown":
            self.unproven.discard(report.nodeid)

    def pytest_runtest_logfinish(self, nodeid):
        if self.trace:
            self.trace.switch_context("")

    def pytest_runtest_protocol(self, item):
        if self.stopped and item.nodeid not in self.unproven:
            item.session.shouldstop = "killed"
            return True
        return None

    def pytest_keyboard_interrupt(self, excinfo):
        if not self.stopped:
            self.say("interrupted")


class Runner:
    def __init__(self, source, folder, scratch):
        self.source, self.folder, self.scratch = source, folder, scratch
        self.text = pathlib.Path(source).read_text()
        self.names = []
        # The first call of pytest imports its plugins; every fork has them then.
        empty = scratch / "empty"
        empty.mkdir()
        with open(os.devnull, "w") as nowhere:
            saved = sys.stdout
            sys.stdout = nowhere
            pytest.main([*OPTIONS, str(empty)])
            sys.stdout = saved
        gc.collect()
        gc.freeze()

    def fork(self, work, cpu, wall):
        """Runs work(pipe) in a child. Its lines, and how it ended: "end", "cpu", "wall" or "died"."""
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                os.close(reader)
                os.setsid()
                nowhere = os.open(os.devnull, os.O_RDWR)
                for descriptor in (0, 1, 2):
                    os.dup2(nowhere, descriptor)
                resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                place = tempfile.mkdtemp(dir=self.scratch)
                os.chdir(place)
                signal.setitimer(signal.ITIMER_PROF, cpu)  # SIGPROF ends the process
                work(writer)
                os.write(writer, b'["end"]\n')
            finally:
                os._exit(0)
        os.close(writer)
        lines, how = self.listen(reader, time.monotonic() + wall)
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        _, status = os.waitpid(pid, 0)
        if how == "closed":
            how = "end" if lines and lines[-1] == ["end"] else (
                "cpu" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF else "died")
        return lines, how

    @staticmethod
    def listen(reader, deadline):
        received = b""
        how = "wall"
        while (left := deadline - time.monotonic()) > 0:
            ready, _, _ = select.select([reader], [], [], left)
            if not ready:
                break
            piece = os.read(reader, 1 << 16)
            received += piece
            # A grandchild may hold the pipe open for ever.
            if not piece or received.endswith(b'["end"]\n'):
                how = "closed"
                break
        os.close(reader)
        lines = []
        for line in received.decode("utf-8", "replace").splitlines():
            try:
                lines.append(json.loads(line))
            except ValueError:
                pass
        return lines, how

    def pytest(self, reporter):
        sys.argv = ["pytest"]
        sys.stdout = sys.stderr = io.TextIOWrapper(open(os.devnull, "wb"), encoding="utf-8")
        pytest.main([*OPTIONS, f"--basetemp={os.getcwd()}/made", f"--rootdir={self.folder}", str(self.folder)],
                    plugins=[reporter])

    def baseline(self):
        """Learns which tests pass, how long each takes, and the lines that each reaches."""
        out = self.scratch / "contexts.json"

        def work(pipe):
            trace = coverage.Coverage(data_file=None, include=[self.source], branch=False, config_file=False)
            # Imported again, so that the lines that run at import are seen.
            code = compile(self.text, self.source, "exec", dont_inherit=True)
            imported = substitute(self.source, code, names_of(self.source))
            trace.start()
            self.pytest(Reporter(pipe, trace=trace))
            trace.stop()
            data = trace.get_data()
            contexts = {}
            for file in data.measured_files():
                if os.path.realpath(file) == self.source:
                    contexts = data.contexts_by_lineno(file)
            out.write_text(json.dumps({"lines": contexts, "names": sorted(imported)}))
        lines, how = self.fork(work, 120, 240)
        if how != "end" or not out.exists():
            raise SystemExit(f"the unchanged tests ended with {how}: {lines[-3:]}")
        return lines, json.loads(out.read_text())

    def run(self, code, chosen, unproven, cpu):
        def work(pipe):
            substitute(self.source, code, self.names)
            self.pytest(Reporter(pipe, chosen, unproven))
        return self.fork(work, cpu, 4 * cpu + 5)


class Suite:
    """What the baseline learnt."""

    def __init__(self, runner):
        lines, contexts = runner.baseline()
        self.seconds = {line[1]: line[2] for line in lines if line[0] == "pass"}
        failed = {line[1] for line in lines if line[0] == "fail"}
        self.seconds = {test: s for test, s in self.seconds.items() if test not in failed}
        self.failing = sorted(failed)
        self.broken = [line[1:] for line in lines if line[0] == "broken"]
        if not contexts["names"] and self.seconds:
            raise SystemExit("no test imports the file")
        runner.names = contexts["names"]
        self.at_import, self.reach = set(), collections.defaultdict(set)
        for line, tests in contexts["lines"].items():
            for test in tests:
                if test in self.seconds:
                    self.reach[int(line)].add(test)
                elif test == "":
                    self.at_import.add(int(line))
        # The same tests on the unchanged file, imported the way that mutants are.
        code = compile(runner.text, runner.source, "exec", dont_inherit=True)
        lines, how = runner.run(code, list(self.seconds), list(self.seconds), 120)
        bad = {line[1] for line in lines if line[0] == "fail"}
        if how != "end":
            raise SystemExit(f"the unchanged file, imported again: {how}: {lines[-3:]}")
        self.unusable = sorted(bad)
        for test in bad:
            self.seconds.pop(test, None)

    def reaching(self, mutant):
        """Tests that run a line of the mutant; all of them for code that runs at import."""
        tests = set()
        for line in mutant.lines:
            tests |= self.reach.get(line, set())
        if any(line in self.at_import for line in mutant.lines):
            tests |= set(self.seconds)
        return [test for test in self.seconds if test in tests]

    def directly(self, mutant):
        return set().union(*(self.reach.get(line, set()) for line in mutant.lines))


def try_mutant(runner, suite, mutant, unproven, only_unproven=False):
    """(tests that fail, how it ended). Tests not proven yet first, then quick ones."""
    direct = suite.directly(mutant)
    chosen = [t for t in suite.reaching(mutant) if not only_unproven or t in unproven]
    if not chosen:
        return [], "unreached"
    chosen.sort(key=lambda t: (t not in direct, t not in unproven, suite.seconds[t]))
    try:
        code = mutation.compiled(runner.text, mutant.number, runner.source)
    except (SyntaxError, ValueError):
        return [], "invalid"
    cpu = min(10.0, 0.7 + 4.0 * sum(suite.seconds[t] for t in chosen))
    lines, how = runner.run(code, chosen, unproven & direct, cpu)
    killers = [line[1] for line in lines if line[0] == "fail"]
    if any(line[0] == "broken" for line in lines):
        return killers or chosen, "import"
    if how != "end" or any(line[0] == "interrupted" for line in lines):
        started = [line[1] for line in lines if line[0] == "start"]
        return killers or started[-1:] or chosen[:1], how
    return killers, "tests" if killers else "survived"


def documented(source_text, folder, tests):
    """Of those tests, the ones that expect an error which the source raises or names by itself."""
    raised = set()
    for node in ast.walk(ast.parse(source_text)):
        if isinstance(node, ast.Raise) and node.exc is not None:
            raised.add(ast.unparse(node.exc.func if isinstance(node.exc, ast.Call) else node.exc).split(".")[-1])
    functions = {}
    for file in pathlib.Path(folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                functions[node.name] = node
    found = set()
    for test in tests:
        function = functions.get(test.split("::")[-1].partition("[")[0])
        if function is None:
            continue
        text = ast.unparse(function)
        named = any(f"{name}" in text for name in raised if name)
        expects = [n for n in ast.walk(function) if isinstance(n, ast.Attribute) and n.attr in ("raises", "assertRaises", "assertRaisesRegex")]
        if expects and named:
            found.add(test)
    return found


def score(options, runner, suite):
    everything = mutation.find(runner.text)
    sampled = mutation.sample(everything, options.count, f"{options.seed}:{pathlib.Path(options.source).stem}")
    deadline = time.monotonic() + options.limit
    unproven = set(suite.seconds)
    rows, not_run = [], 0
    for mutant in sampled:
        if time.monotonic() > deadline:
            not_run += 1
            continue
        killers, how = try_mutant(runner, suite, mutant, unproven)
        unproven -= set(killers) if how != "import" else set()
        if how == "invalid":
            continue
        rows.append({"operator": mutant.operator, "line": mutant.line, "function": mutant.function,
                     "text": mutant.text, "killed": bool(killers), "how": how})
    idle, undecided = set(), unproven
    if options.proof:
        idle, undecided = prove(runner, suite, everything, {m.number for m in sampled}, unproven, options.limit / 2)
    pinned = documented(runner.text, options.folder, idle | undecided)
    return {"mutants": rows, "total": len(everything), "not_run": not_run,
            "idle": sorted(idle - pinned), "undecided": sorted(undecided - pinned), "pinned": sorted(pinned)}


def prove(runner, suite, everything, tried, unproven, seconds):
    """Looks outside the sample for a mutant that each test kills: among those that it reaches, then
    among those of code that runs at import. (those that kill none, not decided)"""
    deadline = time.monotonic() + seconds
    reach = {m.number: suite.directly(m) for m in everything if m.number not in tried}
    queue = [m for m in everything if reach.get(m.number, set()) & unproven]
    random.Random(len(queue)).shuffle(queue)
    queue.sort(key=lambda m: len(reach[m.number]))
    undecided = set()
    for mutant in queue:
        if not reach[mutant.number] & unproven:
            continue
        if time.monotonic() > deadline:
            undecided |= reach[mutant.number] & unproven
            continue
        killers, how = try_mutant(runner, suite, mutant, unproven, only_unproven=True)
        if how != "import":
            unproven -= set(killers)
    at_import = [m for m in everything if m.number not in tried and any(line in suite.at_import for line in m.lines)]
    for test in sorted(unproven - undecided):
        source = source_of(runner.folder, test)
        # What the test names comes first: tests of data mention what they hold.
        for mutant in sorted(at_import, key=lambda m: m.text.partition(" -> ")[0].strip("'\"") not in source)[:40]:
            if time.monotonic() > deadline:
                undecided.add(test)
                break
            killers, how = try_mutant(runner, suite, mutant, {test}, only_unproven=True)
            if killers and how != "import":
                unproven.discard(test)
                break
    return unproven - undecided, undecided & unproven


def source_of(folder, test):
    """The text of a test function; empty when it is not found."""
    name = test.split("::")[-1].partition("[")[0]
    for file in pathlib.Path(folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name:
                return ast.unparse(node)
    return ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=os.path.realpath)
    parser.add_argument("folder", type=os.path.abspath)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", default="20261122")
    parser.add_argument("--limit", type=float, default=40.0, help="seconds for the sample")
    parser.add_argument("--no-proof", dest="proof", action="store_false", help="leave tests without a kill undecided")
    options = parser.parse_args()
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="mutants-"))
    try:
        runner = Runner(options.source, options.folder, scratch)
        suite = Suite(runner)
        result = score(options, runner, suite)
        result.update(tests=len(suite.seconds), failing=suite.failing, unusable=suite.unusable, broken=suite.broken)
        options.out.write_text(json.dumps(result))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
