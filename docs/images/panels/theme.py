"""Colours and sizes, after Grafana's dark theme."""

PAGE, PANEL, BORDER, GRID = "#111217", "#181b1f", "#2a2d34", "#2b2e35"
TEXT, DIM, STRONG = "#ccccdc", "#8e9099", "#ffffff"
FONT = "Inter, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"

WIDTH, MARGIN, GAP, CELL = 1600, 16, 8, 30

NAMED = {"green": "#73bf69", "red": "#f2495c", "orange": "#ff9830", "yellow": "#fade2a", "blue": "#5794f2",
         "purple": "#b877d9", "text": TEXT, "transparent": "none"}

# For series, in the order they come.
PALETTE = ["#73bf69", "#f2cc0c", "#8ab8ff", "#ff780a", "#f2495c", "#5794f2", "#b877d9", "#3274d9", "#37872d",
           "#fade2a", "#ffa6b0", "#c0d8ff", "#e0b400", "#a352cc", "#56a64b", "#fa6400"]

# From few to many, for heatmaps.
HEAT = ["#4a2711", "#6f3312", "#954215", "#b9541a", "#d86a22", "#ec8336", "#f9a65e", "#fdc892", "#fee6ce"]


def colour(name):
    return NAMED.get(name, name)


def by_value(steps, value):
    """The colour of a value by thresholds as Grafana keeps them: rising, the first without a value."""
    found = steps[0]["color"]
    for step in steps[1:]:
        if value >= step["value"]:
            found = step["color"]
    return colour(found)
