"""A control group of version 1 or 2 with limits, where one may be made: most often for root, and not in every container."""
import contextlib
import os
import pathlib

from servers import wait_for

MOUNT = pathlib.Path("/sys/fs/cgroup")
PERIOD = 100_000  # microseconds, the kernel's own default

# A program that wants more memory than the group has, and is the first that the kernel gives up.
GREEDY = """
import pathlib
pathlib.Path("/proc/self/oom_score_adj").write_text("1000")
held = []
while True:
    held.append(b"x" * (16 << 20))
"""


class ControlGroup:
    """`memory` in bytes; `cpus` is a share of one processor, or None. As a context: made, and removed once it is empty.
    OSError where it cannot be made.
    """

    def __init__(self, name, memory, cpus=None):
        self.name = name
        self.old = (MOUNT / "memory").is_dir()
        # Controllers of version 1 may be mounted together.
        mounts = {(MOUNT / each).resolve(): None for each in ("memory", "cpu", "cpuacct")} if self.old else {MOUNT: None}
        self.folders = [mount / name for mount in mounts]
        self.memory, self.cpus = memory, cpus

    @property
    def path(self):
        """The folder of the memory controller."""
        return self.folders[0]

    def __enter__(self):
        try:
            for folder in self.folders:
                folder.mkdir()
            if not self.old and self.cpus is not None:
                self._limit("cpu.max", f"{int(self.cpus * PERIOD)} {PERIOD}")
            elif self.cpus is not None:
                self._limit("cpu.cfs_quota_us", int(self.cpus * PERIOD))
            self._limit("memory.limit_in_bytes" if self.old else "memory.max", self.memory)
        except OSError:
            self._remove()
            raise
        return self

    def _limit(self, name, value):
        # Where no folder has the file, its controller is not for us: nobody can make files there.
        folder = next((folder for folder in self.folders if (folder / name).exists()), self.path)
        (folder / name).write_text(str(value))

    def join(self):
        """The calling process; for the preexec_fn of another one."""
        self.take(os.getpid())

    def take(self, process):
        """A process that runs already, with what it will start."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(process))

    def empty(self):
        return not any((folder / "cgroup.procs").read_text().strip() for folder in self.folders)

    def _remove(self):
        for folder in self.folders:
            with contextlib.suppress(FileNotFoundError):
                folder.rmdir()

    def __exit__(self, *_):
        wait_for(self.empty, "the control group to be empty", 10)
        self._remove()
