# claim: Other processes and what /proc tells of them are out of sight.
# arguments: {host_pid}
# inside: refused
# outside: harmed
import os
import sys

from attempt import attempt


def read(path):
    with open(path, "rb") as file:
        file.read(1)


def see(pid):
    os.stat(f"/proc/{pid}/stat")
    if "pytest" not in open(f"/proc/{pid}/cmdline").read():
        raise FileNotFoundError("another process has that number here")


attempt("see the test's process", lambda: see(sys.argv[1]))
for name in ("environ", "maps", "mem", "auxv"):
    attempt(f"read {name} of PID 1", lambda: read(f"/proc/1/{name}"))
for name in ("root", "cwd", "fd", "exe"):
    attempt(f"enter {name} of PID 1",
            lambda: (os.listdir if name == "fd" else os.readlink)(f"/proc/1/{name}"))
