"""Debian's Prometheus takes all three formats from the real service, keeps exemplars and native histograms, and
answers queries on them; the rules judge a native histogram as they judge classic buckets.
"""
import concurrent.futures
import contextlib
import gzip
import re
import subprocess

import pytest

import servers
import shortened
from loopback import Loopback
from servers import wait_for

TEXT = "text/plain;version=0.0.4"
OPEN_METRICS = "application/openmetrics-text;version=1.0.0"
PROTOBUF = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"
SOURCE = "def half(x: int) -> float:\n    return x / 2\n"


def text_only(url):
    """Stands before a service and asks it for text 0.0.4, whatever the scraper would like."""
    def answer(asked):
        page = servers.request(url + asked.path, headers={"Accept": TEXT}, timeout=10)
        return page.status, page.headers["Content-Type"], page.body

    return Loopback(answer)


def config(targets, rules=None):
    lines = ["global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}"]
    if rules:
        lines.append(f"rule_files: [{rules}]")
    lines.append("scrape_configs:")
    for job, address in targets.items():
        lines += [f"  - job_name: {job}", f"    static_configs: [{{targets: ['{address}']}}]"]
    return "\n".join(lines) + "\n"


def slow_requests(service, count, scraped):
    """Requests that wait three seconds for jobs which take longer. Their trace ids. Quick requests follow once these
    are `scraped`: of one page this Prometheus takes a native histogram's exemplars in the order of the buckets, and
    none that is older than the one before."""
    def post(number):
        body = {"language": "python", "files": [{"path": f"m{number}.py", "content": SOURCE}],
                "options": {"budget_seconds": 30}, "wait_seconds": 3}
        answer = service.post("/v1/generate", body)
        assert answer.status in (200, 202), answer
        return answer.headers["traceparent"].split("-")[1]
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        traces = set(pool.map(post, range(count)))
    wait_for(scraped, "the slow requests to be scraped", 20, 0.1)
    for state in ("queued", "running"):
        for job in service.get(f"/v1/jobs?state={state}").json()["jobs"]:
            servers.request(f"{service.url}/v1/jobs/{job['id']}", method="DELETE")
    return traces


def own_figure(service, sample):
    """What the service itself says, in the text format."""
    page = service.get("/metrics", {"Accept": TEXT}).text
    return float(re.search(rf"^{re.escape(sample)} (\S+)$", page, re.M).group(1))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scraped")

    class World:
        pass

    with contextlib.ExitStack() as cleanup:
        it = World()
        flags = ("--workers", "1", "--drain-timeout", "1s")
        it.classic = cleanup.enter_context(servers.Testgen(folder / "classic", *flags))
        it.native = cleanup.enter_context(servers.Testgen(folder / "native", "--native-histograms", *flags))
        text = cleanup.enter_context(text_only(it.classic.url))
        rules = folder / "alerts.yml"
        rules.write_text(shortened.rules())
        it.plain = cleanup.enter_context(servers.Prometheus(folder / "plain", config(
            {"open-metrics": it.classic.address, "text": text.address})))
        it.modern = cleanup.enter_context(servers.Prometheus(folder / "modern", config(
            {"protobuf": it.classic.address, "testgen-copilot": it.native.address}, rules),
            features=("exemplar-storage", "native-histograms")))
        it.plain.wait_scraped({"open-metrics", "text"})
        it.modern.wait_scraped({"protobuf", "testgen-copilot"})
        for _ in range(10):
            assert it.classic.get("/v1/jobs").status == 200
        duration = "testgen_request_duration_seconds"
        seen = ((it.classic, f'{duration}_bucket{{job="protobuf",le="+Inf"}} >= 35'),
                (it.native, f'histogram_count({duration}{{job="testgen-copilot"}}) >= 25'))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            it.classic_traces, it.native_traces = pool.map(
                lambda one: slow_requests(one[0], 25, lambda: it.modern.value(one[1]) is not None), seen)
        yield it


def settled(prometheus, expression, value):
    return wait_for(lambda: prometheus.value(expression) == value, f"{expression} to be {value}", 20, 0.2)


@pytest.mark.parametrize("job", ["open-metrics", "text", "protobuf"])
def test_every_format_brings_the_same_figures(world, job):
    prometheus = world.modern if job == "protobuf" else world.plain
    requests = own_figure(world.classic, "testgen_request_duration_seconds_count")
    assert requests >= 35
    settled(prometheus, f'testgen_request_duration_seconds_bucket{{job="{job}",le="+Inf"}}', requests)
    # The bound of the objective prints alike in every format.
    for bound in ("2.0", "5.0"):
        wanted = own_figure(world.classic, f'testgen_request_duration_seconds_bucket{{le="{bound}"}}')
        assert prometheus.value(f'testgen_request_duration_seconds_bucket{{job="{job}",le="{bound}"}}') == wanted
    listed = own_figure(world.classic, 'testgen_requests_total{method="GET",endpoint="/v1/jobs",status="200"}')
    assert prometheus.value(
        f'testgen_requests_total{{job="{job}",method="GET",endpoint="/v1/jobs",status="200"}}') == listed
    assert prometheus.value(f'testgen_slo_target{{job="{job}",objective="availability"}}') == 0.999
    assert prometheus.value(f'testgen_sla_availability_percent{{job="{job}",window=""}}') == 100
    assert prometheus.value(f'testgen_sla_availability_percent{{job="{job}",window="1h"}}') == 100


