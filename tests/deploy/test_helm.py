"""deploy/helm: rendered by a reader of the part of Helm's language that it keeps to, and held to the published schemas of
Kubernetes and of the Prometheus operator. `./dev test optional` renders it with Helm; no cluster runs it."""
import json
import subprocess

import pytest
import yaml

import chart
import servers
from chart import ALL_OFF, ALL_ON
from kubernetes_schema import MODELS, named_problems, problems

FOLDER = servers.SOURCE / "deploy" / "helm" / "testgen"


def objects(**values):
    return [document for _, document in chart.Chart(FOLDER, **values).documents()]


def by_kind(**values):
    found = {}
    for document in objects(**values):
        found.setdefault(document["kind"], []).append(document)
    return found


@pytest.mark.skipif(not MODELS.exists(), reason="npm's packages are not installed: ./dev setup")
@pytest.mark.parametrize("values", chart.VARIANTS.values(), ids=chart.VARIANTS.keys())
def test_every_object_is_what_the_schemas_allow(values):
    documents = objects(**values)
    found = named_problems(documents)
    assert not found, "\n".join(found)
    broken = json.loads(json.dumps(documents))
    broken[0]["metadata"] = []
    assert problems(broken)[0], "the check finds mistakes"


def test_the_kinds_that_operators_ask_for_are_there_and_can_be_left_out():
    wanted = {"StatefulSet", "Service", "PodMonitor", "PrometheusRule", "NetworkPolicy", "PodDisruptionBudget"}
    assert set(by_kind()) == wanted
    assert set(by_kind(**ALL_ON)) == wanted | {"HorizontalPodAutoscaler"}
    assert set(by_kind(**ALL_OFF)) == {"StatefulSet", "Service"}
    assert "replicas" not in by_kind(**ALL_ON)["StatefulSet"][0]["spec"], "the autoscaler decides"


def test_the_rules_are_the_shipped_ones():
    shipped = {f"tests-{path.stem}": yaml.safe_load(path.read_text())
               for path in (servers.SOURCE / "deploy/prometheus/rules").glob("*.yml")}
    assert {rule["metadata"]["name"]: rule["spec"] for rule in by_kind()["PrometheusRule"]} == shipped


def test_probes_selectors_and_job_fit_the_service():
    kinds = by_kind()
    [workload] = kinds["StatefulSet"]
    [container] = workload["spec"]["template"]["spec"]["containers"]
    assert container["livenessProbe"]["httpGet"]["path"] == "/alive", "a restart helps only against that"
    assert container["readinessProbe"]["httpGet"]["path"] == "/ready"
    selector = workload["spec"]["selector"]["matchLabels"]
    assert selector.items() <= workload["spec"]["template"]["metadata"]["labels"].items()
    assert all(service["spec"]["selector"] == selector for service in kinds["Service"])
    assert kinds["PodMonitor"][0]["spec"]["selector"]["matchLabels"] == selector
    assert kinds["PodMonitor"][0]["spec"]["podMetricsEndpoints"][0]["relabelings"] == [
        {"targetLabel": "job", "replacement": "testgen-copilot"}], "rules and panels select by it"
    assert workload["spec"]["serviceName"] in {service["metadata"]["name"] for service in kinds["Service"]}


@pytest.mark.skipif(not (servers.BUILD / "testgen").exists(), reason="the program is not built: run ./dev build")
def test_the_service_knows_every_flag_of_its_container():
    help_text = subprocess.run([servers.BUILD / "testgen", "help", "serve"], check=True, capture_output=True, text=True,
                               timeout=30).stdout
    [workload] = by_kind(**ALL_ON)["StatefulSet"]
    flags = [word for word in workload["spec"]["template"]["spec"]["containers"][0]["args"] if word.startswith("--")]
    assert flags and all(f"{flag} " in help_text for flag in flags), flags


@pytest.mark.parametrize("text", ["{{ .Values.nothing }}", "{{ unknown .Values.image }}", "{{ end }}"])
def test_the_reader_refuses_what_it_does_not_know(text):
    with pytest.raises((chart.ChartError, IndexError)):
        chart.Chart(FOLDER).render(text)
