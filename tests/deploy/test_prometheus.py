"""deploy/prometheus: loads in Debian's Prometheus, and its links can be replaced by one's own. What the rules do is in
test_alert_cases.py and test_textbook_mistakes.py."""
import re
import shutil
import subprocess

import pytest

from alert_cases import ALERTS, ROOT

DEPLOY = ROOT / "deploy" / "prometheus"


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=180, **options)


def test_configuration_loads():
    result = run("promtool", "check", "config", "--lint=all", "--lint-fatal", DEPLOY / "prometheus.yml")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("name", ALERTS)
def test_has_a_runbook(name):
    assert (ROOT / "docs" / "runbooks" / f"{name}.md").is_file(), "an alert without a runbook"


def test_links_can_be_replaced(tmp_path):
    """The command that deploy/README.md gives for it does what it says."""
    readme = (ROOT / "deploy" / "README.md").read_text()
    command = next(line.strip() for line in readme.splitlines() if line.strip().startswith("sed -i"))
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    assert run("bash", "-c", command, cwd=tmp_path).returncode == 0
    for path in (tmp_path / "deploy/prometheus/rules").glob("*.yml"):
        assert "example.com" not in re.sub(r"#.*", "", path.read_text()), path
        assert run("promtool", "check", "rules", path).returncode == 0
    for path in (tmp_path / "deploy/grafana").rglob("*"):
        assert path.suffix not in (".ts", ".json") or "example.com" not in path.read_text(), path
