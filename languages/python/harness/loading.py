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


def original_text(path):
    """The module's source as it is on disk; empty when it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""
