"""Runs candidate tests inside the sandbox, in the target's own interpreter.

The core starts this program once per module and environment. It loads the instrumented
module, then forks one child per batch, so that no test sees what an earlier batch did.

Descriptors: 3 commands in, 4 replies out, 5 shared memory. 0 to 2 are never used: code under
test may close them or write to them. A frame is a 4-byte little-endian length and JSON.

Shared memory (written by the child, read by the core; the core believes none of it):
    [0:4]   number of the test now running, counted from 1
    [4:8]   heartbeat, grows with every test and every wrapped loop
    [64:64+SLOTS]  outcome of each test in the batch
    then SLOTS coverage maps of one byte a goal
Only the standard library is used, CPython 3.9 and newer.
"""

import gc
import importlib
import importlib.abc
import importlib.util
import inspect
import io
import json
import mmap
import os
import re
import select
import signal
import struct
import sys
import types

COMMANDS, REPLIES, SHARED = 3, 4, 5
SLOTS = 128
HEADER = 64
MAX_FRAME = 64 << 20
MAX_LITERAL = 400
MAX_CAPTURES = 160
CAPTURES_A_SITE = 6

NOT_RUN, RUNNING, PASSED, RAISED, OUT_OF_FUEL, TIMED_OUT, DISCARDED, BROKEN = range(8)


class OutOfFuel(BaseException):
    """A loop went round too often."""


class TimedOut(BaseException):
    """A test ran longer than its share of wall time."""


class Probes:
    """What the instrumented source calls. One instance a process, its functions module globals."""

    def __init__(self):
        self.map = bytearray(1)
        self.fuel = 1 << 60
        self.captures = None
        self.per_site = {}

    def reset(self, fuel, capture):
        self.fuel = fuel
        self.captures = [] if capture else None
        self.per_site = {}

    def capture(self, site, left, right, outcome):
        """Remembers two operands as text, if both are small plain values."""
        seen = self.per_site.get(site, 0)
        if seen >= CAPTURES_A_SITE or len(self.captures) >= MAX_CAPTURES:
            return
        a = plain_text(left)
        b = plain_text(right)
        if a is not None and b is not None:
            self.per_site[site] = seen + 1
            self.captures.append([site, a, b, outcome])

    def functions(self):
        """The functions by the names the instrumenter writes."""
        probes = self

        def p(goal, value):
            if value:
                probes.map[goal] = 1
                return True
            probes.map[goal + 1] = 1
            return False

        def w(goal, value):
            probes.fuel -= 1
            if probes.fuel < 0:
                raise OutOfFuel
            if value:
                probes.map[goal] = 1
                return True
            probes.map[goal + 1] = 1
            return False

        def v(goal, value):
            if value:
                probes.map[goal] = 1
            else:
                probes.map[goal + 1] = 1
            return value

        def i(goal, values):
            for item in values:
                probes.map[goal] = 1
                probes.fuel -= 1
                if probes.fuel < 0:
                    raise OutOfFuel
                yield item
            probes.map[goal + 1] = 1

        def h(goal):
            probes.map[goal] = 1

        def eq(site, a, b):
            r = a == b
            if probes.captures is not None:
                probes.capture(site, a, b, r is True)
            return r

        def ne(site, a, b):
            r = a != b
            if probes.captures is not None:
                probes.capture(site, a, b, r is True)
            return r

        def lt(site, a, b):
            r = a < b
            if probes.captures is not None:
                probes.capture(site, a, b, r is True)
            return r

        def le(site, a, b):
            r = a <= b
            if probes.captures is not None:
                probes.capture(site, a, b, r is True)
            return r

        def gt(site, a, b):
            r = a > b
            if probes.captures is not None:
                probes.capture(site, a, b, r is True)
            return r

        def ge(site, a, b):
            r = a >= b
            if probes.captures is not None:
                probes.capture(site, a, b, r is True)
            return r

        def contains(site, a, b):
            r = a in b
            if probes.captures is not None:
                probes.capture(site, a, b, r is True)
            return r

        def lacks(site, a, b):
            r = a not in b
            if probes.captures is not None:
                probes.capture(site, a, b, r is True)
            return r

        def is_instance(site, value, kind):
            r = isinstance(value, kind)
            if probes.captures is not None:
                kinds = kind if isinstance(kind, tuple) else (kind,)
                names = tuple(getattr(k, "__name__", "") for k in kinds)[:8]
                probes.capture(site, value, names, r)
            return r

        pending = {}

        def receiver(site, value):
            if probes.captures is not None:
                pending[site] = value
                probes.capture(site, value, None, False)
            return value

        def argument(site, value):
            if probes.captures is not None:
                probes.capture(site, pending.pop(site, None), value, False)
            return value

        return {
            "_tg_p": p, "_tg_w": w, "_tg_v": v, "_tg_i": i, "_tg_h": h,
            "_tg_eq": eq, "_tg_ne": ne, "_tg_lt": lt, "_tg_le": le, "_tg_gt": gt, "_tg_ge": ge,
            "_tg_in": contains, "_tg_nin": lacks, "_tg_isinstance": is_instance,
            "_tg_m": receiver, "_tg_a": argument,
        }


