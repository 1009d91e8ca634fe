"""Programs that only the Go registry has, built once into build/optional. Where they cannot be had, tests are skipped
with one line that says why: nothing of the default build or test needs them.
"""
import os
import pathlib
import re
import shutil
import subprocess

import pytest
from servers import SOURCE

HERE = pathlib.Path(__file__).resolve().parent
BUILT = SOURCE / "build" / "optional"
UNREACHABLE = re.compile(r"dial tcp|no such host|connection (refused|reset)|i/o timeout|proxyconnect|TLS handshake|"
                         r"module lookup disabled|(403|404|410|502|503) \w+")
TOO_OLD = re.compile(r"requires go >= |invalid go version|unknown directive: tool|toolchain not available")
LONGEST = 3000  # seconds; a first build of Jaeger on two busy cores takes many minutes


def build(folder, package):
    """The program of tests/optional/<folder>."""
    if not shutil.which("go"):
        pytest.skip(f"{folder} is not built: there is no Go here")
    BUILT.mkdir(parents=True, exist_ok=True)
    program = BUILT / folder
    try:
        made = subprocess.run(["nice", "-n", "15", "go", "build", "-mod=readonly", "-o", program, package],
                              cwd=HERE / folder, env={**os.environ, "CGO_ENABLED": "0"}, capture_output=True, text=True,
                              timeout=LONGEST)
    except subprocess.TimeoutExpired:
        pytest.skip(f"{folder} is not built: it took more than {LONGEST} s")
    if made.returncode != 0:
        why = made.stderr.strip().splitlines()[-1:] or ["no reason given"]
        if UNREACHABLE.search(made.stderr):
            pytest.skip(f"{folder} is not built: the Go registry is not reachable ({why[0][:200]})")
        if TOO_OLD.search(made.stderr):
            pytest.skip(f"{folder} is not built: the Go here is too old for it ({why[0][:200]})")
        pytest.fail(f"{folder} does not build: {made.stderr[-2000:]}")
    return program
