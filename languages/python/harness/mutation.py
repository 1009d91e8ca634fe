# Part of the harness (start.py): changes one function of the module in a forked child and tells
# which tests notice.

FUTURE_FLAGS = 0x1FE0000  # of __future__: what changes how a text is compiled
FAILS_AT_IMPORT = 1 << 63  # in place of checks: no merit of a test
IMPORT_BEGINS_WITH = frozenset((
    "__name__", "__doc__", "__package__", "__loader__", "__spec__", "__path__", "__file__",
    "__cached__", "__builtins__",
))
MUTANTS_A_CHILD = 128
WHOLE_FILES_A_CHILD = 16
LEAST_FUEL = 2000  # for a test or an import that hardly burns any on the module itself
MUTANTS_A_COLLECTION = 16


class Mutants:
    """Puts mutants in place of functions. A mutant is the text of an outermost function, with the
    heads of the classes around it, or of the whole module."""

    def __init__(self, worker):
        self.worker = worker
        self.functions = {}
        self.caches = []
        self.changed = []  # functions that hold a mutant's code, and their own
        self.globals = None  # the module's own, while it holds those of a mutant
        self.path = None
        self.whole = WholeFile()
        self.codes = {}
        self.tried = 0
        self.at_first = None

    def index(self, path):
        """Remembers the module's functions by name and line, wrapped and decorated ones too.
        Called before the objects are frozen, since the collector does not list frozen ones."""
        self.path = path
        self.functions = {}
        self.caches = []
        for item in gc.get_objects():
            if hasattr(type(item), "cache_clear") and hasattr(item, "__wrapped__"):
                self.caches.append(item)
            elif type(item) is types.FunctionType and item.__code__.co_filename == path:
                key = (item.__code__.co_name, item.__code__.co_firstlineno)
                self.functions.setdefault(key, []).append(item)

    def apply(self, task):
        """True when the mutant is in place."""
        try:
            if not task["scope"]:
                self.empty_module()
                for code in self.whole.compiled(task["text"], self.path):
                    exec(code, self.worker.module.__dict__)
                return True
            targets = []
            name = task["scope"][-1]
            for line in range(task["decorated_line"], task["def_line"] + 1):
                targets += self.functions.get((name, line), [])
            if not targets:
                return False
            text = "\n" * (task["first_line"] - 1) + task["text"]
            flags = targets[0].__code__.co_flags & FUTURE_FLAGS
            code = compile(text, self.path, "exec", flags, True)
            for name in task["scope"]:
                code = next(item for item in code.co_consts
                            if type(item) is types.CodeType and item.co_name == name)
            for function in targets:
                self.changed.append((function, function.__code__))
                function.__code__ = code
            return True
        except (SyntaxError, ValueError, StopIteration):
            return False

    def empty_module(self):
        """Leaves what an import begins with: code such as `try: unicode except NameError:` takes
        another way in a module that has run."""
        space = vars(self.worker.module)
        self.globals = dict(space)
        space.clear()
        space.update((name, value) for name, value in self.globals.items()
                     if name in IMPORT_BEGINS_WITH or name.startswith("_tg_"))

    def codes_of(self, test):
        """A test compiled, or None. Runs nothing of it."""
        key = (test["source"], *test.get("definitions", ()), None, *test.get("fixtures", ()), None,
               *test["checks"])
        if key not in self.codes:
            if len(self.codes) >= MOST_CODES:
                self.codes.clear()
            try:
                self.codes[key] = compiled(test) + (
                    [compile(check, "<test>", "eval", dont_inherit=True)
                     for check in test["checks"]],)
            except (SyntaxError, ValueError, MemoryError, RecursionError):
                self.codes[key] = None
        return self.codes[key]

    def prepare(self, task, tests):
        """In the parent: what a mutant of the whole file needs, for this child and the next."""
        self.whole.learn(task["text"], self.path)
        for index in task["tests"]:
            self.codes_of(tests[index])

    def take_back(self):
        """Puts the functions' own code back and forgets what they remembered meanwhile."""
        for function, code in reversed(self.changed):
            function.__code__ = code
        self.changed.clear()
        if self.globals is not None:
            space = vars(self.worker.module)
            space.clear()
            space.update(self.globals)
            self.globals = None
        self.clear_caches()

    def clear_caches(self):
        for cache in self.caches:
            cache.cache_clear()

    def run(self, command, out):
        """In the forked child: a line for each mutant, [[test, failed checks as bits], …] of the
        tests that notice it. Ends before the last mutant when one leaves its mark on the module
        or runs out of time: the rest deserves a new child, unless the time is up."""
        worker = self.worker
        if self.at_first is None:
            self.at_first = worker.globals.state(), worker.state.print()
        end = time.monotonic() + command["patience"] / 1000.0
        most = MUTANTS_A_CHILD if command["mutants"][0]["scope"] else WHOLE_FILES_A_CHILD
        for task in command["mutants"]:
            if time.monotonic() > end:
                break
            struct.pack_into("<I", worker.shared, 0, 0)
            worker.beat()
            kills, stuck = self.kills_of(task, command)
            write_lines(out, [json.dumps(kills)])
            self.take_back()
            self.tried += 1
            if stuck or self.tried >= most or not self.is_as_new():
                return False
            if self.tried % MUTANTS_A_COLLECTION == 0:
                gc.collect()
        return True

    def is_as_new(self):
        """Whether the mutant has left nothing behind; what is made at first use is forgotten."""
        variables, written = self.at_first
        if self.worker.state.changed(written):
            self.worker.state.restore()
        return (not _thread._count() and self.worker.state.print() == written
                and self.worker.globals.state() == variables)

    def kills_of(self, task, command):
        worker = self.worker
        kills, stuck = [], False
        worker.probes.reset(LEAST_FUEL + 10 * worker.import_fuel, False)
        signal.setitimer(signal.ITIMER_REAL, command["milliseconds"] / 1000.0)
        try:
            applied = self.apply(task)
        except BaseException:  # an import of the mutant that fails is noticed by any test
            applied = None
        signal.setitimer(signal.ITIMER_REAL, 0)
        if applied is None:
            kills = [[index, FAILS_AT_IMPORT] for index in task["tests"][:1]]
        elif applied:
            for index in task["tests"]:
                struct.pack_into("<I", worker.shared, 0, index + 1)
                worker.beat()
                failed, stuck = self.failed_checks(command["tests"][index], command)
                if failed is not None:
                    kills.append([index, failed])
                    if command["first"] or stuck or worker.probes.fuel_left() < 0:
                        break  # what hangs hangs in the other tests, too
        return kills, stuck

    def failed_checks(self, test, command):
        """(bits of the checks that fail or None, whether time ran out). No bit: the test
        ends in another way."""
        worker = self.worker
        stage = Stage(worker, test)
        worker.probes.reset(test["fuel"], False)
        try:
            if not worker.set_up(stage, command):
                return 0, False  # the runner would call that an error
            return self.checks_on(stage, test, command)
        finally:
            worker.tear_down(stage, command)
            stage.leave()

    def checks_on(self, stage, test, command):
        worker, space = self.worker, stage.space
        space["approximately"] = approximately
        if any("recwarn" in check for check in test["checks"]):
            stage.catch_warnings()
        ready = self.codes_of(test)
        if ready is None:
            return None, False
        definitions, codes, checks = ready
        for definition in definitions:
            exec(definition, space)
        outcome, error = worker.execute(lambda: stage.run(codes), command["milliseconds"])
        if worker.touched is not None or outcome == DISCARDED:
            return None, False
        if outcome in (OUT_OF_FUEL, TIMED_OUT):
            return 0, outcome == TIMED_OUT
        expected = test["exception"]
        if expected is not None:
            same = outcome == RAISED and self.is_expected(error, expected)
            return (None if same else 0), False
        if outcome == RAISED:
            return 0, False
        failures = []
        outcome, _ = worker.execute(
            lambda: failures.extend(failing(checks, space)),
            command["milliseconds"])
        if outcome != PASSED:
            return 0, False  # looking at the result hangs or ends the process's work
        return (sum(1 << bit for bit in failures) or None), False

    @staticmethod
    def is_expected(error, expected):
        kinds = [(kind.__qualname__, kind.__module__) for kind in type(error).__mro__]
        if (expected["type"], expected["module"]) not in kinds:
            return False
        try:
            return expected["message"] in str(error)
        except Exception:
            return False


def failing(checks, space):
    """The numbers of the checks that do not hold."""
    failures = []
    for number, check in enumerate(checks):
        try:
            holds = bool(eval(check, space))
        except Exception:
            holds = False
        if not holds:
            failures.append(number)
    return failures


def approximately(value, expected):
    """Equal as far as pytest.approx goes: to one part in a million."""
    if isinstance(expected, (list, tuple)):
        return (type(value) is type(expected) and len(value) == len(expected)
                and all(map(approximately, value, expected)))
    if value == expected:
        return True
    return abs(value - expected) <= max(1e-6 * abs(expected), 1e-12)
