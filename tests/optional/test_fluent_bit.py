"""deploy/fluent-bit in a Fluent Bit, where there is one on the PATH: neither Debian 12 nor a registry of packages has it.
Elasticsearch is played by the test.
"""
import json
import shutil

import pytest
import shipping
from loopback import Loopback

LINES = 10_000


class Elasticsearch(shipping.Counted):
    """Takes what comes by /_bulk. A line is odd too when its index or time is not the line's own."""

    def __init__(self):
        super().__init__()
        self._server = Loopback(self._answer)
        self.port = self._server.address.split(":")[1]

    def _answer(self, request):
        if request.path.split("?")[0] != "/_bulk":  # the other output, for OTLP
            return 200, "application/json", "{}"
        lines = request.body.decode().splitlines()
        for action, document in zip(lines[::2], lines[1::2]):
            [where] = json.loads(action).values()
            found = where["_index"], json.loads(document)["@timestamp"][:19], request.headers["Authorization"]
            if found == ("testgen-logs-2026.11.22", "2026-11-22T17:30:00", "ApiKey key"):
                self.take(document)
            else:
                self.odd.append(found)
        return 200, "application/json", json.dumps({"took": 1, "errors": False, "items": []})

    def __enter__(self):
        self._server.__enter__()
        return self

    def __exit__(self, *_):
        self._server.stop()


class FluentBit(shipping.Shipper):
    reads_what_is_renamed = False
    name, file, sink = "fluent-bit", "fluent-bit/fluent-bit.yaml", Elasticsearch

    def send_to(self, port, text):
        for host, shipped in (("elasticsearch", 9200), ("otel-collector", 4318)):
            before = f"host: {host}\n      port: {shipped}\n"
            assert before in text
            text = text.replace(before, f"host: 127.0.0.1\n      port: {port}\n")
        return text.replace("      tls: on\n", "").replace("${ELASTICSEARCH_API_KEY}", "key")

    def adapt(self, text):
        return text.replace("/var/lib/fluent-bit", str(self.folder))

    def command(self):
        return [shutil.which("fluent-bit"), "-c", self.config]


@pytest.mark.skipif(not shutil.which("fluent-bit"), reason="there is no fluent-bit on the PATH")
def test_no_line_is_lost_across_rotation_and_restart(tmp_path, record_property):
    lost, more, odd = shipping.ship(FluentBit, tmp_path / "run", LINES, 60)
    record_property("more_than_once", more)
    assert not odd, odd[:3]
    assert lost == 0, f"{lost} of {LINES} lines were lost, {more} came more than once"
