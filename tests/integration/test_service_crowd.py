"""Ten thousand connections that do nothing cost little and keep nobody out."""
import re
import resource
import selectors
import socket
import time

import pytest
from servers import Testgen, request

CROWD = 10_000
MEMORY_BAR = 120 * 1024  # KiB
ANSWER_BAR = 0.05        # seconds


def resident_kib(service):
    with open(f"/proc/{service.process.pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+) kB", status.read()).group(1))


@pytest.fixture
def descriptors():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if before[1] < CROWD + 1000:
        pytest.skip(f"this machine allows {before[1]} descriptors, too few for the crowd")
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def open_crowd(address, count):
    crowd = []
    for number in range(count):
        connection = socket.create_connection(address, timeout=10)
        if number % 2:  # half of them have been served once
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        crowd.append(connection)
    for connection in crowd[1::2]:
        assert connection.recv(64).startswith(b"HTTP/1.1 200")
    return crowd


def test_ten_thousand_idle_connections(tmp_path, descriptors):
    with Testgen(tmp_path, "--workers", "1") as service:
        crowd = open_crowd(("127.0.0.1", service.port), CROWD)
        try:
            memory = resident_kib(service)
            times = []
            for _ in range(40):
                begun = time.monotonic()
                assert request(service.url + "/health").status == 200
                times.append(time.monotonic() - begun)
            with selectors.DefaultSelector() as selector:
                for connection in crowd:
                    selector.register(connection, selectors.EVENT_READ)
                # What is readable now was closed, or had more to say than was read.
                closed = [key for key, _ in selector.select(0) if key.fileobj.recv(4096) == b""]
        finally:
            for connection in crowd:
                connection.close()
        assert not closed, f"{len(closed)} were thrown out"
        assert memory <= MEMORY_BAR, f"{memory} KiB"
        # The median: other programs run on this machine too.
        assert sorted(times)[len(times) // 2] < ANSWER_BAR, times
