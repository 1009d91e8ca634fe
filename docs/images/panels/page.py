"""A whole dashboard: its head with the variables, its rows, and each panel in its frame."""
from . import graph, grid, svg, theme, values

TOP = 108
TITLE = 36


def _place(box):
    column = (theme.WIDTH - 2 * theme.MARGIN + theme.GAP) / 24
    return (theme.MARGIN + box["x"] * column, TOP + box["y"] * (theme.CELL + theme.GAP),
            box["w"] * column - theme.GAP, box["h"] * (theme.CELL + theme.GAP) - theme.GAP)


def _head(dashboard, window):
    out = [svg.rect(0, 0, theme.WIDTH, 48, theme.PANEL), svg.line(0, 48, theme.WIDTH, 48, theme.BORDER)]
    folder, _, title = dashboard["title"].partition(" / ")
    at = theme.MARGIN
    for index, part in enumerate(["Dashboards", folder, title]):
        if index:
            out.append(svg.text(at, 30, "›", 14, theme.DIM))
            at += 18
        out.append(svg.text(at, 30, part, 14, theme.STRONG if index == 2 else theme.DIM, weight=500))
        at += svg.width(part, 14) + 12
    span = window.end - window.start
    shown = f"Last {round(span / 60)} minutes" if span >= 90 else f"Last {round(span)} seconds"
    wide = _chip(0, 0, None, shown)[1]
    out += _chip(theme.WIDTH - theme.MARGIN - wide, 8, None, shown)[0]
    at = theme.MARGIN
    for variable in dashboard["templating"]["list"]:
        chosen = variable.get("current", {}).get("text", "All")
        value = {"datasource": "Prometheus", "logs": "Loki"}.get(
            variable["name"], chosen if isinstance(chosen, str) else " + ".join(chosen))
        chip, wide = _chip(at, 60, variable.get("label") or variable["name"], value)
        out += chip
        at += wide + 12
    at = theme.WIDTH - theme.MARGIN
    for annotation in reversed(dashboard["annotations"]["list"]):
        wide = svg.width(annotation["name"], 12) + 26
        at -= wide
        out.append(f'<circle cx="{svg.number(at + 6)}" cy="76" r="5" fill="{theme.colour(annotation["iconColor"])}"/>')
        out.append(svg.text(at + 16, 80, annotation["name"], 12, theme.DIM))
    return out


def _chip(x, y, label, value):
    out, at = [], x
    if label:
        wide = svg.width(label, 12) + 18
        out += [svg.rect(at, y, wide, 32, "#22252b", radius=2, stroke=theme.BORDER),
                svg.text(at + 9, y + 20, label, 12, theme.TEXT, weight=500)]
        at += wide
    wide = max(svg.width(value, 12) + 34, 76)
    out += [svg.rect(at, y, wide, 32, theme.PAGE, radius=2, stroke=theme.BORDER),
            svg.text(at + 10, y + 20, value, 12), svg.text(at + wide - 18, y + 20, "▾", 10, theme.DIM)]
    return out, at + wide - x


def _panel(panel, answers, window):
    x, y, w, h = _place(panel["gridPos"])
    out = [svg.rect(x, y, w, h, theme.PANEL, radius=2, stroke=theme.BORDER),
           svg.text(x + 10, y + 22, svg.cut(panel["title"], 13.5, w - 20), 13.5, theme.TEXT, weight=500)]
    box = (x + 10, y + TITLE, w - 20, h - TITLE - 8)
    kind = panel["type"]
    if kind == "stat":
        out += values.stat(panel, answers, (x + 10, y + 24, w - 20, h - 30))
    elif kind == "bargauge":
        out += values.bars(panel, answers, box)
    elif kind == "timeseries":
        out += graph.draw(panel, answers, box, window)
    elif kind == "table":
        out += grid.table(panel, answers, box)
    elif kind == "heatmap":
        out += grid.heatmap(panel, answers, box, window)
    elif kind == "state-timeline":
        out += grid.states(panel, answers, box, window)
    else:
        raise ValueError(f"{panel['title']}: no way to draw a {kind}")
    return out


def _first(dashboard, rows):
    """The panels of the first rows, or all."""
    kept, seen = [], 0
    for panel in dashboard["panels"]:
        seen += panel["type"] == "row"
        if rows and seen > rows:
            break
        kept.append(panel)
    return kept


def draw(dashboard, answers, window, rows=None):
    """SVG text. `answers`: {panel id: [(target, series, exemplars)]}; `window` also has annotations: (time, colour)."""
    panels = _first(dashboard, rows)
    bottom = max(p["gridPos"]["y"] + p["gridPos"]["h"] for p in panels)
    height = TOP + bottom * (theme.CELL + theme.GAP) + 8
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {theme.WIDTH} {height}" width="{theme.WIDTH}" '
           f'height="{height}" font-family="{theme.FONT}" role="img" aria-label="{dashboard["title"]}">',
           svg.rect(0, 0, theme.WIDTH, height, theme.PAGE), *_head(dashboard, window)]
    for panel in panels:
        if panel["type"] == "row":
            x, y, _, h = _place(panel["gridPos"])
            out += [svg.text(x + 2, y + h / 2 + 6, "▾", 12, theme.DIM),
                    svg.text(x + 20, y + h / 2 + 6, panel["title"], 16, theme.TEXT, weight=500)]
        else:
            out += _panel(panel, answers[panel["id"]], window)
    return "\n".join([*out, "</svg>", ""])
