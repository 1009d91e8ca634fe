"""A scripted day of a service: everything that was done is in the scrape, number by number, and a request can be followed
from its bucket of the latency histogram through its trace to the sandbox.
"""
import re
import socket

import pytest
from servers import Testgen, request, wait_for
from test_service import body

TOKEN = "a-token-for-a-whole-day"
MINE = {"Authorization": f"Bearer {TOKEN}"}
OPENMETRICS = {"Accept": "application/openmetrics-text; version=1.0.0"}


SCANNED = {"files": [{"path": "a.py", "content": "import os\nimport hashlib\nfrom flask import request\n"
                                                 "os.system(request.args['x'])\nhashlib.md5(b'').hexdigest()\n"},
                     {"path": "b.py", "content": "x = 1\n"}]}


def endless(seed):
    """Work that lasts until somebody stops it: without fuel's end within its minute."""
    return {**body(seed=seed, wait=0, budget=60, content=f"def spin(n: int) -> int:\n    while n > {seed}:\n"
                                                         "        n += 1\n    return n\n")}


def malformed(service):
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
        return connection.recv(4096)


def the_day(service):
    """What happens; returns the id of the first job."""
    first = service.post("/v1/generate", body(seed=1, budget=30, executions=300), MINE)  # a miss, and work
    assert first.status == 200, first
    for _ in range(3):
        assert service.post("/v1/generate", body(seed=1, budget=30, executions=300), MINE).json()["cached"]  # three hits
    broken = service.post("/v1/generate", body(content="def broken(:\n"), MINE)  # a job that cannot succeed
    assert broken.status == 422
    assert service.post("/v1/generate", {"language": "cobol"}, MINE).status == 422
    assert service.get("/v1/jobs").status == 401                                 # nobody
    for guess in ("wrong-guess-number-one", "wrong-guess-number-two"):
        assert service.get("/v1/jobs", {"Authorization": f"Bearer {guess}"}).status == 401

    running = service.post("/v1/generate", endless(2), MINE).json()["id"]        # holds the only worker
    wait_for(lambda: service.get(f"/v1/jobs/{running}", MINE).json()["state"] == "running", "a job to run")
    queued = service.post("/v1/generate", endless(3), MINE).json()["id"]         # fills the queue
    assert service.post("/v1/generate", endless(3), MINE).json()["id"] == queued  # the same question
    full = service.post("/v1/generate", endless(4), MINE)
    assert full.status == 429 and full.headers["Retry-After"]
    slow = service.post("/v1/generate", {**endless(3), "wait_seconds": 2.2}, MINE)  # slow: over two seconds
    assert slow.status == 202
    for job in (queued, running):
        assert request(f"{service.url}/v1/jobs/{job}", method="DELETE", headers=MINE).json()["state"] == "cancelled"
    assert request(f"{service.url}/v1/jobs/{queued}", method="DELETE", headers=MINE).status == 409
    wait_for(lambda: service.get("/debug/requests", MINE).json()["jobs"] == [], "the run to stop", 20)

    job = first.json()["id"]
    test = first.json()["result"]["modules"][0]["tests"][0]["name"]
    for judged, verdict in ((f"tests/{job}", "accepted"), (f"tests/{job}:{test}", "rejected"), (f"tests/{job}", "accepted"),
                            ("findings/f1", "confirmed")):
        assert service.post(f"/v1/{judged}/feedback", {"verdict": verdict}, MINE).status == 200
    alert = {"version": "4", "alerts": [{"status": "firing", "labels": {"alertname": "A"}, "startsAt": "now", "fingerprint": "f"}]}
    assert service.post("/v1/hooks/alertmanager", alert, MINE).json() == {"received": 1, "news": 1}
    assert b" 400 " in malformed(service)
    for _ in range(2):  # a miss and a hit
        found = service.post("/v1/scan", SCANNED, MINE)
        assert found.status == 200, found
    verdicts = dict(zip((finding["id"] for finding in found.json()["findings"]), ("false_positive", "confirmed")))
    assert len(verdicts) == 2, found.text
    for finding, verdict in verdicts.items():
        assert service.post(f"/v1/findings/{finding}/feedback", {"verdict": verdict}, MINE).status == 200
    return job


def requests_total(method, endpoint, status, count):
    return f'testgen_requests_total{{method="{method}",endpoint="{endpoint}",status="{status}"}}', count


