"""Real servers for tests: each on loopback, on a free port, with its own data folder.

Every server is stopped by the pid that started it, and every wait has a deadline and says what
it was waiting for. Nothing sleeps until something is probably ready.
"""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from loopback import Loopback

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("TESTGEN_BUILD_DIR", SOURCE / "build" / "release"))


def free_port():
    """A port that was free a moment ago. Servers that lose the race fail to start, and say so."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, what, seconds=10.0, pause=0.05):
    """Polls until condition() is true-ish and returns its value; AssertionError at the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:g} s for {what}; last seen: {value!r}")
        time.sleep(pause)


class Answer:
    """Status, headers and body of an HTTP answer; error statuses are answers too."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    def __repr__(self):
        return f"Answer({self.status}, {self.text[:300]!r})"


def request(url, body=None, headers=None, method=None, timeout=30.0):
    """One HTTP request; a dict as body is sent as JSON."""
    headers = dict(headers or {})
    if isinstance(body, (dict, list)):
        body = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    message = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(message, timeout=timeout) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


class Server:
    """A process that listens. Subclasses give the command and how to tell that it is ready."""

    name = "server"
    # Prometheus and friends log to stderr; the file is shown when something goes wrong.

    def __init__(self, folder, command, ready_path, env=None, port=None, preexec_fn=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.address}"
        self.log = self.folder / f"{self.name}.log"
        self._command = [str(part) for part in command(self)]
        self._ready_path = ready_path
        self._env = {**os.environ, **(env or {})}
        self._before = preexec_fn
        self.process = None

    def launch(self):
        """Starts the process and waits for nothing."""
        log = open(self.log, "ab")
        with log:
            self.process = subprocess.Popen(
                self._command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                cwd=self.folder, env=self._env, preexec_fn=self._before)

    def start(self, seconds=15.0):
        self.launch()
        return self.wait_ready(seconds)

    def wait_ready(self, seconds=15.0):
        try:
            wait_for(self._answers, f"{self.name} at {self.url}{self._ready_path}", seconds)
        except AssertionError as error:
            self.stop()
            raise AssertionError(f"{error}\n{self.log_tail()}") from None
        return self

    def _answers(self):
        code = self.process.poll()
        if code is not None:
            raise AssertionError(f"{self.name} ended with {code} before it was ready")
        with contextlib.suppress(OSError):
            return request(self.url + self._ready_path, timeout=2).status == 200
        return False

    def stop(self, seconds=15.0):
        """SIGTERM, then SIGKILL at the deadline. Returns the exit code."""
        if self.process is None or self.process.poll() is not None:
            return None if self.process is None else self.process.returncode
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait(seconds)

    def log_tail(self, lines=30):
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()


class Prometheus(Server):
    """Debian's Prometheus. `config` is the text of prometheus.yml, written into the folder."""

    name = "prometheus"

    def __init__(self, folder, config, features=("exemplar-storage",), retention="1d"):
        path = pathlib.Path(folder) / "prometheus.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(config)
        super().__init__(folder, lambda self: [
            "prometheus", f"--config.file={path}", f"--storage.tsdb.path={self.folder / 'data'}",
            f"--web.listen-address={self.address}", f"--enable-feature={','.join(features)}",
            f"--storage.tsdb.retention.time={retention}"], "/-/ready")

    def api(self, path, **parameters):
        query = urllib.parse.urlencode(parameters)
        answer = request(f"{self.url}/api/v1/{path}?{query}")
        body = answer.json()
        assert body["status"] == "success", f"{path} {parameters}: {body}"
        return body["data"]

    def query(self, expression):
        """Instant query: list of {metric, value}."""
        data = self.api("query", query=expression)
        if data["resultType"] == "scalar":
            return [{"metric": {}, "value": data["result"]}]
        return data["result"]

    def value(self, expression):
        """The one number that an expression yields, or None where it yields nothing."""
        result = self.query(expression)
        assert len(result) <= 1, f"{expression} yields {len(result)} series"
        return float(result[0]["value"][1]) if result else None

    def targets_up(self):
        """Jobs whose every target was scraped well. Empty for the first seconds of its life."""
        health = {}
        for target in self.api("targets", state="active")["activeTargets"]:
            health.setdefault(target["labels"]["job"], []).append(target["health"] == "up")
        return {job for job, states in health.items() if all(states)}

    def wait_scraped(self, jobs, seconds=30.0):
        wait_for(lambda: set(jobs) <= self.targets_up(), f"targets {sorted(jobs)} to be scraped", seconds)


class Alertmanager(Server):
    """Debian's Alertmanager, or another one, alone: no cluster port."""

    name = "alertmanager"

    def __init__(self, folder, config, templates=None, program="prometheus-alertmanager", arguments=()):
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "alertmanager.yml").write_text(config)
        if templates:
            shutil.copytree(templates, folder / "templates", dirs_exist_ok=True)
        super().__init__(folder, lambda self: [
            program, f"--config.file={folder / 'alertmanager.yml'}",
            f"--storage.path={self.folder / 'data'}", f"--web.listen-address={self.address}",
            "--cluster.listen-address=", *arguments], "/-/ready")


class NodeExporter(Server):
    name = "node-exporter"

    def __init__(self, folder):
        super().__init__(folder, lambda self: [
            "prometheus-node-exporter", f"--web.listen-address={self.address}"], "/metrics")


class Testgen(Server):
    """`testgen serve` from the build folder, on its own data folder."""

    name = "testgen"
    __test__ = False  # not a test class, whatever pytest thinks of the name

    def __init__(self, folder, *arguments, env=None, preexec_fn=None):
        self.data = pathlib.Path(folder) / "data"
        super().__init__(folder, lambda self: [
            BUILD / "testgen", "serve", "--listen", self.address, "--data", self.data,
            "--log-format", "json", *arguments], "/ready", env=env, preexec_fn=preexec_fn)

    def post(self, path, body, headers=None, timeout=60.0):
        return request(self.url + path, body=body, headers=headers, timeout=timeout)

    def get(self, path, headers=None, timeout=30.0):
        return request(self.url + path, headers=headers, timeout=timeout)


class Receiver(Loopback):
    """A webhook receiver that keeps what it is sent, by path, with the time it came."""

    def __init__(self):
        self.received = []  # (monotonic seconds, path, parsed body)
        self._lock = threading.Lock()
        super().__init__(self._keep)

    def _keep(self, request):
        with self._lock:
            self.received.append((time.monotonic(), request.path, json.loads(request.body)))
        return 200, "text/plain", ""

    def alerts(self, path, name, status):
        """Every alert of that name and status that came to that path, oldest first."""
        with self._lock:
            return [alert for _, at, body in self.received if at == path
                    for alert in body["alerts"]
                    if alert["labels"]["alertname"] == name and alert["status"] == status]

    def wait_alert(self, path, name, status, seconds):
        return wait_for(lambda: self.alerts(path, name, status),
                        f"{name} {status} at {path}", seconds)[0]
