"""testgen scan and testgen rules on small projects: findings, formats, exit codes, bad input."""
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTGEN = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen"
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
BAD = "import os\nfrom flask import request\nos.system('ping ' + request.args['host'])\n"
GOOD = "import subprocess\nsubprocess.run(['uptime'])\n"


def run_testgen(*words, cwd=None):
    return subprocess.run([TESTGEN, *map(str, words)], cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True,
                          timeout=60)


@pytest.fixture
def project(tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app/bad.py").write_text(BAD)
    (tmp_path / "app/good.py").write_text(GOOD)
    return tmp_path


def test_findings_are_shown_with_code_flow_and_fix(project):
    run = run_testgen("scan", ".", cwd=project)
    assert run.returncode == 0, run.stderr
    assert "python/command-injection, CWE-78" in run.stdout
    assert "os.system('ping ' + request.args['host'])" in run.stdout
    assert "Fix: " in run.stdout
    assert "1 finding in 2 files" in run.stdout


@pytest.mark.parametrize("level, code", [("critical", 6), ("high", 6), ("never", 0)])
def test_fail_on_decides_the_exit_code(project, level, code):
    assert run_testgen("scan", ".", "--fail-on", level, "-q", cwd=project).returncode == code


def test_a_clean_project_passes(project):
    (project / "app/bad.py").unlink()
    run = run_testgen("scan", ".", "--fail-on", "info", cwd=project)
    assert run.returncode == 0
    assert "0 findings" in run.stdout


def test_formats_go_to_a_file(project):
    for name in ("json", "sarif", "gitlab"):
        run = run_testgen("scan", "app", "--format", name, "-o", f"out.{name}", cwd=project)
        assert run.returncode == 0 and run.stdout == "", run
        json.loads((project / f"out.{name}").read_text())
    assert run_testgen("scan", "app", "--format", "junit", cwd=project).stdout.startswith("<?xml")


def test_results_do_not_depend_on_jobs_or_prefilter(project):
    for i in range(20):
        (project / f"app/m{i}.py").write_text(BAD if i % 3 == 0 else GOOD)
    one = run_testgen("scan", "app", "--format", "json", "-j", 1, cwd=project).stdout
    assert one == run_testgen("scan", "app", "--format", "json", "-j", 4, cwd=project).stdout
    assert one == run_testgen("scan", "app", "--format", "json", "--prefilter=false", cwd=project).stdout


def test_diff_reports_changed_lines_only(project):
    def git(*words):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=project, check=True,
                       capture_output=True, timeout=60)
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "a")
    unchanged = run_testgen("scan", ".", "--diff", "HEAD", cwd=project)
    assert unchanged.returncode == 5, unchanged
    with open(project / "app/bad.py", "a") as file:
        file.write("x = 1\nos.system(request.args['other'])\n")
    run = run_testgen("scan", ".", "--diff", "HEAD", "--format", "json", cwd=project)
    findings = json.loads(run.stdout)["findings"]
    assert [one["place"]["line"] for one in findings] == [5]


def test_a_baseline_accepts_what_exists_and_nothing_new(project):
    assert run_testgen("scan", "app", "--write-baseline", "accepted.json", "-q", cwd=project).returncode == 0
    (project / "app/bad.py").write_text("# moved\n" + BAD)
    accepted = run_testgen("scan", "app", "--baseline", "accepted.json", "--fail-on", "info", cwd=project)
    assert accepted.returncode == 0, accepted.stdout
    with open(project / "app/bad.py", "a") as file:
        file.write("eval(request.args['e'])\n")
    assert run_testgen("scan", "app", "--baseline", "accepted.json", "--fail-on", "high", cwd=project).returncode == 6
    (project / "accepted.json").write_text("{}")
    wrong = run_testgen("scan", "app", "--baseline", "accepted.json", cwd=project)
    assert wrong.returncode == 3 and "accepted.json: the baseline has another schema" in wrong.stderr


def test_a_suppression_needs_a_reason(project):
    (project / "app/bad.py").write_text(BAD.rstrip() + "  # testgen: ignore[python/command-injection] a test host\n")
    assert run_testgen("scan", ".", "--fail-on", "low", cwd=project).returncode == 0
    (project / "app/bad.py").write_text(BAD.rstrip() + "  # testgen: ignore[python/command-injection]\n")
    run = run_testgen("scan", ".", "--fail-on", "low", cwd=project)
    assert run.returncode == 6
    assert "needs a reason" in run.stdout


