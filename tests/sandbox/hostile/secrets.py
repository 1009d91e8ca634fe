# claim: What the request does not show cannot be read.
# arguments: {secret} {source}
# inside: refused
# outside: harmed
import os
import sys

from attempt import attempt


def read(path):
    with open(path, "rb") as file:
        file.read(1)


secret, source = sys.argv[1:3]
relative = os.path.join(source, os.path.relpath(secret, source))
for path in (secret, relative, "/proc/self/root" + secret, "/etc/passwd", "/etc/shadow",
             "/etc/hostname", "/proc/1/root/etc/passwd", "/proc/kcore", "/proc/kmsg", "/dev/mem",
             "/dev/kmsg", "/dev/vda", "/dev/sda"):
    attempt(f"read {path}", lambda: read(path))
for folder in ("/root", "/home", "/var/lib", "/srv", "/run", "/mnt", "/boot", "/sys", "/etc/ssl"):
    attempt(f"list {folder}", lambda: os.listdir(folder))
