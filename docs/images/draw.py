#!/usr/bin/python3
"""Draws docs/images/generate.svg: what a terminal shows when testgen works on examples/.

The picture is of a real run of the built program, nothing is written by hand:
    python3 docs/images/draw.py
"""
import html
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("TESTGEN_BUILD_DIR", ROOT / "build" / "release")) / "testgen"
LINE, COLUMN, MARGIN, BAR = 19, 8.43, 18, 34
BACKGROUND, TEXT, DIM, PROMPT = "#14181f", "#d7dde6", "#7f8b99", "#7fd1a0"


def run():
    """(kind, text) of each line: what was typed and what it said."""
    lines = []
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100", "LC_ALL": "C.UTF-8",
                   "TESTGEN_PYTHON": "/usr/bin/python3"}  # the one with Debian's coverage.py
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "examples").symlink_to(ROOT / "examples")
        for command, shown in (([PROGRAM, "generate", "examples", "-o", "tests"], "testgen generate examples -o tests"),
                               (["/usr/bin/python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
                                "python3 -m pytest -q tests")):
            lines.append(("typed", shown))
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
            lines += [("said", line) for line in done.stdout.replace(folder + "/", "").rstrip().splitlines()]
            lines.append(("said", ""))
    return lines[:-1]


def draw(lines):
    width = max(len(text) + 2 for _, text in lines) * COLUMN + 2 * MARGIN
    height = BAR + MARGIN + len(lines) * LINE
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" '
           f'width="{width:.0f}" height="{height}" role="img" aria-label="testgen in a terminal">',
           f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>']
    out += [f'<circle cx="{MARGIN + 4 + 18 * i}" cy="17" r="5" fill="{colour}"/>'
            for i, colour in enumerate(("#e5685f", "#e0b04c", "#6bbf6b"))]
    out.append('<g font-family="ui-monospace, DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" '
              '>')
    for number, (kind, text) in enumerate(lines):
        y = BAR + LINE * (number + 1) - 5
        colour = TEXT if kind == "typed" or not text.startswith("  ") else DIM
        prompt = f'<tspan fill="{PROMPT}">$ </tspan>' if kind == "typed" else ""
        # No-break spaces: browsers fold the others, and with them the table.
        out.append(f'<text x="{MARGIN}" y="{y}" fill="{colour}">{prompt}{html.escape(text).replace(" ", chr(0xA0))}</text>')
    return "\n".join(out + ["</g>", "</svg>"]) + "\n"


if __name__ == "__main__":
    target = pathlib.Path(__file__).with_name("generate.svg")
    target.write_text(draw(run()))
    print(target.relative_to(ROOT))
