"""deploy/gateway: Debian's nginx with the shipped file passes the caller's trace on to the service; Envoy's file is held
to its own structure."""
import json
import pathlib
import re
import ssl
import subprocess
import urllib.error
import urllib.request

import pytest
import yaml

import servers
from servers import wait_for

GATEWAY = servers.SOURCE / "deploy" / "gateway"
NGINX = pathlib.Path("/usr/sbin/nginx")
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "tls.key", "-out", folder / "tls.pem"],
                   check=True, capture_output=True, timeout=60)


class Nginx(servers.Server):
    """The shipped file inside a frame, with its addresses and folders replaced."""

    name = "nginx"

    def __init__(self, folder, service):
        certificate(folder)
        super().__init__(folder, lambda self: [NGINX, "-p", folder, "-c", folder / "nginx.conf", "-g", "daemon off;"], "/alive")
        self.url = f"https://{self.address}"
        text = (GATEWAY / "nginx.conf").read_text()
        for shipped, ours in (("server 127.0.0.1:8000;", f"server {service.address};"),
                              ("listen 443 ssl;", f"listen {self.address} ssl;"),
                              ("/etc/testgen/", f"{folder}/"), ("/var/log/nginx/", f"{folder}/")):
            assert shipped in text, shipped
            text = text.replace(shipped, ours)
        paths = "".join(f"  {name}_temp_path {folder}/{name};\n" for name in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (folder / "nginx.conf").write_text(
            f"pid {folder}/nginx.pid;\nerror_log stderr;\nworker_processes 1;\nevents {{}}\nhttp {{\n{paths}{text}}}\n")
        self.trust = ssl.create_default_context(cafile=folder / "tls.pem")

    def _answers(self):
        assert self.process.poll() is None, self.log_tail()
        try:
            return self.get("/alive")[0] == 200
        except OSError:
            return False

    def get(self, path, headers=None):
        message = urllib.request.Request(self.url + path, headers=headers or {})
        try:
            with urllib.request.urlopen(message, context=self.trust, timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()


@pytest.mark.skipif(not NGINX.exists(), reason="Debian's nginx is not installed")
@pytest.mark.skipif(not (servers.BUILD / "testgen").exists(), reason="the program is not built: run ./dev build")
def test_the_services_span_has_the_callers_parent_through_nginx(tmp_path):
    (tmp_path / "nginx").mkdir()
    with servers.Testgen(tmp_path / "serve", "--workers", "1") as service, Nginx(tmp_path / "nginx", service) as nginx:
        status, _ = nginx.get("/v1/jobs", {"traceparent": f"00-{TRACE}-{SPAN}-01", "tracestate": "vendor=1"})
        assert status == 200
        answer = wait_for(lambda: (found := service.get(f"/debug/traces/{TRACE}")).status == 200 and found,
                          "the trace to be in the service")
        roots = [span for span in answer.json()["spans"] if span["parent_span_id"] == SPAN]
        assert len(roots) == 1 and roots[0]["kind"] == "server", answer.json()
        assert nginx.get("/debug/requests")[0] == 404 and nginx.get("/metrics")[0] == 404
        assert nginx.get("/v1/jobs")[0] == 200  # and without a context, a trace of its own
    lines = [json.loads(line) for line in (tmp_path / "nginx" / "testgen.log").read_text().splitlines()]
    assert any(line["traceparent"] == f"00-{TRACE}-{SPAN}-01" and line["status"] == 200 for line in lines), lines


def test_envoys_clusters_and_routes_fit_together():
    config = yaml.safe_load((GATEWAY / "envoy.yaml").read_text())["static_resources"]
    clusters = {cluster["name"]: cluster for cluster in config["clusters"]}
    for name, cluster in clusters.items():
        assert cluster["load_assignment"]["cluster_name"] == name
    [chain] = config["listeners"][0]["filter_chains"]
    manager = chain["filters"][0]["typed_config"]
    routes = manager["route_config"]["virtual_hosts"][0]["routes"]
    used = {route["route"]["cluster"] for route in routes if "route" in route}
    used.add(manager["tracing"]["provider"]["typed_config"]["grpc_service"]["envoy_grpc"]["cluster_name"])
    assert used == set(clusters)
    hidden = re.compile(routes[0]["match"]["safe_regex"]["regex"])
    assert hidden.fullmatch("/debug/requests") and hidden.fullmatch("/metrics") and not hidden.fullmatch("/v1/jobs")
    assert manager["http_filters"][-1]["name"] == "envoy.filters.http.router", "the router comes last"
    # Every typed_config says what it is, as Envoy asks.
    for kind in re.findall(r'"@type": (\S+)', (GATEWAY / "envoy.yaml").read_text()):
        assert kind.startswith("type.googleapis.com/envoy."), kind
