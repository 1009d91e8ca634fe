# Part of the harness (start.py): what a test saw, as literals that a test file can hold.

ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")


# A candidate's tmp_path. Its name differs, also in length, between the environments that a test
# is observed in, so that no fact holds it.
OWN_FOLDER = "/tmp/test_candidate_%s0" % ("x" * len(os.environ.get("PYTHONHASHSEED", "")))


MAX_ACCESSORS = 8
# The flags of generators, coroutines and asynchronous generators.
LAZY = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


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
        text = own_path(value) if kind is str and OWN_FOLDER in value else repr(value)
        if len(value) > budget[0]:
            raise NotLiteral
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
        check_zone(text)
    elif hasattr(kind, "__fspath__") and kind.__module__.startswith("pathlib"):
        text = str(value)
        text = own_path(text)[4:-1] if OWN_FOLDER in text else "pathlib.Path(%r)" % text
    elif kind.__module__ == "test_candidate":
        text = moment(value)
    else:
        text = symbol(value, alias, module)
    if text is None:
        raise NotLiteral
    budget[0] -= len(text)
    if budget[0] < 0:
        raise NotLiteral
    return text


def check_zone(text):
    """Of time zones only UTC is written down."""
    if "tzinfo" in text.replace("tzinfo=datetime.timezone.utc", "") or "object at" in text:
        raise NotLiteral


def own_path(text):
    """Source of a path in the candidate's own folder; no fact holds a part of such a path."""
    if text == OWN_FOLDER:
        return "str(tmp_path)"
    rest = text[len(OWN_FOLDER) + 1:]
    plain = all(part not in ("", ".") for part in rest.split("/"))  # else pathlib writes it anew
    inside = text.startswith(OWN_FOLDER + "/") and OWN_FOLDER not in rest
    if not inside or not plain or not rest.isprintable():
        raise NotLiteral
    return "str(tmp_path / %s)" % double_quoted(rest)


def moment(value):
    """A date or time of a class that stands for the real one, as the real one."""
    for base in type(value).__mro__:
        if base.__module__ == "datetime" and base.__name__ in ("datetime", "date", "time"):
            text = repr(base.fromisoformat(value.isoformat()))
            check_zone(text)
            return text
    return None