# Series → value after the day; those of testgen_requests_total are checked to be all there are.
EXPECTED = dict([
    requests_total("POST", "/v1/generate", 200, 4),
    requests_total("POST", "/v1/generate", 202, 4),
    requests_total("POST", "/v1/generate", 422, 2),
    requests_total("POST", "/v1/generate", 429, 1),
    requests_total("POST", "/v1/scan", 200, 2),
    requests_total("GET", "/v1/jobs", 401, 3),
    requests_total("DELETE", "/v1/jobs/{id}", 200, 2),
    requests_total("DELETE", "/v1/jobs/{id}", 409, 1),
    requests_total("POST", "/v1/tests/{id}/feedback", 200, 3),
    requests_total("POST", "/v1/findings/{id}/feedback", 200, 3),
    requests_total("POST", "/v1/hooks/alertmanager", 200, 1),
    requests_total("other", "unmatched", 400, 1),
    ("testgen_cache_hits_total", 4),
    ("testgen_cache_misses_total", 8),
    ('testgen_jobs_total{outcome="succeeded"}', 1),
    ('testgen_jobs_total{outcome="failed"}', 1),
    ('testgen_jobs_total{outcome="cancelled"}', 2),
    ("testgen_jobs_running", 0),
    ("testgen_queue_length", 0),
    ("testgen_active_requests", 0),
    ("testgen_job_wait_seconds_count", 3),
    ("testgen_job_duration_seconds_count", 2),
    ('testgen_authentication_failures_total{reason="missing_token"}', 1),
    ('testgen_authentication_failures_total{reason="wrong_token"}', 2),
    ('testgen_errors_total{type="unauthenticated",component="auth"}', 3),
    ('testgen_feedback_total{rating="accepted"}', 1),
    ('testgen_feedback_total{rating="rejected"}', 1),
    ('testgen_scan_feedback_total{rule="other",verdict="confirmed"}', 1),
    ('testgen_security_issues_total{severity="critical"}', 1),
    ('testgen_scan_findings_total{rule="python/command-injection",confidence="high"}', 1),
    ('testgen_scan_files_total{outcome="scanned"}', 2),
    ("testgen_scan_lines_total", 6),
    ("testgen_scan_coverage_ratio", 1),
    ("testgen_scan_confirmed_ratio", 2 / 3),
    ("testgen_scan_false_positive_ratio", 1 / 3),
    ('testgen_feature_uses_total{feature="scan"}', 2),
    ("testgen_user_satisfaction_ratio", 0.5),
    ('testgen_journey_steps_total{step="submitted"}', 9),
    ('testgen_journey_steps_total{step="generated"}', 4),
    ('testgen_journey_steps_total{step="downloaded"}', 4),
    ('testgen_journey_steps_total{step="accepted"}', 1),
    ('testgen_journey_steps_total{step="abandoned"}', 2),
    ('testgen_feature_uses_total{feature="feedback"}', 6),
    ('testgen_feature_uses_total{feature="alerts"}', 1),
    ('testgen_feature_errors_total{feature="generate"}', 0),
    ('testgen_database_errors_total{operation="enqueue"}', 0),
    ('testgen_database_operation_duration_seconds_count{operation="enqueue"}', 7),
    ('testgen_database_operation_duration_seconds_count{operation="rate"}', 6),
])


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    folder = tmp_path_factory.mktemp("day")
    (folder / "token").write_text(TOKEN + "\n")
    with Testgen(folder, "--workers", "1", "--queue-limit", "1", "--token-file", folder / "token") as service:
        job = the_day(service)
        yield service, job


def scrape(service):
    page = service.get("/metrics").text
    return {name: float(value) for name, value in re.findall(r"^([a-z_]+(?:\{.*\})?) (\S+)$", page, re.M)}


def test_the_scrape_has_what_was_done_number_by_number(day):
    service, _ = day
    seen = scrape(service)
    polled = {'testgen_requests_total{method="GET",endpoint="/v1/jobs/{id}",status="200"}',
              'testgen_requests_total{method="GET",endpoint="/debug/requests",status="200"}'}
    wrong = {name: (seen.get(name), value) for name, value in EXPECTED.items() if seen.get(name) != value}
    assert not wrong, "\n".join(f"{name}: {got} where {value} was done" for name, (got, value) in wrong.items())
    more = {name: value for name, value in seen.items()
            if name.startswith("testgen_requests_total") and value and name not in EXPECTED and name not in polled}
    assert not more, more
    assert seen["testgen_request_duration_seconds_count"] == sum(
        value for name, value in seen.items() if name.startswith("testgen_requests_total"))
    slow = [value for name, value in seen.items() if re.match(r'testgen_request_duration_seconds_bucket\{le="2(\.0)?"', name)]
    assert slow[0] < seen["testgen_request_duration_seconds_count"], "the slow request"
    for event in ("slow_request", "alert_received", "feedback_given", "job_cancelled", "job_refused", "authentication_failed",
                  "scan_finished"):
        wait_for(lambda: f'"{event}"' in service.log.read_text(), event)  # lines are written by a thread of their own
    log = service.log.read_text()
    assert TOKEN not in log and "wrong-guess" not in log


def test_an_exemplar_of_the_latency_leads_to_the_whole_trace(day):
    service, job = day
    page = service.get("/metrics", OPENMETRICS).text
    exemplars = set(re.findall(r'^testgen_request_duration_seconds_bucket\S+ \S+ # \{trace_id="([0-9a-f]{32})"', page, re.M))
    assert exemplars, "no exemplar on a bucket"
    assert any(service.get(f"/debug/traces/{trace}", MINE).status == 200 for trace in exemplars)

    trace = service.get(f"/v1/jobs/{job}", MINE).json()["trace_id"]
    spans = service.get(f"/debug/traces/{trace}", MINE).json()["spans"]
    by_id = {span["span_id"]: span for span in spans}
    roots = [span["name"] for span in spans if span["parent_span_id"] not in by_id]
    assert roots == ["POST /v1/generate"], roots

    def path(span):
        above = by_id.get(span["parent_span_id"])
        return ([*path(above)] if above else []) + [span["name"]]
    paths = {" > ".join(path(span)) for span in spans}
    root = "POST /v1/generate"
    for leaf in ("cache.get", "db.enqueue", "db.claim", "queue.wait", "job.run", "job.run > generate_tests",
                 "job.run > generate_tests > propose", "job.run > generate_tests > verify", "job.run > cache.put"):
        assert f"{root} > {leaf}" in paths, (leaf, sorted(paths))
    assert any(p.startswith(f"{root} > job.run > generate_tests") and p.endswith("sandbox.run") for p in paths), sorted(paths)
    assert any(p.startswith(root) and p.endswith("db.finish") for p in paths), sorted(paths)
