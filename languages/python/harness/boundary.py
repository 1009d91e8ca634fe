# Part of the harness (start.py): where the module meets the world. Calls of clocks, random
# numbers, processes and networks are marked when the module is loaded, under the names the
# module itself uses; one that reaches the real thing ends the candidate and says which it was.


class Touched(BaseException):
    """The candidate reached for something outside its process."""


# What a call may not reach, by dotted name. A number after a colon: only with at most so many
# arguments, since time.strftime(format, moment) is a pure function.
BOUNDARY = """
time.time time.time_ns time.monotonic time.monotonic_ns time.perf_counter time.perf_counter_ns
time.process_time time.sleep time.localtime:0 time.gmtime:0 time.ctime:0 time.asctime:0
time.strftime:1
random.random random.randint random.randrange random.choice random.choices random.sample
random.shuffle random.uniform random.gauss random.normalvariate random.expovariate
random.betavariate random.triangular random.getrandbits random.randbytes random.vonmisesvariate
random.lognormvariate random.paretovariate random.weibullvariate random.gammavariate
secrets.token_hex secrets.token_bytes secrets.token_urlsafe secrets.choice secrets.randbelow
secrets.randbits os.urandom uuid.uuid1 uuid.uuid4 uuid.getnode
os.getcwd os.getpid os.getppid os.getlogin os.getuid os.geteuid os.getgid os.cpu_count os.uname
os.getloadavg os.get_terminal_size os._exit os.abort
socket.gethostname socket.getfqdn getpass.getuser getpass.getpass
platform.node platform.system platform.platform platform.machine platform.release
platform.version platform.uname platform.processor platform.architecture
subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen
subprocess.getoutput subprocess.getstatusoutput os.system os.popen shutil.which os.kill
urllib.request.urlopen urllib.request.urlretrieve urllib.request.build_opener
http.client.HTTPConnection http.client.HTTPSConnection
socket.socket socket.create_connection socket.getaddrinfo socket.gethostbyname
smtplib.SMTP smtplib.SMTP_SSL ftplib.FTP imaplib.IMAP4_SSL poplib.POP3 webbrowser.open
requests.get requests.post requests.put requests.delete requests.patch requests.head
requests.options requests.request requests.Session requests.session
httpx.get httpx.post httpx.put httpx.delete httpx.patch httpx.head httpx.request httpx.Client
httpx.AsyncClient aiohttp.ClientSession asyncio.sleep
""".split()

BOUNDARY_ROOTS = {entry.partition(".")[0] for entry in BOUNDARY} | {"datetime"}
CLOCK_METHODS = {"now", "utcnow", "today"}

# Modules whose use needs stand-ins that answer to anything.
NEEDS_STAND_INS = {
    "subprocess", "socket", "urllib", "http", "smtplib", "ftplib", "imaplib", "poplib",
    "webbrowser", "requests", "httpx", "aiohttp", "os", "shutil", "asyncio",
}

# Standard library files through which a module reads the environment, or asks about files, in its
# own name.
ENVIRONMENT_READERS = ("os.py", "_collections_abc.py", "posixpath.py", "genericpath.py",
                       "pathlib.py", "_abc.py", "_local.py", "shutil.py", "<frozen os>",
                       "<frozen posixpath>", "<frozen genericpath>", "<frozen _collections_abc>")


def dotted_name(node):
    """"a.b.c" of such an expression, also when operand capture wraps a part of it."""
    parts = []
    while True:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_tg_m":
            node = node.args[1]
        else:
            break
    if not isinstance(node, ast.Name):
        return None
    parts.append(node.id)
    return ".".join(reversed(parts))


