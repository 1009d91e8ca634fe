"""Databases and exporters of Debian that stand beside the service, each on loopback, on a free port, with its own
data. A caller skips what needs a program that is not installed.
"""
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess

from servers import SOURCE, Server, free_port, wait_for

# What the dashboards ask of them, with the labels beyond a target's; tests/e2e/test_every_panel.py asks the real ones.
NAMES = {
    **{f"redis_{name}": {} for name in (
        "commands_processed_total", "connected_clients", "memory_used_bytes", "memory_used_rss_bytes",
        "keyspace_hits_total", "keyspace_misses_total")},
    **{f"pg_stat_database_{name}": {"datname": None, "datid": None} for name in (
        "xact_commit", "xact_rollback", "blks_hit", "blks_read")},
    "pg_stat_activity_count": {"datname": None, "state": None},
    "pg_settings_max_connections": {},
    "prometheus_rule_group_last_duration_seconds": {"rule_group": None},
    "prometheus_notifications_sent_total": {"alertmanager": None},
    "prometheus_notifications_dropped_total": {},
    "alertmanager_notifications_total": {"integration": None},
    "alertmanager_notifications_failed_total": {"integration": None},
    "scrape_duration_seconds": {},
    "scrape_samples_scraped": {},
    # cAdvisor's, beside those that the rules name.
    **{f"container_{name}": {"namespace": None, "pod": None, "container": None, "id": None} for name in (
        "cpu_usage_seconds_total", "cpu_cfs_throttled_seconds_total", "oom_events_total")},
}

POSTGRES = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), default=None,
               key=lambda path: int(path.parent.name))


def missing():
    """Names of programs that the databases' panels need and this machine lacks."""
    wanted = ["redis-server", "prometheus-redis-exporter", "prometheus-postgres-exporter", "prometheus-pushgateway",
              "prometheus-blackbox-exporter"]
    return [name for name in wanted if not shutil.which(name)] + ([] if POSTGRES else ["postgresql"])


class Process:
    """A program that listens on a port and does not speak HTTP."""

    def __init__(self, folder, name):
        self.folder, self.name = pathlib.Path(folder), name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self._process = None

    def _start(self, command):
        with open(self.folder / f"{self.name}.log", "ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                             cwd=self.folder)
        wait_for(self._listens, f"{self.name} to listen", 30)
        return self

    def _listens(self):
        assert self._process.poll() is None, (self.folder / f"{self.name}.log").read_text()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def __exit__(self, *_):
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(15)


class Redis(Process):
    """May be left and entered again: it comes back at the same port, empty."""

    def __init__(self, folder, *arguments):
        super().__init__(folder, "redis")
        self.arguments = arguments
        self.url = f"redis://127.0.0.1:{self.port}"

    def __enter__(self):
        return self._start(["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
                            "--dir", str(self.folder), *self.arguments])

    def call(self, *commands):
        """Sends commands in the inline form and reads an answer to each."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
            connection.sendall("".join(command + "\r\n" for command in commands).encode())
            answers = connection.makefile("rb")
            for _ in commands:
                line = answers.readline()
                assert not line.startswith(b"-"), line
                if line.startswith(b"$") and line.strip() != b"$-1":
                    answers.readline()


class Postgres(Process):
    """As user postgres where the tests are root's: the server refuses to be."""

    def __init__(self, folder):
        super().__init__(folder, "postgres")
        self._as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres?sslmode=disable"

    def __enter__(self):
        data = self.folder / "data"
        data.mkdir(mode=0o700)
        if self._as:
            shutil.chown(data, "postgres")
        subprocess.run([*self._as, POSTGRES / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync",
                        "--no-instructions"], check=True, capture_output=True, timeout=60, cwd="/")
        return self._start([*self._as, POSTGRES / "postgres", "-D", data, "-p", str(self.port), "-h", "127.0.0.1",
                            "-k", "", "-F"])

    def call(self, statement):
        return subprocess.run([POSTGRES / "psql", "-X", "-q", "-d", self.url, "-c", statement], capture_output=True,
                              text=True, timeout=30)


class RedisExporter(Server):
    name = "redis-exporter"

    def __init__(self, folder, redis):
        super().__init__(folder, lambda self: [
            "prometheus-redis-exporter", "-redis.addr", f"redis://127.0.0.1:{redis.port}",
            "-web.listen-address", self.address], "/metrics")


class PostgresExporter(Server):
    name = "postgres-exporter"

    def __init__(self, folder, postgres):
        super().__init__(folder, lambda self: [
            "prometheus-postgres-exporter", f"--web.listen-address={self.address}"], "/metrics",
            env={"DATA_SOURCE_NAME": postgres.url})


class Pushgateway(Server):
    name = "pushgateway"

    def __init__(self, folder):
        super().__init__(folder, lambda self: [
            "prometheus-pushgateway", f"--web.listen-address={self.address}"], "/-/ready")


class BlackboxExporter(Server):
    name = "blackbox-exporter"

    def __init__(self, folder):
        super().__init__(folder, lambda self: [
            "prometheus-blackbox-exporter", f"--config.file={SOURCE / 'deploy/prometheus/blackbox.yml'}",
            f"--web.listen-address={self.address}"], "/-/healthy")
