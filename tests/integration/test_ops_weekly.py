"""`testgen ops weekly` finds the figures again that four backfilled weeks were made of: every trend, the forecasts, and what it
says of each alert."""
import datetime
import json
import re
import subprocess
import time

import pytest
import yaml

import servers
import weeks_of_history
from ops_reports import configuration, figures, items, ops
from servers import SOURCE
from weeks_of_history import DAY

# (item, figure, of what): its value, and what is said of the week before.
TRENDS = {
    ("performance", "response time, median", ""): (1.5, "was 250 ms, up by 500 %: worse"),
    ("performance", "response time, 95th percentile", ""): (1.95, "was 475 ms, up by 311 %: worse"),
    ("performance", "generation of a file, 95th percentile", ""): (1.95, "was 9.75 s, down by 80 %: better"),
    ("performance", "wait in the queue, 95th percentile", ""): (0.95, "was 950 ms, steady"),
    ("performance", "requests", ""): (60, "was 60 a minute, steady"),
    ("performance", "cache hits", ""): (0.6, "was 90 %, down by 33.3 %: worse"),
    ("resources", "processor time of the service", ""): (0.5, "was 0.5 cores, steady"),
    ("resources", "processors of the machine busy", ""): (0.3, "was 30 %, steady"),
    ("resources", "memory of the service, highest", ""): (6.8e8, "was 582 MiB, up by 11.5 %: worse"),
    ("resources", "memory of the machine left, lowest", ""): (3.9e9, "was 3.63 GiB, steady"),
    ("resources", "disk written", ""): (1e6, "was 977 KiB/s, steady"),
    ("resources", "network, received and sent", ""): (3e5, "was 293 KiB/s, steady"),
    ("resources", "longest queue", ""): (30, "was 4, up by 650 %: worse"),
    ("error_rates", "requests failed by us", ""): (0.01, "was 0.1 %, up by 900 %: worse"),
    ("error_rates", "jobs failed by us", ""): (120 / 60480, "was 0.0331 %, up by 500 %: worse"),
    ("error_rates", "errors", "job environment"): (120, "was 20, up by 500 %: worse"),
    ("error_rates", "errors", "http internal"): (5, "was 5, steady"),
    ("error_rates", "calls of models that failed", "openai"): (0.1, "was 1 %, up by 900 %: worse"),
    ("error_rates", "sandboxed runs ended by force", ""): (50, "was 40, steady"),
    ("tests_a_day", "tests kept", ""): (200, "was 100 a day, up by 100 %: better"),
    ("tests_a_day", "quality of a file's tests, median", ""): (0.85, "was 0.85, steady"),
    ("tests_a_day", "security issues found", ""): (3, "was 1 a day, up by 200 %"),
    ("cost_efficiency", "spent on models", ""): (3.5, "was $7.00, down by 50 %"),
    ("cost_efficiency", "for each test kept", ""): (0.0025, "was $0.01, down by 75 %: better"),
    ("cost_efficiency", "proposals of models kept", ""): (0.6, "was 30 %, up by 100 %: better"),
    ("satisfaction", "rated tests accepted", ""): (0.8, "was 90 %, down by 11.1 %: worse"),
    ("satisfaction", "journeys abandoned", ""): (0.05, "was 5 %, steady"),
}


@pytest.fixture(scope="module")
def weeks(tmp_path_factory):
    """A Prometheus with the history and the shipped rules, an Alertmanager, when the history ends, and a folder."""
    folder = tmp_path_factory.mktemp("weeks")
    now = int(time.time()) // 60 * 60
    (folder / "history.txt").write_text(weeks_of_history.open_metrics(now))
    (folder / "prom").mkdir()
    made = subprocess.run(["promtool", "tsdb", "create-blocks-from", "--max-block-duration=720h", "-q", "openmetrics",
                           folder / "history.txt", folder / "prom" / "data"], capture_output=True, text=True, timeout=120)
    assert made.returncode == 0, made.stderr
    rules = sorted((SOURCE / "deploy" / "prometheus" / "rules").glob("*.yml"))
    alerting = yaml.safe_dump({"route": {"receiver": "none"}, "receivers": [{"name": "none"}]})
    with servers.Prometheus(folder / "prom", configuration({}, rule_files=[str(rule) for rule in rules]),
                            retention="60d") as prometheus, \
            servers.Alertmanager(folder / "am", alerting) as alertmanager:
        yield prometheus, alertmanager, now, folder


@pytest.fixture(scope="module")
def review(weeks):
    """The report, when people have done their part: one alert was taken up and called false, and some were told."""
    prometheus, alertmanager, now, folder = weeks
    utc = datetime.timezone.utc
    moment = datetime.datetime.now(utc)
    assert servers.request(alertmanager.url + "/api/v2/silences", {
        "matchers": [{"name": "alertname", "value": "HighMemoryUsage", "isRegex": False, "isEqual": True}],
        "startsAt": moment.isoformat(), "endsAt": (moment + datetime.timedelta(hours=1)).isoformat(),
        "createdBy": "ann", "comment": "False positive: a batch import"}).status == 200
    late = {"HighMemoryUsage": 20, "LLMAPIErrors": 10, "HighErrorRate": 45}
    lines = []
    for name, _, _, episodes in weeks_of_history.alerts(now):
        for begin, _ in episodes if name in late else []:
            told = datetime.datetime.fromtimestamp(begin + late[name], utc)
            lines.append(json.dumps({"timestamp": told.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "event": "alert_received",
                                     "alert": name, "status": "firing"}))
    (folder / "app.log").write_text("\n".join(lines) + "\n")
    done = ops("weekly", "--prometheus", prometheus.url, "--alertmanager", alertmanager.url, "--log", folder / "app.log",
               "--format", "json", code=6)
    document = json.loads(done.stdout)
    assert document["unreachable"] == []
    return document