def plain_text(value, depth=0):
    """The literal of a small plain value, or None."""
    kind = type(value)
    if value is None or kind is bool:
        return repr(value)
    if kind is int:
        return repr(value) if -(1 << 64) < value < 1 << 64 else None
    if kind is float:
        return repr(value)
    if kind in (str, bytes):
        return repr(value) if len(value) <= 120 else None
    if depth < 2 and kind in (list, tuple, set, frozenset, dict) and len(value) <= 24:
        if kind is dict:
            value = list(value)  # keys are what membership looks at
        parts = []
        for item in (sorted(value, key=repr) if kind in (set, frozenset) else value):
            text = plain_text(item, depth + 1)
            if text is None:
                return None
            parts.append(text)
        return "[" + ", ".join(parts) + "]"
    return None


# --- observations ---------------------------------------------------------------------------

ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")


class NotLiteral(Exception):
    """A value cannot be written down as a literal."""


def literal(value, alias, module, budget, depth=0):
    """Source text that evaluates to an equal value; raises NotLiteral. `budget` is a
    one-element list of characters left."""
    kind = type(value)
    if value is None or value is True or value is False:
        text = repr(value)
    elif kind is int:
        text = repr(value) if abs(value) < 1 << 256 else None
    elif kind is float:
        if value != value:
            raise NotLiteral
        text = repr(value) if abs(value) != float("inf") else "float('%s')" % value
    elif kind in (str, bytes):
        text = repr(value) if len(value) <= budget[0] else None
    elif depth < 6 and kind in (list, tuple, set, frozenset, dict):
        if len(value) * 2 > budget[0]:
            raise NotLiteral
        if kind is dict:
            parts = [
                literal(k, alias, module, budget, depth + 1) + ": "
                + literal(v, alias, module, budget, depth + 1)
                for k, v in value.items()
            ]
            text = "{" + ", ".join(parts) + "}"
        else:
            parts = [literal(item, alias, module, budget, depth + 1) for item in value]
            if kind is list:
                text = "[" + ", ".join(parts) + "]"
            elif kind is tuple:
                text = "(" + ", ".join(parts) + ("," if len(parts) == 1 else "") + ")"
            else:
                inner = "{" + ", ".join(sorted(parts)) + "}" if parts else ""
                text = "set(%s)" % inner if kind is set and not parts else inner
                if kind is frozenset:
                    text = "frozenset(%s)" % inner
    elif kind.__module__ in ("decimal", "fractions", "datetime") and kind.__name__ in (
        "Decimal", "Fraction", "date", "datetime", "time", "timedelta",
    ):
        text = repr(value)
        if kind.__module__ != "datetime":
            text = kind.__module__ + "." + text
        if "tzinfo" in text or "object at" in text:
            raise NotLiteral
    else:
        text = symbol(value, alias, module)
    if text is None:
        raise NotLiteral
    budget[0] -= len(text)
    if budget[0] < 0:
        raise NotLiteral
    return text


def symbol(value, alias, module):
    """alias.Name for a class, an enum member or a function of the module, or None."""
    if isinstance(value, type):
        if getattr(module, value.__name__, None) is value:
            return alias + "." + value.__name__
        if value.__module__ == "builtins" and value.__name__.isidentifier():
            return value.__name__
        return None
    kind = type(value)
    if getattr(module, kind.__name__, None) is kind:
        members = getattr(kind, "__members__", None)
        name = getattr(value, "_name_", None)
        if members is not None and isinstance(name, str) and name.isidentifier():
            if members.get(name) is value:
                return "%s.%s.%s" % (alias, kind.__name__, name)
    return None


