"""What the I/O thread does for one request takes it less than a millisecond, by the kernel's own account of its time on a
processor; so the figure is the same on a machine that does other things too.
"""
import contextlib
import gzip
import json
import os
import pathlib
import re
import socket
import threading

import pytest
from servers import Testgen, wait_for
from test_service import body

LIMIT_MS = 1.0
TIMES = 40


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with Testgen(tmp_path_factory.mktemp("io"), "--workers", "1") as running:
        running.known = body(seed=1, budget=30, executions=60)
        running.known["files"].append({"path": "notes.txt", "content": "x" * 2000})
        assert running.post("/v1/generate", running.known, timeout=120).status == 200
        yield running


def io_thread(service):
    """Its folder under /proc, whose name is its id."""
    for task in pathlib.Path(f"/proc/{service.process.pid}/task").iterdir():
        if (task / "comm").read_text().strip() == "tg-http":
            return task
    raise AssertionError("there is no thread tg-http")


def time_of_the_io_thread(service):
    """Milliseconds on a processor since the start."""
    return int((io_thread(service) / "schedstat").read_text().split()[0]) / 1e6


@contextlib.contextmanager
def before_all_others(service):
    """The thread gets a processor at once when it wants one, so that whatever holds it up is its own work.
    False where the machine does not allow that."""
    thread = int(io_thread(service).name)
    try:
        os.sched_setscheduler(thread, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError:
        yield False
        return
    try:
        yield True
    finally:
        os.sched_setscheduler(thread, os.SCHED_OTHER, os.sched_param(0))


def raw(service, text):
    with socket.create_connection(("127.0.0.1", service.port), timeout=20) as connection:
        connection.sendall(text)
        return connection.recv(65536)


def metrics(service, accept, encoding="identity"):
    answer = service.get("/metrics", {"Accept": accept, "Accept-Encoding": encoding})
    page = gzip.decompress(answer.body) if encoding == "gzip" else answer.body
    assert b"testgen_requests_total" in page


WORK = {
    "probe": lambda s: s.get("/health").json(),
    "readiness with ages": lambda s: s.get("/ready?verbose").json(),
    "metrics": lambda s: metrics(s, "text/plain"),
    "metrics with exemplars": lambda s: metrics(s, "application/openmetrics-text; version=1.0.0"),
    "compressed metrics": lambda s: metrics(s, "text/plain", "gzip"),
    "known result": lambda s: s.post("/v1/generate", s.known).json()["cached"] or pytest.fail("not cached"),
    "new bytes of a known question": lambda s: s.post("/v1/generate", json.dumps(s.known, indent=2).encode(), {
        "Content-Type": "application/json"}).json(),
    "body at the limit": lambda s: s.post("/v1/scan", {"files": [{"path": "a.txt", "content": "x" * ((1 << 20) - 200)}]}),
    "document": lambda s: s.get("/openapi.json").json(),
    "page": lambda s: s.get("/docs"),
    "list of jobs": lambda s: s.get("/v1/jobs").json(),
    "nothing there": lambda s: s.get("/" + "x" * 2000),
    "malformed": lambda s: raw(s, b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
}


@pytest.mark.parametrize("kind", WORK)
def test_a_request_takes_less_than_a_millisecond_of_it(service, kind):
    WORK[kind](service)  # what is made once is made
    before = time_of_the_io_thread(service)
    for _ in range(TIMES):
        WORK[kind](service)
    each = (time_of_the_io_thread(service) - before) / TIMES
    assert each < LIMIT_MS, f"{kind} takes {each:.2f} ms"


def lags(service):
    """Upper bound in seconds → how often the thread came to its timer no later than that."""
    page = service.get("/metrics").text
    found = re.findall(r'^testgen_http_loop_lag_seconds_bucket\{le="([^"]+)"\} (\d+)', page, re.M)
    return {float(bound): int(count) for bound, count in found}


def looks_at_the_timer(service, count):
    """The same for that many more times, while four clients ask without a pause."""
    stop = threading.Event()

    def ask():
        while not stop.is_set():
            assert service.post("/v1/generate", service.known).status == 200
    before = lags(service)
    clients = [threading.Thread(target=ask) for _ in range(4)]
    for client in clients:
        client.start()
    try:
        wait_for(lambda: lags(service)[float("inf")] - before[float("inf")] >= count, f"{count} looks at the timer", 60, 0.5)
    finally:
        stop.set()
        for client in clients:
            client.join()
    return {bound: number - before[bound] for bound, number in lags(service).items()}


def test_it_comes_to_its_timer_within_a_millisecond_while_many_ask(service):
    with before_all_others(service) as alone:
        if not alone:
            pytest.skip("only an administrator may keep other threads from holding it up")
        # What is left to the machine: interrupts, and a hypervisor that runs another guest. A loop that something of ours
        # holds up is held up each time.
        looks = []
        for _ in range(3):
            seen = looks_at_the_timer(service, 60)
            looks.append(seen)
            if seen[0.001] >= seen[float("inf")] * 0.95 and seen[0.025] == seen[float("inf")]:
                return
    raise AssertionError(looks)


def test_it_comes_to_its_timer_soon_where_it_must_wait_for_a_processor(service):
    """By the usual rules of the scheduler, beside its own clients and whatever else the machine does."""
    seen = looks_at_the_timer(service, 40)
    assert seen[0.001] >= seen[float("inf")] / 2, seen
    assert seen[0.025] >= seen[float("inf")] * 0.95, seen
