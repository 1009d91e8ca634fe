"""Pieces of SVG as text, and a guess at how wide text is."""
import html

from . import theme

_NARROW, _WIDE = set("fijlrt.,:;|!'()[] "), set("mwMW%@–")


def width(text, size):
    """Of a line of text, a little too much rather than too little."""
    return size * sum(0.36 if c in _NARROW else 0.92 if c in _WIDE else 0.68 if c.isupper() else 0.6 for c in text)


def cut(text, size, room):
    if width(text, size) <= room:
        return text
    while text and width(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def number(value):
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def text(x, y, content, size=12, fill=theme.TEXT, anchor="start", weight=None):
    bold = f' font-weight="{weight}"' if weight else ""
    where = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return (f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}" fill="{fill}"{where}{bold}>'
            f"{html.escape(content)}</text>")


def rect(x, y, w, h, fill, radius=0, stroke=None, opacity=None, dash=None):
    more = f' rx="{radius}"' if radius else ""
    more += f' stroke="{stroke}"' if stroke else ""
    more += f' stroke-dasharray="{dash}"' if dash else ""
    more += f' fill-opacity="{opacity}"' if opacity is not None else ""
    return f'<rect x="{number(x)}" y="{number(y)}" width="{number(w)}" height="{number(h)}" fill="{fill}"{more}/>'


def line(x1, y1, x2, y2, stroke, dash=None, weight=1):
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (f'<path d="M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}" stroke="{stroke}" '
            f'stroke-width="{weight}"{dashed}/>')


def run(points):
    """Path data through points, relative and without what is the same as before: half as long."""
    (x, y), out = points[0], []
    out.append(f"M{number(x)} {number(y)}")
    x, y = round(x, 1), round(y, 1)
    for next_x, next_y in points[1:]:
        dx, dy = round(next_x - x, 1), round(next_y - y, 1)
        out.append(f"l{number(dx)} {number(dy)}" if dy else f"h{number(dx)}")
        x, y = x + dx, y + dy
    return "".join(out)
