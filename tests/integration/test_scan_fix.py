"""testgen scan --fix: files are mended whole, and only where nobody said otherwise."""
import json
import os
import pathlib
import shutil
import stat
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTGEN = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen"
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
BAD = ("import requests, yaml\n\n\ndef f(u, t):\n    requests.get(u, verify=False)\n"
       "    return yaml.unsafe_load(t)\n")
GOOD = BAD.replace("False", "True").replace("unsafe_load", "safe_load")


def run_testgen(*words, cwd):
    return subprocess.run([TESTGEN, "scan", *map(str, words)], cwd=cwd, env=ENVIRONMENT, capture_output=True,
                          text=True, timeout=60)


@pytest.fixture
def project(tmp_path):
    (tmp_path / "bad.py").write_text(BAD)
    (tmp_path / "fine.py").write_text("x = 1\n")
    return tmp_path


def test_files_are_mended_and_what_is_left_is_reported(project):
    bad = project / "bad.py"
    bad.write_text(BAD + "eval(input())\n")
    bad.chmod(0o750)
    fine = (project / "fine.py").stat()
    run = run_testgen(".", "--fix", "--fail-on", "medium", cwd=project)
    assert run.returncode == 0, run
    assert "testgen: fixed 2 findings in 1 file" in run.stderr
    assert bad.read_text() == GOOD + "eval(input())\n"
    assert stat.S_IMODE(bad.stat().st_mode) == 0o750
    assert (project / "fine.py").stat().st_mtime_ns == fine.st_mtime_ns
    assert "python/tls-verification-off" not in run.stdout and "python/code-injection" in run.stdout
    assert sorted(path.name for path in project.iterdir()) == ["bad.py", "fine.py"]
    again = run_testgen(".", "--fix", cwd=project)
    assert again.returncode == 0 and "fixed 0 findings in 0 files" in again.stderr


def test_a_dry_run_prints_what_patch_takes(project):
    run = run_testgen(".", "--fix", "--dry-run", "-o", "report.txt", "--fail-on", "medium", cwd=project)
    assert run.returncode == 6, run
    assert "would fix 2 findings in 1 file" in run.stderr
    assert (project / "bad.py").read_text() == BAD
    assert "python/yaml-load" in (project / "report.txt").read_text()
    assert run.stdout.startswith("--- a/bad.py\n+++ b/bad.py\n@@ -2,5 +2,5 @@\n")
    if shutil.which("git"):
        subprocess.run(["git", "apply", "-"], cwd=project, input=run.stdout, text=True, check=True, timeout=60)
        assert (project / "bad.py").read_text() == GOOD


def test_what_is_ignored_accepted_or_not_shown_stays(project):
    bad = project / "bad.py"
    ignored = BAD.replace("verify=False)", "verify=False)  # testgen: ignore a test host")
    bad.write_text(ignored)
    run = run_testgen("bad.py", "--fix", "--rule", "python/tls-verification-off", cwd=project)
    assert bad.read_text() == ignored and "fixed 0" in run.stderr
    bad.write_text(BAD)
    run_testgen("bad.py", "--write-baseline", "accepted.json", "-q", cwd=project)
    run = run_testgen("bad.py", "--fix", "--baseline", "accepted.json", cwd=project)
    assert bad.read_text() == BAD and "fixed 0" in run.stderr
    run = run_testgen("bad.py", "--fix", "--min-severity", "high", cwd=project)
    assert bad.read_text() == BAD and "fixed 0" in run.stderr
    run = run_testgen("bad.py", "--fix", "--rule", "python/yaml-load", cwd=project)
    assert bad.read_text() == BAD.replace("unsafe_load", "safe_load"), run


def test_only_changed_lines_are_mended_with_diff(project):
    def git(*words):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=project, check=True,
                       capture_output=True, timeout=60)
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "a")
    added = "yaml.load(y, Loader=yaml.Loader)\n"
    (project / "bad.py").write_text(BAD + added)
    run = run_testgen(".", "--fix", "--diff", "HEAD", cwd=project)
    assert run.returncode == 0, run
    assert (project / "bad.py").read_text() == BAD + added.replace("Loader)", "SafeLoader)")
    assert "0 findings" in run.stdout


def test_a_link_still_leads_to_the_file(project):
    (project / "bad.py").rename(project / "real.txt")
    (project / "bad.py").symlink_to("real.txt")
    run_testgen("bad.py", "--fix", cwd=project)
    assert (project / "bad.py").is_symlink()
    assert (project / "real.txt").read_text() == GOOD


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_file_that_may_not_be_written_is_named(project):
    (project / "bad.py").chmod(0o444)
    run = run_testgen(".", "--fix", cwd=project)
    assert run.returncode == 1 and "bad.py" in run.stderr
    assert (project / "bad.py").read_text() == BAD


def test_edits_are_in_the_json_report(project):
    report = json.loads(run_testgen(".", "--format", "json", cwd=project).stdout)
    lines = BAD.splitlines()
    assert len(report["findings"]) == 2
    for one in report["findings"]:
        [edit] = one["edits"]
        place = edit["place"]
        line = lines[place["line"] - 1]
        assert line[:place["column"] - 1] + edit["text"] + line[place["end_column"] - 1:] in GOOD.splitlines()
        assert one["fixed_code"] in GOOD


@pytest.mark.parametrize("words, said", [
    ([".", "--dry-run"], "scan --dry-run shows what --fix would change"),
    ([".", "--fix", "--server", "http://127.0.0.1:1"], "--fix needs the rules that found something"),
    (["baseline", "create", ".", "--baseline", "b.json", "--fix"], "scan baseline changes no files"),
])
def test_wrong_use_is_explained(project, words, said):
    run = run_testgen(*words, cwd=project)
    assert run.returncode == 2 and said in run.stderr, run
    assert (project / "bad.py").read_text() == BAD