def double_quoted(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')


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


def observe(name, value, alias, module, longest=MAX_LITERAL):
    """Facts about one variable: [expression, kind, literal] with kind eq, is or type."""
    try:
        text = literal(value, alias, module, [longest])
        return [[name, "is" if value is None or type(value) is bool else "eq", text]]
    except NotLiteral:
        pass
    kind = type(value)
    if kind in (io.StringIO, io.BytesIO):
        return stream_facts(name, value, longest)
    facts = []
    if kind.__name__.isidentifier() and "<" not in kind.__qualname__:
        facts.append(["type(%s).__name__" % name, "type", repr(kind.__name__)])
    if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
        return [["callable(%s)" % name, "is", "True"]]
    if isinstance(value, (types.ModuleType, types.GeneratorType)):
        return facts
    if not hasattr(kind, "_fields"):
        facts += plain_facts(name, value, alias, module)
    if isinstance(value, tuple) and hasattr(kind, "_fields"):
        names = [f for f in kind._fields if f.isidentifier()]
    else:
        slots = getattr(kind, "__dict__", {})
        names = sorted(vars(value)) if hasattr(value, "__dict__") else []
        names += [n for n, member in slots.items() if isinstance(member, property)]
        if isinstance(value, BaseException):
            names.insert(0, "args")
    for attribute in names[:12]:
        if attribute.startswith("_") or not attribute.isidentifier():
            continue
        try:
            item = getattr(value, attribute)
            text = literal(item, alias, module, [160])
        except NotLiteral:
            facts += inner_facts("%s.%s" % (name, attribute), item, alias, module)
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
    facts += held_facts(name, value, alias, module)
    return [fact for fact in facts if not ADDRESS.search(fact[2])]


def stream_facts(name, value, longest):
    """What a stream in memory holds, or that it holds nothing any more."""
    if value.closed:
        return [["%s.closed" % name, "is", "True"]]
    try:
        return [["%s.getvalue()" % name, "eq", literal(value.getvalue(), "", None, [longest])]]
    except NotLiteral:
        return []


def inner_facts(name, value, alias, module):
    """Public attributes of an object of the module that another one holds."""
    if type(value).__module__ != module.__name__ or not hasattr(value, "__dict__"):
        return []
    facts = []
    for attribute, item in sorted(vars(value).items())[:8]:
        if attribute.startswith("_") or not attribute.isidentifier():
            continue
        try:
            text = literal(item, alias, module, [160])
        except Exception:
            continue
        plain = item is None or type(item) is bool
        facts.append(["%s.%s" % (name, attribute), "is" if plain else "eq", text])
    return facts


def held_facts(name, value, alias, module):
    """What an object that can be iterated gives; of a mapping of mappings, all of it."""
    kind = type(value)
    if not hasattr(kind, "__iter__") or hasattr(kind, "__next__") or isinstance(
            value, (str, bytes, dict, list, tuple, set, frozenset)) or kind.__module__ == "builtins":
        return []
    facts = []
    try:
        items = list(itertools.islice(iter(value), 40))
        if len(items) < 40:
            text = literal(items, alias, module, [MAX_LITERAL])
            facts.append(["list(%s)" % name, "eq", text])
            if hasattr(kind, "items") and hasattr(kind, "keys"):
                held = {key: dict(item) for key, item in value.items()}
                text = literal(held, alias, module, [MAX_LITERAL])
                whole = "{key: dict(value) for key, value in %s.items()}" % name
                facts.append([whole, "eq", text])
    except Exception:
        pass
    return facts


def accessor_facts(name, value, alias, module, trace):
    """What public methods without arguments tell of an object, where asking changes nothing: the
    same answer twice, the same attributes as before, and the same trace() left."""
    kind = type(value)
    if kind.__module__ != module.__name__ or not hasattr(value, "__dict__"):
        return []
    facts = []
    for method in sorted(accessors(kind))[:MAX_ACCESSORS]:
        before = safe_text(vars(value)), trace()
        try:
            text = literal(getattr(value, method)(), alias, module, [160])
            again = literal(getattr(value, method)(), alias, module, [160])
        except (OutOfFuel, TimedOut):
            raise
        except BaseException:  # it may read its input or leave
            text, again = None, ""
        if (safe_text(vars(value)), trace()) != before:
            break
        if text == again and text != "None" and not ADDRESS.search(text):
            plain = text in ("True", "False")
            facts.append(["%s.%s()" % (name, method), "is" if plain else "eq", text])
    return facts


def accessors(kind):
    """Names of the public methods that need nothing but the object."""
    found = set()
    for base in kind.__mro__:
        for name, member in vars(base).items():
            if name.startswith("_") or type(member) is not types.FunctionType:
                continue
            code = member.__code__
            needed = code.co_argcount - len(member.__defaults__ or ())
            if needed == 1 and code.co_argcount == 1 and not code.co_kwonlyargcount:
                if not code.co_flags & LAZY and member is getattr(kind, name, None):
                    found.add(name)
    return found


def plain_facts(name, value, alias, module):
    """What an heir of a container holds: dict(result) of an OrderedDict."""
    for base in (dict, list, tuple, set):
        if isinstance(value, base):
            try:
                text = literal(base(value), alias, module, [MAX_LITERAL])
            except Exception:
                return []
            return [["%s(%s)" % (base.__name__, name), "eq", text]]
    return []


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
    if hasattr(kind, "__anext__"):
        return "async iterator"
    if kind.__module__ == "contextlib" and kind.__name__.endswith("GeneratorContextManager"):
        return "async context manager" if "Async" in kind.__name__ else "context manager"
    return "object " + kind.__name__[:40]
