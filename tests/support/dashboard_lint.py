"""The rules of Grafana's dashboard linter, by their names there, and those that our own dashboards ask for.

A rule takes a dashboard and yields what is wrong with it. What a rule lets pass is in the tables below, with a reason.
"""
import re

import dashboards
import promql

UNITS = {"short", "percent", "percentunit", "s", "bytes", "Bps", "reqps", "cps", "ops", "currencyUSD", "bool_yes_no"}
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}

# Jobs of deploy/prometheus/prometheus.yml that stand beside the service: selected by name, not by $job.
BESIDE = {"node", "redis", "postgres", "prometheus", "alertmanager", "blackbox"}
# Series without the labels of a target: made by cAdvisor, by Prometheus itself, or recorded over jobs.
WITHOUT_TARGET = re.compile(r"container_\w+|(container|pod):.*|ALERTS")
# Recorded by job: no instance is left.
BY_JOB = re.compile(r"(alertname_)?job(_(kind|objective|provider|signal))?:.*|job|testgen_build_info|process_start_time_seconds|up")
# A scan that has ended handed over its own totals, and the next one replaces them: see security.ts.
TOTALS = {"testgen_security_issues_total", "testgen_scan_findings_total", "testgen_scan_lines_total",
          "testgen_scan_files_total", "testgen_scan_feedback_total"}
# Shown at the value it has: a share of two totals since the start.
GAUGES_LIKE_COUNTERS = {"pg_stat_database_xact_commit"}


def targets(dashboard):
    for panel in dashboards.panels(dashboard):
        for target in panel["targets"]:
            yield panel, target


def selectors(dashboard):
    """(where, metric, matchers as they are written) of every selector."""
    for where, expression in dashboards.queries(dashboard):
        marked = re.sub(r"\[\$__\w+\]", "[1m]", expression).replace("offset $__interval", "offset 1m")
        try:
            found = promql.selectors(marked)
        except promql.PromqlError:
            continue  # target-promql-rule says so
        for metric, matchers in found:
            yield where, metric or "", matchers


def template_datasource(dashboard):
    variable = dashboards.variables(dashboard).get("datasource")
    if not variable or variable["type"] != "datasource" or variable["query"] != "prometheus":
        yield "no variable `datasource` of type prometheus"


def template_target(name):
    def rule(dashboard):
        variable = dashboards.variables(dashboard).get(name)
        if not variable:
            yield f"no variable `{name}`"
            return
        wanted = {"type": "query", "datasource": DATASOURCE, "multi": True, "includeAll": True, "allValue": ".+"}
        for key, value in wanted.items():
            if variable.get(key) != value:
                yield f"variable {name}: {key} is {variable.get(key)!r}, not {value!r}"
        if not variable.get("label"):
            yield f"variable {name} has no label"
    return rule


def template_label_promql(dashboard):
    for name, variable in dashboards.variables(dashboard).items():
        if variable["type"] != "query":
            continue
        match = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["query"])
        if not match or match.group(2) != name:
            yield f"variable {name}: {variable['query']!r} is not label_values(…, {name})"
        elif not promql.metrics(match.group(1)):
            yield f"variable {name}: no metric"


def template_on_time_change_reload(dashboard):
    for name, variable in dashboards.variables(dashboard).items():
        if variable["type"] == "query" and variable["refresh"] != 2:
            yield f"variable {name} is not read again when the time changes"


def panel_datasource(dashboard):
    for panel, target in targets(dashboard):
        for owner in (panel, target):
            if owner.get("datasource") != DATASOURCE:
                yield f"{panel['title']}: data source {owner.get('datasource')}"


def panel_title_description(dashboard):
    titles = [panel.get("title") for panel in dashboards.panels(dashboard)]
    for panel in dashboards.panels(dashboard):
        if not panel.get("title") or titles.count(panel["title"]) > 1:
            yield f"{panel.get('title')!r} is no title of its own"
        if not panel.get("description", "").endswith((".", "?")):
            yield f"{panel.get('title')}: no description in sentences"


def panel_units(dashboard):
    for panel in dashboards.panels(dashboard):
        unit = panel["fieldConfig"]["defaults"].get("unit")
        if unit not in UNITS:
            yield f"{panel['title']}: unit {unit!r}"


def panel_no_targets(dashboard):
    for panel in dashboards.panels(dashboard):
        references = [target["refId"] for target in panel.get("targets", [])]
        if not references or len(set(references)) < len(references):
            yield f"{panel['title']}: targets {references}"


def target_promql(dashboard):
    for where, expression in dashboards.queries(dashboard):
        try:
            named = [name for name, _ in promql.selectors(dashboards.fill(expression))]
        except (promql.PromqlError, AssertionError, KeyError) as error:
            yield f"{where}: {error!r}"
            continue
        if not all(named):
            yield f"{where}: a selector without a metric name"


