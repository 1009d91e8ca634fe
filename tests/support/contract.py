"""What may be queried: every series name with its labels and, where they are fixed, the labels' values.

Our own metrics come from `testgen telemetry schema --json`, the machine's from a running
node_exporter, recorded ones from the rules themselves.
"""
import json
import re
import subprocess

import yaml

import promql
from servers import BUILD, SOURCE

# cAdvisor's, which no package of Debian brings. Names and labels as Kubernetes exposes them.
CADVISOR = {name: {"namespace": None, "pod": None, "container": None, "id": None}
            for name in ("container_memory_working_set_bytes", "container_spec_memory_limit_bytes")}

# Made by Prometheus.
TARGET = {"job": None, "instance": None}
OWN = {"up": {}, "ALERTS": {"alertname": None, "alertstate": ["pending", "firing"], "severity": None, "service": None}}


def program():
    """{series name: {label: known values or None}} of testgen itself."""
    schema = json.loads(subprocess.run([BUILD / "testgen", "telemetry", "schema", "--json"], check=True,
                                       capture_output=True, timeout=60).stdout)
    found = {}
    for metric in schema["metrics"]:
        labels = {label["name"]: label.get("values") or None for label in metric["labels"]}
        if metric["type"] == "histogram":
            found[metric["name"] + "_bucket"] = {**labels, "le": None}
            found[metric["name"] + "_sum"] = labels
            found[metric["name"] + "_count"] = labels
        else:
            found[metric["name"]] = labels
    return found


def exposition(text):
    """{series name: {label: None}} of a page in the text format."""
    found = {}
    for line in text.splitlines():
        match = re.match(r"([a-zA-Z_:][\w:]*)(?:\{(.*)\})? ", line)
        if match and not line.startswith("#"):
            labels = re.findall(r'(\w+)="', match.group(2) or "")
            found.setdefault(match.group(1), {}).update(dict.fromkeys(labels))
    return found


def rules():
    """(name, expression, is alert) of every shipped rule."""
    for path in sorted((SOURCE / "deploy" / "prometheus" / "rules").glob("*.yml")):
        for group in yaml.safe_load(path.read_text())["groups"]:
            for rule in group["rules"]:
                yield rule.get("record") or rule["alert"], rule["expr"], "alert" in rule


def recorded(known):
    """Recorded series: the labels that their aggregation keeps, or those of what they are made of."""
    found = {}
    for name, expression, is_alert in rules():
        if not is_alert:
            kept = promql.grouping_labels(expression) - {"le"}
            found[name] = dict.fromkeys(kept) if kept else {
                label: None for metric in promql.metrics(expression) for label in known.get(metric, {})}
    return found


def native_twin(metric, expression, known):
    """The labels of a native histogram, where the expression also asks for its classic form."""
    classic = {metric + "_bucket", metric + "_count"} & set(promql.metrics(expression))
    return known.get(metric + "_count") if metric not in known and classic else None


def problems(expression, known):
    """What an expression names and nobody exposes."""
    found = []
    available = set()
    for metric, matchers in promql.selectors(expression):
        twin = native_twin(metric, expression, known)
        if twin is not None:
            known = {**known, metric: twin}
        if metric not in known:
            found.append(f"no metric {metric}")
            continue
        labels = {**TARGET, **known[metric]}
        available |= set(labels)
        for label, pattern in matchers.items():
            if label not in labels:
                found.append(f"{metric} has no label {label}")
            elif labels[label] and not any(re.fullmatch(pattern, value) for value in labels[label]):
                found.append(f"{metric} has no {label} like {pattern!r}: {labels[label]}")
    for label in promql.grouping_labels(expression) - available:
        found.append(f"nothing has the label {label}")
    return found
