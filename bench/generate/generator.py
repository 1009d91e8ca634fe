"""Runs `testgen generate` as a user does, and watches what it takes."""
import dataclasses
import json
import pathlib
import re
import subprocess
import threading
import time

import corpus


@dataclasses.dataclass
class Outcome:
    exit: int
    seconds: float
    peak_mb: float  # of the core alone: its children are in the sandbox
    report: dict
    errors: str


class Peak(threading.Thread):
    """Reads the high-water mark of a process until it ends. The kernel keeps the mark, so only
    growth in the last few hundredths of a second can be missed."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.status = pathlib.Path(f"/proc/{pid}/status")
        self.kilobytes = 0
        self.ended = threading.Event()
        self.start()

    def run(self):
        while not self.ended.is_set():
            try:
                found = re.search(r"VmHWM:\s+(\d+)", self.status.read_text())
            except OSError:
                return
            if found:
                self.kilobytes = max(self.kilobytes, int(found[1]))
            self.ended.wait(0.02)


def generate(options, sources, folder, *flags, timeout=600):
    """Tests for those files in that folder."""
    folder = pathlib.Path(folder)
    report = folder.parent / (folder.name + ".report.json")
    command = [options.testgen, "generate", *map(str, sources), "-o", str(folder), "--budget", options.budget,
               "--seed", str(options.seed), "--json", str(report), "--quiet", "--python", corpus.PYTHON, *flags]
    if options.max_executions:
        command += ["--max-executions", str(options.max_executions)]
    started = time.monotonic()
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=folder.parent)
    peak = Peak(run.pid)
    try:
        errors = run.communicate(timeout=timeout)[1]
    except subprocess.TimeoutExpired:
        run.kill()
        errors = f"killed after {timeout} seconds; " + run.communicate()[1]
    seconds = time.monotonic() - started
    peak.ended.set()
    peak.join()
    written = json.loads(report.read_text()) if report.exists() else {}
    return Outcome(run.returncode, seconds, peak.kilobytes / 1024, written, errors.strip())


def budget_seconds(text):
    """"10s", "500ms", "1m" in seconds."""
    number, unit = re.fullmatch(r"([\d.]+)(ms|s|m)?", text).groups()
    return float(number) * {"ms": 0.001, "s": 1, "m": 60, None: 1}[unit]
