"""What cAdvisor exposes beside plain Docker, scraped by a real Prometheus with the shipped configuration: the rules and the
dashboards' selectors find the service's container, and no other.
"""
import pytest

import servers
import shortened
from loopback import METRICS, Loopback
from servers import wait_for

# id, name and the label of Compose, in the project `testgen`; the last was started by `docker run --name testgen-old`.
# The pod is one that Kubernetes named: its labels stay as they are.
CONTAINERS = [
    'id="/docker/1",name="testgen-testgen-1",container_label_com_docker_compose_service="testgen"',
    'id="/docker/2",name="testgen-prometheus-1",container_label_com_docker_compose_service="prometheus"',
    'id="/docker/3",name="testgen-old"',
    'id="/kubepods/4",name="k8s_4",namespace="prod",pod="testgen-0",container="testgen"',
    'id="/system.slice"',
]


def page(_):
    return 200, METRICS, "".join(f"container_{name}{{{labels}}} {value}\n" for labels in CONTAINERS for name, value in (
        ("memory_working_set_bytes", 500), ("spec_memory_limit_bytes", 1000), ("cpu_cfs_throttled_seconds_total", 7),
        ("tasks_state", 1)))


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cadvisor-labels")
    (folder / "alerts.yml").write_text(shortened.rules())
    with Loopback(page) as cadvisor, servers.Prometheus(folder / "prometheus", shortened.prometheus(
            folder / "alerts.yml", {"cadvisor": cadvisor.address}, "127.0.0.1:9")) as server:
        server.wait_scraped({"cadvisor"})
        yield server


def test_a_container_is_named_by_compose_or_by_itself(prometheus):
    found = wait_for(lambda: prometheus.query("container_memory_working_set_bytes"), "figures of containers")
    assert {series["metric"]["id"]: series["metric"].get("container") for series in found} == {
        "/docker/1": "testgen", "/docker/2": "prometheus", "/docker/3": "testgen-old", "/kubepods/4": "testgen",
        "/system.slice": None}


def test_the_rules_see_it(prometheus):
    found = wait_for(lambda: prometheus.query("container:testgen_memory_working_set:ratio"), "the rule to be judged", 20)
    assert sorted((series["metric"].get("pod", ""), series["metric"]["container"]) for series in found) == [
        ("", "testgen"), ("", "testgen-old"), ("testgen-0", "testgen")]


def test_how_long_it_was_held_back_is_kept_and_the_rest_is_not(prometheus):
    assert wait_for(lambda: prometheus.query('container_cpu_cfs_throttled_seconds_total{container="testgen",pod=""}'),
                    "the time for which it was held back")
    assert not prometheus.query("container_tasks_state")
