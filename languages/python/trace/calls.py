# Part of the trace (sources.py): which calls are looked at, and what is written of each.
#
#   {"line": of the def or its first decorator, "name": "total", "inside": the module called it,
#    "receiver": source of the object or null, "receiver_fixture": name or null,
#    "arguments": [[name, source or null, type, fixture or null]…],
#    "starred": [source…], "keywords": [[name, source]…], "before": [numbers of lines]}
#
# `before` are earlier calls of tests on the same object, by their place in the report from 0.
# Before the first call that is given what a fixture of the project's gives, and counted like it:
#
#   {"fixture": name, "conftest": path, "type": of its value}

CALLS_A_FUNCTION = 24       # distinct ones that are written
LOOKS_A_FUNCTION = 400      # calls that are looked at
MOST_RECORDS = 2000
MOST_BEFORE = 3
MOST_FIXTURES = 60
# Values of these kinds that are alike may be one object by chance.
WITHOUT_IDENTITY = (bool, int, float, complex, str, bytes, type(None), type(...))
GENERATOR_FLAGS = 0x20 | 0x80 | 0x200  # generators and coroutines start again at each resume


class Calls:
    """Follows the interpreter from call to call."""

    def __init__(self, source, sources, report, events):
        self.source, self.sources, self.report = source, sources, report
        self.events = events
        self.package = sources.module.partition(".")[0]
        self.kinds = {}      # id of code: (the code, what it is to us)
        self.looks = {}      # id of code: calls seen
        self.written = {}    # id of code: lines written
        self.first = {}      # id of code: where a generator begins
        self.records = {}    # line without its history: its number
        self.history = {}    # id of an object: numbers of its earlier calls
        self.lines = 0       # written so far
        self.fixtures = {}   # id of a value: (the value, the fixture's name, its conftest.py)
        self.told = set()    # fixtures that are in the report
        self.busy = False
        self.leave = os._exit

    # What a code object is: not ours, a function of the module, or a constructor of its package.

    def kind_of(self, code):
        known = self.kinds.get(id(code))
        if known is None:
            word = ""
            if code.co_filename == self.source and code.co_name[:1] != "<":
                nested = "<locals>" in getattr(code, "co_qualname", "")
                word = "" if nested else "own"
            elif code.co_name == "__init__":
                word = "init"
            known = self.kinds[id(code)] = (code, word)
        return known[1]

    def called(self, frame):
        """One call begins. True while calls of this code are worth looking at."""
        code = frame.f_code
        kind = self.kind_of(code)
        if not kind:
            return False
        if self.busy:
            return True
        self.busy = True
        try:
            self.events -= 1
            if self.events <= 0:
                self.leave(0)  # a test that calls without end is over, too
            return self.look(frame, code, kind)
        except Exception:
            return True
        finally:
            self.busy = False

    def look(self, frame, code, kind):
        count = self.looks[id(code)] = self.looks.get(id(code), 0) + 1
        constructs = code.co_name == "__init__"
        if count > LOOKS_A_FUNCTION and not constructs:
            return False
        if code.co_flags & GENERATOR_FLAGS:
            start = self.first.setdefault(id(code), frame.f_lasti)
            if frame.f_lasti > start:
                return True
        space = frame.f_locals
        names = code.co_varnames[:code.co_argcount + code.co_kwonlyargcount]
        target = space.get(names[0]) if names and names[0] in ("self", "cls") else None
        method = names[:1] == ("self",)
        if constructs and method and self.is_inner(frame, target):
            return True
        call = self.read(code, space, names[1:] if method or names[:1] == ("cls",) else names)
        if constructs and method:
            self.construct(target, call)
        if kind == "own":
            self.write(frame, code, call, target if method else None, constructs)
        return True

    @staticmethod
    def is_inner(frame, target):
        """super().__init__() of an object that is being made."""
        outer = frame.f_back
        return (outer is not None and outer.f_code.co_name == "__init__"
                and outer.f_locals.get("self") is target)

    def read(self, code, space, names):
        arguments = []
        for name in names:
            value = space.get(name)
            arguments.append(
                [name, self.source_of(value), self.type_of(value), self.fixture_of(value)])
        at = code.co_argcount + code.co_kwonlyargcount
        starred, keywords = [], []
        if code.co_flags & 0x04:
            starred = [self.source_of(item) for item in space.get(code.co_varnames[at], ())[:8]]
            at += 1
        if code.co_flags & 0x08:
            given = list(space.get(code.co_varnames[at], {}).items())[:8]
            keywords = [[name, self.source_of(value)] for name, value in given]
        return {"arguments": arguments, "starred": starred, "keywords": keywords}

    def source_of(self, value):
        try:
            return self.sources.of(value)
        except Exception:
            return None

    # What pytest hands to tests.

    def fixture_ready(self, name, path, value):
        if type(value) in WITHOUT_IDENTITY or isinstance(value, (type, types.ModuleType)):
            return
        self.fixtures[id(value)] = (value, name, path)
        # What the fixture itself has done with it is none of the test's doing.
        self.history[id(value)] = []

    def fixture_gone(self, name):
        for key, (_, other, _) in list(self.fixtures.items()):
            if other == name:
                del self.fixtures[key]
                self.history.pop(key, None)

    def fixture_of(self, value):
        """The name of the fixture that gave this very object."""
        found = self.fixtures.get(id(value))
        return None if found is None else found[1]

    def tell_fixture(self, value):
        found = self.fixtures.get(id(value))
        if found is None or found[1] in self.told or len(self.told) >= MOST_FIXTURES:
            return
        self.told.add(found[1])
        self.say({"fixture": found[1], "conftest": found[2], "type": self.type_of(value)})

    def say(self, line):
        self.lines += 1
        data = (json.dumps(line) + "\n").encode("ascii")
        while data:
            data = data[os.write(self.report, data):]

    @staticmethod
    def type_of(value):
        kind = type(value)
        return ("%s.%s" % (kind.__module__, kind.__name__))[:120]

    def construct(self, target, call):
        """Remembers how an object was made, for when it is an argument."""
        kind = type(target)
        if str(kind.__module__).partition(".")[0] != self.package:
            return
        parts = [source for _, source, _, _ in call["arguments"]] + call["starred"]
        text = None
        if None not in parts and all(source is not None for _, source in call["keywords"]):
            words = ["%s=%s" % (name, source) for name, source, _, _ in call["arguments"]]
            if call["starred"]:
                words = parts
            words += ["%s=%s" % (name, source) for name, source in call["keywords"]]
            text = "%s.%s(%s)" % (self.sources.alias, kind.__name__, ", ".join(words))
        self.sources.made[id(target)] = (kind, text)
        self.history[id(target)] = []

    def write(self, frame, code, call, target, constructs):
        caller = frame.f_back
        inside = caller is not None and caller.f_code.co_filename == self.source
        if constructs:
            receiver = type(target).__name__
        else:
            receiver = None if target is None else self.source_of(target)
        line = {"line": code.co_firstlineno, "name": code.co_name, "inside": inside,
                "receiver": receiver, **call}
        given = [] if constructs or target is None else [target]
        line["receiver_fixture"] = self.fixture_of(given[0]) if given else None
        given += [frame.f_locals.get(name) for name, *_ in call["arguments"]]
        key = json.dumps(line)
        number = self.records.get(key)
        if number is None:
            wrote = self.written.get(id(code), 0)
            if wrote >= CALLS_A_FUNCTION or len(self.records) >= MOST_RECORDS:
                return
            self.written[id(code)] = wrote + 1
            for value in given:
                self.tell_fixture(value)
            number = self.records[key] = self.lines
            line["before"] = self.history.get(id(target), [])[-MOST_BEFORE:]
            self.say(line)
        if target is not None and not inside and not constructs:
            earlier = self.history.get(id(target))
            if earlier is not None and len(earlier) < 12:
                earlier.append(number)


def follow(calls):
    """Begins to follow calls, in the cheapest way that this Python has."""
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is not None:
        for tool in (4, 3, 5):
            if monitoring.get_tool(tool) is not None:
                continue
            monitoring.use_tool_id(tool, "testgen")

            def begins(code, offset):
                return None if calls.called(sys._getframe(1)) else monitoring.DISABLE

            monitoring.register_callback(tool, monitoring.events.PY_START, begins)
            monitoring.set_events(tool, monitoring.events.PY_START)
            return

    def profile(frame, event, argument):
        if event == "call":
            calls.called(frame)

    threading.setprofile(profile)
    sys.setprofile(profile)
