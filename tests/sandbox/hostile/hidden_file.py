# claim: A file that the request hides looks empty, whatever way leads to it, and stays as it is.
# arguments: {hidden} {source}
# inside: refused
# outside: harmed
import ctypes
import os
import sys

from attempt import attempt


def read(path):
    with open(path, "rb") as file:
        if not file.read(1):
            raise PermissionError("it is empty")


def uncover(path):
    if ctypes.CDLL(None, use_errno=True).umount2(path.encode(), 2) != 0:
        raise OSError(ctypes.get_errno(), "umount2")
    read(path)


def replace(path):
    with open(path, "r+b") as file:
        file.write(b"x")


hidden, source = sys.argv[1:3]
name = os.path.basename(hidden)
for path in (hidden, os.path.join(source, ".", name), os.path.join(source, "settings"), "/proc/self/root" + hidden,
             "/oldroot" + hidden):
    attempt(f"read {path}", lambda: read(path))
attempt("uncover it", lambda: uncover(hidden))
attempt("write to it", lambda: replace(hidden))
attempt("remove it", lambda: os.remove(hidden))
