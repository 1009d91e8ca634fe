"""The whole line once: real work through a real service, counted by a real Prometheus, an alert
that a real Alertmanager carries to a receiver, the repair, and the all-clear.

The rules and routes are the shipped ones with shorter windows (tests/support/shortened.py).
The fault is real too: the service finds bubblewrap through a script on its PATH, and the test
replaces the script by one that fails, as an upgrade of the machine might.
"""
import os
import pathlib
import tempfile

import pytest

import alert_panels
import promql
import servers
import shortened
from breakable_sandbox import Bubblewrap
from servers import wait_for

pytestmark = pytest.mark.skipif(
    not (servers.BUILD / "testgen").exists(), reason="the program is not built: run ./dev build")

SOURCES = {
    "sign.py": "def sign(x: int) -> int:\n    if x < 0:\n        return -1\n    return 1 if x > 0 else 0\n",
    "clamp.py": "def clamp(x: int, low: int, high: int) -> int:\n    if low > high:\n"
                "        raise ValueError('empty range')\n    return max(low, min(x, high))\n",
    "vowels.py": "def vowels(text: str) -> int:\n    return sum(c in 'aeiou' for c in text.lower())\n",
}
BUDGET = 1.5


def body(name, source, seed=1):
    return {"language": "python", "files": [{"path": name, "content": source}],
            "options": {"budget_seconds": BUDGET, "seed": seed}, "wait_seconds": 30}


class Stack:
    """The service and everything that watches it, and an account of what was sent to it."""

    def __init__(self, folder, cleanup):
        self.sent = {}  # HTTP status → requests answered with it
        self.tests = 0
        self.bubblewrap = Bubblewrap(folder / "bin")
        enter = cleanup.enter_context
        self.receiver = enter(servers.Receiver())
        self.service = enter(servers.Testgen(
            folder / "testgen", "--workers", "2",
            env={"PATH": f"{self.bubblewrap.folder}:{os.environ['PATH']}"}))
        node = enter(servers.NodeExporter(folder / "node"))
        self.alertmanager = enter(servers.Alertmanager(
            folder / "alertmanager", shortened.alertmanager(self.receiver.url)))
        rules = folder / "alerts.yml"
        rules.write_text(shortened.rules())
        self.prometheus = enter(servers.Prometheus(folder / "prometheus", shortened.prometheus(
            rules, {"testgen-copilot": self.service.address, "node": node.address}, self.alertmanager.address)))
        self.prometheus.wait_scraped({"testgen-copilot", "node"})

    def post(self, document):
        answer = self.service.post("/v1/generate", document)
        self.sent[answer.status] = self.sent.get(answer.status, 0) + 1
        return answer

    def expect(self, expression, value, seconds=10):
        """Polls Prometheus until the expression has that value: a scrape may be a second away."""
        wait_for(lambda: self.prometheus.value(expression) == value,
                 f"{expression} to be {value:g} (is {self.prometheus.value(expression)})", seconds)


@pytest.fixture(scope="module")
def stack():
    import contextlib
    # Not pytest's folder, which only its owner may enter: sandboxed programs run as nobody.
    with tempfile.TemporaryDirectory(prefix="testgen-e2e-") as folder, contextlib.ExitStack() as cleanup:
        path = pathlib.Path(folder)
        path.chmod(0o755)
        yield Stack(path, cleanup)


def test_good_work_is_counted_one_by_one(stack):
    for name, source in SOURCES.items():
        answer = stack.post(body(name, source))
        assert answer.status == 200, f"{answer}\n{stack.service.log_tail()}"
        stack.tests += count_tests(answer.json())
    assert stack.tests > 0
    assert stack.post(body("sign.py", SOURCES["sign.py"])).status == 200  # from the cache
    assert stack.post({"language": "python", "files": []}).status == 422
    assert stack.post({"language": "klingon", "files": [{"path": "a.py", "content": ""}]}).status == 422

    for status, count in stack.sent.items():
        stack.expect(f'sum(testgen_requests_total{{endpoint="/v1/generate",method="POST",status="{status}"}})', count)
    # Probes and scrapes are not requests: nothing else was counted.
    stack.expect("sum(testgen_requests_total)", sum(stack.sent.values()))
    stack.expect("sum(testgen_request_duration_seconds_count)", sum(stack.sent.values()))
    stack.expect('testgen_jobs_total{outcome="succeeded"}', len(SOURCES))
    stack.expect('testgen_jobs_total{outcome="failed"}', 0)
    stack.expect('testgen_tests_generated_total{language="python"}', stack.tests)
    stack.expect("testgen_generation_duration_seconds_count", len(SOURCES))
    stack.expect("testgen_cache_hits_total", 1)
    stack.expect("testgen_cache_misses_total", len(SOURCES))
    stack.expect("testgen_queue_length", 0)