class Boundary(ast.NodeTransformer):
    """Marks the calls of one module, and answers when one of them runs."""

    def __init__(self, worker):
        self.worker = worker
        self.known = {}
        self.imported = {}
        self.paths = {}
        self.roots = set()
        self.last_words = {entry.partition(":")[0].rpartition(".")[2] for entry in BOUNDARY}
        self.last_words |= CLOCK_METHODS

    def mark(self, source, path):
        """The module's code with its calls marked, or plainly compiled when none could matter."""
        tree = ast.parse(source, path)
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    self.imported[name] = alias.name if alias.asname else name
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    whole = "%s.%s" % (node.module or "", alias.name)
                    self.imported[alias.asname or alias.name] = whole
        self.roots = {whole.partition(".")[0] for whole in self.imported.values()}
        if not any(self.matters(root) for root in self.roots):
            return compile(source, path, "exec", dont_inherit=True)
        marked = ast.fix_missing_locations(self.visit(tree))
        return compile(marked, path, "exec", dont_inherit=True)

    @staticmethod
    def matters(root):
        """Whether calls into that package may leave the process."""
        standard = getattr(sys, "stdlib_module_names", ())
        return root in BOUNDARY_ROOTS or root not in standard

    def visit_Call(self, node):
        self.generic_visit(node)
        path = dotted_name(node.func)
        if path is None:
            return node
        root, _, rest = path.partition(".")
        if root not in self.imported:
            return node
        whole = self.imported[root] + ("." + rest if rest else "")
        self.paths.setdefault(node.lineno, []).append(path)
        if whole.rpartition(".")[2] not in self.last_words:
            return node
        count = len(node.args) + len(node.keywords)
        node.func = ast.copy_location(
            ast.Call(ast.Name("_tg_boundary", ast.Load()),
                     [ast.Constant(path), ast.Constant(count), node.func], []), node.func)
        return node

    def needs_stand_ins(self):
        standard = getattr(sys, "stdlib_module_names", ())
        return any(root in NEEDS_STAND_INS or root not in standard for root in self.roots)

    def learn(self):
        """Finds the objects behind the names, once the module has been imported."""
        for entry in BOUNDARY:
            name, _, most = entry.partition(":")
            owner, _, attribute = name.rpartition(".")
            value = getattr(sys.modules.get(owner), attribute, None)
            if value is not None:
                self.known[id(value)] = (value, name, int(most) if most else 99)

    def canonical(self, value, count):
        """The dotted name of what is about to be called, or None when it is harmless."""
        found = self.known.get(id(value))
        if found is not None:
            return found[1] if count <= found[2] else None
        owner = getattr(value, "__self__", None)
        if isinstance(owner, type) and owner.__module__ == "datetime":
            if value.__name__ in CLOCK_METHODS:
                return "datetime.%s.%s" % (owner.__name__, value.__name__)
        return None

    def reached(self, path, count, value):
        """Called by the module at a marked place; hands back what is about to be called."""
        worker = self.worker
        if worker.listening:
            name = self.canonical(value, count)
            if name is not None and not worker.stage.settles(name):
                worker.touch(name, "call", name, path if self.owned(path) else "")
        return value

    def owned(self, path):
        """Whether the module's own globals lead to it, so that a test can replace it there."""
        return path.partition(".")[0] in vars(self.worker.module)

    def foreign_call(self, frame):
        """The call of an imported function, in the module's frame, that led to `frame`."""
        file = self.worker.module_file
        inner = None
        while frame is not None and frame.f_code.co_filename != file:
            inner, frame = frame, frame.f_back
        if frame is None or inner is None:
            return None
        paths = [p for p in self.paths.get(frame.f_lineno, ()) if self.owned(p)]
        for path in paths:
            if self.runs(path, inner.f_code):
                return path
        return paths[0] if len(paths) == 1 else None

    def runs(self, path, code):
        value = vars(self.worker.module).get(path.partition(".")[0])
        for part in path.split(".")[1:]:
            value = getattr(value, part, None)
        if isinstance(value, type):
            value = getattr(value, "__init__", None)
        return getattr(value, "__code__", None) is code


