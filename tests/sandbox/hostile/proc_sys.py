# claim: The kernel's settings cannot be changed.
# inside: refused
# outside: harmed as root
import os

from attempt import attempt

for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname",
             "/proc/sys/vm/drop_caches", "/proc/sysrq-trigger", "/sys/kernel/uevent_helper",
             "/sys/fs/cgroup/cgroup.procs"):
    # Opening does nothing yet; writing would.
    attempt(f"open {path} for writing", lambda: os.close(os.open(path, os.O_WRONLY)))
