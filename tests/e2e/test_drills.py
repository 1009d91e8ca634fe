"""`testgen drill` against the whole stack: a fault in a running service, the alert in Prometheus, each receiver told in its
vendor's form, the repair, the all-clear. The short form; `./dev soak drills` has every alert's turn.
"""
import contextlib
import pathlib
import re
import subprocess
import tempfile

import pytest

import servers
from drill_stack import EXPECTED, DrillStack

pytestmark = pytest.mark.skipif(
    not (servers.BUILD / "testgen").exists(), reason="the program is not built: run ./dev build")


@pytest.fixture(scope="module")
def stack():
    with tempfile.TemporaryDirectory(prefix="testgen-drill-") as folder, contextlib.ExitStack() as cleanup:
        path = pathlib.Path(folder)
        path.chmod(0o755)
        yield DrillStack(path, cleanup)


def row(output, alert):
    """severity, seconds to fire, to be told, to resolve, and who told."""
    found = re.search(rf"^{alert} +(\w+) +([\d.]+) +([\d.]+) +([\d.]+)  (.*)$", output, re.M)
    assert found, output
    severity, *times, by = found.groups()
    return severity, *map(float, times), set(by.split(", "))


# A critical fault reaches people within fifteen seconds when windows are short.
@pytest.mark.parametrize("alert, severity, told_within", [
    ("TestGenServiceDown", "critical", 15), ("ServiceStuck", "critical", 15), ("HealthCheckFailing", "warning", 40), ("FailedLoginSpike", "warning", 40),
    ("LLMAPIErrors", "warning", 40)])
def test_fault_to_all_clear(stack, alert, severity, told_within):
    done = stack.drill("run", alert)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\n{stack.service.log_tail(5)}\n{stack.vendors.refused}"
    told_as, fires, told, resolves, by = row(done.stdout, alert)
    assert told_as == severity and by == EXPECTED[severity], by
    assert 0 < fires <= told <= told_within and resolves > 0, done.stdout
    assert stack.vendors.refused == []
    for vendor in EXPECTED[severity]:
        assert stack.vendors.of(vendor, alert), f"{vendor} never heard of {alert}"
        if vendor != "sns":  # a telephone is told once
            servers.wait_for(lambda v=vendor: stack.vendors.of(v, alert, "resolve"), f"{vendor} to hear the all-clear", 20)


def test_a_service_that_does_not_allow_drills_is_left_alone(stack, tmp_path):
    with servers.Testgen(tmp_path) as service:
        done = subprocess.run(
            [servers.BUILD / "testgen", "drill", "run", "HealthCheckFailing", "--data", service.data,
             "--prometheus", stack.prometheus.url, "--alertmanager", stack.alertmanager.url],
            capture_output=True, text=True, timeout=30)
        assert done.returncode != 0 and "--allow-drills" in done.stderr, done
        (service.data / "drill.faults").write_text("9999999999\nstore-fails\n")
        assert service.get("/v1/jobs").status == 200, "a file broke a service that never allowed it"


def test_a_drill_for_each_alert(stack):
    """The catalogue of drills is the list of alerts."""
    import yaml
    listed = dict(line.split()[:2] for line in stack.drill("list").stdout.splitlines())
    shipped = {rule["alert"]: rule["labels"]["severity"]
               for path in (servers.SOURCE / "deploy/prometheus/rules").glob("*.yml")
               for group in yaml.safe_load(path.read_text())["groups"] for rule in group["rules"] if "alert" in rule}
    assert listed == shipped


def test_drill_code_cannot_touch_telemetry():
    for folder in ("src/app/drills", "src/service/drills"):
        for path in (servers.SOURCE / folder).iterdir():
            assert '#include "telemetry' not in path.read_text(), path


def test_what_a_drill_needs_is_said(stack):
    data = ["--data", stack.service.data]
    for arguments, said in ((["run", "Nothing"], "drill list"), (["run", "TelemetryLost"], "--inject"),
                            (["run", "LLMAPIErrors", *data], "asks no model"),
                            (["run", "SlowResponseTime", "--fault", "model-stalls", *data], "asks no model"),
                            (["run", "LLMAPIErrors", "--fault", "model-melts"], "model-stalls"),
                            (["run", "LLMAPIErrors", "--fault", "model-stalls", "--inject", "true", "--lift", "true"], "one fault"),
                            (["all", "--fault", "model-stalls"], "one drill")):
        done = subprocess.run([servers.BUILD / "testgen", "drill", *arguments, "--prometheus", stack.prometheus.url,
                               "--alertmanager", stack.alertmanager.url], capture_output=True, text=True, timeout=30)
        assert done.returncode != 0 and said in done.stderr, done
