# Part of the harness (start.py): fixtures of the project's own conftest.py files, set up for a
# candidate as pytest would do it. What pytest shares among tests is set up once in a child, and a
# candidate that changes it is discarded: the tests after it would feel that.

RUNNERS_OWN = ("tmp_path", "monkeypatch", "capsys", "caplog", "request")
MOST_NODES = 500


class CannotSetUp(Exception):
    """Why there is no value of that name."""


class FixtureDefinition:
    """A function that a conftest.py calls a fixture."""

    def __init__(self, name, function, scope, params, autouse):
        self.name, self.function, self.params = name, function, params
        self.shared = scope != "function"
        self.autouse = bool(autouse)
        self.path = ""
        self.outer = None  # the one of the same name that it replaces

    def requests(self):
        return [name for name, parameter in inspect.signature(self.function).parameters.items()
                if parameter.default is parameter.empty
                and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)]


def recording(found):
    """Stands for pytest.fixture while a conftest.py is loaded."""

    def fixture(function=None, *, scope="function", params=None, autouse=False, ids=None, name=None):
        def mark(function):
            found.append(FixtureDefinition(
                name or function.__name__, function, scope, params, autouse))
            return function

        return mark if function is None else mark(function)

    return fixture


class ProjectFixtures:
    """All that the tests will see."""

    def __init__(self):
        self.known = {}
        self.kept = {}  # definition: (value, what must live as long), of shared ones in this child

    def load(self, paths):
        """Of conftest.py files, the outermost first."""
        import pytest

        for path in paths:
            found, genuine = [], pytest.fixture
            pytest.fixture = recording(found)
            try:
                visible = {id(value) for value in vars(load_conftest(path)).values()}
            finally:
                pytest.fixture = genuine
            for definition in found:
                if id(definition.function) in visible:
                    definition.path = path
                    definition.outer = self.known.get(definition.name)
                    self.known[definition.name] = definition

    def places(self):
        """{name: the conftest.py that gives it}"""
        return {name: definition.path for name, definition in self.known.items()}


class FixtureRequest:
    """pytest's request, as far as fixtures without parameters need it."""

    def __init__(self, set_up, definition):
        self.set_up, self.definition = set_up, definition
        self.fixturename = definition.name
        self.scope = "session" if definition.shared else "function"

    def addfinalizer(self, work):
        if not self.definition.shared:
            self.set_up.endings.append(work)

    def getfixturevalue(self, name):
        return self.set_up.value_of(name, self.definition)


class SetUp:
    """The fixtures of one candidate, from their first line to their last."""

    def __init__(self, fixtures, stage, names):
        self.fixtures, self.stage, self.names = fixtures, stage, names
        self.values = {}
        self.waiting = []  # definitions that are being set up
        self.endings = []
        self.shared = []   # values that other tests get, too
        self.before = None

    def start(self):
        for definition in self.fixtures.known.values():
            if definition.autouse:
                self.value_by(definition)
        for name in self.names:
            self.stage.space[name] = self.value_of(name, None)
        self.before = self.pictures()

    def finish(self):
        error = None
        while self.endings:
            try:
                self.endings.pop()()
            except StopIteration:
                pass
            except BaseException as raised:
                error = error or raised
        if error is not None:
            raise error

    def value_of(self, name, asker):
        if name in RUNNERS_OWN:
            return self.runners_own(name, asker)
        definition = self.fixtures.known.get(name)
        if asker is not None and asker.name == name:
            definition = asker.outer
        if definition is None:
            raise CannotSetUp("no conftest.py gives %s" % name)
        return self.value_by(definition)

    def runners_own(self, name, asker):
        stage = self.stage
        if name == "request":
            return FixtureRequest(self, asker)
        if name == "tmp_path" and "tmp_path" not in stage.space:
            stage.space["tmp_path"] = stage.worker.folder.make()
        return stage.patch if name == "monkeypatch" else stage.space[name]

    def value_by(self, definition):
        if definition in self.values:
            return self.values[definition]
        if definition in self.fixtures.kept:
            value = self.fixtures.kept[definition][0]
        else:
            if definition in self.waiting:
                raise CannotSetUp("%s asks for itself" % definition.name)
            self.waiting.append(definition)
            value = self.call(definition)
            self.waiting.pop()
        self.values[definition] = value
        if definition.shared:
            self.shared.append(value)
        return value

    def call(self, definition):
        function = definition.function
        if definition.params:
            raise CannotSetUp("%s has parameters" % definition.name)
        if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            raise CannotSetUp("%s is asynchronous" % definition.name)
        given = {name: self.value_of(name, definition) for name in definition.requests()}
        value = alive = function(**given)
        if inspect.isgeneratorfunction(function):
            value = next(alive)
            if not definition.shared:
                self.endings.append(lambda: next(alive))
        if definition.shared:
            self.fixtures.kept[definition] = (value, alive)
        return value

    def pictures(self):
        return [picture(value, [MOST_NODES]) for value in self.shared]

    def changed(self):
        """Whether the candidate has changed what other tests get, too. It is made anew then."""
        if not self.shared or self.pictures() == self.before:
            return False
        self.fixtures.kept.clear()
        return True


def picture(value, room, depth=0):
    """A value with what it holds, in a form that can be compared."""
    kind = type(value)
    room[0] -= 1
    if kind in IMMUTABLE or kind in (float, complex):
        return (kind, value if value == value else "nan")
    if room[0] < 0 or depth > 8:
        return id(value)
    if kind in (list, tuple):
        return (kind, [picture(item, room, depth + 1) for item in value])
    if kind in (set, frozenset):
        return (kind, sorted(map(safe_text, value)))
    if kind is dict:
        return [(picture(key, room, depth + 1), picture(item, room, depth + 1))
                for key, item in value.items()]
    held = [picture(item, room, depth + 1) for item in attributes_of(value)]
    if isinstance(value, (list, set, dict)):
        held.append(safe_text(value))
    return (id(value), held)


def attributes_of(value):
    """Names and values, without asking the object."""
    if isinstance(value, (type, types.ModuleType, types.FunctionType)):
        return []
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:
        own = {}
    held = list(own.items()) if type(own) is dict else []
    for kind in type(value).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            try:
                held.append((name, object.__getattribute__(value, name)))
            except AttributeError:
                pass
    return held
