"""The real `testgen serve`: real work over HTTP, and what it says of that work."""
import contextlib
import json
import pathlib
import re
import subprocess
import sys
import urllib.error

import pytest
from servers import SOURCE, Testgen, request, wait_for

CALC = """
def grade(points, limit=100):
    if limit <= 0:
        raise ValueError("limit must be positive")
    share = points / limit
    if share >= 0.9:
        return "A"
    if share >= 0.5:
        return "B"
    return "C"
"""


def body(content=CALC, seed=1, wait=40, budget=2, executions=0):
    return {"language": "python", "files": [{"path": "calc.py", "content": content}],
            "options": {"budget_seconds": budget, "seed": seed, "max_executions": executions}, "wait_seconds": wait}


def metric(service, series):
    """The value of one series of /metrics, 0 when it is not there."""
    pattern = re.compile("^" + re.escape(series) + r" (\S+)$", re.M)
    found = pattern.search(service.get("/metrics").text)
    return float(found.group(1)) if found else 0.0


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with Testgen(tmp_path_factory.mktemp("service"), "--workers", "1") as running:
        yield running


def test_generated_tests_pass_and_are_not_made_twice(service, tmp_path):
    answer = service.post("/v1/generate", body(budget=30, executions=300))
    assert answer.status == 200, answer
    job = answer.json()
    assert job["state"] == "succeeded" and job["cached"] is False
    (tmp_path / "calc.py").write_text(CALC)
    for file in job["result"]["files"]:
        path = tmp_path / file["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file["content"])
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
                          cwd=tmp_path, capture_output=True, text=True, timeout=60,
                          env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(tmp_path)})
    assert done.returncode == 0, done.stdout

    again = service.post("/v1/generate", body(wait=1, budget=30, executions=300))
    assert again.status == 200 and again.json()["cached"] is True
    assert again.json()["result"] == job["result"]


def test_the_readmes_request_is_answered(service):
    posted = (SOURCE / "examples/request.json").read_bytes()
    assert "-d @examples/request.json" in (SOURCE / "README.md").read_text()
    answer = request(service.url + "/v1/generate", posted, {"Content-Type": "application/x-www-form-urlencoded"}, timeout=90)
    assert answer.status == 200, answer
    made = answer.json()["result"]["files"][0]
    assert made["path"] == "tests/test_prices.py" and "count must not be negative" in made["content"]


def test_the_scrape_says_what_was_done(service):
    series = {
        'testgen_requests_total{method="POST",endpoint="/v1/generate",status="200"}': 2,
        'testgen_requests_total{method="POST",endpoint="/v1/generate",status="422"}': 2,
        'testgen_requests_total{method="GET",endpoint="unmatched",status="404"}': 1,
        "testgen_request_duration_seconds_count": 5,
        "testgen_cache_hits_total": 1,
        "testgen_cache_misses_total": 2,
        'testgen_jobs_total{outcome="succeeded"}': 1,
        'testgen_jobs_total{outcome="failed"}': 1,
        'testgen_errors_total{type="invalid_input",component="job"}': 0,
    }
    before = {name: metric(service, name) for name in series}
    service.post("/v1/generate", body(seed=2))
    service.post("/v1/generate", body(seed=2))
    broken = service.post("/v1/generate", body(content="def broken(:\n", seed=2))
    assert broken.status == 422 and "job_id" in broken.json(), broken
    assert service.post("/v1/generate", {"language": "python"}).status == 422
    assert service.get("/nowhere").status == 404
    for _ in range(3):
        service.get("/health")
    assert {name: metric(service, name) - before[name] for name in series} == series
    assert metric(service, "testgen_active_requests") == 0
    assert metric(service, "testgen_queue_length") == 0


def test_one_trace_from_the_request_to_the_sandbox_and_in_the_log(service):
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    answer = service.post("/v1/generate", body(seed=3),
                          headers={"traceparent": f"00-{trace_id}-b7ad6b7169203331-01"})
    assert answer.status == 200
    assert answer.headers["traceparent"].split("-")[1] == trace_id
    spans = service.get(f"/debug/traces/{trace_id}").json()["spans"]
    by_id = {span["span_id"]: span for span in spans}
    roots = [span for span in spans if span["parent_span_id"] not in by_id]
    assert [root["name"] for root in roots] == ["POST /v1/generate"]
    names = {span["name"] for span in spans}
    assert {"cache.get", "queue.wait", "job.run", "generate_tests", "cache.put"} <= names, names

    def mine():
        lines = [json.loads(line) for line in service.log.read_text().splitlines() if line[:1] == "{"]
        return {line["message"]: line for line in lines if line.get("trace_id") == trace_id}
    wait_for(lambda: {"job finished", "request finished"} <= mine().keys(), "the trace in the log")
    finished = mine()["request finished"]
    assert finished["service"] == "testgen-copilot" and finished["duration_ms"] >= 0


def test_probes_answer_while_the_only_worker_is_busy(service):
    accepted = service.post("/v1/generate", body(seed=4, wait=0, budget=5))
    assert accepted.status == 202
    location = accepted.headers["Location"]
    wait_for(lambda: service.get(location).json()["state"] == "running", "the job to run")
    for path in ("/health", "/alive", "/ready", "/metrics"):
        assert service.get(path, timeout=2).status == 200
    assert service.get("/ready").json() == {
        "status": "ready",
        "checks": {"database": True, "redis": True, "llm_api": True, "disk_space": True}}
    assert request(service.url + location, method="DELETE").json()["state"] == "cancelled"
    wait_for(lambda: service.get("/debug/requests").json()["jobs"] == [], "the run to stop", 20)
    assert service.get(location).json()["state"] == "cancelled"


def niceness_of(pid):
    return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[16])


def descendants(pid):
    found = []
    with contextlib.suppress(OSError):
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *descendants(child)]
    return found


def test_the_code_under_test_gives_way_to_the_service(service):
    endless = "def spin(n: int) -> int:\n    while n > 2:\n        n += 1\n    return n\n"
    job = service.post("/v1/generate", body(seed=5, wait=0, budget=30, content=endless)).json()["id"]
    ours = niceness_of(service.process.pid)

    def inside():
        found = []
        for pid in descendants(service.process.pid):
            with contextlib.suppress(OSError):  # some end while they are looked at
                if b"Runs candidate tests inside the sandbox" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(niceness_of(pid))
        return found
    seen = wait_for(inside, "the code under test to run", 30)
    assert set(seen) == {ours + 3}, seen
    assert request(f"{service.url}/v1/jobs/{job}", method="DELETE").status == 200
    wait_for(lambda: service.get("/debug/requests").json()["jobs"] == [], "the run to stop", 20)


def test_bad_requests_get_a_reason(service):
    too_big = body(content="#" * (2 << 20))
    try:
        assert service.post("/v1/generate", too_big).status == 413
    except (ConnectionError, urllib.error.URLError):
        pass  # refused by its length, before the client had sent it all
    for path, at in (("../x.py", "/files/0/path"), ("/etc/passwd", "/files/0/path")):
        wrong = body()
        wrong["files"][0]["path"] = path
        answer = service.post("/v1/generate", wrong)
        assert answer.status == 422 and answer.json()["errors"][0]["pointer"] == at
    assert request(service.url + "/v1/generate", body=b"not json").status == 400
    assert service.get("/health").status == 200
