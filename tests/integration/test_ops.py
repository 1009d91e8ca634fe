"""`testgen ops` against real servers: a service that has worked, Debian's Prometheus, node_exporter and Alertmanager;
and weeks of history, backfilled by promtool."""
import datetime
import json
import subprocess
import time

import pytest
import yaml

import contract
import servers
from servers import BUILD, SOURCE, wait_for

MODULE = "def sign(x: int) -> int:\n    if x > 0:\n        return 1\n    return -1 if x < 0 else 0\n"


def ops(*arguments, code=None):
    done = subprocess.run([BUILD / "testgen", "ops", *map(str, arguments)], capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL)
    assert code is None or done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return done


def configuration(targets, interval="1s", **more):
    return yaml.safe_dump({
        "global": {"scrape_interval": interval, "evaluation_interval": "1h"},
        "scrape_configs": [{"job_name": job, "static_configs": [{"targets": [target]}]}
                           for job, target in targets.items()], **more})


def items(document):
    return {item["id"]: item for section in document["sections"] for item in section["items"]}


def figures(item):
    return {(figure["name"], figure.get("of", "")): figure for figure in item["figures"]}


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


# --- weekly ---------------------------------------------------------------------------------------

DAY = 86400
STEP = 240


def history(now):
    """Four weeks: memory that grows by a hundredth of its limit a day, twice the tests in the last week, more errors,
    and two alerts: one that flapped twice, and one that still fires."""
    begin = now - 28 * DAY
    times = list(range(begin, now + 1, STEP))
    service = 'job="testgen-copilot",instance="a:8000"'
    lines = []

    def family(name, kind, samples):
        lines.append(f"# TYPE {name} {kind}")
        lines.extend(f"{series} {value:.6f} {at}" for series, value, at in samples)

    def week(at):
        return at >= now - 7 * DAY

    def summed(rate):
        total, out = 0.0, []
        for at in times:
            total += rate(at) * STEP
            out.append((at, total))
        return out

    family("testgen_build_info", "gauge", [(f"testgen_build_info{{{service}}}", 1, at) for at in times])
    family("testgen_memory_working_set_bytes", "gauge", [
        (f"testgen_memory_working_set_bytes{{{service}}}", 1e9 * (0.4 + 0.01 * (at - begin) / DAY), at) for at in times])
    family("testgen_memory_limit_bytes", "gauge", [(f"testgen_memory_limit_bytes{{{service}}}", 1e9, at) for at in times])
    family("testgen_tests_generated", "counter", [
        (f'testgen_tests_generated_total{{{service},language="python"}}', value, at)
        for at, value in summed(lambda at: (200 if week(at) else 100) / DAY)])
    family("testgen_llm_cost_dollars", "counter", [
        (f'testgen_llm_cost_dollars_total{{{service},provider="openai"}}', value, at)
        for at, value in summed(lambda at: 1 / DAY)])
    family("testgen_requests", "counter", [
        (f'testgen_requests_total{{{service},method="GET",endpoint="/v1/jobs",status="{status}"}}', value, at)
        for status, rate in (("200", lambda at: 1.0), ("500", lambda at: 0.01 if week(at) else 0.001))
        for at, value in summed(rate)])
    flaps = [range(now - 3 * DAY + start, now - 3 * DAY + start + 180, 60) for start in (0, 3600)]
    slow = 'alertname="SlowResponseTime",job="testgen-copilot",severity="warning"'
    memory = 'alertname="HighMemoryUsage",instance="a:8000",severity="critical"'
    firing = range(now - 1800, now + 1, 60)
    family("ALERTS", "gauge", [(f'ALERTS{{alertstate="firing",{slow}}}', 1, at) for span in flaps for at in span]
           + [(f'ALERTS{{alertstate="firing",{memory}}}', 1, at) for at in firing])
    family("ALERTS_FOR_STATE", "gauge",
           [(f"ALERTS_FOR_STATE{{{memory}}}", firing[0] - 300, at) for at in range(firing[0] - 300, now + 1, 60)])
    return "\n".join(lines) + "\n# EOF\n"


