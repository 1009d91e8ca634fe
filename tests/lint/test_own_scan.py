"""This project's own sources, scanned by itself: nothing of medium or above is left without a reason."""
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTGEN = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen"
PARTS = ["src", "languages", "bench", "deploy", "fuzz"]

pytestmark = pytest.mark.skipif(not TESTGEN.exists(), reason="the program is not built: run ./dev build")


def test_own_sources_have_no_unexplained_finding():
    run = subprocess.run([TESTGEN, "scan", *PARTS, "--exclude", "fuzz/seeds/**", "--format", "json", "--no-cache"], cwd=ROOT,
                         capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    unexplained = [f"{one['file']}:{one['place']['line']}: {one['rule']}: {one['code']}" for one in report["findings"]
                   if one["severity"] in ("medium", "high", "critical") and not one.get("suppressed")]
    assert unexplained == []
    assert report["summary"]["files"] > 500
    assert report["summary"]["coverage"] > 0.97
