"""Runs a project's own tests once and writes down how they call one module:

    trace ROOT SOURCE MODULE ALIAS REPORT EVENTS FILE...

REPORT gets one JSON document a line, as soon as it is known, so that a run that is cut short
loses nothing (calls.py says what is in it). After EVENTS calls the run is over.

The files of this folder are one program: the build joins them. Only the standard library is
used, and pytest where it is installed; CPython 3.9 and newer.
"""

import ast
import builtins
import datetime
import decimal
import enum
import fractions
import io
import json
import os
import pathlib
import sys
import threading
import types

MAX_TEXT = 160
MAX_ITEMS = 8
MAX_DEPTH = 4
MAX_SOURCE = 400
PLAIN = (bool, int, type(None))
OPENERS = {list: "[]", tuple: "()", set: "{}", dict: "{}"}


class Unknown(Exception):
    """The value has no source that a test could hold."""


class Sources:
    """Source text of values, as a test would write them. Runs no code of theirs: types are
    compared, not asked."""

    def __init__(self, module, alias):
        self.module, self.alias = module, alias
        self.made = {}  # id of an object: its class, how it was made
        self.temporary = ()
        self.lambdas = {}  # file: {line: its lambda expressions}

    def of(self, value):
        text = self.write(value, 0)
        if len(text) > MAX_SOURCE:
            raise Unknown
        return text

    def write(self, value, depth):
        kind = type(value)
        if depth > MAX_DEPTH:
            raise Unknown
        if kind in PLAIN:
            if kind is int and abs(value) >= 1 << 63:
                raise Unknown
            return repr(value)
        if kind is float:
            return repr(value) if value - value == 0 else "float(%r)" % str(value)
        if kind is str or kind is bytes:
            return self.text(value)
        if kind in (list, tuple, set, frozenset, dict):
            return self.container(value, kind, depth)
        if kind in (datetime.date, datetime.timedelta, fractions.Fraction, decimal.Decimal):
            return "%s.%s" % (kind.__module__, repr(value).rpartition(".")[2]) \
                if kind in (fractions.Fraction, decimal.Decimal) else repr(value)
        if kind is range or kind is datetime.datetime and value.tzinfo is None:
            return repr(value)
        if kind is io.StringIO or kind is io.BytesIO:
            return "io.%s(%s)" % (kind.__name__, self.text(value.getvalue()))
        return self.named(value, kind)

    def text(self, value):
        whole = value if isinstance(value, str) else value.decode("latin-1")
        if len(whole) > MAX_TEXT or any(place in whole for place in self.temporary):
            raise Unknown
        if isinstance(value, str) and not value.isascii():
            value.encode("utf-8")  # lone surrogates are in no file
        return repr(value)

    def container(self, value, kind, depth):
        if len(value) > MAX_ITEMS:
            raise Unknown
        if kind is dict:
            inside = ", ".join("%s: %s" % (self.write(k, depth + 1), self.write(v, depth + 1))
                               for k, v in list(value.items()))
            return "{%s}" % inside
        items = [self.write(item, depth + 1) for item in list(value)]
        if kind in (set, frozenset):
            items.sort()
            inside = "{%s}" % ", ".join(items)
            return "frozenset(%s)" % (inside if items else "") if kind is frozenset else \
                inside if items else "set()"
        inside = ", ".join(items) + ("," if kind is tuple and len(items) == 1 else "")
        return OPENERS[kind][0] + inside + OPENERS[kind][1]

    def named(self, value, kind):
        """Classes and functions of the module, members of its enumerations, its objects."""
        if kind is types.FunctionType and value.__name__ == "<lambda>":
            return self.written_lambda(value)
        if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
            name = value.__name__
            if self.visible(name) is value:
                return "%s.%s" % (self.alias, name)
            if getattr(builtins, name, None) is value:
                return name
            raise Unknown
        name = kind.__name__
        if self.visible(name) is not kind:
            raise Unknown
        if issubclass(kind, enum.Enum):
            return "%s.%s.%s" % (self.alias, name, value.name)
        made = self.made.get(id(value))
        if made is not None and made[0] is kind and made[1] is not None:
            return made[1]
        raise Unknown

    def written_lambda(self, function):
        """A lambda as it stands in its file, when it needs nothing from around it."""
        code = function.__code__
        if code.co_freevars or not all(hasattr(builtins, name) for name in code.co_names):
            raise Unknown
        file = code.co_filename
        if file not in self.lambdas:
            found = self.lambdas[file] = {}
            try:
                with open(file, encoding="utf-8") as text:
                    tree = ast.parse(text.read())
            except (OSError, ValueError, SyntaxError, RecursionError):
                tree = ast.Module([], [])
            for node in ast.walk(tree):
                if isinstance(node, ast.Lambda):
                    found.setdefault(node.lineno, []).append(node)
        here = self.lambdas[file].get(code.co_firstlineno, [])
        text = ast.unparse(here[0]) if len(here) == 1 else ""
        if not text or len(text) > 80 or not text.isascii():
            raise Unknown
        return text

    def visible(self, name):
        """What the module itself calls by that name."""
        module = sys.modules.get(self.module)
        return vars(module).get(name) if module is not None else None
