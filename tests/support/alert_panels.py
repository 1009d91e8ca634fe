"""Which dashboard and panel each alert leads to, by deploy/grafana/alert-panels.yml, as the beginning of its link."""
import re

import yaml

import dashboards
from servers import SOURCE

TABLE = SOURCE / "deploy" / "grafana" / "alert-panels.yml"
GRAFANA = "https://grafana.example.com/d/"
# The runbook's link, which names the alert, stands before it: in the rules and in what their cases expect.
LINK = re.compile(r"(runbooks/(\w+)\.md['\"]?\n\s+dashboard_url: ['\"]?)https://grafana\.example\.com/d/[\w-]+\?(?:viewPanel=\d+&)?")


def table():
    return yaml.safe_load(TABLE.read_text())


def panel(place):
    """The panel of a row of the table; None where the row names the dashboard alone."""
    if "panel" not in place:
        return None
    found = [panel for panel in dashboards.panels(dashboards.named(f"testgen-copilot-{place['dashboard']}"))
             if panel["title"] == place["panel"]]
    assert len(found) == 1, f"{place} names {len(found)} panels"
    return found[0]


def links():
    """{alert: what its dashboard_url begins with}."""
    def link(place):
        shown = panel(place)
        return f"{GRAFANA}testgen-copilot-{place['dashboard']}?" + (f"viewPanel={shown['id']}&" if shown else "")
    return {alert: link(place) for alert, place in table().items()}


def rewritten(text):
    """Text of rules or of their cases with the links that the table asks for."""
    wanted = links()
    return LINK.sub(lambda match: match.group(1) + wanted[match.group(2)], text)
