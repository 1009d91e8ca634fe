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


@pytest.fixture(scope="module")
def service(built):
    with Testgen(built, "--workers", "1") as running:
        yield running


def ask(service, content=USES_IT, **options):
    return service.post("/v1/generate", {"language": "python", "files": [{"path": "greet.py", "content": content}],
                                         "options": {"budget_seconds": 20, "max_executions": 100, **options},
                                         "wait_seconds": 60}, timeout=90)


def test_a_request_names_one(service):
    made = ask(service, environment="web")
    assert made.status == 200, made
    assert "hello" in "".join(file["content"] for file in made.json()["result"]["files"])
    assert ask(service, environment="web").json()["cached"]
    unknown = ask(service, environment="wbe")
    assert unknown.status == 422
    assert unknown.json()["errors"] == [{"pointer": "/options/environment",
                                         "detail": 'there is no environment "wbe"'}]


def test_an_import_that_is_missing_is_said_with_the_way_to_it(service):
    missing = ask(service)  # the usual Python does not have it
    assert missing.status == 422, missing
    problem = missing.json()
    assert "No module named 'tinygreeting'" in problem["detail"] and "options.environment" in problem["hint"], problem
    missing = ask(service, "import nothing_of_that_name\n" + USES_IT, environment="web").json()
    assert "No module named 'nothing_of_that_name'" in missing["detail"], missing
    assert 'the environment "web" does not have' in missing["hint"] and "testgen env create" in missing["hint"], missing


def test_posted_code_changes_none(service, built):
    """What it tries when it is imported, seen in the only way there is: in the tests of what came of it."""
    made = ask(service, environment="web", content="""
import pathlib
import sys
import tinygreeting


def try_to_write():
    try:
        pathlib.Path(tinygreeting.__file__).write_text("evil = True")
    except OSError:
        return "refused"
    return "written"


RESULT = try_to_write()


def told(word: str) -> str:
    return RESULT if word else "nothing"
""")
    assert made.status == 200, made
    assert "refused" in "".join(file["content"] for file in made.json()["result"]["files"])
    for file in (built / "data" / "environments" / "web").rglob("tinygreeting.py"):
        assert "evil" not in file.read_text()


def test_a_new_build_is_asked_anew(service, tmp_path):
    (tmp_path / "r.txt").write_text(f"./wheels/{wheel(tmp_path / 'wheels', '1.5').name}\n")
    env("create", "next", "--requirements", tmp_path / "r.txt", "--data", service.data)
    assert "1.5" in ask(service, environment="next").text
    env("remove", "next", "--data", service.data)
    (tmp_path / "r.txt").write_text(f"./wheels/{wheel(tmp_path / 'wheels', '2.5').name}\n")
    env("create", "next", "--requirements", tmp_path / "r.txt", "--data", service.data)
    # Other bytes of the same question: the same bytes are answered for a moment without a look.
    again = service.post("/v1/generate", {"language": "python", "options": {"environment": "next", "budget_seconds": 20,
                                                                            "max_executions": 100},
                                          "files": [{"path": "greet.py", "content": USES_IT}], "wait_seconds": 60}, timeout=90)
    assert not again.json()["cached"] and "2.5" in again.text and "1.5" not in again.text, again


def test_the_command_names_one_too(service, tmp_path):
    (tmp_path / "greet.py").write_text(USES_IT)

    def generate(*more):
        return subprocess.run([BUILD / "testgen", "generate", "greet.py", "--budget", "20s", "--max-executions", "100",
                               "--server", service.url, *more], cwd=tmp_path, capture_output=True, text=True, timeout=120,
                              stdin=subprocess.DEVNULL)
    lacking = generate()
    assert lacking.returncode != 0 and "tinygreeting" in lacking.stdout + lacking.stderr, lacking
    made = generate("--server-environment", "web")
    assert made.returncode == 0, made
    assert "hello" in (tmp_path / "generated-tests" / "test_greet.py").read_text()
