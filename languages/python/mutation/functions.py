# Part of run.py: mutants of functions, whose code is swapped in a fork.


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
        if isinstance(item, UnittestItem):
            return item.outcome()
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
