"""`testgen ops daily` against real servers: a service that has worked, Debian's Prometheus, node_exporter and Alertmanager.
What `ops weekly` says of weeks of history is in test_ops_weekly.py.
"""
import datetime
import json

import pytest
import yaml

import contract
import servers
from ops_reports import configuration, figures, items, ops
from servers import wait_for

MODULE = "def sign(x: int) -> int:\n    if x > 0:\n        return 1\n    return -1 if x < 0 else 0\n"


@pytest.fixture(scope="module")
def queries():
    return json.loads(ops("queries", code=0).stdout)


def test_every_query_names_what_the_contract_has(queries, tmp_path):
    with servers.NodeExporter(tmp_path) as node:
        known = {**contract.exposition(servers.request(node.url + "/metrics").text), **contract.program(),
                 **contract.CADVISOR, **contract.OWN}
    # A machine without disks or network cards shows no such series; node_exporter's names are these all the same.
    for name in ("node_disk_io_time_seconds_total", "node_disk_read_bytes_total", "node_disk_written_bytes_total",
                 "node_network_receive_bytes_total", "node_network_transmit_bytes_total"):
        known.setdefault(name, {"device": None})
    known.setdefault("node_filesystem_avail_bytes", {"mountpoint": None, "fstype": None, "device": None})
    known.setdefault("node_filesystem_size_bytes", {"mountpoint": None, "fstype": None, "device": None})
    problems = [f"{query['item']}, {query['name']}: {problem}" for query in queries
                for expression in (query["expression"], query["presence"]) if expression
                for problem in contract.problems(expression, known)]
    assert not problems, "\n".join(problems)


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    """A service that has made tests, with what watches it."""
    folder = tmp_path_factory.mktemp("ops")

    class Rig:
        pass

    it = Rig()
    alerting = yaml.safe_dump({"route": {"receiver": "none"}, "receivers": [{"name": "none"}]})
    with servers.Testgen(folder / "serve", "--workers", "1") as it.service, \
            servers.NodeExporter(folder / "node") as it.node, \
            servers.Alertmanager(folder / "am", alerting) as it.alertmanager, \
            servers.Prometheus(folder / "prom", configuration(
                {"testgen-copilot": it.service.address, "node": it.node.address})) as it.prometheus:
        it.prometheus.wait_scraped({"testgen-copilot", "node"})
        answer = it.service.post("/v1/generate", {
            "language": "python", "files": [{"path": "m.py", "content": MODULE}], "options": {"budget_seconds": 1},
            "wait_seconds": 30})
        assert answer.status == 200, answer
        wait_for(lambda: (it.prometheus.value("sum(increase(testgen_tests_generated_total[5m]))") or 0) > 0,
                 "the work to be scraped", 30)
        yield it


def daily(rig, *more, alertmanager=None, code=None):
    return ops("daily", "--prometheus", rig.prometheus.url, "--alertmanager", alertmanager or rig.alertmanager.url,
               "--server", rig.service.url, *more, code=code)


def test_every_query_runs_in_a_real_prometheus(rig, queries):
    for query in queries:
        rig.prometheus.query(query["expression"])  # asserts that it is understood
        if query["presence"]:
            rig.prometheus.query(query["presence"])


def test_the_checklist_of_a_service_that_works(rig):
    done = daily(rig, "--format", "json")
    document = json.loads(done.stdout)
    unknown = [(item["id"], figure["name"], figure.get("note")) for item in items(document).values()
               for figure in item["figures"] if figure["verdict"] == "unknown"]
    assert not unknown and document["unreachable"] == []
    found = items(document)
    assert len(found) == 18
    assert done.returncode == {"good": 0, "bad": 6}[document["verdict"]]
    # The machine of a test may be busy or nearly full, and then answers are slow; the rest is as it should be.
    for name in ("uptime", "errors", "health", "volume", "access", "authentication", "sandbox"):
        assert found[name]["verdict"] == "good", found[name]
    assert figures(found["uptime"])["instances that answer now", ""]["value"] == 1
    assert figures(found["volume"])["tests kept", "python"]["value"] > 0
    assert figures(found["health"])["check", "database"]["note"].startswith("passes")
    for name in ("response_time", "cpu", "memory", "disk", "network", "containers", "database"):
        assert found[name]["figures"], name
    cadvisor = figures(found["containers"])["memory of its limit", ""]
    assert cadvisor["verdict"] == "not_applicable" and "cAdvisor" in cadvisor["note"]


def test_the_checklist_as_text_markdown_and_html(rig):
    text = daily(rig).stdout
    assert "[x] Check service uptime" in text and "at least 99.9 %" in text
    markdown = daily(rig, "--format", "markdown").stdout
    assert "\n- [x] Check service uptime\n" in markdown and "## Security monitoring" in markdown
    html = daily(rig, "--format", "html").stdout
    assert html.startswith("<!doctype html>") and html.rstrip().endswith("</html>") and "Check service uptime" in html


def test_an_alert_that_fires_is_named_and_the_exit_code_is_6(rig):
    alert = [{"labels": {"alertname": "SlowResponseTime", "severity": "warning"},
              "endsAt": (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=5)).isoformat()}]
    assert servers.request(rig.alertmanager.url + "/api/v2/alerts", alert).status == 200
    wait_for(lambda: servers.request(rig.alertmanager.url + "/api/v2/alerts").json(), "the alert to be there")
    found = items(json.loads(daily(rig, "--format", "json", code=6).stdout))
    firing = figures(found["errors"])["alerts firing now", ""]
    assert firing["value"] == 1 and firing["note"] == "SlowResponseTime" and firing["verdict"] == "bad"


def test_a_source_that_is_not_reached_is_unknown(rig):
    nowhere = f"http://127.0.0.1:{servers.free_port()}"
    document = json.loads(daily(rig, "--format", "json", alertmanager=nowhere).stdout)
    assert figures(items(document)["errors"])["alerts firing now", ""]["verdict"] == "unknown"
    assert len(document["unreachable"]) == 1 and "Alertmanager" in document["unreachable"][0]
    done = ops("daily", "--prometheus", nowhere, "--alertmanager", nowhere, "--server", nowhere, code=1)
    assert "18 unknown" in done.stdout and done.stdout.count("not reached: ") == 3
    assert ops("daily", "--format", "xml", code=2).stderr.startswith("testgen: --format cannot be \"xml\"")
