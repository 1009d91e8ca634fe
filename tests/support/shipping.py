"""Log files through a shipper: lines are written while the file is rotated by renaming and the shipper is stopped and
started again, and what arrives over TCP is counted. Used by a test with few lines and by `./dev bench shippers` with
many."""
import collections
import json
import pathlib
import re
import signal
import socket
import socketserver
import subprocess
import threading
import time

from servers import SOURCE, free_port, wait_for
from unpacked import unpacked

DEPLOY = SOURCE / "deploy"


class Counted:
    """Counts each line by its number."""

    def __init__(self):
        self.seen = collections.Counter()
        self.odd = []
        self._lock = threading.Lock()

    def take(self, line):
        try:
            number = json.loads(line)["n"]
        except (ValueError, KeyError, TypeError):
            number = None
        with self._lock:
            if number is None:
                self.odd.append(line[:200])
            else:
                self.seen[number] += 1

    def count(self):
        with self._lock:
            return len(self.seen)


class Sink(Counted):
    """Takes lines over TCP."""

    def __init__(self, port=None):
        super().__init__()
        self.port = port or free_port()
        self._open = set()
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                with outer._lock:
                    outer._open.add(self.connection)
                try:
                    for line in self.rfile:
                        outer.take(line)
                except OSError:
                    pass

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self._server = Server(("127.0.0.1", self.port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self._server.server_close()


class Shipper:
    """A daemon with the shipped file, its folder and its receiver replaced, and nothing else changed."""
    sink = Sink

    def __init__(self, folder, logs, port):
        self.folder, self.process = pathlib.Path(folder), None
        self.folder.mkdir(parents=True)
        text = (DEPLOY / self.file).read_text().replace("/var/log/testgen", str(logs))
        text = self.adapt(self.send_to(port, text))
        assert str(port) in text
        self.config = self.folder / ("shipper" + pathlib.Path(self.file).suffix)
        self.config.write_text(self.head() + text)

    def send_to(self, port, text):
        text = text.replace("logs.example.com", "127.0.0.1")
        return re.sub(r'(port=?[("]+)5170', rf"\g<1>{port}", text)

    def head(self):
        return ""

    def adapt(self, text):
        return text

    def start(self):
        with open(self.folder / "shipper.log", "ab") as log:
            self.process = subprocess.Popen([str(part) for part in self.command()], stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"{self.name} did not stop within 30 s: {self.said()}") from None

    def said(self):
        return (self.folder / "shipper.log").read_text(errors="replace")[-2000:]


class Rsyslog(Shipper):
    reads_what_is_renamed = True  # also what is renamed before it was read
    on_the_wire = 128  # lines a collector that goes away may cost: queue.dequeueBatchSize
    name, file, program = "rsyslog", "rsyslog/testgen.conf", pathlib.Path("/usr/sbin/rsyslogd")

    @classmethod
    def missing(cls):
        return "" if cls.program.exists() else "Debian's rsyslog is not installed"

    def head(self):
        return f'global(workDirectory="{self.folder}")\n'

    def command(self):
        return [self.program, "-n", "-f", self.config, "-i", self.folder / "pid"]


class SyslogNg(Shipper):
    """Unpacked, because Debian does not install it beside rsyslog."""
    reads_what_is_renamed = False
    on_the_wire = 0  # it sees the connection close
    name, file = "syslog-ng", "syslog-ng/testgen.conf"

    @classmethod
    def missing(cls):
        return "" if unpacked("syslog-ng-core") else "apt-get cannot fetch syslog-ng-core"

    def head(self):
        return "@version: 3.38\n"

    def adapt(self, text):
        return text.replace("/var/lib/syslog-ng", str(self.folder))

    def command(self):
        root = unpacked("syslog-ng-core")
        library = root / "usr/lib/syslog-ng"
        # As root it would give rights away and then not reach a folder of the test's.
        return ["env", f"LD_LIBRARY_PATH={library}", root / "usr/sbin/syslog-ng", "-F", "--no-caps", "-f", self.config,
                f"--module-path={library / '3.38'}", "-R", self.folder / "persist", "-p", self.folder / "pid", "-c",
                self.folder / "control"]


SHIPPERS = [Rsyslog, SyslogNg]


def line(number):
    return json.dumps({"timestamp": "2026-11-22T17:30:00.123Z", "level": "INFO", "message": "request finished",
                       "service": "testgen-copilot", "event": "request_finished", "n": number, "path": "/v1/jobs"}) + "\n"


def write_lines(file, first, count):
    """As the service does: whole lines, some at a time."""
    for start in range(first, first + count, 100):
        file.write("".join(line(number) for number in range(start, min(start + 100, first + count))))
        file.flush()


def connected_to(port):
    """Whether a socket on loopback is still connected to that port: established, or closed by the other side only."""
    rows = [row.split() for row in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any(row[2].endswith(f":{port:04X}") and row[3] in ("01", "08") for row in rows)


def ship_while_away(kind, folder, lines, seconds):
    """The numbers of the lines that never arrived, when the collector goes away after a third of them, and the shipper
    is stopped and started before it comes back."""
    folder = pathlib.Path(folder)
    logs = folder / "logs"
    logs.mkdir(parents=True)
    share = lines // 3
    with Sink() as before:
        shipper = kind(folder / "state", logs, before.port)
        shipper.start()
        file = open(logs / "app.log", "a")
        try:
            write_lines(file, 0, share)
            wait_for(lambda: before.count() == share, f"{kind.name} to pass on the first third: {shipper.said()}", seconds)
        except BaseException:
            shipper.stop()
            raise
    try:
        write_lines(file, share, share)
        wait_for(lambda: not connected_to(before.port), f"{kind.name} to miss its collector: {shipper.said()}", seconds)
        shipper.stop()
        shipper.start()
        write_lines(file, 2 * share, lines - 2 * share)
        file.close()
        with Sink(before.port) as after:
            deadline = time.monotonic() + seconds
            while after.count() < lines - share - kind.on_the_wire and time.monotonic() < deadline:
                time.sleep(0.05)
            shipper.stop()
            return [number for number in range(share, lines) if number not in after.seen]
    finally:
        if shipper.process.poll() is None:
            shipper.stop()


def ship(kind, folder, lines, seconds):
    """(lines lost, lines that came more than once, lines that are odd). Two rotations and one restart happen on the
    way; after each renaming some lines still go to the old file, as a service writes until it is told."""
    folder = pathlib.Path(folder)
    logs = folder / "logs"
    logs.mkdir(parents=True)
    name = logs / "app.log"
    with kind.sink() as sink:
        shipper = kind(folder / "state", logs, sink.port)
        shipper.start()
        number = 0

        def write(file, count):
            nonlocal number
            write_lines(file, number, count)
            number += count

        def caught_up():
            wait_for(lambda: sink.count() == number, f"{kind.name} to catch up: {shipper.said()}", seconds)

        try:
            share = lines // 4
            file = open(name, "a")
            write(file, share)
            wait_for(lambda: sink.count() > 0, f"the first line through {kind.name}: {shipper.said()}", 30)
            for step in (1, 2):
                rotated = logs / "app.log.1"
                if rotated.exists():
                    rotated.rename(logs / "app.log.2")
                name.rename(rotated)
                write(file, 50)  # until the service opens the new file
                file.close()
                file = open(name, "a")
                write(file, share)
                if step == 1:
                    if not kind.reads_what_is_renamed:
                        caught_up()
                    shipper.stop()
                    write(file, share // 2)  # while nobody reads
                    shipper.start()
                    caught_up()  # each file is read before it is renamed once more
            write(file, lines - number)
            file.close()
            deadline = time.monotonic() + seconds
            while sink.count() < lines and time.monotonic() < deadline:
                time.sleep(0.05)
        finally:
            shipper.stop()
        lost = lines - sink.count()
        more = sum(1 for count in sink.seen.values() if count > 1)
        return lost, more, sink.odd
