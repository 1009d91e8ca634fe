"""`testgen scan --server`: the same command, done by the service."""
import json
import os
import subprocess

import pytest
from servers import BUILD, Testgen, free_port
from test_scan_command import BAD, GOOD


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with Testgen(tmp_path_factory.mktemp("remote-scan"), "--workers", "1", "--body-limit", "64KiB") as running:
        yield running


@pytest.fixture
def project(tmp_path):
    for name, text in {"app/bad.py": BAD, "app/good.py": GOOD, "app/broken.py": "def f(:\n    return eval(\n",
                       "app/conf.yaml": "port: 1\n", "top.js": "eval(location.hash)\n"}.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def scan(folder, *arguments, **env):
    return subprocess.run([BUILD / "testgen", "scan", ".", *arguments], cwd=folder, capture_output=True, text=True,
                          timeout=60, stdin=subprocess.DEVNULL, env={**os.environ, "HOME": str(folder.parent), **env})


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "gitlab"])
def test_the_service_says_what_the_command_says(service, project, form):
    here, there = (scan(project, "--format", form, "--audit", *where) for where in ([], ["--server", service.url]))
    assert (here.returncode, there.returncode) == (0, 0), (here.stderr, there.stderr)
    assert there.stdout == here.stdout
    assert "command-injection" in there.stdout or "Command" in there.stdout


def test_it_shows_how_far_it_is_as_generate_does(service, project):
    at = ["--server", service.url]
    assert scan(project, *at).stderr == "[1/5] ./app/bad.py\n"
    assert scan(project, "--quiet", *at).stderr == ""
    assert "[1/5]" not in scan(project, "--verbose", *at).stderr  # the log is there


def test_more_than_one_request_takes_is_sent_in_several(service, project):
    for number in range(12):
        (project / f"app/m{number}.py").write_text(BAD + f"# {number}\n" * 2000)
    here, there = (scan(project, "--format", "json", *where) for where in ([], ["--server", service.url]))
    assert there.returncode == 0, there.stderr
    assert json.loads(there.stdout) == json.loads(here.stdout)


def test_a_file_over_the_services_limit_is_named(service, project):
    (project / "app/large.py").write_text("# " + "x" * 100_000 + "\n")
    done = scan(project, "--format", "json", "--server", service.url)
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    about = {entry["file"]: entry for entry in found["files"]}
    assert about["./app/large.py"]["error"]["code"] == "too_large", about
    assert found["summary"]["findings"]["critical"] + found["summary"]["findings"]["high"] >= 1


def test_exit_codes_baselines_and_severities_are_the_commands(service, project):
    at = ["--server", service.url]
    assert scan(project, "--fail-on", "high", *at).returncode == 6
    assert scan(project, "--write-baseline", "accepted.json", *at).returncode == 0
    assert scan(project, "--baseline", "accepted.json", "--fail-on", "info").returncode == 0
    assert scan(project, "--baseline", "accepted.json", "--fail-on", "info", *at).returncode == 0
    shown = scan(project, "--min-severity", "critical", *at).stdout
    assert shown == scan(project, "--min-severity", "critical").stdout


def test_files_that_did_not_change_are_not_scanned_again(service, project):
    def reused():
        lines = [json.loads(line) for line in service.log.read_text().splitlines() if '"scan_finished"' in line]
        return lines[-1]["files"], lines[-1]["reused"]
    (project / "app/once.py").write_text("print('once')\n")
    assert scan(project, "--server", service.url).returncode == 0
    (project / "app/once.py").write_text("print('twice')\n")
    assert scan(project, "--server", service.url).returncode == 0
    files, known = reused()
    assert known == files - 1, (files, known)


def test_a_service_that_is_not_there_and_options_that_it_does_not_take(project):
    done = scan(project, "--server", f"http://127.0.0.1:{free_port()}")
    assert done.returncode == 4 and "is the service at" in done.stderr, done.stderr
    done = scan(project, "--server", "localhost:8000")
    assert done.returncode == 2 and "is not a URL" in done.stderr, done.stderr
    for option in (["--rule", "python/"], ["--rules", "."]):
        done = scan(project, "--server", "http://127.0.0.1:1", *option)
        assert done.returncode == 2 and option[0] in done.stderr, done.stderr


def test_a_variable_alone_sends_nothing_away(project):
    assert scan(project, TESTGEN_SERVER=f"http://127.0.0.1:{free_port()}").returncode == 0


def test_a_wrong_token_is_refused_and_a_right_one_let_in(tmp_path, project):
    (tmp_path / "right").write_text("a-token-for-scans-0123456789\n")
    (tmp_path / "wrong").write_text("another-token-0123456789abcd\n")
    with Testgen(tmp_path / "data", "--token-file", tmp_path / "right") as running:
        refused = scan(project, "--server", running.url, "--token-file", str(tmp_path / "wrong"))
        assert refused.returncode == 4 and "--token-file" in refused.stderr, refused.stderr
        assert scan(project, "--server", running.url, "--token-file", str(tmp_path / "right")).returncode == 0
