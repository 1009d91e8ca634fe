# Part of the harness (start.py): loads the module in the parent, runs batches in the child.

DISCARD_EVENTS = (
    "socket.", "subprocess.", "os.system", "os.fork", "os.exec", "os.posix_spawn", "os.spawn",
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "os.chown", "os.link",
    "os.symlink", "os.truncate", "os.utime", "os.kill", "os.putenv", "os.unsetenv", "os.chdir",
    "shutil.", "tempfile.", "urllib.", "ftplib.", "http.", "smtplib.", "signal.pthread_kill",
    "time.sleep", "webbrowser.", "pty.", "ctypes.", "sqlite3.connect", "resource.",
)


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
        self.names = {}

    # Loading, in the parent.

    def load(self, command):
        name, path = command["name"], command["path"]
        for folder in reversed(command["search_path"]):
            if folder not in sys.path:
                sys.path.insert(0, folder)
        self.goals = command["goals"]
        self.probes.map = bytearray(self.goals + 2)
        finder = InstrumentedFinder(
            name, path, command["source"], command["is_package"], self.probes.functions()
        )
        sys.meta_path.insert(0, finder)
        blocked = []
        module = self.fresh_import(name, blocked)
        if command["optional_imports"] and self.shadowed(module, path, command["functions"]):
            blocked = command["optional_imports"]
            module = self.fresh_import(name, blocked)
        self.module = module
        self.mutants.index(path)
        self.alias = command["alias"]
        self.names = {n: importlib.import_module(n) for n in command["imports"]}
        self.shared = mmap.mmap(SHARED, HEADER + SLOTS + SLOTS * (self.goals + 2))
        return {"ok": True, "blocked": blocked, "symbols": self.symbols(module, command)}

    @staticmethod
    def fresh_import(name, blocked):
        for item in blocked:
            sys.modules[item] = None
        sys.modules.pop(name, None)
        return importlib.import_module(name)

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
        classes = {}
        for name in command["classes"]:
            kind = getattr(module, name, None)
            if not isinstance(kind, type):
                continue
            entry = {"parameters": None, "abstract": inspect.isabstract(kind), "members": []}
            members = getattr(kind, "__members__", None)
            if members is not None:
                entry["members"] = [m for m in members if m.isidentifier()][:40]
            try:
                entry["parameters"] = [
                    {
                        "name": p.name,
                        "kind": int(p.kind),
                        "default": None if p.default is p.empty else safe_repr(p.default),
                        "annotation": None if p.annotation is p.empty
                        else annotation_text(p.annotation),
                    }
                    for p in inspect.signature(kind).parameters.values()
                ]
            except (TypeError, ValueError):
                pass
            entry["methods"] = sorted(
                n for n in vars(kind) if n.isidentifier() and callable(getattr(kind, n, None))
            )
            classes[name] = entry
        return {"functions": functions, "classes": classes}

    # Running, in the child.

    def on_audit(self, event, arguments):
        if not self.listening or self.touched is not None:
            return
        if event == "open":
            path, mode = arguments[0], arguments[1]
            if isinstance(path, int):
                return
            text = os.fsdecode(path) if isinstance(path, (str, bytes)) else str(path)
            writes = isinstance(mode, str) and any(c in mode for c in "wax+")
            if writes or not text.startswith(tuple(sys.path_importer_cache) + (sys.prefix,)):
                self.touched = "open"
        elif event.startswith(DISCARD_EVENTS):
            self.touched = event

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
        sys.setrecursionlimit(600)

    def run_batch(self, command, out):
        """In the forked child: every test of the batch, then the results as one document."""
        self.enter_child()
        results = []
        stride = self.goals + 2
        base = HEADER + SLOTS
        blank = bytes(stride)
        for index, test in enumerate(command["tests"]):
            struct.pack_into("<I", self.shared, 0, index + 1)
            self.beat()
            self.shared[HEADER + index] = RUNNING
            self.probes.map[:] = blank
            outcome, detail = self.run_one(test, command)
            self.shared[base + index * stride:base + (index + 1) * stride] = bytes(
                self.probes.map[:stride]).ljust(stride, b"\0")
            self.shared[HEADER + index] = outcome
            results.append([outcome] + detail)
        write_document(out, results)

    def fresh_space(self):
        """The globals of one test."""
        space = {"__name__": "test_candidate", self.alias: self.module}
        space.update(self.names)
        self.touched = None
        sys.stdout = sys.stderr = io.StringIO()
        return space

    def execute(self, code, space, milliseconds):
        """(outcome, exception or None) of a piece of a test."""
        self.listening = True
        signal.setitimer(signal.ITIMER_REAL, milliseconds / 1000.0)
        try:
            exec(code, space)
            return PASSED, None
        except OutOfFuel:
            return OUT_OF_FUEL, None
        except TimedOut:
            return TIMED_OUT, None
        except (MemoryError, RecursionError):
            return DISCARDED, None
        except BaseException as error:
            return RAISED, error
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            self.listening = False

    def run_one(self, test, command):
        space = self.fresh_space()
        self.probes.reset(command["fuel"], command["capture"])
        try:
            code = compile(test["source"], "<test>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return BROKEN, []
        before = module_state(self.module) if command["observe"] else None
        outcome, error = self.execute(code, space, command["milliseconds"])
        detail = []
        if outcome == PASSED:
            detail = [shape(space.get(test["watch"][0]) if test["watch"] else None)]
        elif outcome == RAISED:
            detail = self.describe_exception(error)
        if self.touched is not None:
            return DISCARDED, [self.touched[:60]]
        if before is not None and module_state(self.module) != before:
            if self.changes_again(code, command):
                return DISCARDED, ["module state"]
        if command["capture"]:
            detail.append(self.probes.captures[:MAX_CAPTURES])
        self.probes.captures = None
        if command["observe"] and outcome == PASSED:
            detail.append(self.observe_variables(test, space, command))
        return outcome, detail

    def observe_variables(self, test, space, command):
        """Facts about what the test watches; none when looking at them fails."""
        facts = []
        signal.setitimer(signal.ITIMER_REAL, command["milliseconds"] / 1000.0)
        saved = bytes(self.probes.map)
        try:
            for name in test["watch"]:
                if name in space:
                    facts += observe(name, space[name], self.alias, self.module)
        except (Exception, OutOfFuel, TimedOut):
            facts = []
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        self.probes.map[:] = saved
        return facts

    def changes_again(self, code, command):
        """A table filled at first use changes the module once and is harmless; a test that
        changes it every time would be felt by the tests after it."""
        before = module_state(self.module)
        saved = bytes(self.probes.map)
        signal.setitimer(signal.ITIMER_REAL, command["milliseconds"] / 1000.0)
        try:
            exec(code, {"__name__": "test_candidate", self.alias: self.module, **self.names})
        except BaseException:
            pass
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            self.probes.map[:] = saved
        return module_state(self.module) != before

    def describe_exception(self, error):
        """[type, module of the type, message, line in the test, raised inside the module]"""
        kind = type(error)
        try:
            message = str(error)[:300]
        except Exception:
            message = ""
        if ADDRESS.search(message):
            message = ""
        line, inside, trace = 0, False, error.__traceback__
        path = getattr(self.module, "__file__", None)
        while trace is not None:
            name = trace.tb_frame.f_code.co_filename
            if name == "<test>":
                line = trace.tb_lineno
            inside = name == path
            trace = trace.tb_next
        return [str(kind.__qualname__)[:120], str(kind.__module__)[:120], message, line, inside]