def table(document, name):
    [found] = [table for section in document["sections"] for table in section["tables"] if table["id"] == name]
    return {row[0]: dict(zip(found["header"], row)) for row in found["rows"]}


def test_every_trend_is_in_the_history(review):
    """A figure that is added to the report gets its history and its expectation here."""
    found = {(item, name, of) for item, content in items(review).items() if item not in ("capacity", "alerts")
             for name, of in figures(content)}
    assert found == set(TRENDS)


@pytest.mark.parametrize("item, name, of", TRENDS, ids=lambda value: value or "-")
def test_trend(review, item, name, of):
    figure = figures(items(review)[item])[name, of]
    value, note = TRENDS[item, name, of]
    assert figure["value"] == pytest.approx(value, rel=0.02), figure
    # Prometheus extrapolates to the ends of a window: a cent is 0.010000 or 0.0100001.
    assert figure["note"].replace("$0.010000", "$0.01") == note
    verdict = {"better": "good", "worse": "bad"}.get(note.rpartition(": ")[2])
    if verdict:
        assert figure["verdict"] == verdict
    else:
        assert figure["verdict"] != "bad"


def test_what_is_worse_comes_with_advice(review):
    worse = {item for (item, _, _), (_, note) in TRENDS.items() if note.endswith("worse")}
    for item in worse:
        content = items(review)[item]
        assert content["verdict"] == "bad" and content["advice"], content


@pytest.mark.parametrize("resource, level, verdict, outlook", [
    ("processors busy", 0.3, "good", "steady; nothing to do"),
    ("memory of the service, of its limit", 0.68, "bad", "raise the memory limit"),
    ("memory of the machine", 0.51, "good", "steady; nothing to do"),
    ("disk space, the fullest", 0.54, "good", "plan for it"),
    ("wait in the queue, 95th percentile", 0.95, "good", ""),
    ("open files, of their limit", 0.1, "good", ""),
    ("requests a minute, busiest hour of a day", 60, "good", ""),
])
def test_forecast(review, resource, level, verdict, outlook):
    figure = figures(items(review)["capacity"])[resource, ""]
    assert figure["value"] == pytest.approx(level, rel=0.05) and figure["verdict"] == verdict, figure
    assert outlook in figure["note"]
    row = table(review, "forecast")[resource]
    assert row["outlook"] == figure["note"] and int(row["days seen"]) in (28, 29)


@pytest.mark.parametrize("resource, days, a_week", [
    ("memory of the service, of its limit", 22, r"\+(6\.9|7)\d* %"), ("disk space, the fullest", 72, r"\+3\.[45]\d* %")])
def test_the_day_of_the_bound(weeks, review, resource, days, a_week):
    row = table(review, "forecast")[resource]
    said = datetime.date.fromisoformat(re.search(r"bound reached on ([\d-]+)", row["outlook"]).group(1))
    expected = datetime.datetime.fromtimestamp(weeks[2] + days * DAY, datetime.timezone.utc).date()
    assert abs((said - expected).days) <= 2, row
    assert re.fullmatch(a_week, row["a week"]), row
    if days <= 30:
        assert any(f"in {each} days" in row["outlook"] for each in (days - 1, days, days + 1)), row


def test_the_alert_review(review):
    rows = table(review, "alerts")
    assert set(rows) >= {"TestGenServiceDown", "HighErrorRate", "HighMemoryUsage", "SlowResponseTime", "LLMAPIErrors",
                         "HighCacheMissRate"}

    def row(name, *values):
        assert [rows[name][key] for key in ("severity", "fired", "false", "to fire", "to notify", "to resolve")] == list(values), rows[name]

    row("SlowResponseTime", "warning", "2", "0", "5 min", "not known", "3 min")
    row("LLMAPIErrors", "warning", "6", "0", "3 min", "10 s", "2 min")
    row("HighErrorRate", "critical", "1", "0", "2 min", "45 s", "30 min")
    row("HighMemoryUsage", "critical", "1", "1", "5 min", "20 s", "still fires")
    assert rows["SlowResponseTime"]["advice"] == "fits"
    assert rows["LLMAPIErrors"]["advice"].startswith("flaps: 6 times") and "keep_firing_for" in rows["LLMAPIErrors"]["advice"]
    assert "nobody took it up" in rows["HighErrorRate"]["advice"]
    assert "1 of 1 were false" in rows["HighMemoryUsage"]["advice"]
    assert rows["HighCacheMissRate"]["advice"] == "silent this week" and rows["HighCacheMissRate"]["fired"] == "0"
    # It has fired for half an hour, and was taken up just now.
    assert rows["HighMemoryUsage"]["to ack"] in ("30 min", "31 min", "32 min") and rows["HighErrorRate"]["to ack"] == "not known"

    found = figures(items(review)["alerts"])
    assert found["fired", ""]["value"] == 10
    share = found["labelled false", ""]
    assert share["value"] == pytest.approx(0.1) and share["verdict"] == "good"


def test_without_prometheus_nothing_is_known():
    nowhere = f"http://127.0.0.1:{servers.free_port()}"
    done = ops("weekly", "--prometheus", nowhere, "--alertmanager", nowhere, code=1)
    assert "0 good" in done.stdout and "not reached: Prometheus" in done.stdout
