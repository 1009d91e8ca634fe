"""What the real receivers of OTLP have in common."""
import contextlib
import json

from servers import Server, request


class Listening(Server):
    """Ready when the OTLP port answers anything: a GET is not what it is for."""

    def _answers(self):
        code = self.process.poll()
        assert code is None, f"{self.name} ended with {code} before it was ready"
        with contextlib.suppress(OSError):
            return request(self.url + self._ready_path, timeout=2).status
        return False


def configured(folder, name, port, text):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(text)
    return {"ready_path": "/v1/traces", "port": port}


def collected(file, signal):
    """What a collector's exporter into files wrote, item by item."""
    outer, scope, inner = {"traces": ("resourceSpans", "scopeSpans", "spans"),
                           "metrics": ("resourceMetrics", "scopeMetrics", "metrics"),
                           "logs": ("resourceLogs", "scopeLogs", "logRecords")}[signal]
    for line in file.read_text().splitlines() if file.exists() else []:
        with contextlib.suppress(json.JSONDecodeError):  # one that is being written
            for resource in json.loads(line).get(outer, []):
                for scoped in resource[scope]:
                    yield from scoped[inner]
