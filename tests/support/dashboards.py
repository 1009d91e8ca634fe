"""Reading of the committed dashboards: panels, queries, and queries with their variables filled in."""
import json
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "grafana" / "dashboards"
FILES = sorted(FOLDER.glob("*.json"))


def load(path):
    return json.loads(path.read_text())


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


def fill(expression, job=".+", instance=".+", rate_interval="1m", span="5m"):
    """The expression as Grafana would send it."""
    for name, value in {"$__rate_interval": rate_interval, "$__range": span, "$__interval": rate_interval,
                        "$job": job, "$instance": instance}.items():
        expression = expression.replace(name, value)
    assert "$" not in expression, expression
    return expression
