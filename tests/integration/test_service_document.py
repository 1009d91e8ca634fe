"""Whatever is sent, the answer is one that the OpenAPI document allows; and the document is whole."""
import random
import re

import pytest
from openapi_requests import Document
from servers import Testgen, request
from test_service import body

REQUESTS = 60  # of each operation


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with Testgen(tmp_path_factory.mktemp("document"), "--workers", "1", "--queue-limit", "5") as running:
        yield running


def test_every_answer_is_in_the_document(service):
    document = Document(service.get("/openapi.json").json())
    known = [service.post("/v1/generate", body(seed=9, wait=0, budget=1)).json()["id"]]
    chance = random.Random(26)
    outside = []
    for method, path, operation in document.operations():
        if path == "/v1/jobs/{id}/events":
            continue  # endless; the next test reads one
        for _ in range(REQUESTS if "requestBody" in operation or "parameters" in operation else 3):
            data = document.body(operation, chance) if "requestBody" in operation else None
            headers = {"Content-Type": chance.choice(["application/json"] * 9 + ["text/plain"])} if data is not None else {}
            if chance.random() < 0.2:
                headers["Idempotency-Key"] = chance.choice(["a", "b", "k" * 300])
            if data and method == "POST" and path == "/v1/generate":
                data = re.sub(rb'"wait_seconds": [0-9.e+-]+', b'"wait_seconds": 0', data)
            target = document.target(path, operation, chance, known)
            answer = request(service.url + target, data, headers, method, timeout=70)
            outside += [f"{method} {target} {data!r:.300}: {answer.status} {fault}"
                        for fault in document.judge(operation, answer)]
    assert not outside, "\n".join(outside[:10])
    assert service.get("/health").status == 200
    # None of it was a failure of ours.
    failures = re.findall(r'^testgen_requests_total\{[^}]*endpoint="([^"]+)",status="5..".* ([0-9.]+)$',
                          service.get("/metrics").text, re.M)
    assert not [endpoint for endpoint, count in failures if float(count)], failures


def test_events_are_what_the_document_says(service):
    accepted = service.post("/v1/generate", body(seed=10, wait=0, budget=1))
    assert accepted.status in (202, 429), accepted
    if accepted.status == 202:
        stream = service.get(accepted.headers["Location"] + "/events", timeout=60)
        assert stream.headers["Content-Type"] == "text/event-stream"
        names = re.findall(r"^event: (\w+)$", stream.text, re.M)
        assert names[0] == "state" and names[-1] == "end" and set(names) <= {"state", "progress", "end"}, names
