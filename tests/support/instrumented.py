"""Reads what tests/support/analysis_probe.cc prints, and runs instrumented modules.

The probes here only check that they are called as the contract in src/analysis/instrument.h says.
"""
import ast
import json
import os
import pathlib
import subprocess
import types

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("TESTGEN_BUILD_DIR", SOURCE / "build" / "release"))
PROBE = BUILD / "bin" / "analysis_probe"

OPERATORS = {
    "_tg_lt": ast.Lt, "_tg_le": ast.LtE, "_tg_gt": ast.Gt, "_tg_ge": ast.GtE,
    "_tg_eq": ast.Eq, "_tg_ne": ast.NotEq, "_tg_in": ast.In, "_tg_nin": ast.NotIn,
}
WRAPPERS = {"_tg_p", "_tg_w", "_tg_v", "_tg_i", "_tg_m", "_tg_a"}


def model(path):
    """The whole model of one file, or {"error": …, "code": …}."""
    done = subprocess.run([PROBE, "model", path], capture_output=True, text=True, timeout=60)
    return json.loads(done.stdout)


def roundtrip(paths):
    """Yields one result a file, in order."""
    names = "".join(f"{path}\n" for path in paths)
    done = subprocess.run([PROBE, "roundtrip"], input=names, capture_output=True, text=True,
                          timeout=120, check=True)
    # Not splitlines(): JSON may hold other line separators as they are.
    for line in done.stdout.rstrip("\n").split("\n"):
        yield json.loads(line)


class Difference(Exception):
    """Where an instrumented tree, with its probes taken away, is not the original."""


def _call_name(node):
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id if node.func.id.startswith("_tg_") else None
    return None


def _is_hit(statement):
    return isinstance(statement, ast.Expr) and _call_name(statement.value) == "_tg_h"


def strip(node):
    """The expression that a probe call stands for."""
    while True:
        name = _call_name(node)
        if name in WRAPPERS:
            node = node.args[1]
        elif name in OPERATORS:
            left, right = node.args[1], node.args[2]
            assert isinstance(right, ast.BoolOp) and len(right.values) == 2, ast.dump(node)
            compare = ast.Compare(left, [OPERATORS[name]()], [right.values[1]])
            # The call begins where the comparison did, at the parenthesis of its left operand.
            return ast.copy_location(compare, node)
        elif name == "_tg_isinstance":
            call = ast.Call(ast.Name("isinstance", ast.Load()), node.args[1:], node.keywords)
            ast.copy_location(call.func, node.func)
            return ast.copy_location(call, node)
        elif (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Tuple)
              and node.value.elts and _call_name(node.value.elts[0]) == "_tg_h"):
            node = node.value.elts[1]
        else:
            return node


def compare(original, instrumented):
    """Raises Difference unless the trees are equal but for probes, first lines included."""
    pending = [(original, instrumented)]
    while pending:
        old, new = pending.pop()
        if isinstance(new, ast.AST):
            new = strip(new)
        if type(old) is not type(new):
            raise Difference(f"{old!r} became {new!r} near line {getattr(old, 'lineno', '?')}")
        if isinstance(old, list):
            kept = [item for item in new if not _is_hit(item)]
            if len(old) != len(kept):
                raise Difference(f"{len(old)} items became {len(kept)}: {old!r} {kept!r}")
            pending.extend(zip(old, kept))
        elif isinstance(old, ast.AST):
            if getattr(old, "lineno", None) != getattr(new, "lineno", None):
                raise Difference(f"line {old.lineno} became {new.lineno}: {ast.dump(old)[:200]}")
            for field in old._fields:
                pending.append((getattr(old, field, None), getattr(new, field, None)))
        elif old != new and not (old != old and new != new):
            raise Difference(f"{old!r} became {new!r}")


class Probes:
    """The probes' contract, recorded. `covered` holds goals, `operands` a list per site."""

    def __init__(self, goals, sites):
        self.goals, self.sites = goals, sites
        self.covered = set()
        self.operands = {}
        self._left = {}

    def mark(self, goal):
        assert 0 <= goal < self.goals, goal
        self.covered.add(goal)

    def pair(self, site, left, right):
        assert 0 <= site < self.sites, site
        self.operands.setdefault(site, []).append((left, right))

    def names(self):
        def condition(goal, value):
            truth = bool(value)
            self.mark(goal if truth else goal + 1)
            return truth

        def operand(goal, value):
            self.mark(goal if value else goal + 1)
            return value

        def items(goal, iterable):
            for number, item in enumerate(iterable):
                if number == 0:
                    self.mark(goal)
                yield item
            self.mark(goal + 1)

        def left(site, value):
            self._left[site] = value
            return value

        def right(site, value):
            self.pair(site, self._left.get(site), value)
            return value

        def is_instance(site, value, kind):
            self.pair(site, value, kind)
            return isinstance(value, kind)

        def comparison(compute):
            def probe(site, a, b):
                self.pair(site, a, b)
                return compute(a, b)
            return probe

        return {
            "_tg_p": condition, "_tg_w": condition, "_tg_v": operand, "_tg_i": items,
            "_tg_h": self.mark, "_tg_m": left, "_tg_a": right, "_tg_isinstance": is_instance,
            "_tg_lt": comparison(lambda a, b: a < b), "_tg_le": comparison(lambda a, b: a <= b),
            "_tg_gt": comparison(lambda a, b: a > b), "_tg_ge": comparison(lambda a, b: a >= b),
            "_tg_eq": comparison(lambda a, b: a == b), "_tg_ne": comparison(lambda a, b: a != b),
            "_tg_in": comparison(lambda a, b: a in b),
            "_tg_nin": comparison(lambda a, b: a not in b),
        }


def load(name, path, text, probes=None):
    """Runs `text` as the module `name`, with the probes in its globals when there are any."""
    module = types.ModuleType(name)
    module.__file__ = str(path)
    if "." in name:
        module.__package__ = name.rpartition(".")[0]
    if probes is not None:
        module.__dict__.update(probes.names())
    exec(compile(text, str(path), "exec", dont_inherit=True), module.__dict__)
    return module
