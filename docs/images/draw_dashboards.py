#!/usr/bin/python3
"""Draws docs/images/dashboards/*.svg: each dashboard with what Prometheus says of a service that is really used.

    ./dev pictures [SECONDS]

starts that service (tests/support/busy_service.py), uses it for SECONDS, asks Prometheus every panel's queries, and
draws what it answers. Grafana takes no part: the layout is that of the JSON, the pictures are docs/images/panels'.
"""
import contextlib
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "docs" / "images")]

import busy_service  # noqa: E402
import dashboards  # noqa: E402
from panels import page  # noqa: E402

POINTS = 90  # of a series: what a panel's width can show
SETTLED = 20  # seconds after which the windows of rates and of rules are full
# The whole overview is too long for a page of text: its first row stands for it there.
EXCERPTS = {"testgen-copilot-overview": [("overview-health", 1)]}


def exemplars(prometheus, target, window):
    if not target.get("exemplar"):
        return []
    found = prometheus.api("query_exemplars", query=window.fill(target["expr"]), start=window.start, end=window.end)
    return [(float(each["timestamp"]), float(each["value"])) for series in found for each in series["exemplars"]]


def marks(prometheus, dashboard, window):
    """(time, colour) of each annotation, one for each moment that it begins."""
    found = []
    for annotation in dashboard["annotations"]["list"]:
        target = {"expr": annotation["expr"]}
        begun = sorted({points[0][0] for _, points in dashboards.answer(prometheus, target, window)})
        found += [(at, annotation["iconColor"]) for at in begun if at > window.start]
    return found


def gather(prometheus, dashboard, start, end):
    """What a dashboard shows of that time: {panel id: [(target, series, exemplars)]}, and the time."""
    chosen = {name: "|".join(variable["current"]["value"]) for name, variable in dashboards.variables(dashboard).items()
              if isinstance(variable.get("current", {}).get("value"), list)}
    window = dashboards.Window(start, end, step=(end - start) / POINTS, **chosen)
    window.annotations = marks(prometheus, dashboard, window)
    answers = {panel["id"]: [(target, dashboards.answer(prometheus, target, window),
                              exemplars(prometheus, target, window)) for target in panel["targets"]]
               for panel in dashboards.panels(dashboard)}
    return answers, window


def draw(prometheus, start, end, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for path in dashboards.FILES:
        dashboard = dashboards.load(path)
        answers, window = gather(prometheus, dashboard, start, end)
        for name, rows in [(path.stem, None)] + EXCERPTS.get(path.stem, []):
            picture = folder / f"{name}.svg"
            picture.write_text(page.draw(dashboard, answers, window, rows))
            print(picture.relative_to(ROOT))


def main(seconds):
    with tempfile.TemporaryDirectory(prefix="testgen-busy-") as folder, contextlib.ExitStack() as cleanup:
        pathlib.Path(folder).chmod(0o755)
        busy = busy_service.BusyService(folder, cleanup)
        busy.drive(seconds)
        draw(busy.prometheus, busy.started + SETTLED, time.time(), ROOT / "docs" / "images" / "dashboards")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 240)
