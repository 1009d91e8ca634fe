# Part of the harness (start.py): what a test runner hands to a test, with pytest's meaning, so
# that a candidate runs here as it will run there. Everything is undone after each candidate.

ABSENT = object()


class MonkeyPatch:
    """pytest's monkeypatch: changes that undo() takes back, last one first."""

    def __init__(self):
        self.undone = []
        self.variables = set()
        self.start = None

    def setattr(self, target, name, value=ABSENT, raising=True):
        if value is ABSENT:
            owner, _, attribute = target.rpartition(".")
            target, name, value = self.resolve(owner), attribute, name
        old = getattr(target, name, ABSENT)
        if raising and old is ABSENT:
            raise AttributeError("%r has no attribute %r" % (target, name))
        if isinstance(target, type):
            old = target.__dict__.get(name, ABSENT)
        self.undone.append((setattr, delattr, target, name, old))
        setattr(target, name, value)

    def delattr(self, target, name, raising=True):
        old = getattr(target, name, ABSENT)
        if old is ABSENT:
            if raising:
                raise AttributeError(name)
            return
        if isinstance(target, type):
            old = target.__dict__.get(name, ABSENT)
        self.undone.append((setattr, delattr, target, name, old))
        delattr(target, name)

    def setitem(self, mapping, name, value):
        self.undone.append((set_item, delete_item, mapping, name, mapping.get(name, ABSENT)))
        mapping[name] = value

    def delitem(self, mapping, name, raising=True):
        if name not in mapping:
            if raising:
                raise KeyError(name)
            return
        self.undone.append((set_item, delete_item, mapping, name, mapping.get(name, ABSENT)))
        del mapping[name]

    def setenv(self, name, value, prepend=None):
        if not isinstance(value, str):
            raise TypeError("an environment variable is text")
        self.variables.add(name)
        if prepend and name in os.environ:
            value = value + prepend + os.environ[name]
        self.setitem(os.environ, name, value)

    def delenv(self, name, raising=True):
        self.variables.add(name)
        self.delitem(os.environ, name, raising=raising)
        if (set_item, delete_item, os.environ, name) not in [u[:4] for u in self.undone]:
            self.undone.append((set_item, delete_item, os.environ, name, ABSENT))

    def syspath_prepend(self, path):
        self.setattr(sys, "path", [str(path)] + sys.path)

    def chdir(self, path):
        if self.start is None:
            self.start = os.getcwd()
        os.chdir(path)

    @staticmethod
    def resolve(dotted):
        parts = dotted.split(".")
        found = importlib.import_module(parts[0])
        for index, part in enumerate(parts[1:], 2):
            if not hasattr(found, part):
                importlib.import_module(".".join(parts[:index]))
            found = getattr(found, part)
        return found

    def undo(self):
        for put, remove, target, name, old in reversed(self.undone):
            try:
                if old is ABSENT:
                    remove(target, name)
                else:
                    put(target, name, old)
            except (AttributeError, KeyError):
                pass
        self.undone.clear()
        self.variables.clear()
        if self.start is not None:
            os.chdir(self.start)
            self.start = None


def set_item(mapping, name, value):
    mapping[name] = value


def delete_item(mapping, name):
    del mapping[name]


class CapturedText(io.TextIOWrapper):
    """Stands for sys.stdout, with bytes below as the runner's own has them."""

    def __init__(self):
        super().__init__(io.BytesIO(), encoding="UTF-8", newline="", write_through=True)

    def getvalue(self):
        return self.buffer.getvalue().decode("UTF-8", "replace")


class CapturedOutput:
    """pytest's capsys, over the streams of one candidate."""

    def __init__(self, out, err):
        self.streams = [out, err]

    def readouterr(self):
        texts = []
        for stream in self.streams:
            texts.append(stream.getvalue())
            stream.seek(0)
            stream.truncate()
        return types.SimpleNamespace(out=texts[0], err=texts[1])


