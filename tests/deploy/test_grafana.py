"""deploy/grafana: the committed JSON is what the source builds, and holds to a dashboard's good manners."""
import copy
import json
import pathlib
import re
import shutil
import subprocess
import urllib.parse

import pytest
import yaml

import dashboard_lint
import dashboards
import servers

ROOT = pathlib.Path(__file__).resolve().parents[2]
ALL = {"testgen-copilot-overview", "testgen-copilot-security", "testgen-copilot-llm", "testgen-copilot-experience",
       "testgen-copilot-objectives", "testgen-copilot-telemetry"}


@pytest.fixture(params=dashboards.FILES, ids=lambda path: path.stem)
def dashboard(request):
    return dashboards.load(request.param)


def test_committed_json_is_what_the_source_builds(tmp_path):
    esbuild = ROOT / "node_modules" / ".bin" / "esbuild"
    if not esbuild.exists():
        pytest.skip("node_modules is missing: run ./dev setup")
    bundle = tmp_path / "dashboards.cjs"
    subprocess.run([esbuild, ROOT / "deploy/grafana/src/build.ts", "--bundle", "--platform=node",
                    "--log-level=warning", f"--outfile={bundle}"], check=True, timeout=60)
    subprocess.run([shutil.which("node"), bundle, tmp_path / "out"], check=True, timeout=60, capture_output=True)
    built = {path.name: path.read_text() for path in (tmp_path / "out").glob("*.json")}
    committed = {path.name: path.read_text() for path in dashboards.FILES}
    assert built == committed, "run `npm run dashboards` and commit the result"


