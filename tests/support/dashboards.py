"""Reading of the committed dashboards: panels, queries, queries with their variables filled in, and their answers."""
import json
import math
import pathlib
import re

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "grafana" / "dashboards"
FILES = sorted(FOLDER.glob("*.json"))


def load(path):
    return json.loads(path.read_text())


def named(name):
    return load(FOLDER / f"{name}.json")


def panels(dashboard):
    """Panels that draw something; rows are left out, panels folded into them are not."""
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            yield from panel.get("panels", [])
        else:
            yield panel


def queries(dashboard):
    """(panel title, expression) of every target, and of every annotation."""
    for panel in panels(dashboard):
        for target in panel["targets"]:
            yield panel["title"], target["expr"]
    for annotation in dashboard["annotations"]["list"]:
        yield f"annotation {annotation['name']}", annotation["expr"]


def variables(dashboard):
    return {variable["name"]: variable for variable in dashboard["templating"]["list"]}


# Everything that label_values() offers, as "All" sends it.
ANY = {"job": ".+", "instance": ".+", "language": ".+", "provider": ".+", "model": ".+", "feature": ".+"}


def fill(expression, rate_interval="1m", span="5m", interval=None, **chosen):
    """The expression as Grafana would send it. `chosen` are variables' values; the others match anything."""
    values = {"__rate_interval": rate_interval, "__range": span, "__interval": interval or rate_interval,
              **ANY, **chosen}
    # $1 and the like are label_replace's own.
    return re.sub(r"\$([A-Za-z_]\w*)", lambda match: values[match.group(1)], expression)


class Window:
    """The part of time on screen: unix seconds, with the step between two points of a graph."""

    def __init__(self, start, end, step=1.0, rate_interval="15s", **chosen):
        self.start, self.end, self.step, self.chosen = start, end, step, chosen
        self.rate_interval, self.span = rate_interval, f"{max(1, round(end - start))}s"

    def fill(self, expression):
        return fill(expression, rate_interval=self.rate_interval, span=self.span,
                    interval=f"{max(1, round(self.step))}s", **self.chosen)


def answer(prometheus, target, window):
    """What Prometheus says to one target: a list of ({label: value}, [(time, number)])."""
    expression = window.fill(target["expr"])
    if target.get("instant"):
        data = prometheus.api("query", query=expression, time=window.end)
        found = [(series["metric"], [series["value"]]) for series in data["result"]]
    else:
        data = prometheus.api("query_range", query=expression, start=window.start, end=window.end, step=window.step)
        found = [(series["metric"], series["values"]) for series in data["result"]]
    return [(labels, [(float(at), float(number)) for at, number in values]) for labels, values in found]


def any_time(prometheus, target, window):
    """The same for every moment on screen: what a panel of newest values would have shown then."""
    return answer(prometheus, {"expr": target["expr"]}, window)


def is_data(found):
    """True when some value is a number other than zero; 1 - 1 as floats are computed is zero."""
    return any(abs(number) > 1e-12 and math.isfinite(number) for _, values in found for _, number in values)
