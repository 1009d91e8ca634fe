import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import sandbox_runs  # noqa: E402
from hostile_program import FOLDER, all_programs  # noqa: E402


class Listener:
    """A service of the host: a TCP port on loopback and an abstract unix socket."""

    def __init__(self):
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.abstract = "testgen-hostile-" + secrets.token_hex(8)
        self.unix = socket.socket(socket.AF_UNIX)
        self.unix.bind("\0" + self.abstract)
        self.unix.listen()
        self.visits = 0
        for server in (self.tcp, self.unix):
            threading.Thread(target=self.serve, args=(server,), daemon=True).start()

    def serve(self, server):
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            self.visits += 1
            connection.close()


@pytest.fixture(scope="session")
def listener():
    running = Listener()
    yield running
    running.tcp.close()
    running.unix.close()


@pytest.fixture(scope="session")
def stage():
    """A folder that every user can enter, with the programs, the probe and a project in it."""
    # Not in /tmp, where the sandbox has a writable folder of its own.
    folder = Path(tempfile.mkdtemp(prefix="hostile-", dir="/var/tmp"))
    folder.chmod(0o755)
    programs = folder / "programs"
    programs.mkdir(mode=0o755)
    shutil.copy(FOLDER / "attempt.py", programs)
    compilers = []
    for program in all_programs():
        if program.path.suffix == ".py":
            shutil.copy(program.path, programs)
        else:
            compilers.append(subprocess.Popen(
                ["cc", "-O1", "-w", "-o", programs / program.name, program.path]))
    # Set-user-id, and static so that it needs nothing.
    setuid = programs / "print_effective_user"
    source = "#include <stdio.h>\n#include <unistd.h>\nint main(void) { printf(\"%d\\n\", (int)geteuid()); }\n"
    subprocess.run(["cc", "-O1", "-static", "-x", "c", "-", "-o", setuid], input=source, text=True,
                   check=True)
    assert all(compiler.wait() == 0 for compiler in compilers)
    for path in programs.iterdir():
        path.chmod(0o755)
    setuid.chmod(0o4755)
    project = folder / "project"
    project.mkdir()
    project.chmod(0o777)  # outside, only the sandbox would protect it
    (project / "module.py").write_text("x = 1\n")
    (project / "module.py").chmod(0o666)
    (project / ".env").write_text("TOKEN=the project's\n")
    (project / ".env").chmod(0o666)
    (project / "settings").symlink_to(".env")
    (folder / "secret").write_text("the host's\n")
    (folder / "secret").chmod(0o644)
    sandbox_runs.publish_probe(folder)
    yield folder
    shutil.rmtree(folder)


def pytest_terminal_summary(terminalreporter):
    for kind in sandbox_runs.NOT_TRIED:
        terminalreporter.write_line(
            f"not tried as {kind}: this machine lets it create no user namespace")
