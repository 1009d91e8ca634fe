"""`testgen env`: environments with packages that the service lacks, built from a wheel made here, and used by a request."""
import os
import stat
import subprocess
import zipfile

import pytest
from servers import BUILD, Testgen

USES_IT = """
import tinygreeting


def greet(name: str) -> str:
    if not name:
        raise ValueError("nobody")
    return tinygreeting.greeting(name)
"""


def env(*arguments, code=0):
    # Nothing may be fetched: what is not in the wheel is not there.
    done = subprocess.run([BUILD / "testgen", "env", *map(str, arguments)], capture_output=True, text=True, timeout=300,
                          stdin=subprocess.DEVNULL, env={**os.environ, "PIP_NO_INDEX": "1"})
    assert done.returncode == code, done
    return done


def wheel(folder, version):
    """A package of one file, as pip takes it, without any tool that makes wheels."""
    folder.mkdir(exist_ok=True)
    name = f"tinygreeting-{version}"
    info = f"{name}.dist-info"
    files = {
        "tinygreeting.py": f"VERSION = '{version}'\n\n\ndef greeting(name):\n    return 'hello ' + name + ' ' + VERSION\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: tinygreeting\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in files) + f"{info}/RECORD,,\n"
    path = folder / f"{name}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("environments")
    made = wheel(folder / "wheels", "1.0")
    (folder / "requirements.txt").write_text(f"./wheels/{made.name}\n")
    said = env("create", "web", "--requirements", folder / "requirements.txt", "--data", folder / "data")
    assert "tinygreeting==1.0" in said.stdout
    return folder


def test_it_is_listed_read_only_and_complete(built):
    folder = built / "data" / "environments" / "web"
    assert env("list", "--data", built / "data").stdout.startswith("web  Python 3.")
    writable = [path for path in [folder, *folder.rglob("*")]
                if not path.is_symlink() and path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)]
    assert writable == []
    unreadable = [path for path in folder.rglob("*") if not path.is_symlink() and not path.stat().st_mode & stat.S_IROTH]
    assert unreadable == []
    greeting = subprocess.run([folder / "bin" / "python", "-c", "import tinygreeting, pytest; print(tinygreeting.VERSION)"],
                              capture_output=True, text=True, timeout=60)
    assert greeting.stdout == "1.0\n"


def test_what_cannot_be_built_leaves_nothing(built, tmp_path):
    data = tmp_path / "data"
    (tmp_path / "r.txt").write_text("no-such-package-anywhere\n")
    assert "pip could not install" in env("create", "x", "-r", tmp_path / "r.txt", "--data", data, code=4).stderr
    assert "no-such-package-anywhere" in env("create", "x", "-r", tmp_path / "r.txt", "--data", data, code=4).stderr
    assert env("create", "x", "-r", tmp_path / "none.txt", "--data", data, code=3).stderr
    assert "python9.9" in env("create", "x", "--python", "9.9", "--data", data, code=4).stderr
    assert env("create", "../x", "--data", data, code=2).stderr
    assert env("list", "--data", data).stdout == ""
    assert [path.name for path in (data / "environments").iterdir()] == [".lock"]
    assert "already" in env("create", "web", "--data", built / "data", code=1).stderr


def test_it_is_removed_whole(tmp_path):
    data = tmp_path / "data"
    env("create", "gone", "--data", data)
    env("remove", "gone", "--data", data)
    assert env("list", "--data", data).stdout == "" and not (data / "environments" / "gone").exists()
    assert "no environment" in env("remove", "gone", "--data", data, code=3).stderr


def test_the_service_runs_posted_code_in_one(built):
    python = built / "data" / "environments" / "web" / "bin" / "python"
    with Testgen(built, "--workers", "1", "--python", python) as service:
        made = service.post("/v1/generate", {"language": "python", "files": [{"path": "greet.py", "content": USES_IT}],
                                             "options": {"budget_seconds": 3}, "wait_seconds": 50})
        assert made.status == 200, made
        assert "hello" in "".join(file["content"] for file in made.json()["result"]["files"])
