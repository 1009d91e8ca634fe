"""Names of series, and the list of them below a graph."""
import re

from . import svg, theme

SIZE, LINE, LINES = 12, 18, 2


def name(template, labels):
    """Grafana's legend format: {{label}} is the label's value. Without one, the labels themselves."""
    if template:
        return re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda m: labels.get(m.group(1), ""), template).strip() or "value"
    return ", ".join(f"{key}={value}" for key, value in labels.items() if key != "__name__") or "value"


def rows(names, room):
    """Names in lines, as many as fit; the rest is counted."""
    lines, used = [[]], 0
    for index, each in enumerate(names):
        wide = svg.width(each, SIZE) + 34
        if used + wide > room and lines[-1]:
            if len(lines) == LINES:
                lines[-1].append((None, f"+{len(names) - index}"))
                return lines
            lines.append([])
            used = 0
        lines[-1].append((index, svg.cut(each, SIZE, room - 34)))
        used += wide
    return lines


def draw(lines, colours, x, y):
    out = []
    for number, entries in enumerate(lines):
        at, base = x, y + number * LINE
        for index, each in entries:
            if index is not None:
                out.append(svg.rect(at, base - 5, 14, 3, colours[index], radius=1))
            out.append(svg.text(at + 20, base, each, SIZE, theme.TEXT if index is not None else theme.DIM))
            at += svg.width(each, SIZE) + 34
    return out
