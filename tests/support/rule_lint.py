"""Checks of alerting and recording rules that need no Prometheus. Each is named after the check of
pint that has the same aim, so that a finding can be looked up; the code is ours.
"""
import re

import promql
import promql_tree
from promql_tree import COMPARISONS, is_scalar, output_labels

COUNTER_FUNCTIONS = {"rate", "increase", "irate", "resets"}
GAUGE_FUNCTIONS = {"delta", "idelta", "deriv", "predict_linear", "holt_winters"}
SEVERITIES = {"critical", "warning", "ticket"}
ANNOTATIONS = {"summary", "description", "runbook_url", "dashboard_url"}
# What Prometheus still sees of a series that is recorded once in a while.
LOOKBACK = 300


def seconds(duration):
    unit = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
    return sum(int(n) * unit[u] for n, u in re.findall(r"(\d+)(ms|[smhdw])", str(duration)))


class Lint:
    """`labels` gives the labels of a series, `kinds` is {series: "counter" or "gauge"}, `recorded` the series that rules
    record, `interval` the scrapes' in seconds, `links` {annotation: what it begins with}."""

    def __init__(self, labels, kinds, recorded, interval, links):
        self.labels_of, self.kinds, self.recorded, self.interval, self.links = labels, kinds, recorded, interval, links

    def kind_of(self, name):
        if name in self.kinds:
            return self.kinds[name]
        return "counter" if re.search(r"_total$|_bucket$|_count$|_sum$", name) else "gauge"

    def findings(self, groups):
        """Of one file's groups: (rule, check, what)."""
        seen = {}
        for group in groups:
            if seconds(group.get("interval", "15s")) * 2 > LOOKBACK:
                yield group["name"], "group/interval", "its series go stale between two evaluations"
            for rule in group["rules"]:
                name = rule.get("alert") or rule["record"]
                for check, what in self.rule(rule):
                    yield name, check, what
                same = (name, " ".join(rule["expr"].split()), str(rule.get("labels")))
                if same in seen:
                    yield name, "rule/duplicate", f"is also in {seen[same]}"
                seen[same] = group["name"]

    def rule(self, rule):
        try:
            tree = promql_tree.parse(rule["expr"])
        except promql.PromqlError as error:
            yield "promql/syntax", str(error)
            return
        yield from self.expression(tree)
        yield from (self.alert(rule, tree) if "alert" in rule else self.record(rule))

    def record(self, rule):
        if not re.fullmatch(r"[a-z_0-9]+:[a-z_0-9]+:[a-z_0-9]+", rule["record"]):
            yield "rule/name", "a recorded series is called level:metric:operation"

    def alert(self, rule, tree):
        if not re.fullmatch(r"([A-Z]+[a-z]*)+", rule["alert"]):
            yield "rule/name", "an alert has a CamelCase name"
        if "for" not in rule:
            yield "alerts/for", "has no `for`: one odd evaluation would tell people"
        for node in tree.walk():
            if node.name in ("absent", "absent_over_time") and seconds(rule.get("for", 0)) < 2 * self.interval:
                yield "alerts/absent", "absent() without a `for` of two scrapes fires at every restart"
            if node.kind == "aggregation" and node.name in ("topk", "bottomk"):
                yield "promql/fragile", f"{node.name} makes another alert of every change of order"
        if not any(node.kind == "binary" and node.name in COMPARISONS or node.name == "absent" for node in tree.walk()):
            yield "alerts/comparison", "compares nothing, so it always fires"
        labels, texts = rule.get("labels", {}), rule.get("annotations", {})
        if labels.get("severity") not in SEVERITIES:
            yield "rule/label", f"severity is one of {sorted(SEVERITIES)}"
        if "service" not in labels:
            yield "rule/label", "has no label service, by which its notifications are grouped"
        for missing in sorted(ANNOTATIONS - set(texts)):
            yield "alerts/annotation", f"has no {missing}"
        for key, start in self.links.items():
            if key in texts and not texts[key].startswith(start.format(alert=rule["alert"])):
                yield "rule/link", f"{key} does not begin with {start.format(alert=rule['alert'])}"
        for text in labels.values():
            if "$value" in str(text):
                yield "alerts/template", "a value in a label makes a new alert of every evaluation"
        offered = output_labels(tree, self.labels_of) | set(labels) | {"alertname"}
        for key, text in texts.items():
            for label in re.findall(r"\$labels\.(\w+)", text):
                if label not in offered:
                    yield "alerts/template", f"{key} names the label {label}, which the expression does not keep"
            for use in re.findall(r"\{\{[^}]*\$value[^}]*\}\}", text):
                if "humanize" not in use and "printf" not in use:
                    yield "alerts/template", f"{key} prints a raw value"

    def expression(self, tree):
        yield from self.ranges(tree, None)
        for node in tree.walk():
            if node.kind == "selector":
                yield from self.matchers(node)
            elif node.kind == "aggregation":
                yield from self.aggregation(node)
            elif node.kind == "binary":
                yield from self.operation(node)

    def ranges(self, node, function):
        """Functions on the kind of series they are made for, over enough samples."""
        if node.kind == "selector":
            if ":" in node.name and node.name not in self.recorded:
                yield "promql/series", f"nobody records {node.name}"
            counter = self.kind_of(node.name) == "counter" and ":" not in node.name
            histogram = self.kinds.get(node.name) == "histogram"
            if counter and function is None and not node.window:
                yield "promql/counter", f"{node.name} is a counter: its value depends on the last restart"
            if function in COUNTER_FUNCTIONS and not counter and not histogram:
                yield "promql/rate", f"{function}() of {node.name}, which is a gauge"
            if function in GAUGE_FUNCTIONS and counter:
                yield "promql/rate", f"{function}() of {node.name}, which is a counter"
            if node.window and ":" not in node.name and seconds(node.window) < 4 * self.interval:
                yield "promql/rate", f"[{node.window}] holds fewer than four scrapes: one missed empties it"
        if node.kind == "call" and node.name in COUNTER_FUNCTIONS and node.parts[0].kind != "selector":
            yield "promql/rate", f"{node.name}() of a sum takes the restart of one instance for a burst"
        inner = node.name if node.kind == "call" else (
            "count" if node.kind == "aggregation" and node.name in ("count", "group") else None)
        for part in node.parts:
            yield from self.ranges(part, inner or (function if node.kind in ("binary", "negation") else None))

    def matchers(self, node):
        for label, operator, value in node.matchers:
            if operator not in ("=~", "!~"):
                continue
            if not re.search(r"[.*+?|()\[\]\\^$]", value):
                yield "promql/regexp", f"{label}{operator}\"{value}\" needs no regular expression"
            if value.startswith("^") or value.endswith("$"):
                yield "promql/regexp", f"{label}{operator}\"{value}\": matchers are anchored already"

    def aggregation(self, node):
        if node.grouping != "by":
            yield "promql/aggregate", f"{node.name} without `by` mixes what belongs to different jobs"
        elif not {"job", "namespace"} & set(node.labels):
            yield "promql/aggregate", f"{node.name} by {node.labels} loses the job"

    def operation(self, node):
        left, right = node.parts
        if is_scalar(left) and is_scalar(right):
            return
        if node.name == "/" and not self.guarded(right):
            yield "promql/nan", "divides by what may be zero: write (… > 0)"
        if is_scalar(left) or is_scalar(right) or node.name == "or" or node.grouping:
            return
        ours, theirs = (output_labels(part, self.labels_of) for part in node.parts)
        if ours != theirs:
            yield "promql/vector_matching", (
                f"{node.name} of {sorted(ours)} and {sorted(theirs)} matches nothing; say on (…)")

    def guarded(self, node):
        if is_scalar(node):
            return not (node.kind == "number" and float(node.name) == 0)
        return node.kind == "binary" and node.name in (">", ">=", "!=") and not node.is_bool
