"""Panels that show the newest value: one large number, or a bar for each series."""
import math

from . import legend, svg, theme, units


def _newest(found):
    return [(labels, points[-1][1]) for labels, points in found if points]


def stat(panel, answers, box):
    x, y, w, h = box
    defaults = panel["fieldConfig"]["defaults"]
    values = [value for _, found, _ in answers for _, value in _newest(found)]
    if not values or not math.isfinite(values[0]):
        content, fill = defaults.get("noValue") or "No data", theme.DIM
    else:
        content = units.show(values[0], defaults["unit"], defaults.get("decimals"))
        fill = theme.by_value(defaults["thresholds"]["steps"], values[0])
    size = min(h * 0.46, 0.86 * w / max(svg.width(content, 1), 1))
    return [svg.text(x + w / 2, y + h / 2 + size * 0.22, content, size, fill, "middle", 500)]


def bars(panel, answers, box):
    x, y, w, h = box
    defaults = panel["fieldConfig"]["defaults"]
    found = [(legend.name(target.get("legendFormat", ""), labels), value)
             for target, series, _ in answers for labels, value in _newest(series)]
    if not found:
        return [svg.text(x + w / 2, y + h / 2, "No data", 14, theme.DIM, "middle")]
    found = found[:10]
    largest = defaults.get("max") or max((value for _, value in found), default=0) or 1
    shown = [units.show(value, defaults["unit"], defaults.get("decimals")) for _, value in found]
    name_room = min(max(svg.width(name, 12) for name, _ in found) + 12, w * 0.42)
    value_room = max(svg.width(text, 16) for text in shown) + 10
    row = min(44, (h - 4) / len(found))
    bar = min(26, row - 6)
    top = y + (h - row * len(found)) / 2
    out = []
    for index, ((name, value), content) in enumerate(zip(found, shown)):
        at = top + index * row
        fill = theme.by_value(defaults["thresholds"]["steps"], value)
        track = w - name_room - value_room - 8
        out.append(svg.text(x + name_room - 8, at + row / 2 + 4, svg.cut(name, 12, name_room - 8), 12, theme.TEXT, "end"))
        out.append(svg.rect(x + name_room, at + (row - bar) / 2, track, bar, "#22252b", radius=2))
        share = min(max(value, 0) / largest, 1)
        if share > 0:
            out.append(svg.rect(x + name_room, at + (row - bar) / 2, max(2, track * share), bar, fill, radius=2,
                                opacity=0.75))
        size = min(16, bar * 0.8)
        out.append(svg.text(x + w - 4, at + row / 2 + size * 0.36, content, size, fill, "end", 500))
    return out
