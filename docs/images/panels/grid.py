"""Tables, heatmaps and state time lines: what is laid out in rows."""
import math

from . import scale, svg, theme, units


def table(panel, answers, box):
    x, y, w, h = box
    options = next(t["options"] for t in panel["transformations"] if t["id"] == "organize")
    rename, order = options["renameByName"], options["indexByName"]
    overrides = {each["matcher"]["options"]: {p["id"]: p["value"] for p in each["properties"]}
                 for each in panel["fieldConfig"]["overrides"]}
    labels = [name for name in sorted(rename, key=lambda n: order[n]) if not name.startswith("Value #")]
    rows = {}
    for target, found, _ in answers:
        for series, points in found:
            key = tuple(series.get(label, "") for label in labels)
            rows.setdefault(key, {})[rename[f"Value #{target['refId']}"]] = points[-1][1]
    titles = [rename[f"Value #{target['refId']}"] for target, _, _ in answers]
    ordered = sorted(rows.items(), key=lambda row: -row[1].get(titles[0], -math.inf))

    columns = [rename[label] for label in labels] + titles
    first = w * 0.2
    others = (w - first * len(labels)) / len(titles)
    edges = [x + first * i for i in range(len(labels))] + [x + first * len(labels) + others * i
                                                           for i in range(len(titles))]
    line = min(36, (h - 34) / max(len(ordered), 1))
    if line < 22:
        ordered, line = ordered[:int((h - 34) // 22)], 22
    out = [svg.text(edge + 8, y + 18, svg.cut(name, 12, others - 10), 12, "#6e9fff", weight=500)
           for edge, name in zip(edges, columns)]
    out.append(svg.line(x, y + 30, x + w, y + 30, theme.GRID))
    for index, (key, values) in enumerate(ordered):
        base = y + 34 + index * line
        if index % 2:
            out.append(svg.rect(x, base, w, line, "#1d2026"))
        middle = base + line / 2 + 4.5
        out += [svg.text(edges[i] + 8, middle, svg.cut(text, 13, first - 12), 13) for i, text in enumerate(key)]
        for edge, title in zip(edges[len(labels):], titles):
            if title not in values or not math.isfinite(values[title]):
                continue
            own = overrides.get(title, {})
            fill = theme.by_value(own["thresholds"]["steps"], values[title]) if "thresholds" in own else theme.TEXT
            out.append(svg.text(edge + 8, middle, units.show(values[title], own.get("unit", "short"), own.get("decimals")),
                                13, fill))
    return out


def _bound(text):
    return math.inf if text == "+Inf" else float(text)


def heatmap(panel, answers, box, window, columns=48):
    """Prometheus' buckets hold all below their bound; a cell is what its own bucket adds."""
    x, y, w, h = box
    unit = panel["fieldConfig"]["defaults"]["unit"]
    merged = {}  # 2 and 2.0 are one bound
    for _, series, _ in answers:
        for labels, points in series:
            for at, count in points if "le" in labels else []:
                row = merged.setdefault(_bound(labels["le"]), {})
                row[at] = row.get(at, 0) + count
    found = sorted(merged.items())
    if not found:
        return [svg.text(x + w / 2, y + h / 2, "No data", 14, theme.DIM, "middle")]
    times = sorted({at for _, points in found for at in points})
    every = max(1, math.ceil(len(times) / columns))
    times = times[every - 1::every]
    cells, largest = {}, 0
    for column, at in enumerate(times):
        before = 0
        for row, (_, points) in enumerate(found):
            total = points.get(at, before)
            cells[column, row] = max(0, total - before)
            largest = max(largest, cells[column, row])
            before = max(before, total)
    used = sorted({row for (_, row), value in cells.items() if value > 0})
    low, high = (max(0, used[0] - 1), min(len(found) - 1, used[-1] + 1)) if used else (0, len(found) - 1)
    names = [units.show(bound, unit) if math.isfinite(bound) else "+Inf" for bound, _ in found[low:high + 1]]
    left, bottom = x + max(svg.width(name, 11) for name in names) + 12, y + h - 24
    wide, high_cell = (x + w - 6 - left) / len(times), (bottom - y - 4) / (high - low + 1)
    out = []
    for row in range(low, high + 1):
        base = bottom - (row - low + 1) * high_cell
        out.append(svg.text(left - 6, base + 4, names[row - low], 11, theme.DIM, "end"))
        for column in range(len(times)):
            value = cells[column, row]
            if value > 0:
                shade = theme.HEAT[min(len(theme.HEAT) - 1, int(math.sqrt(value / largest) * len(theme.HEAT)))]
                out.append(svg.rect(left + column * wide + 0.5, base + 0.5, wide - 1, high_cell - 1, shade))
    span = times[-1] - times[0] or 1
    for at, label in scale.moments(window.start, window.end):
        place = left + (at - times[0]) / span * (x + w - 6 - left)
        if left + 24 < place < x + w - 26:
            out.append(svg.text(place, bottom + 16, label, 11, theme.DIM, "middle"))
    return out


def states(panel, answers, box, window):
    from . import legend
    x, y, w, h = box
    known = {float(value): each for mapping in panel["fieldConfig"]["defaults"]["mappings"]
             for value, each in mapping["options"].items()}
    series = [(legend.name(target.get("legendFormat", ""), labels), points)
              for target, found, _ in answers for labels, points in found]
    if not series:
        return [svg.text(x + w / 2, y + h / 2, "No data", 14, theme.DIM, "middle")]
    left, bottom = x + min(max(svg.width(name, 12) for name, _ in series) + 14, w * 0.4), y + h - 42
    row = (bottom - y - 2) / len(series)
    width = (x + w - 6 - left) / (window.end - window.start)
    out = []
    for index, (name, points) in enumerate(series):
        base = y + 2 + index * row
        out.append(svg.text(left - 8, base + row / 2 + 4, svg.cut(name, 12, left - x - 10), 12, theme.TEXT, "end"))
        runs = []
        for at, value in points:
            if runs and runs[-1][2] == value and at - runs[-1][1] <= 2.5 * window.step:
                runs[-1][1] = at
            else:
                if runs:
                    runs[-1][1] = at
                runs.append([at, at, value])
        for start, end, value in runs:
            fill = theme.colour(known[value]["color"]) if value in known else theme.DIM
            out.append(svg.rect(left + (start - window.start) * width, base + row * 0.1,
                                max(1, (end - start) * width), row * 0.8, fill, radius=1, opacity=0.8))
    for at, label in scale.moments(window.start, window.end):
        place = left + (at - window.start) * width
        if left + 24 < place < x + w - 26:
            out.append(svg.text(place, bottom + 16, label, 11, theme.DIM, "middle"))
    names = [each["text"] for each in known.values()]
    colours = [theme.colour(each["color"]) for each in known.values()]
    return out + legend.draw(legend.rows(names, w), colours, x + 6, bottom + 36)