class RecordingEnviron(os.environ.__class__):
    """os.environ that tells which variables the module under test asks for."""

    worker = None

    def __getitem__(self, key):
        worker = RecordingEnviron.worker
        if worker is not None and worker.listening and isinstance(key, str):
            if key not in worker.stage.patch.variables and worker.asks_itself():
                worker.touch("environment", "environment", key)
        return super().__getitem__(key)

    def __iter__(self):
        worker = RecordingEnviron.worker
        if worker is not None and worker.listening and worker.asks_itself():
            worker.touch("environment", "whole environment")
        return super().__iter__()


class RecordingArguments(list):
    """sys.argv that tells when it is read."""

    worker = None

    def __getitem__(self, index):
        worker = RecordingArguments.worker
        if worker is not None and worker.listening:
            worker.touch("sys.argv", "argv")
        return super().__getitem__(index)

    def __iter__(self):
        worker = RecordingArguments.worker
        if worker is not None and worker.listening:
            worker.touch("sys.argv", "argv")
        return super().__iter__()


def watched_question(worker, question):
    """os.stat or the like, that ends a candidate which asks about a file of this machine. The
    interpreter raises no audit event for it."""

    def ask(path, *arguments, **keywords):
        if worker.listening and not isinstance(path, int) and worker.asks_itself():
            worker.on_path("os." + question.__name__, (path,))
        return question(path, *arguments, **keywords)

    return ask


def watched_seed(worker, plain_seed):
    """random.Random.seed, that ends a candidate whose generator is seeded by chance."""

    def seed(self, a=None, version=2):
        if a is None and worker.listening and not worker.asked_by("tempfile.py"):
            worker.touch("random.Random", "outside", "")
        return plain_seed(self, a, version)

    return seed


# Module state: globals that functions write to.

MUTATORS = {
    "append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem", "clear",
    "remove", "discard", "sort", "reverse", "appendleft", "popleft",
}


def written_state(source):
    """Names (None, global) and (class, attribute) that functions of the module write to."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return []
    top = {t.id for node in tree.body for t in assigned_names(node)}
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    found = set()

    def note(target, owner):
        if isinstance(target, ast.Name) and target.id in top:
            found.add((None, target.id))
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            name = owner if target.value.id == "cls" else target.value.id
            if name in classes:
                found.add((name, target.attr))

    def inside(node, owner, declared):
        children = list(ast.walk(node))
        for child in children:
            if isinstance(child, ast.Global):
                declared |= set(child.names)
        for child in children:
            targets = []
            if isinstance(child, ast.Assign):
                targets = child.targets
            elif isinstance(child, (ast.AugAssign, ast.AnnAssign)):
                targets = [child.target]
            elif isinstance(child, ast.Delete):
                targets = child.targets
            for target in targets:
                if isinstance(target, ast.Subscript):
                    note(target.value, owner)
                elif isinstance(target, ast.Attribute):
                    note(target, owner)
                elif isinstance(target, ast.Name) and target.id in declared:
                    found.add((None, target.id))
            if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
                if child.func.attr in MUTATORS:
                    note(child.func.value, owner)

    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inside(node, None, set())
        elif isinstance(node, ast.ClassDef):
            for child in node.body:
                if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    inside(child, node.name, set())
    return sorted(found, key=repr)


def shared_objects(source):
    """{global: source of its class and arguments} for `NAME = Class(literals)` at top level."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    found = {}
    for node in tree.body:
        call = getattr(node, "value", None)
        names = assigned_names(node)
        if len(names) != 1 or not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        values = call.args + [keyword.value for keyword in call.keywords]
        if call.func.id in classes and all(isinstance(value, ast.Constant) for value in values):
            found[names[0].id] = ast.unparse(call)
    return found


def assigned_names(node):
    targets = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
        targets = [node.target]
    return [target for target in targets if isinstance(target, ast.Name)]


def state_word(value):
    """What tells one value of an attribute from another."""
    if type(value) in (list, dict, set):
        return (id(value), len(value), safe_text(value)[:500])
    return value if type(value) in (int, str, bytes, bool, float) else id(value)


