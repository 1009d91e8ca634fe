"""What may be queried: every series name with its labels and, where they are fixed, the labels' values.

Our own metrics come from `testgen telemetry schema --json`, the machine's from a running
node_exporter, recorded ones from the rules themselves.
"""
import json
import re
import subprocess

import yaml

import promql
import promql_tree
from servers import BUILD, SOURCE

# cAdvisor's, which no package of Debian brings. Names and labels as Kubernetes exposes them.
CADVISOR = {
    **{name: {"namespace": None, "pod": None, "container": None, "id": None}
       for name in ("container_memory_working_set_bytes", "container_spec_memory_limit_bytes",
                    "container_cpu_usage_seconds_total")},
    **{name: {"namespace": None, "pod": None, "interface": None}
       for name in ("container_network_receive_bytes_total", "container_network_transmit_bytes_total")},
}
# blackbox_exporter's, one series for each target it is asked about.
BLACKBOX = {"probe_success": {}}
# Labels of node_exporter's series that rules group by, for checks that start no exporter.
NODE = {**{name: {"device": None, "fstype": None, "mountpoint": None} for name in (
            "node_filesystem_avail_bytes", "node_filesystem_size_bytes", "node_filesystem_readonly")},
        "node_cpu_seconds_total": {"cpu": None, "mode": None},
        **{name: {"device": None} for name in (
            "node_disk_io_time_seconds_total", "node_disk_read_bytes_total", "node_disk_written_bytes_total",
            "node_network_receive_bytes_total", "node_network_transmit_bytes_total")}}
OTHERS = {**CADVISOR, **BLACKBOX}

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


def all_rules():
    """Every shipped rule as it stands in its file."""
    for path in sorted((SOURCE / "deploy" / "prometheus" / "rules").glob("*.yml")):
        for group in yaml.safe_load(path.read_text())["groups"]:
            yield from group["rules"]


def rules():
    """(name, expression, is alert) of every shipped rule."""
    for rule in all_rules():
        yield rule.get("record") or rule["alert"], rule["expr"], "alert" in rule


def labels_of(name, known):
    """A recorded series has the labels that its expression keeps, any other those of its target as well."""
    return {**({} if ":" in name else TARGET), **known.get(name, {})}


def recorded(known):
    """{recorded series: its labels}, several rules of one name taken together."""
    found = {}
    # Twice, because a file may use what a later one records.
    for rule in [rule for rule in all_rules() if "record" in rule] * 2:
        labels = promql_tree.output_labels(promql_tree.parse(rule["expr"]),
                                           lambda name: labels_of(name, {**known, **found}))
        found.setdefault(rule["record"], {}).update(dict.fromkeys({*labels, *rule.get("labels", {})}))
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
        labels = labels_of(metric, known)
        available |= set(labels)
        for label, pattern in matchers.items():
            if label not in labels:
                found.append(f"{metric} has no label {label}")
            elif labels[label] and not any(re.fullmatch(pattern, value) for value in labels[label]):
                found.append(f"{metric} has no {label} like {pattern!r}: {labels[label]}")
    for label in promql.grouping_labels(expression) - available:
        found.append(f"nothing has the label {label}")
    return found
