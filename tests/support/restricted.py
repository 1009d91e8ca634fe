"""Runs a command with no rights and only some system calls: python3 restricted.py allow|deny NAME,… UID COMMAND…

As systemd and container engines do it: an empty bounding set, another user, no new privileges, then a filter.
"""
import ctypes
import os
import sys

import seccomp

DROP_FROM_BOUNDING_SET, NO_NEW_PRIVILEGES = 24, 38  # of prctl


def main():
    verb, names, user, command = sys.argv[1], sys.argv[2].split(","), int(sys.argv[3]), sys.argv[4:]
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(41):
        libc.prctl(DROP_FROM_BOUNDING_SET, capability, 0, 0, 0)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    assert libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
    usual, listed = (seccomp.ERRNO(1), seccomp.ALLOW) if verb == "allow" else (seccomp.ALLOW, seccomp.ERRNO(1))
    filters = seccomp.SyscallFilter(usual)
    known = 0
    for name in names:
        try:
            filters.add_rule(listed, name)
            known += 1
        except (RuntimeError, ValueError):
            pass  # a call of another architecture
    assert known > len(names) / 2, "the names are not those of system calls"
    filters.load()
    os.execv(command[0], command)


main()