def test_metrics_of_a_run_are_written(project):
    run = run_testgen("scan", ".", "-q", "--metrics-file", "m.prom", cwd=project)
    assert run.returncode == 0, run.stderr
    metrics = (project / "m.prom").read_text()
    assert 'testgen_security_issues_total{severity="critical"} 1' in metrics
    assert 'testgen_scan_files_total{outcome="scanned"} 2' in metrics
    assert "testgen_scan_coverage_ratio 1" in metrics


def test_bad_input_is_bounded_and_said(project):
    app = project / "app"
    (app / "binary.py").write_bytes(b"\0\1\2" * 100)
    (app / "huge.py").write_text("x = 1\n" * 400_000)
    (app / "line.js").write_text("var a=[" + "1," * 300_000 + "];")
    (app / "deep.py").write_text("x = " + "(" * 30_000)
    (app / "latin.py").write_bytes(b"# \xe9\xff\n" + BAD.encode())
    (app / "empty.py").write_text("")
    (app / "broken.py").write_text("def f(:\n ) = 3\n" + BAD)
    (app / "loop").symlink_to(app)
    run = run_testgen("scan", ".", "--format", "json", "--max-file-size", "1MiB", cwd=project)
    assert run.returncode == 1, run.stderr
    report = json.loads(run.stdout)
    errors = {pathlib.Path(one["file"]).name: one["error"]["code"] for one in report["files"] if "error" in one}
    assert errors == {"binary.py": "invalid_input", "huge.py": "too_large"}
    notes = {pathlib.Path(one["file"]).name for one in report["files"] if one["notes"]}
    assert "line.js" in notes
    found = {pathlib.Path(one["file"]).name for one in report["findings"]}
    assert {"bad.py", "latin.py", "broken.py"} <= found


@pytest.mark.parametrize("words, code, said", [
    (["scan"], 2, "needs at least one file or folder"),
    (["scan", "nowhere"], 3, "nowhere does not exist"),
    (["scan", "."], 5, "no source files were found"),
    (["scan", ".", "--rule", "no/such"], 2, 'there is no rule "no/such"'),
    (["scan", ".", "--format", "pdf"], 2, "pdf"),
    (["rules"], 2, "needs to know what to do"),
    (["rules", "show", "no/such"], 2, 'there is no rule "no/such"'),
])
def test_wrong_use_is_explained(tmp_path, words, code, said):
    run = run_testgen(*words, cwd=tmp_path)
    assert run.returncode == code, run
    assert said in run.stderr


def test_own_rules_are_read_and_tested(project):
    (project / "rules").mkdir()
    rule = project / "rules/ours.yaml"
    rule.write_text("id: ours/no-uptime\nlanguages: [python]\ntitle: T\nmessage: M.\nseverity: high\ncwe: 1\nowasp: A1\n"
                    "find:\n  - call: [subprocess.run]\n    when: {0: {contains: uptime}}\n"
                    "examples:\n  bad:\n    - |\n      import subprocess\n      subprocess.run(['uptime'])\n"
                    "  ok:\n    - print(1)\n")
    run = run_testgen("scan", ".", "--rules", "rules", "--format", "json", cwd=project)
    assert "ours/no-uptime" in {one["rule"] for one in json.loads(run.stdout)["findings"]}
    test = run_testgen("rules", "test", "ours/", "--rules", "rules", cwd=project)
    assert test.returncode == 0 and "1 rules, 2 examples, 0 failed" in test.stdout, test
    rule.write_text(rule.read_text().replace("severity: high", "severty: high"))
    wrong = run_testgen("scan", ".", "--rules", "rules", cwd=project)
    assert wrong.returncode == 3
    assert "ours.yaml:1: " in wrong.stderr


def test_built_in_rules_are_listed_shown_and_hold():
    listed = run_testgen("rules", "list").stdout.splitlines()
    assert any(line.startswith("python/sql-injection ") for line in listed)
    shown = run_testgen("rules", "show", "python/sql-injection").stdout
    assert "Found:" in shown and "Not found:" in shown
    assert run_testgen("rules", "test").returncode == 0


def cached(project, *words):
    environment = {**ENVIRONMENT, "XDG_CACHE_HOME": str(project / "cache")}
    return subprocess.run([TESTGEN, "scan", "app", "--format", "json", *words], cwd=project, env=environment,
                          capture_output=True, text=True, timeout=60)