def target_logql(dashboard):
    """The log lines that a link opens: from the data source chosen, and about this service."""
    for panel in dashboards.panels(dashboard):
        for link in panel["fieldConfig"]["defaults"].get("links", []):
            if "explore" in link["url"] and not ("${logs}" in link["url"] and "logs" in dashboards.variables(dashboard)
                                                 and "testgen-copilot" in link["url"]):
                yield f"{panel['title']}: {link['url']}"


def target_rate_interval(dashboard):
    for panel, target in targets(dashboard):
        for window in re.findall(r"\[([^\]]+)\]", re.sub(r'"[^"]*"', '""', target["expr"])):
            if window not in ("$__rate_interval", "$__range"):
                yield f"{panel['title']}: [{window}]"
            elif window == "$__range" and not target.get("instant"):
                yield f"{panel['title']}: a graph over [$__range] is flat"


def target_job(dashboard):
    for where, metric, matchers in selectors(dashboard):
        if WITHOUT_TARGET.fullmatch(metric):
            continue
        job = matchers.get("job")
        if job != "$job" and job not in BESIDE and not (metric == "up" and job == ".+"):
            yield f"{where}: {metric} of job {job}"


def target_instance(dashboard):
    for where, metric, matchers in selectors(dashboard):
        if WITHOUT_TARGET.fullmatch(metric) or BY_JOB.fullmatch(metric) or matchers.get("job") in BESIDE:
            continue
        if matchers.get("instance") != "$instance":
            yield f"{where}: {metric} of instance {matchers.get('instance')}"


def target_counter_agg(dashboard):
    for where, expression in dashboards.queries(dashboard):
        if re.search(r"\b(rate|increase)\((sum|max|min|avg)", expression):
            yield f"{where}: rate() of a sum hides resets"
        for match in re.finditer(r"(\w*\()?\b(\w+_(?:total|bucket|sum|count))\b(?=[{\[ )])", expression):
            name = match.group(2)
            if name in TOTALS or not re.search(r"_(total|bucket|sum|count)$", name) or name == "pg_stat_activity_count":
                continue
            if match.group(1) not in ("rate(", "increase("):
                yield f"{where}: {name} is a counter, and drawn raw"


def uneditable_dashboard(dashboard):
    if dashboard.get("editable") is not False:
        yield "edits belong into deploy/grafana/src"


def latency_has_exemplars(dashboard):
    for panel, target in targets(dashboard):
        if panel["type"] in ("timeseries", "heatmap") and target["expr"].startswith("histogram_quantile"):
            if target.get("exemplar") is not True:
                yield f"{panel['title']}: no exemplars"


def layout(dashboard):
    """Rows are full, panels of a row are equally high, and nothing lies on something else."""
    taken = {}
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        if place["x"] + place["w"] > 24:
            yield f"{panel['title']} is wider than the page"
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                if (x, y) in taken:
                    yield f"{panel['title']} lies on {taken[x, y]}"
                    return
                taken[x, y] = panel["title"]
    for y in {y for _, y in taken}:
        width = sum((x, y) in taken for x in range(24))
        if width < 24:
            yield f"line {y} has a hole: {sorted({taken[x, y] for x in range(24) if (x, y) in taken})}"


def tables_have_rows(dashboard):
    for panel in dashboards.panels(dashboard):
        if panel["type"] == "table":
            for target in panel["targets"]:
                if not target.get("instant") or target.get("format") != "table":
                    yield f"{panel['title']}: {target['refId']} is no table"


RULES = {
    "template-datasource-rule": template_datasource,
    "template-job-rule": template_target("job"),
    "template-instance-rule": template_target("instance"),
    "template-label-promql-rule": template_label_promql,
    "template-on-time-change-reload-rule": template_on_time_change_reload,
    "panel-datasource-rule": panel_datasource,
    "panel-title-description-rule": panel_title_description,
    "panel-units-rule": panel_units,
    "panel-no-targets-rule": panel_no_targets,
    "target-promql-rule": target_promql,
    "target-logql-rule": target_logql,
    "target-rate-interval-rule": target_rate_interval,
    "target-job-rule": target_job,
    "target-instance-rule": target_instance,
    "target-counter-agg-rule": target_counter_agg,
    "uneditable-dashboard-rule": uneditable_dashboard,
    "exemplars": latency_has_exemplars,
    "layout": layout,
    "tables": tables_have_rows,
}


def problems(dashboard):
    return [f"{name}: {problem}" for name, rule in RULES.items() for problem in rule(dashboard)]