class CapturedLog:
    """pytest's caplog: what reaches the root logger. Its handler is there for every candidate, as
    the runner's own is, so that basicConfig() and lastResort do the same here as there."""

    level = 0

    def __init__(self):
        self.messages = []
        self.logging = sys.modules.get("logging")
        if self.logging is not None:
            self.logging.root.handlers.append(self)

    def handle(self, record):
        self.messages.append(record.getMessage())

    def leave(self):
        if self.logging is not None and self in self.logging.root.handlers:
            self.logging.root.handlers.remove(self)


class Folder:
    """The candidate's tmp_path: made when asked for, emptied afterwards."""

    def __init__(self):
        self.path = OWN_FOLDER
        self.used = False
        self.before = {}

    def make(self):
        import pathlib

        self.used = True
        os.makedirs(self.path, exist_ok=True)
        return pathlib.Path(self.path)

    def holds(self, path):
        """Whether a path, absolute or from the current folder, lies inside."""
        if not self.used:
            return False
        try:
            text = os.fsdecode(path)
        except TypeError:
            return False
        whole = os.path.normpath(os.path.join(os.getcwd(), text))
        return whole == self.path or whole.startswith(self.path + "/")

    def snapshot(self):
        """{path below the folder: content, or None for a folder}, of at most 200 entries."""
        found = {}
        for top, folders, files in os.walk(self.path):
            below = top[len(self.path) + 1:]
            for name in sorted(folders):
                found[os.path.join(below, name)] = None
            for name in sorted(files):
                if len(found) > 200:
                    return found
                try:
                    with open(os.path.join(top, name), "rb") as file:
                        found[os.path.join(below, name)] = file.read(MAX_CONTENT + 1)
                except OSError:
                    found[os.path.join(below, name)] = b""
        return found

    def facts(self):
        """What the act changed in the folder, as assertions."""
        after = self.snapshot()
        facts = []
        for name in sorted(set(self.before) | set(after)):
            if after.get(name, ABSENT) == self.before.get(name, ABSENT):
                continue
            if not name.isprintable():
                continue
            place = "(tmp_path / %s)" % double_quoted(name)
            if name not in after:
                facts.append([place + ".exists()", "is", "False"])
            elif after[name] is None:
                if not any(other.startswith(name + "/") for other in after):
                    facts.append([place + ".is_dir()", "is", "True"])
            elif len(after[name]) <= MAX_CONTENT and self.path.encode() not in after[name]:
                facts.append(content_fact(place, after[name]))
            else:
                facts.append([place + ".exists()", "is", "True"])
        return facts[:6]

    def clear(self):
        if not self.used:
            return
        self.used = False
        remove_tree(self.path)


def content_fact(place, content):
    try:
        text = content.decode("utf-8")
        if "\r" not in text and "\x00" not in text and text.isascii():
            return [place + ".read_text()", "eq", repr(text)]
    except UnicodeDecodeError:
        pass
    return [place + ".read_bytes()", "eq", repr(content)]


def remove_tree(path):
    try:
        entries = list(os.scandir(path))
    except OSError:
        return
    for entry in entries:
        try:
            if entry.is_dir(follow_symlinks=False):
                os.chmod(entry.path, 0o700)
                remove_tree(entry.path)
            else:
                os.unlink(entry.path)
        except OSError:
            pass
    try:
        os.rmdir(path)
    except OSError:
        pass


MOST_CODES = 4096
definition_codes = {}


def definition_code(text):
    """A helper compiled: many candidates share it, and the parent has it ready for its forks."""
    if text not in definition_codes:
        if len(definition_codes) >= MOST_CODES:
            definition_codes.clear()
        definition_codes[text] = compile(text, "<definition>", "exec", dont_inherit=True)
    return definition_codes[text]


