"""What an alert judges, and whether a panel draws it: the series of the alert's expression but for its floor, against the
series of the panel's queries. Only selectors are compared; how a panel adds them up is its own.
"""
import re

import promql_tree

NARROWER = "its query leaves out by {}"


def parse(expression):
    """Of a dashboard too: variables stand in strings and in windows."""
    return promql_tree.parse(re.sub(r"\[\$__\w+\]", "[1m]", expression))


def selectors(node):
    return [part for part in node.walk() if part.kind == "selector"]


def is_floor(node):
    """`… >= 3`: the least number of bad events, below which nobody is told."""
    return node.kind == "binary" and node.name == ">=" and promql_tree.is_scalar(node.parts[1])


def judged(node):
    """Selectors of what has to be so for the alert to fire."""
    if node.kind == "binary" and node.name in ("or", "and", "unless"):
        left, right = node.parts
        return judged(left) + ([] if node.name == "and" and is_floor(right) else judged(right))
    return selectors(node)


def drawn(panel):
    return [selector for target in panel["targets"] for selector in selectors(parse(target["expr"]))]


def narrowed(wanted, shown):
    """Labels by which a selector of a panel shows less than an alert judges. What the reader chooses is not meant, nor the
    job: dashboard_lint.py has the jobs that a panel may name."""
    asked = {label: (operator, value) for label, operator, value in wanted.matchers}
    for label, operator, value in shown.matchers:
        if label == "job" or value.startswith("$") or asked.get(label) == (operator, value):
            continue
        if label in asked and asked[label][0] == "=":
            matches = re.fullmatch(value, asked[label][1]) is not None
            if operator in ("=", "=~") and matches or operator in ("!=", "!~") and not matches:
                continue
        yield label


def missing(expression, panel):
    """What of the alert the panel does not draw, in words."""
    shown = drawn(panel)
    for wanted in judged(parse(expression)):
        ways = [list(narrowed(wanted, each)) for each in shown if each.name == wanted.name]
        if not ways:
            yield wanted.name
        elif all(ways):
            yield f"{wanted.name}: " + NARROWER.format(ways[0])
