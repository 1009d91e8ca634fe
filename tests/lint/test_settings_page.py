"""docs/reference/settings.md is what the program prints. TESTGEN_ACCEPT=1 rewrites it."""
import os
import subprocess

from repository import ROOT

PAGE = ROOT / "docs/reference/settings.md"
PROGRAM = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen"


def test_the_page_is_current(tmp_path):
    printed = subprocess.run([PROGRAM, "config", "print", "--markdown"], cwd=tmp_path, env={"PATH": "/usr/bin:/bin"},
                             capture_output=True, text=True, timeout=60, check=True).stdout
    if os.environ.get("TESTGEN_ACCEPT"):
        PAGE.write_text(printed)
    assert PAGE.read_text() == printed, "run ./dev accept"


def test_every_variable_of_the_specification_is_there():
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SERVICE_NAME", "OTEL_TRACES_SAMPLER_ARG", "DEBUG_METRICS"):
        assert f"`{name}`" in PAGE.read_text()
