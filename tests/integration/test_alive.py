"""A critical thread that stalls: /alive says so, the log says so, and both take it back."""
import contextlib
import ctypes
import json
import os
import pathlib
import subprocess

import pytest
from servers import BUILD, Testgen, wait_for

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
LIBC.ptrace.restype = ctypes.c_long
SEIZE, INTERRUPT, DETACH = 0x4206, 0x4207, 17
ANY_KIND = 0x40000000  # __WALL: threads too


def thread_named(pid, name):
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        if (task / "comm").read_text().strip() == name:
            return int(task.name)
    raise AssertionError(f"no thread is called {name}")


@contextlib.contextmanager
def stopped(tid):
    """Stops one thread and nothing else, as a debugger does."""
    if LIBC.ptrace(SEIZE, tid, None, None) != 0:
        pytest.skip("this machine does not let us trace our own child: " + os.strerror(ctypes.get_errno()))
    assert LIBC.ptrace(INTERRUPT, tid, None, None) == 0
    os.waitpid(tid, ANY_KIND)
    try:
        yield
    finally:
        LIBC.ptrace(DETACH, tid, None, None)


def test_a_stalled_thread_is_dead_until_it_goes_on(tmp_path):
    log = tmp_path / "app.log"
    with Testgen(tmp_path, "--log-file", log) as service:
        alive = service.get("/alive")
        assert alive.status == 200 and alive.json()["status"] == "alive"
        assert isinstance(alive.json()["timestamp"], float)
        with stopped(thread_named(service.process.pid, "tg-telemetry")):
            dead = wait_for(lambda: (answer := service.get("/alive")).status == 500 and answer, "the stall to show", 30)
            assert dead.json().keys() == {"status", "error"} and dead.json()["status"] == "dead"
            assert "thread telemetry has stalled" in dead.json()["error"]
            assert service.get("/livez").status == 500
            assert service.get("/health").status == 200
        wait_for(lambda: service.get("/alive").status == 200, "life to return")

        # The thread that answers probes cannot say that it has stalled; the log can.
        with stopped(thread_named(service.process.pid, "tg-http")):
            wait_for(lambda: "thread_stalled" in log.read_text(), "the stall in the log", 30)
        line = next(json.loads(line) for line in log.read_text().splitlines() if "thread_stalled" in line)
        assert line["level"] == "CRITICAL" and "thread http has stalled" in line["error"]
        wait_for(lambda: service.get("/alive").status == 200, "life to return")


def test_the_service_has_the_checks_and_threads_of_the_catalogue(tmp_path):
    printed = subprocess.run([BUILD / "testgen", "telemetry", "schema", "--json"], capture_output=True, text=True,
                             timeout=30, check=True).stdout
    health = json.loads(printed)["health"]
    with Testgen(tmp_path) as service:
        said = service.get("/readyz?verbose").json()
        assert set(said["details"]) == {check["name"] for check in health["checks"]}
        for check in health["checks"]:
            assert said["details"][check["name"]]["required"] == check["required"]
        # The administrators' listener has a thread only where there is one.
        assert set(said["threads"]) == {thread["name"] for thread in health["threads"]} - {"admin"}
        assert said["details"]["sandbox"]["status"] == "passes"
        assert said["details"]["redis"]["status"] == "not configured"
        short = service.get("/ready").json()
        assert short == {"status": "ready", "checks": {"database": True, "redis": True, "llm_api": True, "disk_space": True}}
