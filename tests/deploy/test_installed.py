"""The Debian package is installed, used, removed and purged by the real dpkg, in an overlay over this machine's files
that is gone afterwards. The service runs as its own user, without rights, as the unit would start it.
"""
import os
import subprocess

import pytest

from test_package import package  # noqa: F401 - a fixture

ENTER = r"""
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root" || exit 77
cd "$1/root"
mount -t proc proc proc  # of the new process namespace
mount --rbind /dev dev
for name in tmp run; do mount -t tmpfs tmpfs "$name"; chmod 1777 "$name"; done
cp "$2" tmp/testgen.deb
cp "$3" tmp/inside.py
mkdir -p run/old
pivot_root . run/old
umount -l /run/old
exec /usr/bin/python3 /tmp/inside.py
"""

INSIDE = r"""
import json, os, pwd, signal, subprocess, time, urllib.error, urllib.request

CONFIG = ["--config", "/etc/testgen/testgen.yaml"]


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def fetch(path, body=None, key=None):
    message = urllib.request.Request("http://127.0.0.1:8765" + path, data=json.dumps(body).encode() if body else None)
    if key:
        message.add_header("Authorization", "Bearer " + key)
    try:
        with urllib.request.urlopen(message, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
    except OSError:
        return 0, None


run("dpkg", "-i", "/tmp/testgen.deb")
user = pwd.getpwnam("testgen")
for folder in ("/var/lib/testgen", "/var/log/testgen"):
    assert os.stat(folder).st_uid == user.pw_uid and os.stat(folder).st_mode & 0o777 == 0o700, folder
assert "is right" in run("testgen", "config", "check", *CONFIG)
assert "testgen" in run("man", "-w", "testgen")

# Root makes a key; the service, which is not root, can use it.
key = run("testgen", "keys", "create", "user", *CONFIG).strip()
for file in ("/var/lib/testgen/keys.json", "/var/log/testgen/audit.log"):
    assert os.stat(file).st_uid == user.pw_uid, file

service = subprocess.Popen(["setpriv", "--reuid=testgen", "--regid=testgen", "--clear-groups", "--no-new-privs",
                            "--bounding-set=-all", "testgen", "serve", *CONFIG],
                           env={"PATH": "/usr/bin:/bin", "TESTGEN_LISTEN": "127.0.0.1:8765"})
deadline = time.monotonic() + 30
while fetch("/ready")[0] != 200:
    assert service.poll() is None and time.monotonic() < deadline, fetch("/readyz?verbose")
    time.sleep(0.1)
body = {"language": "python", "files": [{"path": "one.py", "content": "def one(a: int) -> int:\n    return a + 1\n"}],
        "options": {"budget_seconds": 1}, "wait_seconds": 40}
assert fetch("/v1/generate", body)[0] == 401
status, job = fetch("/v1/generate", body, key)
assert status == 200 and job["state"] == "succeeded" and job["result"]["files"], job
service.send_signal(signal.SIGHUP)
service.send_signal(signal.SIGTERM)
assert service.wait(60) == 0

# An administrator's settings survive a new version, data survives the removal, nothing the purge.
with open("/etc/testgen/testgen.yaml", "a") as settings:
    settings.write("workers: 2\n")
run("dpkg", "-i", "/tmp/testgen.deb")
assert "workers: 2" in open("/etc/testgen/testgen.yaml").read()
run("dpkg", "-r", "testgen")
assert not os.path.exists("/usr/bin/testgen") and os.path.exists("/var/lib/testgen/testgen.db")
run("dpkg", "-P", "testgen")
for gone in ("/var/lib/testgen", "/var/log/testgen", "/etc/testgen"):
    assert not os.path.exists(gone), gone
print("installed, used, removed")
"""


def test_it_is_installed_used_removed_and_purged(package, tmp_path):  # noqa: F811
    if os.geteuid() != 0:
        pytest.skip("needs root, to install")
    (tmp_path / "inside.py").write_text(INSIDE)
    (tmp_path / "root").mkdir()
    done = subprocess.run(["unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-c", ENTER, "enter",
                           tmp_path / "root", package, tmp_path / "inside.py"],
                          capture_output=True, text=True, timeout=300)
    if done.returncode == 77 or "unshare failed" in done.stderr:
        pytest.skip("this machine does not let us lay an overlay over its files: " + done.stderr.strip())
    assert done.returncode == 0 and "installed, used, removed" in done.stdout, f"{done.stdout}\n{done.stderr}"
