"""The scrape configurations besides the plain one: Kubernetes' and the blocks for long-term stores. And what all of them
pass on of cAdvisor's."""
import json
import re
import subprocess

import pytest
import yaml

import contract
import dashboards
import promql
import servers
import shortened

PROMETHEUS = shortened.DEPLOY / "prometheus"

# Roles and meta labels as Prometheus documents kubernetes_sd_config, for the roles in use.
META = {
    "pod": r"namespace|pod_(name|ip|phase|ready|node_name|host_ip|uid|container_(name|port_(name|number|protocol))|"
           r"label_\w+|annotation_\w+)",
    "service": r"namespace|service_(name|port_(name|number|protocol)|type|label_\w+|annotation_\w+)",
    "node": r"node_(name|provider_id|label_\w+|annotation_\w+|address_\w+)",
}


def check(path):
    result = subprocess.run(["promtool", "check", "config", path], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stdout + result.stderr


def discovered(config):
    return [*config["scrape_configs"], *config["alerting"]["alertmanagers"]]


def test_kubernetes(tmp_path):
    config = yaml.safe_load((PROMETHEUS / "kubernetes.yml").read_text())
    found = 0
    for job in discovered(config):
        roles = [each["role"] for each in job.pop("kubernetes_sd_configs", [])]
        job.setdefault("static_configs", [{"targets": ["127.0.0.1:1"]}])
        for rule in job.get("relabel_configs", []):
            for label in rule.get("source_labels", []):
                if label.startswith("__meta_kubernetes_"):
                    found += 1
                    name = label.removeprefix("__meta_kubernetes_")
                    assert any(re.fullmatch(META[role], name) for role in roles), f"{label} with {roles}"
    assert found >= 8
    for job in config["scrape_configs"]:  # files of the cluster, which promtool looks for
        job.pop("tls_config", None)
        job.pop("authorization", None)
    (tmp_path / "rules").symlink_to(PROMETHEUS / "rules")
    (tmp_path / "kubernetes.yml").write_text(yaml.safe_dump(config))
    check(tmp_path / "kubernetes.yml")


def test_kubernetes_has_the_jobs_of_the_plain_one():
    plain, cluster = (
        {job["job_name"] for job in yaml.safe_load((PROMETHEUS / name).read_text())["scrape_configs"]}
        for name in ("prometheus.yml", "kubernetes.yml"))
    assert plain == cluster


WITH_CADVISOR = [PROMETHEUS / "prometheus.yml", PROMETHEUS / "kubernetes.yml", shortened.DEPLOY / "compose" / "prometheus.yml"]


def cadvisor_rules(path):
    config = yaml.safe_load(path.read_text())
    [job] = [job for job in config["scrape_configs"] if job["job_name"] == "cadvisor"]
    return job["metric_relabel_configs"]


def expressions():
    """Every query of rules, of dashboards and of the operators' lists."""
    yield from (expression for _, expression, _ in contract.rules())
    for path in dashboards.FILES:
        yield from (dashboards.fill(expression) for _, expression in dashboards.queries(dashboards.load(path)))
    listed = subprocess.run([servers.BUILD / "testgen", "ops", "queries"], check=True, capture_output=True, timeout=60)
    for query in json.loads(listed.stdout):
        yield from (each for each in (query["expression"], query["presence"]) if each)


@pytest.mark.skipif(not (servers.BUILD / "testgen").exists(), reason="the program is not built: run ./dev build")
@pytest.mark.parametrize("path", WITH_CADVISOR, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_is_asked_of_cadvisor_is_kept(path):
    [keep] = [rule["regex"] for rule in cadvisor_rules(path) if rule.get("action") == "keep"]
    asked = {metric for expression in expressions() for metric in promql.metrics(expression)
             if metric.startswith("container_")}
    assert asked >= {"container_cpu_cfs_throttled_seconds_total", "container_memory_working_set_bytes"}
    assert {metric for metric in asked if not re.fullmatch(keep, metric)} == set()


def test_the_stack_scrapes_cadvisor_as_the_plain_one_does():
    assert cadvisor_rules(WITH_CADVISOR[0]) == cadvisor_rules(WITH_CADVISOR[2])


@pytest.mark.parametrize("path", sorted((PROMETHEUS / "remote-write").glob("*.yml")), ids=lambda path: path.stem)
def test_a_block_can_be_appended(path, tmp_path):
    (tmp_path / "rules").symlink_to(PROMETHEUS / "rules")
    (tmp_path / "prometheus.yml").write_text((PROMETHEUS / "prometheus.yml").read_text() + path.read_text())
    check(tmp_path / "prometheus.yml")
    for line in path.read_text().splitlines():
        assert not re.search(r"(password|token|bearer): *\S", line), "secrets are files"
