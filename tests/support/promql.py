"""Which metrics and labels a PromQL expression names. Enough of a reader for that, no more:
strings, durations, functions and keywords are told apart from metric names; nothing is evaluated.
"""
import re

_TOKEN = re.compile(r"""
    (?P<comment>\#[^\n]*) | (?P<space>\s+)
  | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+|(?:ms|[smhdwy])(?:\d+(?:ms|[smhdwy]))*)?|\.\d+)
  | (?P<name>[A-Za-z_][A-Za-z0-9_:]*)
  | (?P<op>=~|!~|!=|==|>=|<=|[-+*/%^=<>(){}\[\],@:])
""", re.VERBOSE)

# Followed by a parenthesised list of labels.
_LABEL_LISTS = {"by", "without", "on", "ignoring", "group_left", "group_right"}
_KEYWORDS = _LABEL_LISTS | {"and", "or", "unless", "bool", "offset", "inf", "nan", "start", "end", "atan2"}


class PromqlError(ValueError):
    pass


def tokens(expression):
    found, at = [], 0
    while at < len(expression):
        match = _TOKEN.match(expression, at)
        if not match:
            raise PromqlError(f"cannot read {expression[at:at + 20]!r} in {expression!r}")
        if match.lastgroup not in ("comment", "space"):
            found.append((match.lastgroup, match.group()))
        at = match.end()
    return found


def selectors(expression):
    """List of (metric name or None, {label: value matched}) for each selector."""
    return _read(expression)[0]


def grouping_labels(expression):
    """Labels in by, without, on, ignoring, group_left and group_right."""
    return _read(expression)[1]


def metrics(expression):
    return {name for name, _ in selectors(expression) if name}


def _read(expression):
    stream = tokens(expression)
    found, grouping, i = [], set(), 0

    def peek(offset=0):
        return stream[i + offset] if i + offset < len(stream) else ("end", "")

    def matchers():
        """Reads {a="b", c=~"d"}; the position is on the opening brace."""
        nonlocal i
        labels, i = {}, i + 1
        while peek()[1] != "}":
            kind, label = peek()
            if kind != "name" or peek(2)[0] != "string":
                raise PromqlError(f"bad matcher near {label!r} in {expression!r}")
            labels[label] = peek(2)[1][1:-1]
            i += 3
            if peek()[1] == ",":
                i += 1
        i += 1
        return labels

    while i < len(stream):
        kind, text = peek()
        if kind == "name" and text.lower() in _LABEL_LISTS and peek(1)[1] == "(":
            i += 2
            while peek()[1] != ")":
                if peek()[0] == "name":
                    grouping.add(peek()[1])
                elif peek()[1] != ",":
                    raise PromqlError(f"bad label list in {expression!r}")
                i += 1
            i += 1
        elif kind == "name" and (text.lower() in _KEYWORDS or peek(1)[1] == "("
                                 or peek(1)[1].lower() in ("by", "without")):
            i += 1
        elif kind == "name":
            i += 1
            found.append((text, matchers() if peek()[1] == "{" else {}))
        elif text == "{":
            found.append((None, matchers()))
        else:
            i += 1
    return found, grouping
