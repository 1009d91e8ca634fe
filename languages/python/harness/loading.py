# Part of the harness (start.py): the instrumented module and what it finds around it.


class InstrumentedFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Serves one module, from the instrumented text, under the file's own path."""

    def __init__(self, name, path, source, is_package, probes, boundary):
        self.name, self.path, self.source = name, path, source
        self.is_package, self.probes, self.boundary = is_package, probes, boundary

    def find_spec(self, fullname, path=None, target=None):
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(
            fullname, self.path, loader=self,
            submodule_search_locations=[os.path.dirname(self.path)] if self.is_package else None,
        )

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        try:
            code = self.boundary.mark(self.source, self.path)
        except RecursionError:
            code = compile(self.source, self.path, "exec", dont_inherit=True)
        module.__dict__.update(self.probes)
        module.__dict__["_tg_boundary"] = self.boundary.reached
        exec(code, module.__dict__)

    def get_source(self, fullname):
        return self.source


class NoInput:
    """Stands for sys.stdin. A test that reads it depends on its runner and is discarded."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, worker):
        self.worker = worker

    def read(self, *_):
        self.worker.touch("stdin", "stdin")

    readline = readlines = __next__ = read

    def __iter__(self):
        return self

    def fileno(self):
        raise io.UnsupportedOperation("redirected stdin is pseudofile, has no fileno()")

    def isatty(self):
        return False

    def close(self):
        pass


def safe_repr(value):
    try:
        return repr(value)[:120]
    except Exception:
        return "..."


def annotation_text(value):
    if isinstance(value, str):
        return value[:120]
    if isinstance(value, type) and not hasattr(value, "__args__"):
        return value.__name__
    return safe_repr(value).replace("typing.", "")


MOST_NEIGHBOURS = 40


def neighbours(module, own):
    """Classes that the module has imported from its own package or from what is installed: a
    test reaches them by the module's name. Errors and the standard library's are left out."""
    package = module.__name__.partition(".")[0]
    standard = getattr(sys, "stdlib_module_names", ())
    found = []
    for name, kind in sorted(vars(module).items(), key=lambda item: str(item[0])):
        if not isinstance(kind, type) or name in own or name[:1] == "_" or not name.isidentifier():
            continue
        home = str(kind.__module__).partition(".")[0]
        if home != package and (home in standard or home in ("builtins", "typing_extensions")):
            continue
        if not issubclass(kind, BaseException):
            found.append((name, kind))
    return found[:MOST_NEIGHBOURS]


def protocol_members(kind):
    """What a Protocol asks of its objects: "name" or "method()"."""
    if not getattr(kind, "_is_protocol", False):
        return []
    found = []
    for base in kind.__mro__[:-1]:
        if getattr(base, "_is_protocol", False) and base.__module__ != "typing":
            found += [name for name in getattr(base, "__annotations__", ())]
            found += [name + "()" for name, value in vars(base).items()
                      if inspect.isfunction(value)]
    return sorted({name for name in found if name[:1] != "_"})[:12]


def typed_keys(kind):
    """The keys of a TypedDict, as keywords of a call that makes one."""
    required = kind.__required_keys__
    return [
        {
            "name": name,
            "kind": int(inspect.Parameter.KEYWORD_ONLY),
            "default": None if name in required else "...",
            "annotation": annotation_text(getattr(annotation, "__forward_arg__", annotation)),
        }
        for name, annotation in list(getattr(kind, "__annotations__", {}).items())[:40]
        if name.isidentifier()
    ]


def class_entry(kind):
    """What the core is told of a class: how to make one, and what it has."""
    entry = {"parameters": None, "abstract": inspect.isabstract(kind), "members": [],
             "protocol": protocol_members(kind)}
    members = getattr(kind, "__members__", None)
    if members is not None:
        entry["members"] = [m for m in members if m.isidentifier()][:40]
    try:
        entry["parameters"] = [
            {
                "name": p.name,
                "kind": int(p.kind),
                "default": None if p.default is p.empty else safe_repr(p.default),
                "annotation": None if p.annotation is p.empty else annotation_text(p.annotation),
            }
            for p in inspect.signature(kind).parameters.values()
        ]
    except (TypeError, ValueError):
        pass
    if hasattr(kind, "__total__") and hasattr(kind, "__required_keys__"):
        entry["parameters"] = typed_keys(kind)
    entry["unimplemented"] = sorted(getattr(kind, "__abstractmethods__", ()))[:20]
    entry["methods"] = sorted(
        n for n in vars(kind) if n.isidentifier() and callable(getattr(kind, n, None))
    )
    return entry


def original_text(path):
    """The module's source as it is on disk; empty when it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""
