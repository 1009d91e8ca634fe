"""First-order mutants of a Python file, on `ast`: the bench's own, which the product never sees.

A mutant is named by a number into `sites(tree)`, so that a process that forks can make any of
them from the source alone. SHARED operators are those that the product's search has too, in its
own way; HELD_OUT are the ones that it does not use, so they cannot be learned by heart.
Equivalent mutants are not removed. Docstrings, annotations and imports are left as they are.
"""
import ast
import random

SHARED = ("relational", "arithmetic", "constant", "logical", "negate", "return_none", "delete", "emptied_string",
          "dropped_unary", "slice_bound", "swapped_arguments", "dropped_keyword")
HELD_OUT = ("break_continue", "handler_silenced", "handler_widened", "no_iteration", "one_iteration",
            "plain_assignment", "swapped_branches")

RELATIONAL = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
              ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is}
ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
              ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
              ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitAnd}
SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Raise, ast.Delete, ast.Assert)
BLOCKS = ("body", "orelse", "finalbody")


class Mutant:
    """One change: which operator, the lines whose execution can show it, and what it reads like."""

    def __init__(self, number, operator, node, statement, before, after, function):
        self.number = number
        self.operator = operator
        self.line = node.lineno
        self.lines = range(statement.lineno, header_end(statement) + 1)
        self.text = f"{before} -> {after}"
        self.function = function

    def describe(self):
        return f"line {self.line}, {self.operator}: {self.text}"


def header_end(statement):
    """Last line of a simple statement, or of the head of a compound one."""
    body = getattr(statement, "body", None)
    if isinstance(body, list) and body and not isinstance(statement, ast.ExceptHandler):
        return max(statement.lineno, body[0].lineno - 1)
    if isinstance(statement, ast.ExceptHandler):
        return statement.body[-1].end_lineno
    return statement.end_lineno


def shorten(node):
    text = node if isinstance(node, str) else ast.unparse(node)
    text = " ".join(text.split())
    return text if len(text) <= 70 else text[:67] + "..."


