"""deploy/grafana: the committed JSON is what the source builds, and holds to a dashboard's good manners."""
import pathlib
import re
import shutil
import subprocess

import pytest
import yaml

import dashboards
import promql

ROOT = pathlib.Path(__file__).resolve().parents[2]



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
    """esbuild only strips types: a misspelt enum would be built as undefined."""
    compiler = ROOT / "node_modules" / ".bin" / "tsc"
    if not compiler.exists():
        pytest.skip("node_modules is missing: run ./dev setup")
    result = subprocess.run([compiler, "-p", ROOT / "deploy/grafana"], capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout


def test_the_overview_is_there():
    assert "testgen-copilot-overview" in {path.stem for path in dashboards.FILES}


def test_frame(dashboard):
    assert dashboard["uid"] and dashboard["title"] and dashboard["description"]
    assert dashboard["editable"] is False, "edits belong into deploy/grafana/src"
    assert "testgen-copilot" in dashboard["tags"]
    assert dashboard["links"], "dashboards lead to each other"


def test_variables(dashboard):
    variables = {variable["name"]: variable for variable in dashboard["templating"]["list"]}
    assert list(variables) == ["datasource", "job", "instance"]
    assert variables["datasource"]["type"] == "datasource" and variables["datasource"]["query"] == "prometheus"
    for name in ("job", "instance"):
        variable = variables[name]
        assert variable["multi"] and variable["includeAll"] and variable["allValue"] == ".+"
        assert variable["refresh"] == 2, "time range changes must reload the values"
        match = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["query"])
        assert match and match.group(2) == name
        assert promql.metrics(dashboards.fill(match.group(1)))


def test_rows_cover_the_sections():
    overview = dashboards.load(next(p for p in dashboards.FILES if p.stem == "testgen-copilot-overview"))
    rows = [panel["title"] for panel in overview["panels"] if panel["type"] == "row"]
    assert rows == ["Application health", "Performance", "Business", "Infrastructure"]


def test_panels(dashboard):
    titles = set()
    for panel in dashboards.panels(dashboard):
        where = panel["title"]
        assert where not in titles, f"two panels named {where}"
        titles.add(where)
        assert panel["description"].endswith("."), where
        assert panel["fieldConfig"]["defaults"]["unit"], where
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}, where
        assert panel["targets"], where
        for target in panel["targets"]:
            assert target["datasource"] == panel["datasource"], where
        references = [target["refId"] for target in panel["targets"]]
        assert len(set(references)) == len(references), where


def test_panels_do_not_overlap(dashboard):
    taken = {}
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert (x, y) not in taken, f"{panel['title']} lies on {taken[x, y]}"
                taken[x, y] = panel["title"]


def test_queries(dashboard):
    for where, expression in dashboards.queries(dashboard):
        filled = dashboards.fill(expression)
        for metric, matchers in promql.selectors(filled):
            assert metric, f"{where}: a selector without a metric name"
            if metric.startswith(("testgen_", "process_", "up", "job", "instance")):
                assert "job" in matchers, f"{where}: {metric} of any job"
        # A window of rate() follows the zoom and the scrape interval; a fixed one breaks with either.
        for window in re.findall(r"\[([^\]]+)\]", expression):
            assert window in ("$__rate_interval", "$__range", "$__interval"), f"{where}: [{window}]"
        # rate(sum()) hides resets; counters must not be drawn raw.
        assert not re.search(r"(rate|increase)\((sum|max|min|avg)", expression), where
        for match in re.finditer(r"(\w+_total)\b", expression):
            assert re.search(r"(rate|increase)\(" + match.group(1), expression), f"{where}: {match.group(1)} is raw"


def test_latency_panels_ask_for_exemplars(dashboard):
    for panel in dashboards.panels(dashboard):
        for target in panel["targets"]:
            if panel["type"] == "timeseries" and "duration_seconds_bucket" in target["expr"]:
                assert target["exemplar"] is True, panel["title"]


def test_every_alert_is_led_to_by_a_panel():
    linked = {link["title"].removeprefix("Runbook: ") for path in dashboards.FILES
              for panel in dashboards.panels(dashboards.load(path)) for link in panel.get("links", [])}
    assert linked == {path.stem for path in (ROOT / "docs/runbooks").glob("*.md")} - {"README"}


def test_objectives_match_the_alerts():
    """The lines on the panels are the thresholds that page."""
    source = (ROOT / "deploy/grafana/src/objectives.ts").read_text()
    numbers = {name: float(value) for name, value in re.findall(r"(\w+): ([\d.]+),", source)}
    rules = {rule["alert"]: rule["expr"]
             for group in yaml.safe_load((ROOT / "deploy/prometheus/rules/alerts.yml").read_text())["groups"]
             for rule in group["rules"] if "alert" in rule}
    assert f"> {numbers['errorRatioPage']:g}" in rules["HighErrorRate"]
    assert f"> {numbers['responseSeconds']:g}" in rules["SlowResponseTime"]
    assert f"> {numbers['memoryRatioPage']:g}" in rules["HighMemoryUsage"]
    assert f"> {1 - numbers['cacheHitRatio']:.1f}" in rules["HighCacheMissRate"]


def test_provisioning():
    datasource = yaml.safe_load((ROOT / "deploy/grafana/provisioning/datasources/prometheus.yaml").read_text())
    scrape = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())["global"]["scrape_interval"]
    assert datasource["datasources"][0]["jsonData"]["timeInterval"] == scrape
    providers = yaml.safe_load((ROOT / "deploy/grafana/provisioning/dashboards/testgen.yaml").read_text())
    assert providers["providers"][0]["type"] == "file"