def prepare_definitions(tests):
    """In the parent. Runs nothing of them; one that is no Python is found out by its child."""
    for test in tests:
        for text in test.get("definitions", ()):
            try:
                definition_code(text)
            except (SyntaxError, ValueError, MemoryError, RecursionError):
                pass


def compiled(test, apart=False):
    """(definitions, arrangement and act) of a candidate as code. Runs nothing of it."""
    definitions = [definition_code(definition) for definition in test.get("definitions", ())]
    source = test["source"]
    if "\n" not in source or not (apart or test.get("fixtures")):
        return definitions, [compile(source, "<test>", "exec", dont_inherit=True)]
    lines = source.split("\n")
    try:
        if not lines[-1].strip():
            raise SyntaxError
        # Nearly always the act is the last line; reading the text as a tree takes several times
        # as long.
        return definitions, [
            compile("\n".join(lines[:-1]), "<test>", "exec", dont_inherit=True),
            compile("\n" * (len(lines) - 1) + lines[-1], "<test>", "exec", dont_inherit=True)]
    except SyntaxError:
        tree = ast.parse(source)
    parts = [ast.Module(tree.body[:-1], []), ast.Module(tree.body[-1:], [])]
    return definitions, [compile(part, "<test>", "exec", dont_inherit=True) for part in parts]


class Stage:
    """One candidate's fixtures and namespace."""

    def __init__(self, worker, test):
        self.worker, self.test = worker, test
        worker.stage, worker.touched = self, None
        self.patch = MonkeyPatch()
        self.out, self.err = CapturedText(), CapturedText()
        self.seeded = "random.seed(" in test["source"]
        self.state = None  # of the module, before the act
        self.catcher, self.caught = None, []
        self.space = {"__name__": "test_candidate", "__file__": "<test>",
                      worker.alias: worker.module, **worker.names}
        sys.stdout, sys.stderr = self.out, self.err
        fixtures = test.get("fixtures", ())
        if "tmp_path" in fixtures:
            self.space["tmp_path"] = worker.folder.make()
        if "monkeypatch" in fixtures:
            self.space["monkeypatch"] = self.patch
        self.space["capsys"] = CapturedOutput(self.out, self.err)
        self.log = self.space["caplog"] = CapturedLog()
        own = [name for name in fixtures if name not in RUNNERS_OWN and name != "recwarn"]
        self.project = SetUp(worker.project, self, own) if own else None

    def catch_warnings(self):
        """From here on what is warned of is kept, as pytest's recwarn does."""
        self.catcher = warnings.catch_warnings(record=True)
        self.caught = self.space["recwarn"] = self.catcher.__enter__()
        warnings.simplefilter("always")
        # When a file is closed for its user is up to the collector.
        warnings.simplefilter("ignore", ResourceWarning)

    def compile(self, apart=False):
        """The arrangement and the act, compiled apart so that what the act did can be told."""
        definitions, codes = compiled(self.test, apart)
        for definition in definitions:
            exec(definition, self.space)
        return codes

    def run(self, codes):
        self.arrange(codes)
        self.act(codes)

    def arrange(self, codes):
        for code in codes[:-1]:
            exec(code, self.space)
        if self.worker.folder.used and len(codes) > 1:
            self.worker.folder.before = self.worker.folder.snapshot()
        if len(codes) > 1 and self.patch.undone and self.worker.state.initial:
            self.state = self.worker.state.print()

    def act(self, codes):
        exec(codes[-1], self.space)

    def shape(self):
        """A short word for what the act gave."""
        watch = self.test["watch"]
        word = shape(self.space.get(watch[0]) if watch else None)
        return word + " printed" if word == "None" and self.out.getvalue() else word

    def effects(self):
        """Facts about the world after the act: files, calls of stand-ins, printed text."""
        facts = []
        if self.worker.folder.used:
            facts += self.worker.folder.facts()
        if self.state is not None:
            facts += self.worker.state.facts(self.state)
        for stub in self.test.get("stubs", ()):
            facts += call_facts(stub, self.stand_in(stub), self.worker)
        printed = self.out.getvalue()
        if printed and len(printed) <= MAX_CONTENT and self.worker.folder.path not in printed:
            if not ADDRESS.search(printed) and "\ufffd" not in printed:
                facts.append(["capsys.readouterr().out", "eq", repr(printed)])
        return facts + self.log_facts() + warning_facts(self.caught, self.worker)

    def log_facts(self):
        messages = list(self.log.messages)
        if not messages or len(messages) > 8:
            return []
        try:
            text = literal(messages, self.worker.alias, self.worker.module, [MAX_LITERAL])
        except NotLiteral:
            return []
        plain = not ADDRESS.search(text) and self.worker.folder.path not in text
        return [["caplog.messages", "eq", text]] if plain else []

    def stand_in(self, expression):
        try:
            return eval(expression, self.space)
        except Exception:
            return None

    def stub_uses(self):
        uses = {}
        for stub in self.test.get("stubs", ()):
            paths = []
            used_paths(self.stand_in(stub), "", paths)
            if paths:
                uses[stub] = paths
        return uses

    def settles(self, name):
        """Whether the arrangement has made the real thing predictable."""
        if name.startswith("random."):
            return self.seeded
        return name == "os.getcwd" and self.patch.start is not None

    def leave(self):
        self.log.leave()
        self.patch.undo()
        if self.catcher is not None:
            self.catcher.__exit__(None, None, None)
        if self.worker.folder.used:
            if self.worker.folder.holds("."):
                # It went there by itself and did not come back.
                os.chdir("/")
                self.worker.touched = self.worker.touched or ["os.chdir", "folder"]
            self.worker.folder.clear()