def test_results_are_kept_and_are_the_same(project):
    first = cached(project)
    kept = list((project / "cache/testgen/scan").iterdir())
    assert len(kept) == 1
    assert cached(project).stdout == first.stdout == cached(project, "--no-cache").stdout
    with open(project / "app/good.py", "a") as file:
        file.write("eval(input())\n")
    changed = cached(project)
    assert changed.stdout == cached(project, "--no-cache").stdout != first.stdout
    kept[0].write_bytes(kept[0].read_bytes()[:-5])
    assert cached(project).stdout == changed.stdout


def test_other_rules_are_another_cache(project):
    cached(project)
    assert json.loads(cached(project, "--rule", "python/ssrf").stdout)["findings"] == []
    rules = project / "rules"
    rules.mkdir()
    rule = ("id: ours/uptime\nlanguages: [python]\ntitle: T\nmessage: M.\nseverity: SEVERITY\ncwe: 1\nowasp: A1\n"
            "find:\n  - call: [subprocess.run]\n")
    for severity in ("low", "high"):
        (rules / "ours.yaml").write_text(rule.replace("SEVERITY", severity))
        findings = json.loads(cached(project, "--rules", "rules").stdout)["findings"]
        assert [one["severity"] for one in findings if one["rule"] == "ours/uptime"] == [severity]


def test_runs_beside_each_other_share_the_cache(project):
    for i in range(50):
        (project / f"app/m{i}.py").write_text(BAD if i % 3 == 0 else GOOD)
    environment = {**ENVIRONMENT, "XDG_CACHE_HOME": str(project / "cache")}
    command = [TESTGEN, "scan", "app", "--format", "json", "-j", "1"]
    runs = [subprocess.Popen(command, cwd=project, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    outputs = [run.communicate(timeout=60)[0] for run in runs]
    assert len(set(outputs)) == 1
    assert cached(project).stdout == outputs[0]
    assert [path.suffix for path in (project / "cache/testgen/scan").iterdir()] == [".scan"]


def test_labels_are_kept_with_the_baseline_and_counted(project):
    baseline = ["--baseline", "accepted.json"]
    assert run_testgen("scan", "baseline", "create", "app", *baseline, "-q", cwd=project).returncode == 0
    listed = run_testgen("scan", "baseline", "audit", *baseline, cwd=project)
    assert "python/command-injection" in listed.stdout and "1 of 1 without a label" in listed.stdout
    fingerprint = listed.stdout.split()[0]
    label = run_testgen("scan", "baseline", "audit", fingerprint[:8], "false", "the host", "is fixed", *baseline, cwd=project)
    assert label.returncode == 0, label
    assert "0 of 1" in run_testgen("scan", "baseline", "audit", *baseline, cwd=project).stdout
    stats = run_testgen("scan", "baseline", "stats", *baseline, cwd=project).stdout
    assert stats.splitlines()[1].split() == ["python/command-injection", "1", "0", "1", "100", "%"]
    report = json.loads(run_testgen("scan", "app", *baseline, "--format", "json", cwd=project).stdout)
    assert report["findings"][0]["suppressed"] == "a false alarm: the host is fixed"
    assert run_testgen("scan", "baseline", "create", "app", *baseline, "-q", cwd=project).returncode == 0
    assert json.loads((project / "accepted.json").read_text())["findings"][0]["reason"] == "the host is fixed"


def test_a_new_rule_fails_until_its_examples_are_written(project):
    made = run_testgen("rules", "new", "ours/raw-query", "--rules", "rules", cwd=project)
    assert made.returncode == 0, made
    failing = run_testgen("rules", "test", "ours/", "--rules", "rules", cwd=project)
    assert failing.returncode == 1 and "does not find this bad example" in failing.stdout
    rule = project / "rules/raw-query.yaml"
    text = rule.read_text()
    for i in (1, 2, 3):
        text = text.replace(f"bad example {i}", f"import package\n      package.function(x{i})")
        text = text.replace(f"ok example {i}", f"package.function('{i}')")
    rule.write_text(text)
    assert run_testgen("rules", "test", "ours/", "--rules", "rules", cwd=project).returncode == 0
    again = run_testgen("rules", "new", "ours/raw-query", "--rules", "rules", cwd=project)
    assert again.returncode == 2 and "is there already" in again.stderr