def observe(name, value, alias, module):
    """Facts about one variable: [expression, kind, literal] with kind eq, is or type."""
    try:
        text = literal(value, alias, module, [MAX_LITERAL])
        return [[name, "is" if value is None or type(value) is bool else "eq", text]]
    except NotLiteral:
        pass
    kind = type(value)
    facts = []
    if kind.__name__.isidentifier() and "<" not in kind.__qualname__:
        facts.append(["type(%s).__name__" % name, "type", repr(kind.__name__)])
    if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
        return [["callable(%s)" % name, "is", "True"]]
    if isinstance(value, (types.ModuleType, types.GeneratorType)):
        return facts
    if isinstance(value, tuple) and hasattr(kind, "_fields"):
        names = [f for f in kind._fields if f.isidentifier()]
    else:
        slots = getattr(kind, "__dict__", {})
        names = sorted(vars(value)) if hasattr(value, "__dict__") else []
        names += [n for n, member in slots.items() if isinstance(member, property)]
    for attribute in names[:12]:
        if attribute.startswith("_") or not attribute.isidentifier():
            continue
        try:
            item = getattr(value, attribute)
            text = literal(item, alias, module, [160])
        except NotLiteral:
            continue
        except Exception:
            continue
        plain = item is None or type(item) is bool
        facts.append(["%s.%s" % (name, attribute), "is" if plain else "eq", text])
    for expression, function, dunder in (("str(%s)", str, "__str__"), ("len(%s)", len, "__len__")):
        if getattr(kind, dunder, None) is getattr(object, dunder, None):
            continue
        if kind.__module__ == "builtins" and dunder == "__str__":
            continue
        try:
            text = literal(function(value), alias, module, [160])
        except Exception:
            continue
        facts.append([expression % name, "eq", text])
    return [fact for fact in facts if not ADDRESS.search(fact[2])]


def module_state(module):
    """What a call may leave behind in the module's globals, in a form that can be compared."""
    state = {}
    for name, value in vars(module).items():
        if type(value) in (list, dict, set, bytearray) and name != "__builtins__":
            state[name] = (id(value), len(value), safe_text(value) if len(value) < 500 else "")
        else:
            state[name] = id(value)
    return state


def safe_text(value):
    try:
        return repr(value)
    except Exception:
        return ""


def shape(value):
    """A short word for what kind of value this is: different shapes deserve different tests."""
    if value is None or value is True or value is False:
        return repr(value)
    kind = type(value)
    if kind in (int, float):
        return kind.__name__ + ("-" if value < 0 else "0" if value == 0 else "+")
    if kind in (str, bytes, list, tuple, dict, set, frozenset):
        return kind.__name__ + ("0" if not value else "+")
    if hasattr(kind, "__next__"):
        return "iterator"
    if inspect.iscoroutine(value):
        return "coroutine"
    return "object " + kind.__name__[:40]


# --- loading --------------------------------------------------------------------------------


class InstrumentedFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Serves one module, from the instrumented text, under the file's own path."""

    def __init__(self, name, path, source, is_package, probes):
        self.name, self.path, self.source = name, path, source
        self.is_package, self.probes = is_package, probes

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
        code = compile(self.source, self.path, "exec", dont_inherit=True)
        module.__dict__.update(self.probes)
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
        self.worker.touched = "stdin"
        raise OSError("a test has no standard input")

    readline = readlines = __next__ = read

    def __iter__(self):
        return self

    def fileno(self):
        raise io.UnsupportedOperation("redirected stdin is pseudofile, has no fileno()")

    def isatty(self):
        return False

    def close(self):
        pass


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

    def run_batch(self, command, out):
        """In the forked child: every test of the batch, then the results as one document."""
        sys.addaudithook(self.on_audit)
        signal.signal(signal.SIGALRM, self.on_alarm)
        gc.disable()
        sys.stdin = NoInput(self)
        sys.setrecursionlimit(600)
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
        body = json.dumps(results).encode("utf-8", "backslashreplace")
        view = memoryview(body)
        while view:
            view = view[os.write(out, view):]

    def run_one(self, test, command):
        space = {"__name__": "test_candidate", self.alias: self.module}
        space.update(self.names)
        self.probes.reset(command["fuel"], command["capture"])
        self.touched = None
        sys.stdout = sys.stderr = io.StringIO()
        try:
            code = compile(test["source"], "<test>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return BROKEN, []
        outcome, detail = PASSED, []
        before = module_state(self.module) if command["observe"] else None
        self.listening = True
        signal.setitimer(signal.ITIMER_REAL, command["milliseconds"] / 1000.0)
        try:
            exec(code, space)
            detail = [shape(space.get(test["watch"][0]) if test["watch"] else None)]
        except OutOfFuel:
            outcome = OUT_OF_FUEL
        except TimedOut:
            outcome = TIMED_OUT
        except (MemoryError, RecursionError):
            outcome = DISCARDED
        except BaseException as error:
            outcome = RAISED
            detail = self.describe_exception(error)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            self.listening = False
        if self.touched is not None:
            return DISCARDED, [self.touched[:60]]
        if before is not None and module_state(self.module) != before:
            return DISCARDED, ["module state"]
        if command["capture"]:
            detail.append(self.probes.captures[:MAX_CAPTURES])
        self.probes.captures = None
        if command["observe"] and outcome == PASSED:
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
            detail.append(facts)
        return outcome, detail

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


# --- the parent -----------------------------------------------------------------------------


def read_exactly(fd, count):
    chunks = []
    while count:
        chunk = os.read(fd, min(count, 1 << 20))
        if not chunk:
            return None
        chunks.append(chunk)
        count -= len(chunk)
    return b"".join(chunks)


def read_frame():
    header = read_exactly(COMMANDS, 4)
    if header is None:
        return None
    (length,) = struct.unpack("<I", header)
    if length > MAX_FRAME:
        return None
    body = read_exactly(COMMANDS, length)
    return None if body is None else json.loads(body)


def write_frame(document):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    view = memoryview(struct.pack("<I", len(body)) + body)
    while view:
        view = view[os.write(REPLIES, view):]


def supervise(worker, command):
    """Forks a child for the batch and kills it when its heart stops for too long."""
    shared = worker.shared
    shared[0:8] = bytes(8)
    shared[HEADER:HEADER + SLOTS] = bytes(SLOTS)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(COMMANDS)
            os.close(REPLIES)
            os.close(reader)
            worker.run_batch(command, writer)
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    patience = command["milliseconds"] / 1000.0 * 2 + 0.25
    chunks, size, killed, last = [], 0, False, None
    while True:
        ready, _, _ = select.select([reader], [], [], patience)
        if ready:
            chunk = os.read(reader, 1 << 20)
            if not chunk:
                break
            chunks.append(chunk)
            size += len(chunk)
            if size <= MAX_FRAME // 2:
                continue
        else:
            beat = bytes(shared[4:8])
            if beat != last:
                last = beat
                continue
        killed = True
        try:
            os.kill(child, signal.SIGKILL)
        except OSError:
            pass
        break
    os.close(reader)
    _, status = os.waitpid(child, 0)
    body = b"" if killed or status != 0 else b"".join(chunks)
    try:
        results = json.loads(body) if body else None
    except ValueError:
        results = None
    return {"ok": True, "results": results, "killed": killed, "status": status}


def main():
    worker = Worker()
    sys.path[:] = [entry for entry in sys.path if entry]
    while True:
        command = read_frame()
        if command is None:
            return
        if command["op"] == "load":
            try:
                write_frame(worker.load(command))
            except BaseException as error:
                missing = getattr(error, "name", None) if isinstance(error, ImportError) else None
                write_frame({
                    "ok": False,
                    "type": type(error).__name__,
                    "message": safe_repr(error) if not str(error) else str(error)[:400],
                    "missing": missing,
                    "line": error_line(error, command["path"]),
                })
                os._exit(1)
            gc.collect()
            gc.freeze()
        elif command["op"] == "run":
            write_frame(supervise(worker, command))


def error_line(error, path):
    trace, line = error.__traceback__, 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


main()
