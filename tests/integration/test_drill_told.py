"""`testgen drill` counts a receiver as told only when what Alertmanager sent can be of no other alert. Prometheus and
Alertmanager are played here, so that two alerts reach the same channel when the test wants it.
"""
import http.server
import json
import re
import subprocess
import threading
import time

from servers import BUILD

ALERT, OTHER = "CertificateExpiresSoon", "SlowResponseTime"
CONFIGURATION = """\
receivers:
- name: testgen-hook
  webhook_configs:
  - send_resolved: true
    url: http://127.0.0.1:8000/v1/hooks/alertmanager
- name: monitoring
  slack_configs:
  - send_resolved: true
    channel: '#monitoring'
- name: on-call
  slack_configs:
  - send_resolved: true
    channel: '#alerts'
  pagerduty_configs:
  - send_resolved: true
"""


class Monitoring:
    """While the fault's file is there, the drilled alert fires. The other alert is told by the same channel at once, the drilled
    one `after` so many seconds, or never. The drilled alert's `receiver` may use more than that channel."""

    def __init__(self, fault, after, other=True, receiver="monitoring"):
        self.fault, self.after, self.other, self.receiver, self.begun = fault, after, other, receiver, None
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = outer.answer(self.path.split("?")[0])
                body = body if isinstance(body, str) else json.dumps(body)
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, path):
        fires = self.fault.exists()
        if fires and self.begun is None:
            self.begun = time.monotonic()
        names = ([OTHER] if self.other and self.begun else []) + ([ALERT] if fires else [])
        if path == "/api/v1/alerts":
            return {"data": {"alerts": [{"state": "firing", "labels": {"alertname": name}} for name in names]}}
        if path == "/api/v2/status":
            return {"config": {"original": CONFIGURATION}}
        if path == "/api/v2/alerts":
            return [{"receivers": [{"name": "testgen-hook"}, {"name": self.receiver}]}] if fires else []
        if path == "/api/v2/alerts/groups":
            return [{"labels": {"alertname": name}, "receiver": {"name": receiver}, "alerts": [
                {"fingerprint": name, "labels": {"alertname": name}, "status": {"state": "active"}}]}
                for name in names
                for receiver in ("testgen-hook", self.receiver if name == ALERT else "monitoring")]
        told = self.after is not None and self.begun is not None and time.monotonic() - self.begun > self.after
        sent = int(self.other and self.begun is not None) + int(told)
        counted = [("", "slack", 7 + sent), ("failed", "slack", 0), ("", "pagerduty", int(told)), ("failed", "pagerduty", 0)]
        return "".join(f'alertmanager_notifications_{what}_total{{integration="{integration}"}} {value}\n'
                       for what, integration, value in counted).replace("__", "_")

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


def drill(folder, timeout="4s", **how):
    fault = folder / "fault"
    with Monitoring(fault, **how) as monitoring:
        return subprocess.run(
            [BUILD / "testgen", "drill", "run", ALERT, "--inject", f"touch {fault}", "--lift", f"rm {fault}", "--prometheus",
             monitoring.url, "--alertmanager", monitoring.url, "--drill-timeout", timeout, "--data", folder],
            capture_output=True, text=True, timeout=60)


def told(done):
    found = re.search(rf"^{ALERT} +warning +[\d.]+ +([\d.]+) +[\d.]+  slack$", done.stdout, re.M)
    assert done.returncode == 0 and found, (done.stdout, done.stderr)
    return float(found.group(1))


def test_a_message_about_another_alert_is_not_taken_for_this_ones(tmp_path):
    assert told(drill(tmp_path, after=1.5)) >= 1.5


def test_alone_the_first_message_is_this_ones(tmp_path):
    assert told(drill(tmp_path, after=0.3, other=False)) < 1.5


def test_a_receiver_that_only_heard_of_another_alert_was_not_told(tmp_path):
    done = drill(tmp_path, after=None)
    assert done.returncode != 0 and not (tmp_path / "fault").exists()
    assert f"not told yet: slack, whose messages may have been about {OTHER}" in done.stderr


def test_a_receiver_that_was_sent_nothing_is_named(tmp_path):
    done = drill(tmp_path, after=None, other=False)
    assert done.returncode != 0 and re.search("not told yet: slack$", done.stderr, re.M), done.stderr


def test_what_is_told_with_another_channel_of_its_receiver_was_told_of_the_same(tmp_path):
    """PagerDuty heard of nothing else. Slack's message may have been of the other alert, and Alertmanager tells a receiver's
    channels together."""
    done = drill(tmp_path, after=1.5, receiver="on-call")
    assert done.returncode == 0, (done.stdout, done.stderr)
    when = {channel: float(seconds) for channel, seconds in re.findall(r"told by (\w+) after ([\d.]+) s$", done.stderr, re.M)}
    assert set(when) == {"pagerduty", "slack"} and min(when.values()) >= 1.5, done.stderr


def test_after_a_while_a_doubtful_message_counts_and_is_called_so(tmp_path):
    done = drill(tmp_path, timeout="20s", after=None)
    assert told(done) >= 10
    assert f"unless that was about {OTHER}" in done.stderr
