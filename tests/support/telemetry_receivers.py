"""Receivers of telemetry for tests: OTLP decoded by the official definitions, and datagrams."""
import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess

from servers import SOURCE, wait_for

SUPPORT = pathlib.Path(__file__).resolve().parent


class OtlpReceiver:
    """tests/support/otlp_receiver.cjs: answers in turn as told, and keeps what it decoded."""

    def __init__(self, folder, *answers):
        self.file = pathlib.Path(folder) / "otlp.jsonl"
        self.file.write_text("")
        self._answers = answers
        self._process = None
        self.url = None

    def __enter__(self):
        self._process = subprocess.Popen(
            ["node", SUPPORT / "otlp_receiver.cjs", self.file, *self._answers],
            stdout=subprocess.PIPE, text=True, cwd=SOURCE)
        port = self._process.stdout.readline().strip()
        assert port, "the OTLP receiver did not start; ./dev setup installs what it needs"
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *_):
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(10)
        self._process.stdout.close()

    def requests(self, path=None):
        """Every whole request so far; one that could not be decoded fails the test."""
        lines = [json.loads(line) for line in self.file.read_text().splitlines()]
        for line in lines:
            assert "error" not in line, line["error"]
        return [line for line in lines if path in (None, line["path"])]

    def wait_for(self, path, count=1, seconds=20):
        wait_for(lambda: len(self.requests(path)) >= count, f"{count} requests to {path}", seconds)
        return self.requests(path)


def items(request, signal):
    """The spans, metrics or log records of one decoded request, with its resource."""
    outer, scope, inner = {"traces": ("resourceSpans", "scopeSpans", "spans"),
                           "metrics": ("resourceMetrics", "scopeMetrics", "metrics"),
                           "logs": ("resourceLogs", "scopeLogs", "logRecords")}[signal]
    for resource in request["body"][outer]:
        for scoped in resource[scope]:
            yield from scoped[inner]


def attributes(owner):
    """OTLP's attribute list as a dict of plain values."""
    out = {}
    for pair in owner.get("attributes", []):
        (kind, value), = pair["value"].items()
        out[pair["key"]] = int(value) if kind == "intValue" else value
    return out


class DatagramReceiver:
    """A UDP or unix datagram socket and what came in."""

    def __init__(self, path=None):
        if path:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self.socket.bind(str(path))
            self.url = f"unix://{path}"
        else:
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
            self.socket.bind(("127.0.0.1", 0))
            self.url = f"udp://127.0.0.1:{self.socket.getsockname()[1]}"
        self.socket.setblocking(False)
        self.datagrams = []

    def lines(self):
        with contextlib.suppress(BlockingIOError):
            while True:
                self.datagrams.append(self.socket.recv(1 << 16).decode())
        return [line for datagram in self.datagrams for line in datagram.split("\n")]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
