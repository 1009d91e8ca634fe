"""What runs in the target's interpreter keeps to CPython 3.9 to 3.13. Few machines have them all, so
its text is checked: the grammar of 3.9, and names that some of these versions lack."""
import ast
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "languages" / "python").rglob("*.py"))

# Came after 3.9.
NEWER = {
    "aiter", "anext", "BaseExceptionGroup", "ExceptionGroup", "EncodingWarning", "PythonFinalizationError",
    "contextlib.chdir", "contextlib.aclosing", "datetime.UTC", "enum.StrEnum", "hashlib.file_digest",
    "inspect.get_annotations", "inspect.getmembers_static", "itertools.batched", "itertools.pairwise", "math.cbrt",
    "math.sumprod", "os.process_cpu_count", "sys.activate_stack_trampoline", "sys.exception", "sys.monitoring",
    "sys.orig_argv", "sys.stdlib_module_names", "threading.setprofile_all_threads", "threading.settrace_all_threads",
    "tomllib", "traceback.print_exception_group", "types.CapsuleType", "types.EllipsisType", "types.NoneType",
    "types.NotImplementedType", "types.UnionType", "warnings.deprecated",
}
NEWER_ATTRIBUTES = {"add_note", "bit_count", "co_exceptiontable", "co_lines", "co_positions", "co_qualname",
                    "__notes__"}
NEWER_KEYWORDS = {("zip", "strict"), ("dataclass", "slots"), ("dataclass", "kw_only"), ("ast.parse", "optimize"),
                  ("tempfile.NamedTemporaryFile", "delete_on_close"), ("shutil.rmtree", "onexc")}
# Gone by 3.13.
GONE = {"imp", "asynchat", "asyncore", "cgi", "crypt", "distutils", "pipes", "smtpd", "telnetlib",
        "asyncio.get_event_loop", "asyncio.coroutine", "ast.Bytes", "ast.NameConstant", "ast.Num", "ast.Str",
        "importlib.find_loader", "inspect.formatargspec", "inspect.getargspec", "locale.resetlocale",
        "pkgutil.ImpImporter", "unittest.findTestCases", "unittest.makeSuite"}


def dotted(node):
    """"os.path.join" of such an expression; empty for others."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def complaints(text):
    """Lines and what is wrong there; a name asked for by getattr() may be missing and is none."""
    tree = ast.parse(text, feature_version=(3, 9))
    found = []
    for node in ast.walk(tree):
        names = []
        if isinstance(node, (ast.Name, ast.Attribute)):
            names = [dotted(node)]
            if isinstance(node, ast.Attribute) and node.attr in NEWER_ATTRIBUTES:
                found.append((node.lineno, node.attr))
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *("%s.%s" % (node.module, alias.name) for alias in node.names)]
        elif isinstance(node, ast.Call):
            found += [(node.lineno, keyword.arg) for keyword in node.keywords
                      if (dotted(node.func), keyword.arg) in NEWER_KEYWORDS]
            if dotted(node.func) in ("isinstance", "issubclass"):
                found += [(node.lineno, "a union of types") for argument in node.args[1:]
                          if isinstance(argument, ast.BinOp)]
        found += [(node.lineno, name) for name in names if name in NEWER | GONE]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT / "languages" / "python")))
def test_what_runs_in_the_target_keeps_to_every_version(path):
    assert complaints(path.read_text()) == []


@pytest.mark.parametrize("text", [
    "import tomllib", "from itertools import pairwise", "x = zip(a, b, strict=True)", "isinstance(x, int | str)",
    "sys.exception()", "error.add_note('x')", "import imp", "unittest.makeSuite(x)"])
def test_what_some_version_lacks_is_found(text):
    assert complaints(text)


@pytest.mark.parametrize("text", ["match x:\n    case 1:\n        pass", "try:\n    pass\nexcept* ValueError:\n    pass"])
def test_grammar_that_some_version_lacks_is_found(text):
    with pytest.raises(SyntaxError):
        complaints(text)