@pytest.fixture(scope="module")
def weeks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weeks")
    now = int(time.time()) // 60 * 60
    (folder / "history.txt").write_text(history(now))
    (folder / "prom").mkdir()
    made = subprocess.run(["promtool", "tsdb", "create-blocks-from", "--max-block-duration=720h", "openmetrics",
                           folder / "history.txt", folder / "prom" / "data"], capture_output=True, text=True, timeout=120)
    assert made.returncode == 0, made.stderr
    rules = sorted((SOURCE / "deploy" / "prometheus" / "rules").glob("*.yml"))
    alerting = yaml.safe_dump({"route": {"receiver": "none"}, "receivers": [{"name": "none"}]})
    with servers.Prometheus(folder / "prom", configuration({}, rule_files=[str(rule) for rule in rules]),
                            retention="60d") as prometheus, \
            servers.Alertmanager(folder / "am", alerting) as alertmanager:
        yield prometheus, alertmanager, now, folder


def test_the_weekly_review_of_four_backfilled_weeks(weeks):
    prometheus, alertmanager, now, folder = weeks
    # Somebody takes the alert up, and says that it is none.
    assert servers.request(alertmanager.url + "/api/v2/silences", {
        "matchers": [{"name": "alertname", "value": "HighMemoryUsage", "isRegex": False, "isEqual": True}],
        "startsAt": datetime.datetime.now(datetime.timezone.utc).isoformat(),
        "endsAt": (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)).isoformat(),
        "createdBy": "ann", "comment": "False positive: a batch import"}).status == 200
    told = datetime.datetime.fromtimestamp(now - 1800 + 20, datetime.timezone.utc)
    (folder / "app.log").write_text(json.dumps({
        "timestamp": told.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "event": "alert_received", "alert": "HighMemoryUsage",
        "status": "firing"}) + "\n")
    done = ops("weekly", "--prometheus", prometheus.url, "--alertmanager", alertmanager.url, "--log", folder / "app.log",
               "--format", "json", code=6)
    document = json.loads(done.stdout)
    found = items(document)
    assert document["unreachable"] == []

    kept = figures(found["tests_a_day"])["tests kept", ""]
    assert abs(kept["value"] - 200) < 4 and kept["note"].startswith("was 100") and kept["note"].endswith("better")
    errors = figures(found["error_rates"])["requests failed by us", ""]
    assert errors["verdict"] == "bad" and abs(errors["value"] - 0.0099) < 0.001, errors
    cost = figures(found["cost_efficiency"])["for each test kept", ""]
    assert abs(cost["value"] - 0.005) < 0.0005 and cost["verdict"] == "good"

    # 68 % now, a hundredth a day: 90 % in 22 days.
    memory = figures(found["capacity"])["memory of the service, of its limit", ""]
    assert memory["verdict"] == "bad" and "raise the memory limit" in memory["note"], memory
    assert any(f"in {days} days" in memory["note"] for days in (21, 22, 23)), memory

    [table] = [table for section in document["sections"] for table in section["tables"] if table["id"] == "alerts"]
    rows = {row[0]: dict(zip(table["header"], row)) for row in table["rows"]}
    assert set(rows) >= {"TestGenServiceDown", "HighErrorRate", "HighMemoryUsage", "SlowResponseTime", "LLMAPIErrors",
                         "HighCacheMissRate"}
    assert rows["SlowResponseTime"]["fired"] == "2" and rows["SlowResponseTime"]["to resolve"] == "3 min"
    assert rows["HighMemoryUsage"] | {"to ack": "", "advice": ""} == {
        "alert": "HighMemoryUsage", "severity": "critical", "fired": "1", "false": "1", "to fire": "5 min",
        "to notify": "20 s", "to ack": "", "to resolve": "still fires", "advice": ""}
    assert "1 of 1 were false" in rows["HighMemoryUsage"]["advice"]
    assert rows["LLMAPIErrors"]["advice"] == "silent this week"
    assert figures(found["alerts"])["labelled false", ""]["value"] == pytest.approx(1 / 3)


def test_the_weekly_review_without_prometheus_knows_nothing():
    nowhere = f"http://127.0.0.1:{servers.free_port()}"
    done = ops("weekly", "--prometheus", nowhere, "--alertmanager", nowhere, code=1)
    assert "0 good" in done.stdout and "not reached: Prometheus" in done.stdout
