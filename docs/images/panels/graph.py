"""Time series: lines or a stack, with axes, thresholds, exemplars, annotations and a legend."""
import math

from . import legend, scale, svg, theme, units


def _segments(points, step):
    """Runs of points without a gap."""
    runs = []
    for at, value in points:
        if not math.isfinite(value):
            continue
        if runs and at - runs[-1][-1][0] <= 2.5 * step:
            runs[-1].append((at, value))
        else:
            runs.append([(at, value)])
    return runs


def _stack(series):
    """Each series on top of those before it."""
    below, out = {}, []
    for name, points in series:
        raised = []
        for at, value in points:
            below[at] = below.get(at, 0) + (value if math.isfinite(value) else 0)
            raised.append((at, below[at]))
        out.append((name, raised))
    return out


def _range(panel, series):
    """(lowest, highest, step) of the axis."""
    defaults = panel["fieldConfig"]["defaults"]
    low, fixed = defaults.get("min", 0), defaults.get("max")
    if fixed is not None:
        return low, fixed, (fixed - low) / 4
    largest = max((value for _, points in series for _, value in points if math.isfinite(value)), default=0)
    base = 1.0
    if defaults["unit"] == "bytes":
        base = next((float(size) for size in (1 << 30, 1 << 20, 1 << 10) if largest >= size), 1.0)
    if defaults["unit"] == "s" and largest >= 2 * 86400:
        base = 86400.0
    if defaults["unit"] == "percentunit" and 0.5 < largest <= 1:
        return low, 1, (1 - low) / 4  # a share has nothing above
    return (low, *scale.nice(largest * 1.02, 4, base))


def draw(panel, answers, box, window):
    """`answers`: (target, series, exemplars) of each target; `box`: x, y, width, height inside the panel."""
    x, y, w, h = box
    defaults = panel["fieldConfig"]["defaults"]
    custom = defaults.get("custom", {})
    series = [(legend.name(target.get("legendFormat", ""), labels), points)
              for target, found, _ in answers for labels, points in found]
    if not series:
        return [svg.text(x + w / 2, y + h / 2, "No data", 14, theme.DIM, "middle")]
    stacked = custom.get("stacking", {}).get("mode") == "normal"
    shown = _stack(series) if stacked else series
    colours = [theme.PALETTE[i % len(theme.PALETTE)] for i in range(len(series))]

    lines = legend.rows([name for name, _ in series], w - 8)
    bottom = y + h - len(lines) * legend.LINE - 24
    low, top, step = _range(panel, shown)
    marks = scale.ticks(low, top, step)
    labels = [units.show(tick, defaults["unit"]) for tick in marks]
    left = x + max(svg.width(label, 11) for label in labels) + 12
    right = x + w - 6

    def px(at):
        return left + (at - window.start) / (window.end - window.start) * (right - left)

    def py(value):
        return bottom - min(max(value - low, 0) / (top - low), 1.02) * (bottom - y - 4)

    out = []
    for tick, label in zip(marks, labels):
        out.append(svg.line(left, py(tick), right, py(tick), theme.GRID))
        out.append(svg.text(left - 6, py(tick) + 4, label, 11, theme.DIM, "end"))
    for at, label in scale.moments(window.start, window.end):
        if px(at) > left + 20:
            out.append(svg.line(px(at), y + 4, px(at), bottom, theme.GRID))
        if left + 24 < px(at) < right - 20:
            out.append(svg.text(px(at), bottom + 16, label, 11, theme.DIM, "middle"))
    out += _curves(shown, colours, px, py, bottom, window.step, 0.4 if stacked else 0.08)
    if custom.get("thresholdsStyle", {}).get("mode") == "dashed":
        for limit in defaults["thresholds"]["steps"][1:]:
            if 0 < limit["value"] <= top:
                out.append(svg.line(left, py(limit["value"]), right, py(limit["value"]), theme.colour(limit["color"]), "6 5", 1.3))
    out += _exemplars(answers, px, py, top)
    out += _annotations(window, px, y + 4, bottom)
    out += legend.draw(lines, colours, x + 6, bottom + 40)
    return out


def _curves(series, colours, px, py, bottom, step, opacity):
    out = []
    for index in range(len(series) - 1, -1, -1):  # the first on top
        for run in _segments(series[index][1], step):
            points = [(px(at), py(value)) for at, value in run]
            if len(points) == 1:
                out.append(f'<circle cx="{svg.number(points[0][0])}" cy="{svg.number(points[0][1])}" r="2" '
                           f'fill="{colours[index]}"/>')
                continue
            path = svg.run(points)
            close = f"V{svg.number(bottom)}H{svg.number(points[0][0])}Z"
            out.append(f'<path d="{path}{close}" fill="{colours[index]}" fill-opacity="{opacity}"/>')
            out.append(f'<path d="{path}" fill="none" stroke="{colours[index]}" stroke-width="1.4" '
                       f'stroke-linejoin="round"/>')
    return out


def _exemplars(answers, px, py, top):
    """Small squares on their corner, each a trace."""
    out, seen = [], set()
    for _, _, exemplars in answers:
        for at, value in exemplars:
            x, y = px(at), py(value)
            spot = (round(x / 8), round(y / 8))  # what lies on another is left out
            if value <= top and spot not in seen:
                seen.add(spot)
                out.append(f'<path d="M{svg.number(x)} {svg.number(y - 3.2)}l3.2 3.2-3.2 3.2-3.2-3.2z" '
                           f'fill="#8ab8ff" fill-opacity="0.85"/>')
    return out


def _annotations(window, px, top, bottom):
    out = []
    for at, name in window.annotations:
        fill = theme.colour(name)
        out.append(svg.line(px(at), top, px(at), bottom, fill, "3 4"))
        out.append(f'<path d="M{svg.number(px(at) - 4)} {svg.number(bottom + 5)}h8l-4-5z" fill="{fill}"/>')
    return out
