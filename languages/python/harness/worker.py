# Part of the harness (start.py): loads the module in the parent, runs batches in the child.

DISCARD_EVENTS = (
    "socket.", "subprocess.", "os.system", "os.fork", "os.exec", "os.posix_spawn", "os.spawn",
    "os.kill", "os.putenv", "os.unsetenv", "urllib.", "ftplib.", "http.", "smtplib.",
    "signal.pthread_kill", "time.sleep", "webbrowser.", "pty.", "ctypes.", "resource.",
)
PATH_EVENTS = frozenset((
    "open", "os.listdir", "os.scandir", "os.remove", "os.rename", "os.rmdir", "os.mkdir",
    "os.chmod", "os.chown", "os.link", "os.symlink", "os.truncate", "os.utime", "os.chdir",
    "tempfile.mkstemp", "tempfile.mkdtemp", "sqlite3.connect",
))
QUESTIONS = frozenset((
    "os.listdir", "os.scandir", "os.stat", "os.lstat", "os.access", "os.readlink",
))
LOCAL_SOCKET = 1  # AF_UNIX
STRIKES_A_CALL = 2  # src/engine/explorer/harness.cc has the same
LINES_A_WRITE = 32
BATCHES_A_CHILD = 16
RECURSION = 600
RAISE = opcode.opmap["RAISE_VARARGS"]  # of `raise` and `assert`