def exemplar_traces(prometheus, expression):
    found = prometheus.api("query_exemplars", query=expression, start="0", end="4000000000")
    return {each["labels"]["trace_id"] for series in found for each in series["exemplars"]}


def test_exemplars_are_stored_and_lead_to_the_requests(world):
    slow = 'testgen_request_duration_seconds_bucket{job="%s",le="5.0"}'
    assert wait_for(lambda: exemplar_traces(world.plain, slow % "open-metrics") & world.classic_traces,
                    "an exemplar from OpenMetrics", 15, 0.2)
    found = wait_for(lambda: exemplar_traces(
        world.modern, 'testgen_request_duration_seconds{job="testgen-copilot"}') & world.native_traces,
        "an exemplar of a native histogram", 15, 0.2)
    trace = world.native.get(f"/debug/traces/{found.pop()}")
    assert trace.status == 200, trace


def test_native_histograms_are_stored_and_answer_queries(world):
    series = 'testgen_request_duration_seconds{job="testgen-copilot"}'
    requests = own_figure(world.native, "testgen_request_duration_seconds_count")
    settled(world.modern, f"histogram_count({series})", requests)
    total = own_figure(world.native, "testgen_request_duration_seconds_sum")
    assert world.modern.value(f"histogram_sum({series})") == pytest.approx(total)
    # Eight buckets to each doubling: three seconds and a bit, within a tenth.
    assert 2.8 < world.modern.value(f"histogram_quantile(0.95, {series})") < 4.5
    # Such a Prometheus keeps no classic bucket, which is why every rule has a native twin.
    assert world.modern.query('testgen_request_duration_seconds_bucket{job="testgen-copilot"}') == []
    labelled = 'histogram_count(testgen_database_operation_duration_seconds{job="testgen-copilot",operation="enqueue"})'
    assert world.modern.value(labelled) == 25, labelled


def test_rules_see_native_histograms(world):
    """The shipped rule, not a rewritten one: with its native twin the alert fires here too."""
    firing = 'count_over_time(ALERTS{alertname="SlowResponseTime",alertstate="firing"}[2m])'
    wait_for(lambda: world.modern.query(firing), "SlowResponseTime to fire on a native histogram", 30, 0.2)
    recorded = 'max_over_time(job:testgen_request_duration_seconds:p95_rate5m{job="testgen-copilot"}[2m])'
    result = subprocess.run(["promtool", "query", "instant", world.modern.url, recorded],
                            capture_output=True, text=True, timeout=30)
    assert result.returncode == 0, result.stderr
    assert 2 < float(re.search(r"=> ([\d.]+)", result.stdout).group(1)) < 6


@pytest.mark.parametrize("accept, kind", [
    (TEXT, "text/plain; version=0.0.4; charset=utf-8"),
    (OPEN_METRICS, "application/openmetrics-text; version=1.0.0; charset=utf-8"),
    (PROTOBUF, "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited")])
def test_compressed_on_request(world, accept, kind):
    packed = world.classic.get("/metrics", {"Accept": accept, "Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip" and packed.headers["Content-Type"] == kind
    body = gzip.decompress(packed.body)
    assert len(packed.body) < len(body) / 2
    assert b"testgen_requests_total" in body or accept == OPEN_METRICS and b"testgen_requests" in body
    plain = world.classic.get("/metrics", {"Accept": accept})
    assert "Content-Encoding" not in plain.headers and plain.headers["Content-Type"] == kind


def test_promtool_finds_nothing_to_mend(world):
    page = world.classic.get("/metrics", {"Accept": TEXT}).body
    result = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True, timeout=30)
    assert (result.returncode, result.stdout + result.stderr) == (0, b"")


def test_the_strict_parser_takes_open_metrics(world):
    parser = pytest.importorskip("prometheus_client.openmetrics.parser")
    page = world.classic.get("/metrics", {"Accept": OPEN_METRICS}).text
    families = {family.name: family for family in parser.text_string_to_metric_families(page)}
    times = families["testgen_request_duration_seconds"]
    assert times.unit == "seconds" and any(sample.exemplar for sample in times.samples)
    assert any(sample.name.endswith("_created") for sample in times.samples)
