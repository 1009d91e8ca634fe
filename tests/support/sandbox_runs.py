"""Runs programs through sandbox_probe, as root or as an ordinary user."""

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release")
PROBE = BUILD / "bin" / "sandbox_probe"

IS_ROOT = os.geteuid() == 0


def become(user):
    """Command that turns root into an ordinary user."""
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]


# Nobody's ids: what runs under them harms only what runs under them.
ORDINARY_USER = become(60790)
OUTSIDE_USER = become(60791)
# Root as most containers have it.
ROOT_WITHOUT_MOUNT = ["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-all"]
# As in a rootless container: root is the only user there is.
ROOT_OF_ONE = [*ORDINARY_USER, "unshare", "--user", "--map-root-user"]
# Every kind of user there is to try, as the command to become it.
KINDS = ({"root": [], "root without mounts": ROOT_WITHOUT_MOUNT, "ordinary user": ORDINARY_USER,
          "root of a rootless container": ROOT_OF_ONE}
         if IS_ROOT else {"ordinary user": []})


def may_make_namespaces(user):
    """False in a chroot, and where a sysctl or a container's profile forbids it."""
    return subprocess.run([*user, "unshare", "--user", "true"], capture_output=True,
                          cwd="/").returncode == 0


# Those that can be tried here. Root needs no user namespace; who we are is always tried.
USERS = {name: command for name, command in KINDS.items()
         if not command or may_make_namespaces(command)}
NOT_TRIED = sorted(set(KINDS) - set(USERS))


class ProbeKilled(Exception):
    """The probe itself was ended by a signal."""


def probe(request, user=(), program=PROBE):
    """The run's result as a dictionary. `user` is a command to become another user first."""
    done = subprocess.run([*user, str(program)], input=json.dumps(request), capture_output=True,
                          text=True, cwd="/", timeout=60)
    if done.returncode < 0 or done.returncode == 128 + signal.SIGKILL:
        raise ProbeKilled(f"signal {abs(done.returncode)}")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def publish_probe(folder):
    """A copy that every user can execute: the build tree may be closed to others."""
    copy = Path(folder) / "sandbox_probe"
    shutil.copy(PROBE, copy)
    copy.chmod(0o755)
    return copy


def processes_with(token):
    """Host process ids whose command line contains the token."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if token.encode() in command:
            found.append(int(entry.name))
    return found
