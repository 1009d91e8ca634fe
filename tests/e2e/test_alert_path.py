"""Each of the six alerts fires in a real Prometheus, passes a real Alertmanager by the shipped
routes, and resolves. The service is played by a page whose figures the test moves, so that the
faults which are hard to cause for real (memory, a model provider) are seen as well.
"""
import contextlib

import pytest

import alert_panels
import servers
import shortened
from loopback import METRICS, Loopback
from servers import wait_for

WARNINGS = ["SlowResponseTime", "LLMAPIErrors", "HighCacheMissRate"]


class Page(Loopback):
    """A /metrics page whose counters move with every scrape, in the way `faults` says."""

    BOUNDS = ("0.5", "1.0", "2.0", "5.0", "+Inf")

    def __init__(self):
        self.faults = set()
        self._counters = {}
        super().__init__(lambda _: (200, METRICS, self._text()))

    def _text(self):
        faults = set(self.faults)

        def count(series, by):
            self._counters[series] = self._counters.get(series, 0) + by

        bad = 2 if "errors" in faults else 0
        count('testgen_requests_total{method="POST",endpoint="/v1/generate",status="200"}', 10 - bad)
        count('testgen_requests_total{method="POST",endpoint="/v1/generate",status="500"}', bad)
        count('testgen_jobs_total{outcome="succeeded"}', 2)
        for bound in self.BOUNDS:
            slow = "slow" in faults and bound in ("0.5", "1.0", "2.0")
            count(f'testgen_request_duration_seconds_bucket{{le="{bound}"}}', 5 if slow else 10)
        count("testgen_request_duration_seconds_count", 10)
        llm = "llm" in faults
        count('testgen_llm_requests_total{provider="openai",status="success"}', 0 if llm else 2)
        count('testgen_llm_requests_total{provider="openai",status="error"}', 2 if llm else 0)
        count('testgen_llm_errors_total{provider="openai",error_type="unavailable"}', 2 if llm else 0)
        cache = "cache" in faults
        count("testgen_cache_misses_total", 8 if cache else 1)
        count("testgen_cache_hits_total", 2 if cache else 9)
        gauges = {"testgen_memory_limit_bytes": 1000,
                  "testgen_memory_working_set_bytes": 950 if "memory" in faults else 200}
        return "".join(f"{name} {value}\n" for name, value in {**self._counters, **gauges}.items())


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alert-path")

    class Path:
        pass

    with contextlib.ExitStack() as cleanup:
        it = Path()
        it.page = cleanup.enter_context(Page())
        it.receiver = cleanup.enter_context(servers.Receiver())
        it.alertmanager = cleanup.enter_context(
            servers.Alertmanager(folder / "am", shortened.alertmanager(it.receiver.url)))
        rules = folder / "alerts.yml"
        rules.write_text(shortened.rules())
        it.prometheus = cleanup.enter_context(servers.Prometheus(folder / "prometheus", shortened.prometheus(
            rules, {"testgen-copilot": it.page.address}, it.alertmanager.address)))
        it.prometheus.wait_scraped({"testgen-copilot"})
        yield it


def check_links(alert):
    name = alert["labels"]["alertname"]
    assert alert["annotations"]["runbook_url"] == f"https://docs.example.com/testgen/runbooks/{name}.md"
    assert alert["annotations"]["dashboard_url"].startswith(alert_panels.links()[name])


def test_normal_load_is_silent(path):
    """Ten judgements of good figures: nothing is even pending."""
    judged = "count_over_time(job:testgen_request_errors:ratio_rate5m[1m])"
    wait_for(lambda: (path.prometheus.value(judged) or 0) >= 10, "ten judgements", 40)
    assert path.prometheus.query("ALERTS") == []


def test_warnings_and_memory_arrive_and_clear(path):
    path.page.faults = {"slow", "llm", "cache", "memory"}
    for name in WARNINGS:
        alert = path.receiver.wait_alert("/monitoring", name, "firing", 40)
        assert alert["labels"]["severity"] == "warning"
        check_links(alert)
    check_links(path.receiver.wait_alert("/on-call", "HighMemoryUsage", "firing", 20))
    assert not any(path.receiver.alerts("/on-call", name, "firing") for name in WARNINGS)
    assert not any(path.receiver.alerts("/tickets", name, "firing") for name in WARNINGS), "a warning is no ticket"

    path.page.faults = set()
    for name in WARNINGS:
        path.receiver.wait_alert("/monitoring", name, "resolved", 50)
    path.receiver.wait_alert("/on-call", "HighMemoryUsage", "resolved", 20)


def test_errors_page_and_mute_their_symptoms(path):
    path.page.faults = {"errors", "slow"}
    check_links(path.receiver.wait_alert("/on-call", "HighErrorRate", "firing", 30))

    def muted():
        found = servers.request(path.alertmanager.url + "/api/v2/alerts").json()
        return [alert for alert in found if alert["labels"]["alertname"] == "SlowResponseTime"
                and alert["status"]["inhibitedBy"]]

    wait_for(muted, "SlowResponseTime to be muted by HighErrorRate", 30)
    path.page.faults = set()
    path.receiver.wait_alert("/on-call", "HighErrorRate", "resolved", 40)


def test_a_service_that_is_gone_pages(path):
    path.page.stop()
    check_links(path.receiver.wait_alert("/on-call", "TestGenServiceDown", "firing", 20))
