"""Debian packages that cannot be installed beside others (syslog-ng and rsyslog exclude each other), unpacked into the
build folder and run from there."""
import pathlib
import subprocess

from servers import BUILD


def unpacked(package):
    """The folder with the package's files, or None when apt cannot fetch it."""
    folder = BUILD / "unpacked" / package
    if (folder / "done").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    try:
        fetched = subprocess.run(["apt-get", "download", package], cwd=folder, capture_output=True, timeout=120)
    except FileNotFoundError:
        return None
    archives = sorted(folder.glob("*.deb"))
    if fetched.returncode != 0 or not archives:
        return None
    subprocess.run(["dpkg-deb", "-x", archives[-1], folder], check=True, timeout=60)
    pathlib.Path(folder / "done").touch()
    return folder
