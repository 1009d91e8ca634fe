"""PromQL as a tree, for the checks that need to know what is inside what. Reads the language of
Prometheus 2.42 as far as shipped rules use it; what it cannot read it refuses.
"""
import dataclasses

from promql import PromqlError, tokens

AGGREGATIONS = {"sum", "avg", "min", "max", "count", "group", "stddev", "stdvar", "topk", "bottomk", "quantile",
                "count_values"}
_LEVELS = [{"or"}, {"and", "unless"}, {"==", "!=", ">", "<", ">=", "<="}, {"+", "-"}, {"*", "/", "%"}, {"^"}]
COMPARISONS = _LEVELS[2]
SET_OPERATIONS = {"and", "or", "unless"}


@dataclasses.dataclass
class Node:
    kind: str  # number, string, selector, call, aggregation, binary, negation
    name: str = ""  # of the metric, function, aggregation or operator; the text of a literal
    parts: list = dataclasses.field(default_factory=list)
    matchers: list = dataclasses.field(default_factory=list)  # (label, operator, value) of a selector
    window: str = ""  # of a range or a subquery
    is_subquery: bool = False
    grouping: str = ""  # by, without; on, ignoring
    labels: list = dataclasses.field(default_factory=list)  # of that
    side: str = ""  # group_left, group_right
    is_bool: bool = False

    def walk(self):
        yield self
        for part in self.parts:
            yield from part.walk()


def parse(expression):
    reader = _Reader(expression)
    node = reader.binary(0)
    if reader.at < len(reader.stream):
        reader.fail()
    return node


class _Reader:
    def __init__(self, expression):
        self.expression = expression
        self.stream = tokens(expression)
        self.at = 0

    def fail(self):
        rest = " ".join(text for _, text in self.stream[self.at:self.at + 4]) or "the end"
        raise PromqlError(f"cannot read {rest!r} in {expression_line(self.expression)}")

    def peek(self):
        return self.stream[self.at][1] if self.at < len(self.stream) else ""

    def kind(self):
        return self.stream[self.at][0] if self.at < len(self.stream) else "end"

    def take(self, wanted=None):
        if self.at >= len(self.stream) or (wanted and self.peek() != wanted):
            self.fail()
        self.at += 1
        return self.stream[self.at - 1][1]

    def binary(self, level):
        if level == len(_LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while self.peek() in _LEVELS[level]:
            node = Node("binary", self.take())
            if self.peek() == "bool":
                self.take()
                node.is_bool = True
            if self.peek() in ("on", "ignoring"):
                node.grouping, node.labels = self.take(), self.label_list()
                if self.peek() in ("group_left", "group_right"):
                    node.side = self.take()
                    if self.peek() == "(":
                        self.label_list()
            # Powers bind from the right; nothing shipped relies on it.
            node.parts = [left, self.binary(level + 1)]
            left = node
        return left

    def unary(self):
        if self.peek() in ("-", "+"):
            self.take()
            return Node("negation", parts=[self.unary()])
        return self.ranged(self.primary())

    def ranged(self, node):
        while self.peek() in ("[", "offset", "@"):
            if self.take() == "[":
                node.window = self.take()
                if self.peek() == ":":
                    self.take()
                    if self.kind() == "number":
                        self.take()
                    node.is_subquery = True
                self.take("]")
            else:
                if self.peek() == "-":
                    self.take()
                self.take()
        return node

    def label_list(self):
        self.take("(")
        found = []
        while self.peek() != ")":
            found.append(self.take())
            if self.peek() == ",":
                self.take()
        self.take(")")
        return found

    def arguments(self):
        self.take("(")
        found = []
        while self.peek() != ")":
            found.append(self.binary(0))
            if self.peek() == ",":
                self.take()
        self.take(")")
        return found

    def primary(self):
        kind, text = self.kind(), self.peek()
        if text == "(":
            self.take()
            node = self.binary(0)
            self.take(")")
            return node
        if kind in ("number", "string"):
            return Node(kind, self.take())
        if kind == "name" and text in AGGREGATIONS:
            node = Node("aggregation", self.take())
            for _ in range(2):
                if self.peek() in ("by", "without"):
                    node.grouping, node.labels = self.take(), self.label_list()
                elif self.peek() == "(":
                    node.parts = self.arguments()
            return node
        if kind == "name":
            name = self.take()
            if self.peek() == "(":
                return Node("call", name, self.arguments())
            return self.selector(name)
        if text == "{":
            return self.selector("")
        return self.fail()

    def selector(self, name):
        node = Node("selector", name)
        if self.peek() == "{":
            self.take()
            while self.peek() != "}":
                label, operator, value = self.take(), self.take(), self.take()
                node.matchers.append((label, operator, value[1:-1]))
                if self.peek() == ",":
                    self.take()
            self.take("}")
        return node


def expression_line(expression):
    return repr(" ".join(expression.split()))


def is_scalar(node):
    if node.kind == "binary":
        return node.name not in SET_OPERATIONS and all(map(is_scalar, node.parts))
    return (node.kind in ("number", "string") or (node.kind == "call" and node.name in ("time", "scalar"))
            or (node.kind == "negation" and is_scalar(node.parts[0])))


def output_labels(node, labels_of):
    """Labels that every result of the expression may have. `labels_of(name)` gives those of a metric."""
    if node.kind == "selector":
        return set(labels_of(node.name))
    if node.kind == "aggregation":
        inner = output_labels(node.parts[-1], labels_of)
        if node.grouping == "by":
            return set(node.labels)
        return inner - set(node.labels) if node.grouping == "without" else set()
    if node.kind == "negation":
        return output_labels(node.parts[0], labels_of)
    if node.kind == "call":
        if node.name in ("absent", "absent_over_time"):
            return {label for part in node.walk() for label, operator, _ in part.matchers if operator == "="}
        vectors = [part for part in node.parts if not is_scalar(part)]
        found = output_labels(vectors[-1], labels_of) if vectors else set()
        if node.name == "label_replace":
            found = found | {node.parts[1].name[1:-1]}
        return found - {"le"} if node.name == "histogram_quantile" else found
    if node.kind == "binary":
        left, right = (output_labels(part, labels_of) for part in node.parts)
        if node.name == "or":
            return left | right
        if node.name in ("and", "unless") or is_scalar(node.parts[1]):
            return left
        if is_scalar(node.parts[0]):
            return right
        if node.side:
            return left if node.side == "group_left" else right
        if node.name in COMPARISONS and not node.is_bool:
            return left
        if node.grouping == "on":
            return set(node.labels)
        return left - set(node.labels) if node.grouping == "ignoring" else left
    return set()