class Worker:
    """Runs batches in a forked child."""

    def __init__(self):
        self.probes = Probes()
        self.mutants = Mutants(self)
        self.shared = None
        self.module = None
        self.alias = ""
        self.goals = 0
        self.heartbeat = 0
        self.touched = None
        self.listening = False
        self.starved = False  # the last test ran out of memory
        self.stained = False  # a test has left something that is not easily undone
        self.import_fuel = 0
        self.globals = None
        self.variables = None  # of self.globals, the state as it is now, if that is known
        self.batches = 0
        self.at_first = None
        self.names = {}
        self.module_file = ""
        self.library = ()
        self.folder = Folder()
        self.interpreter = Interpreter()
        self.boundary = Boundary(self)
        self.state = None
        self.stage = None
        self.project = ProjectFixtures()

    # Loading, in the parent.

    def load(self, command):
        bound_memory(IMPORT_MEMORY)
        name, path = command["name"], command["path"]
        for folder in reversed(command["search_path"]):
            if folder not in sys.path:
                sys.path.insert(0, folder)
        self.goals = command["goals"]
        self.probes.map = bytearray(self.goals + 2)
        finder = InstrumentedFinder(
            name, path, command["source"], command["is_package"], self.probes.functions(),
            self.boundary,
        )
        sys.meta_path.insert(0, finder)
        blocked = []
        module = self.fresh_import(name, blocked)
        if command["optional_imports"] and self.shadowed(module, path, command["functions"]):
            blocked = command["optional_imports"]
            module = self.fresh_import(name, blocked)
        self.module = module
        self.globals = Variables(module)
        self.import_fuel = FULL - self.probes.fuel_left()
        self.mutants.index(path)
        self.alias = command["alias"]
        self.module_file = path
        # Code, its data and time zones are the same on every machine, as far as a test can see.
        self.library = tuple(
            entry for entry in sys.path if os.path.isabs(entry) and len(entry) > 4
        ) + ("/usr/share/zoneinfo", "/usr/lib/locale")
        self.names = {n: importlib.import_module(n) for n in command["imports"]}
        for name in ("pathlib", "random", "sys", "time", "uuid"):
            self.names[name] = importlib.import_module(name)
        self.boundary.learn()
        if self.boundary.needs_stand_ins():
            self.names["mock"] = importlib.import_module("unittest.mock")
        self.state = ModuleState(self, original_text(path))
        self.state.remember()
        self.shared = mmap.mmap(SHARED, HEADER + SLOTS + SLOTS * (self.goals + 2))
        reached = [goal for goal in range(self.goals) if self.probes.map[goal]]
        return {"ok": True, "blocked": blocked, "import_goals": reached, "symbols": self.symbols(module, command)}

    def fresh_import(self, name, blocked):
        for item in blocked:
            sys.modules[item] = None
        sys.modules.pop(name, None)
        try:
            return importlib.import_module(name)
        finally:
            self.interpreter.restore()

    def load_fixtures(self, command):
        """In the parent: the project's conftest.py files."""
        try:
            self.project.load(command["conftests"])
            return {"ok": True, "fixtures": self.project.places()}
        except BaseException as error:
            return {"ok": False, "why": ("%s: %s" % (type(error).__name__, safe_text(error)))[:300]}
        finally:
            self.interpreter.restore()

    @staticmethod
    def shadowed(module, path, functions):
        """Functions of this file that a C accelerator has replaced."""
        out = []
        for name in functions:
            value = getattr(module, name, None)
            if isinstance(value, (types.BuiltinFunctionType, type(len))):
                out.append(name)
        return out

    def symbols(self, module, command):
        """What exists at run time: functions, and classes with their constructors."""
        functions = [n for n in command["functions"] if callable(getattr(module, n, None))]
        own = {name: getattr(module, name, None) for name in command["classes"]}
        return {"functions": functions,
                "classes": {n: class_entry(k) for n, k in own.items() if isinstance(k, type)},
                "neighbours": {n: class_entry(k) for n, k in neighbours(module, own)}}

    # Running, in the child.

    def touch(self, event, kind, *details):
        """Ends the candidate: it reached for something outside its process."""
        if self.touched is None:
            self.touched = [str(event)[:60], kind] + [str(detail)[:400] for detail in details]
        raise Touched

    def on_audit(self, event, arguments):
        if not self.listening or self.touched is not None:
            return
        if event in PATH_EVENTS or event.startswith("shutil."):
            self.on_path(event, arguments)
        elif event in ("os.putenv", "os.unsetenv"):
            name = os.fsdecode(arguments[0])
            if name not in self.stage.patch.variables:
                self.touch(event, "environment", name)
        elif event == "socket.__new__" and arguments[1] == LOCAL_SOCKET:
            pass  # how an event loop wakes itself
        elif event.startswith(DISCARD_EVENTS):
            path = self.boundary.foreign_call(sys._getframe(1))
            self.touch(event, "outside", path or "")

    def on_path(self, event, arguments):
        """Files: the candidate's own folder is free, code and data of modules may be read."""
        mode = arguments[1] if event == "open" and len(arguments) > 1 else ""
        paths = [a for a in arguments[:2] if isinstance(a, (str, bytes)) or hasattr(a, "__fspath__")]
        if event == "open" and isinstance(arguments[0], int):
            # What stands behind the first three is the runner's; others the candidate has opened.
            if 0 <= arguments[0] <= 2:
                self.touch(event, "stdin")
            return
        if event == "open":
            paths = paths[:1]
        elif event in ("os.listdir", "os.scandir") and not paths:
            if isinstance(arguments[0], int):
                return
            paths = ["."]
        reads = event in QUESTIONS or (
            event == "open" and not any(c in str(mode) for c in "wax+"))
        for path in paths:
            text = os.fsdecode(path)
            if self.folder.holds(text) or (event == "sqlite3.connect" and text == ":memory:"):
                continue
            if reads and text.startswith(self.library):
                continue
            if event.startswith("tempfile.") or (text != "/tmp" and text.startswith("/tmp/")
                                                 and "tempfile" in sys.modules
                                                 and self.asked_by("tempfile.py")):
                self.touch(event, "tempfile")
            self.touch(event, "file", text, mode, *self.constant_named(text))

    def constant_named(self, text):
        """The module's global that holds this path or the folder it lies in: (name, whether as
        text or as a path, what it holds); nothing when there is none."""
        best = ()
        for name, value in vars(self.module).items():
            if name.startswith("__") or not name.isidentifier():
                continue
            kind = "text" if type(value) is str else "path"
            if kind == "path" and not type(value).__module__.startswith("pathlib"):
                continue
            held = str(value)
            if len(held) > 1 and (text == held or text.startswith(held.rstrip("/") + "/")):
                if not best or len(held) > len(best[2]):
                    best = (name, kind, held)
        return best

    @staticmethod
    def asked_by(file):
        """Whether code of that standard file is at work."""
        frame = sys._getframe(2)
        while frame is not None:
            if frame.f_code.co_filename.endswith(file):
                return True
            frame = frame.f_back
        return False

    def asks_itself(self):
        """Whether a frame of the module asks, itself or through os.getenv and the like."""
        frame = sys._getframe(2)
        while frame is not None:
            file = frame.f_code.co_filename
            if file == self.module_file:
                return True
            if not file.endswith(ENVIRONMENT_READERS) and file != "<harness>":
                return False
            frame = frame.f_back
        return False

    def on_alarm(self, _signal, _frame):
        raise TimedOut

    def beat(self):
        self.heartbeat += 1
        struct.pack_into("<I", self.shared, 4, self.heartbeat & 0xFFFFFFFF)

    def enter_child(self):
        """What a forked child needs before it runs anything."""
        sys.addaudithook(self.on_audit)
        signal.signal(signal.SIGALRM, self.on_alarm)
        gc.disable()
        sys.stdin = NoInput(self)
        RecordingEnviron.worker = RecordingArguments.worker = self
        os.environ.__class__ = RecordingEnviron
        for name in ("stat", "lstat", "access", "readlink"):
            setattr(os, name, watched_question(self, getattr(os, name)))
        self.names["random"].Random.seed = watched_seed(self, self.names["random"].Random.seed)
        sys.argv = RecordingArguments(sys.argv)
        sys.setrecursionlimit(RECURSION)
        bound_memory(TEST_MEMORY)
        self.interpreter.remember(self.on_alarm)
        gc.freeze()

    def serve(self, answer, command, requests, out):
        """In the forked child: answers commands until it is spent or there are no more."""
        self.enter_child()
        while True:
            kept = answer(command, out)
            os.fstat(requests)
            write_lines(out, [KEPT if kept else SPENT])
            body = read_frame(requests) if kept else None
            if body is None:
                return
            command = json.loads(body)
            gc.collect()

    def run_batch(self, command, out):
        """In the forked child: every test of the batch. The results go out as they come, a line a
        test, so that one that takes the process down costs only a few others another run."""
        self.renew()
        lines = []
        slow = {}
        end = time.monotonic() + command.get("patience", 1 << 40) / 1000.0
        stride = self.goals + 2
        base = HEADER + SLOTS
        blank = bytes(stride)
        for index in range(command.get("begin", 0), len(command["tests"])):
            test = command["tests"][index]
            subject = test.get("subject")
            if slow.get(subject, 0) >= STRIKES_A_CALL or time.monotonic() > end:
                lines.append("0 [0]" if command["observe"] else "[0]")
                continue
            struct.pack_into("<I", self.shared, 0, index + 1)
            self.beat()
            self.shared[HEADER + index] = RUNNING
            self.probes.map[:] = blank
            outcome, detail = self.run_one(test, command)
            self.shared[base + index * stride:base + (index + 1) * stride] = self.probes.map
            self.shared[HEADER + index] = outcome
            if outcome == TIMED_OUT or self.starved:
                self.stained = True
                if subject:
                    slow[subject] = slow.get(subject, 0) + 1
            line = json.dumps([outcome] + detail)
            if command["observe"]:
                line = "%d %s" % (command["fuel"] - self.probes.fuel_left(), line)
            lines.append(line)
            if len(lines) >= (1 if command.get("careful") else LINES_A_WRITE):
                write_lines(out, lines)
            os.fstat(out)  # one that has closed it is to blame, not the one that is told so
        write_lines(out, lines)
        self.batches += 1
        return not command["clean"] and self.batches < BATCHES_A_CHILD and self.is_as_new()

    def renew(self):
        """Before a batch: what the tests of an earlier one may have left that is easily undone."""
        if self.batches == 0:
            self.at_first = self.globals.state(), self.state.print()
            return
        # What is made at first use is made again, so that every batch covers the making of it.
        if self.state.changed(self.at_first[1]):
            self.state.restore()
        self.mutants.clear_caches()
        sys.setrecursionlimit(RECURSION)
        sys.settrace(None)
        sys.setprofile(None)

    def is_as_new(self):
        """Whether the tests have left nothing behind that the next batch would feel."""
        variables, written = self.at_first
        if self.stained or _thread._count() or self.state.feels(written):
            return False
        now = self.globals.state()
        names = {name for name in now.keys() | variables.keys()
                 if (None, name) not in self.state.initial}
        return all(now.get(name, ABSENT) == variables.get(name, ABSENT) for name in names)

    def execute(self, work, milliseconds, listening=True):
        """(outcome, exception or None) of a piece of a test, bounded in time. What is listened to
        may not reach outside its process."""
        self.listening = listening
        self.starved = False
        signal.setitimer(signal.ITIMER_REAL, milliseconds / 1000.0)
        try:
            work()
            return PASSED, None
        except Touched:
            return DISCARDED, None
        except OutOfFuel:
            return OUT_OF_FUEL, None
        except TimedOut:
            return TIMED_OUT, None
        except MemoryError:
            self.starved = True
            return DISCARDED, None
        except RecursionError:
            return DISCARDED, None
        except BaseException as error:
            return RAISED, error
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            self.listening = False
            if self.interpreter.restore() and self.touched is None:
                self.touched = ["the interpreter", "state"]
                self.stained = True

    def set_up(self, stage, command):
        """Gives the candidate the project's fixtures; false when it cannot have them."""
        if stage.project is None:
            return True
        return self.of_fixtures(stage.project.start, command)

    def tear_down(self, stage, command):
        if stage.project is None:
            return
        if stage.project.changed():
            self.touched = self.touched or ["a fixture", "fixture", "a call changes what it gives"]
        self.of_fixtures(stage.project.finish, command)

    def of_fixtures(self, work, command):
        """They may do what a test may not: read files of the tests' folder, for one."""
        touched = self.touched
        outcome, error = self.execute(work, command["milliseconds"], listening=False)
        if outcome == PASSED and self.touched is touched:
            return True
        why = "%s: %s" % (type(error).__name__, safe_text(error)) if outcome == RAISED else {
            TIMED_OUT: "it takes too long", OUT_OF_FUEL: "it takes too long"}.get(
                outcome, "it cannot run here")
        if isinstance(error, CannotSetUp):
            why = str(error)
        self.touched = touched or ["a fixture", "fixture", why[:300]]
        return False

    def run_one(self, test, command):
        self.probes.reset(command["fuel"], command["capture"])
        stage = Stage(self, test)
        try:
            codes = stage.compile(command["observe"])
        except Exception:
            stage.leave()
            return BROKEN, []
        observing = command["observe"]
        if observing:
            stage.catch_warnings()
        before, self.variables = self.variables, None
        if observing and before is None:
            before = self.globals.state()
        written = self.state.now()
        outcome, error, earlier = PASSED, None, []
        ready = self.set_up(stage, command)
        if ready and len(codes) > 1:
            outcome, error = self.execute(lambda: stage.arrange(codes), command["milliseconds"])
        if ready and observing and (len(codes) > 1 or stage.project is not None):
            # What holds before the act is no merit of the act.
            earlier = self.facts(stage, command)
        if ready and outcome == PASSED:
            outcome, error = self.execute(lambda: stage.act(codes), command["milliseconds"])
        detail = []
        if outcome == PASSED:
            detail = [stage.shape()]
        elif outcome == RAISED:
            detail = self.describe_exception(error)
        facts, effects = [], []
        if observing and ready and outcome == PASSED:
            effects = self.looking(command, stage.effects)
            facts = self.facts(stage, command)
            effects += self.looking(command, lambda: self.answers(stage))
        uses = stage.stub_uses() if outcome in (PASSED, RAISED) else {}
        self.tear_down(stage, command)
        stage.leave()
        if self.touched is not None:
            self.state.restore()
            return DISCARDED, self.touched
        changed = self.state.changed(written)
        after = self.globals.state() if observing else None
        if not changed and after == before:
            self.variables = after  # the next one begins with it
        if changed or (observing and after != before):
            if (changed and self.state.is_felt(changed)) or self.changes_again(test, command):
                self.state.restore()
                return DISCARDED, ["module state", "state"] + (changed or [])
        if command["capture"]:
            detail.append(self.probes.captures[:MAX_CAPTURES])
        self.probes.captures = None
        if observing and outcome == PASSED:
            detail.append([fact + [fact not in earlier] for fact in facts + effects])
        if uses:
            detail.append(uses)
        return outcome, detail

    def facts(self, stage, command):
        """What can be asserted about the test's variables; nothing when looking at them fails."""
        return self.looking(command, lambda: [
            fact for name in stage.test["watch"] if name in stage.space
            for fact in observe(name, stage.space[name], self.alias, self.module,
                                stage.test.get("longest", MAX_LITERAL))])

    def answers(self, stage):
        """What objects tell when they are asked, after all else was looked at."""
        facts = []
        for name in stage.test["watch"]:
            if name in stage.space:
                facts += accessor_facts(name, stage.space[name], self.alias, self.module,
                                        lambda: (len(stage.out.getvalue()), len(stage.caught)))
        return facts

    def looking(self, command, work):
        """What work() sees, bounded in time and without a trace in the coverage map. Whatever the
        asked objects do, it is not the test's doing."""
        signal.setitimer(signal.ITIMER_REAL, command["milliseconds"] / 1000.0)
        saved, touched = bytes(self.probes.map), self.touched
        try:
            return work()
        except BaseException:
            return []
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            self.probes.map[:] = saved
            self.touched = touched

    def changes_again(self, test, command):
        """A table filled at first use changes the module once and is harmless; a test that
        changes it every time would be felt by the tests after it."""
        before, written = self.globals.state(), self.state.print()
        self.state.last = None
        saved = bytes(self.probes.map)
        captures, self.probes.captures = self.probes.captures, None
        stage = Stage(self, test)
        codes = stage.compile()
        if self.set_up(stage, command):
            self.execute(lambda: stage.run(codes), command["milliseconds"])
        self.tear_down(stage, command)
        stage.leave()
        self.probes.map[:] = saved
        self.probes.captures = captures
        self.touched = None
        return self.globals.state() != before or self.state.print() != written

    def describe_exception(self, error):
        """[type, module of the type, message, line in the test, raised inside the module, raised by
        a statement that says so]"""
        kind = type(error)
        try:
            message = str(error)[:300]
        except Exception:
            message = ""
        if ADDRESS.search(message) or OWN_FOLDER in message:
            message = ""
        line, inside, deliberate, trace = 0, False, False, error.__traceback__
        path = getattr(self.module, "__file__", None)
        while trace is not None:
            code = trace.tb_frame.f_code
            if code.co_filename == "<test>":
                line = trace.tb_lineno
            inside = code.co_filename == path
            deliberate = code.co_code[trace.tb_lasti] == RAISE
            trace = trace.tb_next
        return [str(kind.__qualname__)[:120], str(kind.__module__)[:120], message, line, inside,
                deliberate]