def test_source_keeps_its_types():
    """esbuild only strips types: a misspelt enum would be built as undefined. The SDK's types are Grafana's schema."""
    compiler = ROOT / "node_modules" / ".bin" / "tsc"
    if not compiler.exists():
        pytest.skip("node_modules is missing: run ./dev setup")
    result = subprocess.run([compiler, "-p", ROOT / "deploy/grafana"], capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout


def test_the_dashboards_are_there():
    assert {path.stem for path in dashboards.FILES} == ALL


def test_frame(dashboard):
    assert dashboard["uid"] and dashboard["title"] and dashboard["description"]
    assert "testgen-copilot" in dashboard["tags"]
    assert dashboard["links"], "dashboards lead to each other"
    assert [each["name"] for each in dashboard["annotations"]["list"]] == ["Deployments", "Service starts", "Alerts"]
    assert list(dashboards.variables(dashboard))[:4] == ["datasource", "logs", "job", "instance"]


def test_the_rules_of_the_linter_hold(dashboard):
    assert dashboard_lint.problems(dashboard) == []


def panel_of(dashboard, kind="timeseries"):
    return next(panel for panel in dashboards.panels(dashboard) if panel["type"] == kind)


def without_variable(name):
    def damage(dashboard):
        listed = dashboard["templating"]["list"]
        listed[:] = [variable for variable in listed if variable["name"] != name]
    return damage


def with_expression(text):
    def damage(dashboard):
        panel_of(dashboard)["targets"][0]["expr"] = text
    return damage


def with_variable(**change):
    return lambda dashboard: dashboards.variables(dashboard)["job"].update(change)


OWN = 'job=~"$job", instance=~"$instance"'


@pytest.mark.parametrize("rule, damage", [
    ("template-datasource-rule", without_variable("datasource")),
    ("template-job-rule", without_variable("job")),
    ("template-job-rule", with_variable(allValue="")),
    ("template-instance-rule", without_variable("instance")),
    ("template-label-promql-rule", with_variable(query="label_values(testgen_build_info, instance)")),
    ("template-on-time-change-reload-rule", with_variable(refresh=1)),
    ("panel-datasource-rule", lambda d: panel_of(d).update(datasource={"type": "prometheus", "uid": "abc"})),
    ("panel-title-description-rule", lambda d: panel_of(d).update(description="")),
    ("panel-units-rule", lambda d: panel_of(d)["fieldConfig"]["defaults"].pop("unit")),
    ("panel-no-targets-rule", lambda d: panel_of(d).update(targets=[])),
    ("target-promql-rule", with_expression(f"sum(rate(testgen_requests_total{{{OWN}}}[$__rate_interval])) ?")),
    ("target-logql-rule", lambda d: panel_of(d)["fieldConfig"]["defaults"].update(links=[{"url": "/explore?x"}])),
    ("target-rate-interval-rule", with_expression(f"sum(rate(testgen_requests_total{{{OWN}}}[5m]))")),
    ("target-rate-interval-rule", with_expression(f"sum(increase(testgen_requests_total{{{OWN}}}[$__range]))")),
    ("target-job-rule", with_expression('sum(rate(testgen_requests_total{instance=~"$instance"}[$__rate_interval]))')),
    ("target-instance-rule", with_expression('sum(rate(testgen_requests_total{job=~"$job"}[$__rate_interval]))')),
    ("target-counter-agg-rule", with_expression(f"sum(testgen_requests_total{{{OWN}}})")),
    ("target-counter-agg-rule", with_expression(f"rate(sum(testgen_requests_total{{{OWN}}})[$__rate_interval:1m])")),
    ("uneditable-dashboard-rule", lambda d: d.update(editable=True)),
    ("exemplars", lambda d: next(t for p in dashboards.panels(d) for t in p["targets"] if t.get("exemplar")).pop("exemplar")),
    ("layout", lambda d: panel_of(d)["gridPos"].update(x=panel_of(d)["gridPos"]["x"] + 1)),
    ("tables", lambda d: panel_of(d).update(type="table")),
])
def test_each_rule_finds_its_mistake(rule, damage):
    dashboard = copy.deepcopy(dashboards.named("testgen-copilot-overview"))
    damage(dashboard)
    assert any(problem.startswith(f"{rule}:") for problem in dashboard_lint.problems(dashboard)), rule


# The specification's lists: every item is a panel, by a word of its title.
ITEMS = {
    "testgen-copilot-overview": {
        "Application health": ["uptime", "availability", "request rate", "error rate", "response time p95",
                               "active users", "active sessions"],
        "Performance": ["throughput", "average generation time", "queue length", "processing time",
                        "resource utilisation"],
        "Business": ["tests generated by language", "security issues", "model calls", "model cost", "engagement"],
        "Infrastructure": ["processor", "memory", "disk i/o", "network"],
        "Containers": ["processor of the container", "memory of the container", "killed"],
        "Databases": ["store: time", "redis", "postgresql"],
    },
    "testgen-copilot-security": {
        "Detection": ["detection rate", "confirmed", "by severity", "by type", "types of issues"],
        "False positives": ["false positives"], "Scan coverage": ["lines scanned", "files scanned", "followed"],
    },
    "testgen-copilot-llm": {
        "Requests and errors": ["calls by provider", "error rate by provider"], "Response time": ["first token"],
        "Tokens and cost": ["tokens", "cost"], "Models compared": ["models compared", "acceptance", "cost of a kept"],
    },
    "testgen-copilot-experience": {
        "Journeys": ["step by step"], "Feature adoption": ["features used"], "Errors by feature": ["errors by feature"],
        "Performance and its impact": ["abandoned and slow"],
    },
    "testgen-copilot-objectives": {"Budgets": ["budget left", "burn rate"], "Money": ["budget for models"]},
    "testgen-copilot-telemetry": {"Losses and size": ["log lines lost", "spans lost", "series refused"]},
}


@pytest.mark.parametrize("name", sorted(ITEMS))
def test_every_item_of_the_specification_is_a_panel(name):
    row, titles = None, {}
    for panel in dashboards.named(name)["panels"]:
        if panel["type"] == "row":
            row = panel["title"]
        else:
            titles.setdefault(row, []).append(panel["title"].lower())
    for section, items in ITEMS[name].items():
        for item in items:
            assert any(item in title for title in titles[section]), f"{section}: {item}"


def test_every_alert_is_led_to_by_a_panel():
    linked = {link["title"].removeprefix("Runbook: ") for path in dashboards.FILES
              for panel in dashboards.panels(dashboards.load(path)) for link in panel.get("links", [])
              if link["title"].startswith("Runbook: ")}
    assert linked == {path.stem for path in (ROOT / "docs/runbooks").glob("*.md")} - {"README"}


def test_drill_downs_lead_to_dashboards_that_are_there():
    drills = {link["url"] for path in dashboards.FILES for panel in dashboards.panels(dashboards.load(path))
              for link in panel.get("links", []) if link["title"].startswith("Details: ")}
    assert {re.fullmatch(r"/d/([\w-]+)\?\$\{__url_time_range\}&\$\{__all_variables\}", url).group(1)
            for url in drills} == ALL - {"testgen-copilot-overview", "testgen-copilot-telemetry"}


def test_links_to_log_lines_name_events_and_levels_that_are_logged():
    if not (servers.BUILD / "testgen").exists():
        pytest.skip("the program is not built: run ./dev build")
    schema = json.loads(subprocess.run([servers.BUILD / "testgen", "telemetry", "schema", "--json"], check=True,
                                       capture_output=True, timeout=60).stdout)
    events = {event["name"] for event in schema["log_events"]}
    found = 0
    for path in dashboards.FILES:
        for panel in dashboards.panels(dashboards.load(path)):
            for link in panel["fieldConfig"]["defaults"].get("links", []):
                panes = urllib.parse.parse_qs(urllib.parse.urlsplit(link["url"]).query)["panes"][0]
                query = json.loads(panes)["a"]["queries"][0]["expr"]
                found += 1
                for name in re.findall(r'event="(\w+)"', query):
                    assert name in events, f"{panel['title']}: {name}"
    assert found > 5


def test_objectives_match_the_alerts_and_the_program():
    """The lines on the panels are the thresholds that page, and the program's own objectives."""
    source = (ROOT / "deploy/grafana/src/objectives.ts").read_text()
    numbers = {name: float(value) for name, value in re.findall(r"(\w+): ([\d.]+),", source)}
    rules = {rule["alert"]: rule["expr"] for path in (ROOT / "deploy/prometheus/rules").glob("*.yml")
             for group in yaml.safe_load(path.read_text())["groups"] for rule in group["rules"] if "alert" in rule}
    assert f"> {numbers['errorRatioPage']:g}" in rules["HighErrorRate"]
    assert f"> {numbers['responseSeconds']:g}" in rules["SlowResponseTime"]
    assert f"> {numbers['memoryRatioPage']:g}" in rules["HighMemoryUsage"]
    assert f"> {1 - numbers['cacheHitRatio']:.1f}" in rules["HighCacheMissRate"]
    assert f"> {numbers['modelErrorRatio']:g}" in rules["LLMAPIErrors"]
    assert f"> {numbers['falsePositiveRatio']:g}" in rules["HighFalsePositiveRate"]
    assert f"< {numbers['diskFreeRatio']:g}" in rules["DiskSpaceLow"]
    assert f"< {numbers['certificateDays']:g} * 86400" in rules["CertificateExpiresSoon"]
    assert f">= {numbers['warningStartsADay']:g}" in rules["WarningReturns"]
    assert f"min10m >= {numbers['queueLength']:g}" in rules["QueueGrowing"]
    assert f">= {numbers['starts']:g}" in rules["ServiceFlapping"]
    assert f"increase5m >= {numbers['failedLogins']:g}" in rules["FailedLoginSpike"]
    assert f"> {numbers['killsOfAJob']:g}" in rules["SandboxKills"]
    assert f">= {numbers['telemetryLost']:g}" in rules["TelemetryLost"]
    assert f"> {numbers['budgetOfAnHour']:g} *" in rules["LLMBudgetBurn"]
    assert f"ratio > {numbers['budgetSpent']:g}" in rules["LLMBudgetBurn"]
    for alert, window, name in (("Fast", "1h", "hour"), ("Fast", "6h", "sixHours"), ("Slow", "1d", "day"),
                                ("Slow", "3d", "threeDays")):
        assert f"rate{window} > {numbers[name]:g}" in rules[f"ErrorBudgetBurn{alert}"]
    assert f"sum1h / 10 >= {re.search(r'badEvents = ([0-9]+);', source).group(1)}" in rules["ErrorBudgetBurnFast"]
    if not (servers.BUILD / "testgen").exists():
        pytest.skip("the program is not built: run ./dev build")
    schema = json.loads(subprocess.run([servers.BUILD / "testgen", "telemetry", "schema", "--json"], check=True,
                                       capture_output=True, timeout=60).stdout)
    targets = {each["name"]: each["target"] for each in schema["objectives"]}
    assert targets == {"availability": numbers["availability"], "error_rate": numbers["errorRatio"],
                       "response_time": numbers["responseSeconds"], "generation_time": numbers["generationSeconds"],
                       "throughput": numbers["requestsPerMinute"], "cache_hit_rate": numbers["cacheHitRatio"]}


def provisioned():
    return [source for path in sorted((ROOT / "deploy/grafana/provisioning/datasources").glob("*.yaml"))
            for source in yaml.safe_load(path.read_text())["datasources"]]


def test_provisioned_data_sources():
    sources = {source["uid"]: source for source in provisioned()}
    assert {source["type"] for source in sources.values()} == {"prometheus", "tempo", "jaeger", "loki", "elasticsearch"}
    assert sum(source.get("isDefault", False) for source in sources.values()) == 1
    scrape = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())["global"]["scrape_interval"]
    assert sources["prometheus"]["jsonData"]["timeInterval"] == scrape
    # What leads from one to another names one that is there.
    named = re.findall(r"'datasourceUid': '(\w+)'", str([source["jsonData"] for source in sources.values()]))
    assert named and set(named) <= set(sources)
    assert f'index: "{sources["elasticsearch"]["jsonData"]["index"]}"' in (ROOT / "deploy/elk/filebeat.yml").read_text()


def test_provisioned_dashboards():
    providers = yaml.safe_load((ROOT / "deploy/grafana/provisioning/dashboards/testgen.yaml").read_text())
    assert providers["providers"][0]["type"] == "file"


@pytest.mark.parametrize("name", sorted(ALL))
def test_there_is_a_picture(name):
    """Drawn by ./dev pictures; a panel that came later is not on it."""
    picture = (ROOT / "docs/images/dashboards" / f"{name}.svg").read_text()
    shown = picture.replace("&#x27;", "'").replace("&amp;", "&")
    for panel in dashboards.panels(dashboards.named(name)):
        assert f">{panel['title'][:12]}" in shown, f"{panel['title']}: run ./dev pictures"