IMMUTABLE = {type(None), bool, int, str, bytes, re.Pattern}


class ModuleState:
    """The few globals and class attributes that functions write to, and what they were."""

    def __init__(self, worker, source):
        self.worker = worker
        self.names = written_state(source)
        self.shared = shared_objects(source)
        self.initial = {}
        self.copies = {}
        self.attributes = {}
        self.last = None  # as it is now, if that is known

    def remember(self):
        """After the import: the text a test would write to begin from here."""
        for owner, name in self.names:
            value = self.value(owner, name)
            if value is ABSENT:
                continue
            try:
                text = literal(value, self.worker.alias, self.worker.module, [200])
            except NotLiteral:
                text = ""
            self.initial[owner, name] = text
            copied = value.copy() if type(value) in (list, dict, set) else None
            self.copies[owner, name] = (value, copied)
        # Objects that all callers share: their attributes are the module's state.
        for name, text in self.shared.items():
            value = self.value(None, name)
            if type(value).__module__ == self.worker.module.__name__ and hasattr(value, "__dict__"):
                if not isinstance(value, (type, BaseException)):
                    self.initial[None, name] = self.worker.alias + "." + text
                    self.copies[None, name] = (value, None)
                    self.attributes[name] = dict(vars(value))

    def restore(self):
        """Puts the first objects back, with their first contents."""
        self.last = None
        for name, attributes in self.attributes.items():
            own = vars(self.copies[None, name][0])
            own.clear()
            own.update(attributes)
        for (owner, name), (value, copied) in self.copies.items():
            if type(value) is list:
                value[:] = copied
            elif copied is not None:
                value.clear()
                value.update(copied)
            place = self.worker.module if owner is None else getattr(self.worker.module, owner)
            if getattr(place, name, ABSENT) is not value:
                setattr(place, name, value)

    def value(self, owner, name):
        place = self.worker.module if owner is None else getattr(self.worker.module, owner, None)
        return getattr(place, name, ABSENT)

    def print(self):
        """In a form that can be compared."""
        out = []
        for owner, name in self.initial:
            value = self.value(owner, name)
            if name in self.attributes and owner is None:
                own = getattr(value, "__dict__", {})
                out.append((id(value), [(key, state_word(item)) for key, item in own.items()]))
                continue
            if type(value) in IMMUTABLE:
                out.append((type(value), value))
                continue
            size = len(value) if type(value) in (list, dict, set) else 0
            out.append((id(value), size, safe_text(value)[:2000]))
        return out

    def facts(self, before):
        """What the act made of globals that the test has put in place."""
        facts = []
        for (owner, name), old, new in zip(self.initial, before, self.print()):
            if old == new:
                continue
            place = ".".join(part for part in (self.worker.alias, owner, name) if part)
            try:
                text = literal(self.value(owner, name), self.worker.alias, self.worker.module,
                               [MAX_LITERAL])
            except NotLiteral:
                continue
            facts.append([place, "is" if text in ("None", "True", "False") else "eq", text])
        return facts[:6]

    def now(self):
        """The same, without a look when nothing has run since the last one."""
        if self.last is None:
            self.last = self.print()
        return self.last

    @staticmethod
    def is_felt(changed):
        """Whether later tests would notice: not of a cache, nor of what is made at first use."""
        _, name, text = changed
        word = name.lower()
        return text not in ("", "None") and "cache" not in word and "memo" not in word

    def feels(self, before):
        """Whether something is another now that later tests would notice."""
        return any(old != new and self.is_felt([owner, name, text])
                   for ((owner, name), text), old, new in zip(
                       self.initial.items(), before, self.print()))

    def changed(self, before):
        """The first name whose value is another now: [class, name, initial text]."""
        self.last = self.print()
        if self.last == before:
            return None
        for (owner, name), old, new in zip(self.initial, before, self.last):
            if old != new:
                return [owner or "", name, self.initial[owner, name]]
        return None