class Finder:
    """Walks a tree once, in order of source, and gives every place to each operator."""

    def __init__(self, tree):
        self.found = []  # (operator, node, statement, before, after, edit, function)
        self.names = []
        self.block(tree.body, tree)

    def add(self, operator, node, statement, before, after, edit):
        self.found.append((operator, node, statement, shorten(before), shorten(after), edit, ".".join(self.names)))

    def block(self, statements, owner):
        for index, statement in enumerate(statements):
            docstring = (index == 0 and isinstance(statement, ast.Expr)
                         and isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)
                         and isinstance(owner, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)))
            if docstring or isinstance(statement, (ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Pass)):
                continue
            self.statement(statement, statements, index)

    def statement(self, node, siblings, index):
        def replace(new):
            def edit():
                siblings[index] = ast.copy_location(new, node)
            return edit

        named = isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        if named:
            self.names.append(node.name)
        if isinstance(node, SIMPLE):
            self.add("delete", node, node, node, "pass", replace(ast.Pass()))
        if isinstance(node, ast.Return) and node.value is not None and not is_none(node.value):
            self.add("return_none", node, node, node, "return None", replace(ast.Return(ast.Constant(None))))
        if isinstance(node, (ast.Break, ast.Continue)):
            other = ast.Continue if isinstance(node, ast.Break) else ast.Break
            self.add("break_continue", node, node, node, other.__name__.lower(), replace(other()))
        if isinstance(node, ast.AugAssign):
            target = ast.parse(ast.unparse(node.target), mode="eval").body
            set_context(target)
            plain = ast.Assign([target], node.value)
            self.add("plain_assignment", node, node, node, f"{shorten(node.target)} = {shorten(node.value)}",
                     replace(plain))
        if isinstance(node, (ast.If, ast.While)):
            self.add("negate", node.test, node, node.test, f"not ({shorten(node.test)})", self.field(node, "test", negated))
        if isinstance(node, ast.If) and node.orelse:
            def swap():
                node.body, node.orelse = node.orelse, node.body
            self.add("swapped_branches", node, node, f"if {shorten(node.test)}", "its two branches change places", swap)
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            self.loop(node)
        if isinstance(node, ast.Try):
            for handler in node.handlers:
                self.handler(handler)
        for name, value in ast.iter_fields(node):
            self.child(node, name, value, node)
        if named:
            self.names.pop()

    def loop(self, node):
        def once():
            node.body.append(ast.Break())
        self.add("one_iteration", node, node, "loop", "at most one iteration", once)
        if isinstance(node, ast.For):
            self.add("no_iteration", node.iter, node, node.iter, "()", self.field(node, "iter", lambda _: ast.Tuple([], ast.Load())))

    def handler(self, node):
        def silence():
            node.body = [ast.Pass()]

        def widen():
            node.type = ast.Name("BaseException", ast.Load())
        if not (len(node.body) == 1 and isinstance(node.body[0], ast.Pass)):
            self.add("handler_silenced", node, node, "except body", "pass", silence)
        if node.type is not None and ast.unparse(node.type) not in ("BaseException", "Exception"):
            self.add("handler_widened", node, node, f"except {shorten(node.type)}", "except BaseException", widen)

    @staticmethod
    def field(owner, name, change, index=None):
        def edit():
            if index is None:
                setattr(owner, name, change(getattr(owner, name)))
            else:
                getattr(owner, name)[index] = change(getattr(owner, name)[index])
        return edit

    def child(self, owner, name, value, statement):
        if name in ("annotation", "returns", "type_comment", "type_params"):
            return
        if isinstance(value, list):
            if name in BLOCKS and value and isinstance(value[0], ast.stmt):
                self.block(value, owner)
                return
            for index, item in enumerate(value):
                if isinstance(item, (ast.ExceptHandler, ast.match_case)) if hasattr(ast, "match_case") else isinstance(item, ast.ExceptHandler):
                    for inner, part in ast.iter_fields(item):
                        self.child(item, inner, part, item if isinstance(item, ast.ExceptHandler) else statement)
                elif isinstance(item, ast.AST):
                    self.expression(item, statement, lambda change, i=index: self.field(owner, name, change, i))
        elif isinstance(value, ast.AST):
            self.expression(value, statement, lambda change: self.field(owner, name, change))

    def expression(self, node, statement, at):
        """`at(change)` is an edit that puts change(node) where the node stands."""
        if isinstance(node, (ast.JoinedStr, ast.pattern) if hasattr(ast, "pattern") else ast.JoinedStr):
            # Text of an f-string is not worth a mutant; the expressions inside are.
            for part in ast.walk(node):
                if isinstance(part, ast.FormattedValue):
                    self.expression(part.value, statement, lambda change, p=part: self.field(p, "value", change))
            return
        if isinstance(node, ast.Constant):
            self.constant(node, statement, at)
        elif isinstance(node, ast.Compare):
            for index, operation in enumerate(node.ops):
                other = RELATIONAL[type(operation)]
                self.add("relational", node, statement, node, f"{type(operation).__name__} becomes {other.__name__}",
                         self.field(node, "ops", lambda _, o=other: o(), index))
        elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
            if not (isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)):
                other = ARITHMETIC[type(node.op)]
                self.add("arithmetic", node, statement, node, f"{type(node.op).__name__} becomes {other.__name__}",
                         self.field(node, "op", lambda _: other()))
        elif isinstance(node, ast.BoolOp):
            other = ast.Or if isinstance(node.op, ast.And) else ast.And
            self.add("logical", node, statement, node, f"{type(node.op).__name__} becomes {other.__name__}",
                     self.field(node, "op", lambda _: other()))
        elif isinstance(node, ast.UnaryOp) and not isinstance(node.operand, ast.Constant):
            self.add("dropped_unary", node, statement, node, node.operand, at(lambda old: old.operand))
        elif isinstance(node, ast.IfExp):
            self.add("negate", node.test, statement, node.test, f"not ({shorten(node.test)})", self.field(node, "test", negated))
        elif isinstance(node, ast.comprehension):
            for index, test in enumerate(node.ifs):
                self.add("negate", test, statement, test, f"not ({shorten(test)})", self.field(node, "ifs", negated, index))
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
            for bound in ("lower", "upper"):
                if getattr(node.slice, bound) is not None:
                    self.add("slice_bound", node, statement, node, f"without the {bound} bound",
                             self.field(node.slice, bound, lambda _: None))
        elif isinstance(node, ast.Call):
            self.call(node, statement)
        for name, value in ast.iter_fields(node):
            self.child(node, name, value, statement)

    def call(self, node, statement):
        plain = [a for a in node.args if not isinstance(a, ast.Starred)]
        if len(node.args) >= 2 and len(plain) == len(node.args) and ast.dump(node.args[0]) != ast.dump(node.args[1]):
            def swap():
                node.args[0], node.args[1] = node.args[1], node.args[0]
            self.add("swapped_arguments", node, statement, node, "its first two arguments change places", swap)
        for index, keyword in enumerate(node.keywords):
            if keyword.arg is not None:
                self.add("dropped_keyword", node, statement, node, f"without {keyword.arg}=", lambda i=index: node.keywords.pop(i))

    def constant(self, node, statement, at):
        value = node.value
        if isinstance(value, bool):
            changed, operator = not value, "constant"
        elif isinstance(value, (int, float)):
            changed, operator = value + 1, "constant"
        elif isinstance(value, str):
            changed, operator = "" if value else "mutant", "emptied_string"
        elif isinstance(value, bytes):
            changed, operator = b"" if value else b"mutant", "emptied_string"
        else:
            return
        self.add(operator, node, statement, node, repr(changed), at(lambda _: ast.Constant(changed)))


def is_none(node):
    return isinstance(node, ast.Constant) and node.value is None


def negated(test):
    return ast.UnaryOp(ast.Not(), test)


def set_context(target):
    target.ctx = ast.Store()
    for part in ast.walk(target):
        if isinstance(part, (ast.Tuple, ast.List)):
            for element in part.elts:
                element.ctx = ast.Store()


def find(source):
    """Every mutant of the source, in order of the file."""
    return [Mutant(number, operator, node, statement, before, after, function)
            for number, (operator, node, statement, before, after, _, function)
            in enumerate(Finder(ast.parse(source)).found)]


def compiled(source, number, filename):
    """The code of the module with that mutant. SyntaxError where the change is not Python."""
    tree = ast.parse(source)
    Finder(tree).found[number][5]()
    return compile(ast.fix_missing_locations(tree), filename, "exec", dont_inherit=True)


def sample(mutants, count, seed):
    """At most `count` of them in any order, the same for the same seed. Who runs out of time after
    some of them has a smaller sample, and no less fair."""
    return random.Random(seed).sample(mutants, min(count, len(mutants)))
