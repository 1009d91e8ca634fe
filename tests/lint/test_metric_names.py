"""Every metric's name, type and labels, as a list that only changes on purpose. TESTGEN_ACCEPT=1 rewrites it."""
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("TESTGEN_BUILD_DIR", ROOT / "build" / "release")) / "testgen"
GOLDEN = pathlib.Path(__file__).with_name("metric_names.txt")

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason="the program is not built: run ./dev build")


def line(metric):
    labels = ",".join(f"{label['name']}={'|'.join(label['values'])}" for label in metric["labels"])
    marks = [mark for mark in ("fixed", "debug") if metric[mark]] + ([] if metric["landed"] else ["coming"])
    return " ".join([f"{metric['name']}{{{labels}}}", metric["type"], *marks])


def test_names_and_labels():
    output = subprocess.run([PROGRAM, "telemetry", "schema", "--json"], check=True, capture_output=True,
                            timeout=60).stdout
    now = "\n".join(sorted(line(metric) for metric in json.loads(output)["metrics"])) + "\n"
    if os.environ.get("TESTGEN_ACCEPT") == "1":
        GOLDEN.write_text(now)
    assert now == GOLDEN.read_text(), "a dashboard or an alert may use the old name: ./dev accept, and read the diff"