def call_facts(stub, stand_in, worker):
    """What a stand-in was last called with, when that can be written down."""
    call = getattr(stand_in, "call_args", None)
    if call is None or not hasattr(stand_in, "mock_calls"):
        return []
    facts = []
    if getattr(stand_in, "call_count", 1) != 1:
        facts.append([stub + ".call_count", "eq", repr(stand_in.call_count)])
    for part in ("args", "kwargs"):
        value = getattr(call, part)
        if not value:
            continue
        try:
            text = literal(value, worker.alias, worker.module, [MAX_LITERAL])
        except NotLiteral:
            continue
        facts.append(["%s.call_args.%s" % (stub, part), "eq", text])
    return facts


def warning_facts(caught, worker):
    """What was warned of, of which kind, and whether the warning names the line that is to blame."""
    if not 0 < len(caught) <= 4:
        return []
    try:
        text = literal([str(item.message) for item in caught], worker.alias, worker.module,
                       [MAX_LITERAL])
    except NotLiteral:
        return []
    kinds = repr([item.category.__name__ for item in caught])
    facts = [["[str(warning.message) for warning in recwarn]", "eq", text],
             ["[warning.category.__name__ for warning in recwarn]", "eq", kinds]]
    if caught[0].filename == "<test>":
        facts.append(["recwarn[0].filename", "eq", "__file__"])
    return [fact for fact in facts if not ADDRESS.search(fact[2])]


def used_paths(stand_in, path, found, depth=0):
    """Which attributes of a Mock were read and which of them called, as text."""
    children = getattr(stand_in, "_mock_children", None)
    if type(children) is not dict or depth > 6 or len(found) >= 40:
        return
    if getattr(stand_in, "call_count", 0):
        found.append(path + "()")
        result = getattr(stand_in, "_mock_return_value", None)
        used_paths(result, path + "()", found, depth + 1)
    for name, child in list(children.items()):
        if name == "()" or not isinstance(name, str):
            continue
        if name.startswith("__") and not getattr(child, "call_count", 0):
            continue
        found.append(path + "." + name)
        used_paths(child, path + "." + name, found, depth + 1)
