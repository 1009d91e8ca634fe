"""The interpreters that are promised, as far as a machine has them."""
import glob
import os
import shutil
import subprocess

VERSIONS = ("3.9", "3.10", "3.11", "3.12", "3.13")


def interpreter(version):
    """The python of that version: on PATH, or where pyenv and uv keep theirs. One that does not start, such as a
    shim of a version that is not chosen, is none."""
    home = os.path.expanduser("~")
    found = [shutil.which(f"python{version}"), *sorted(glob.glob(f"{home}/.pyenv/versions/{version}.*/bin/python3")),
             *sorted(glob.glob(f"{home}/.local/share/uv/python/cpython-{version}.*/bin/python3"))]
    for path in filter(None, found):
        said = subprocess.run([path, "-c", "import sys; print(sys.executable)"], capture_output=True, text=True)
        if said.returncode == 0 and said.stdout.strip():
            return said.stdout.strip()
    return None
