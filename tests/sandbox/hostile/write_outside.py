# claim: Nothing outside the private folders can be written.
# arguments: {source}
# inside: refused
# outside: harmed
import os
import sys

from attempt import attempt


def create(folder):
    path = os.path.join(folder, "hostile-was-here")
    with open(path, "w") as file:
        file.write("x")
    os.unlink(path)


source = sys.argv[1]
for folder in (source, "/", "/usr", "/usr/bin", "/usr/lib/python3/dist-packages", "/bin", "/etc",
               "/etc/alternatives", "/dev", "/dev/pts", "/proc", "/root", "/home", "/var/tmp", "/run",
               "/proc/self/cwd/..", os.path.dirname(source), os.path.expanduser("~")):
    attempt(f"create a file in {folder}", lambda: create(folder))
existing = os.path.join(source, "module.py")
attempt("open a source file for writing", lambda: os.close(os.open(existing, os.O_WRONLY)))
attempt("change a source file's mode", lambda: os.chmod(existing, 0o777))
attempt("change a source file's times", lambda: os.utime(existing))
attempt("remove a source file", lambda: os.unlink(existing))
attempt("truncate a program", lambda: os.truncate("/usr/bin/python3", 0))
