# claim: The limits cannot be raised again.
# limits: open_files=64 processes=20
# inside: refused
# outside: harmed as root
import os
import resource

from attempt import attempt

for name in ("NOFILE", "NPROC", "AS", "CPU", "FSIZE"):
    kind = getattr(resource, "RLIMIT_" + name)
    soft, hard = resource.getrlimit(kind)
    attempt(f"raise RLIMIT_{name}", lambda: resource.setrlimit(kind, (soft, hard + 1)))
attempt("raise our priority", lambda: os.nice(-1))
attempt("become root", lambda: os.setuid(0))