def count_tests(document):
    """Tests in an answer, as its report counts them."""
    found = []

    def walk(node):
        if isinstance(node, dict):
            found.extend(value for key, value in node.items() if key == "tests_kept")
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(document)
    return sum(found)


def test_an_exemplar_leads_to_the_trace_of_its_request(stack):
    def exemplars():
        found = stack.prometheus.api(
            "query_exemplars", query="testgen_request_duration_seconds_bucket", start=0, end=4e9)
        return [exemplar["labels"]["trace_id"] for series in found for exemplar in series["exemplars"]]

    traces = set(wait_for(exemplars, "an exemplar in Prometheus"))
    names = set()
    for trace in traces:
        answer = stack.service.get(f"/debug/traces/{trace}")
        assert answer.status == 200, answer
        names |= span_names(answer.json())
    assert "generate_tests" in names, names


def span_names(node):
    if isinstance(node, dict):
        own = {node["name"]} if isinstance(node.get("name"), str) else set()
        return own.union(*map(span_names, node.values()))
    if isinstance(node, list):
        return set().union(*map(span_names, node))
    return set()


def test_failing_work_pages_and_the_repair_clears_it(stack):
    failed_before = stack.prometheus.value("sum(testgen_errors_total)")
    stack.bubblewrap.break_it()
    for seed in range(100, 106):
        answer = stack.post(body("sign.py", SOURCES["sign.py"], seed=seed))
        assert answer.status >= 500, f"{answer} while the sandbox is broken"
        assert answer.headers["Content-Type"].startswith("application/problem+json"), answer
    stack.expect('sum(testgen_requests_total{status=~"5.."})',
                 sum(count for status, count in stack.sent.items() if status >= 500))
    wait_for(lambda: stack.prometheus.value("sum(testgen_errors_total)") > failed_before, "errors to be counted")

    page = stack.receiver.wait_alert("/on-call", "HighErrorRate", "firing", 30)
    assert page["labels"] == {"alertname": "HighErrorRate", "severity": "critical",
                              "service": "testgen-copilot", "job": "testgen-copilot"}
    text = page["annotations"]
    assert text["summary"] == "High error rate detected"
    assert text["runbook_url"] == "https://docs.example.com/testgen/runbooks/HighErrorRate.md"
    assert text["dashboard_url"] == alert_panels.links()["HighErrorRate"] + "var-job=testgen-copilot"
    assert "% of the requests or jobs" in text["description"]
    assert not stack.receiver.alerts("/monitoring", "HighErrorRate", "firing"), "a page is not also a warning"

    stack.bubblewrap.mend()
    answer = stack.post(body("sign.py", SOURCES["sign.py"], seed=200))
    assert answer.status == 200, f"{answer} after the repair\n{stack.service.log_tail()}"
    stack.receiver.wait_alert("/on-call", "HighErrorRate", "resolved", 40)


def test_a_service_that_is_gone_pages(stack):
    """Last, because it ends the service: its exit is clean and its absence is noticed."""
    assert stack.service.stop() == 0, stack.service.log_tail()
    page = stack.receiver.wait_alert("/on-call", "TestGenServiceDown", "firing", 20)
    assert page["labels"]["instance"] == stack.service.address


def test_rules_name_only_metrics_of_the_program(stack):
    """Every selector of the rules finds series in the Prometheus that scraped this service, except
    for the container metrics, which only a cluster has."""
    import yaml
    document = yaml.safe_load((shortened.DEPLOY / "prometheus/rules/alerts.yml").read_text())
    for group in document["groups"]:
        for rule in group["rules"]:
            for metric in promql.metrics(rule["expr"]):
                if metric.startswith("container") or ":" in metric:  # recorded by these rules themselves
                    continue
                # A native twin names the histogram itself, which is there when native histograms are on:
                # test_metrics_scraped.py turns them on. Here its count must be.
                found = [name for name in (metric, metric + "_count")
                         if stack.prometheus.query(f"last_over_time({name}[5m])")]
                assert found, metric
