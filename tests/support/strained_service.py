"""An instance with hard times, so that panels which are empty on a good day have something to show: a small share of a
processor and of memory, few series of metrics, a receiver of telemetry that takes nothing, callers who guess keys, and
modules that never end. The last of them waits behind the others for more than half a minute.
"""
import contextlib
import os
import subprocess
import sys

import servers
from control_group import GREEDY, ControlGroup
from telemetry_receivers import OtlpReceiver

TOKEN = "0123456789abcdef-strained"
MINE = {"Authorization": f"Bearer {TOKEN}"}
HANGS = "import time\ntime.sleep(1000)\n\n\ndef half(n: int) -> int:\n    return n // {n}\n"
KNOWN = "def half(n: int) -> int:\n    return n // 2\n"
BUDGET = 8
IMPORT_SECONDS = 5  # the program's own limit, at which a module that never ends is given up
SLOW_SECONDS = 30  # what makes a journey a slow one
HANGING = SLOW_SECONDS // IMPORT_SECONDS + 1  # one after the other: the last two wait longer than that
MEMORY = 256 << 20


class StrainedService:
    """Starts it; `group` is None where no control group can be made, and then nothing is held back."""

    def __init__(self, folder, enter):
        folder.mkdir(parents=True)
        self.group = None
        with contextlib.suppress(OSError):
            self.group = enter(ControlGroup(f"testgen-strained-{os.getpid()}", MEMORY, cpus=0.25))
        receiver = enter(OtlpReceiver(folder, "400"))
        self.service = enter(servers.Testgen(
            folder / "serve", "--workers", "1", "--drain-timeout", "1s", "--metric-series-limit", "3", "--trace-memory",
            "16KiB", "--otlp-endpoint", receiver.url,
            env={"TESTGEN_API_TOKEN": TOKEN, "TESTGEN_PYTHON": "/usr/bin/python3", "OTEL_METRIC_EXPORT_INTERVAL": "1000",
                 "OTEL_BSP_SCHEDULE_DELAY": "1000", "OTEL_BLRP_SCHEDULE_DELAY": "1000"}))
        self.address = self.service.address
        self._post(KNOWN, BUDGET, wait=60)  # before the hard times, in which no module is imported in time
        if self.group:
            self.group.take(self.service.process.pid)

    def _post(self, module, budget, wait=0):
        answer = self.service.post("/v1/generate", {
            "language": "python", "files": [{"path": "m.py", "content": module}],
            "options": {"budget_seconds": budget}, "wait_seconds": wait}, MINE, timeout=90)
        assert answer.status == (200 if wait else 202), answer
        return answer.json()

    def drive(self, busy):
        """While `busy(pause)` says so, and until the last job has ended: with a failure, as it must. The jobs begin here
        and not sooner, so that whoever watches sees every one of them end."""
        jobs = [self._post(HANGS.format(n=number + 2), BUDGET)["id"] for number in range(HANGING)]
        greedy = None
        while busy(1):
            self._post(KNOWN, BUDGET, wait=30)  # from the cache
            for _ in range(15):  # more than a place in the code may log in a second
                self.service.get("/v1/jobs")
            if greedy is None and self.group:
                greedy = subprocess.run([sys.executable, "-c", GREEDY], preexec_fn=self.group.join, timeout=60, check=False)
                assert greedy.returncode == -9, "the kernel lets it have more than the group's limit"
        for job in jobs:
            servers.wait_for(lambda job=job: self.service.get(f"/v1/jobs/{job}", MINE).json().get("state") == "failed",
                             "a module that never ends to be given up", 2 * HANGING * IMPORT_SECONDS, 0.2)
