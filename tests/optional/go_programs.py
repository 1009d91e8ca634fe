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


def go(folder, *arguments):
    """What the command printed, in tests/optional/<folder>."""
    if not shutil.which("go"):
        pytest.skip(f"{folder} is not built: there is no Go here")
    try:
        made = subprocess.run(["nice", "-n", "15", "go", *map(str, arguments)], cwd=HERE / folder,
                              env={**os.environ, "CGO_ENABLED": "0"}, capture_output=True, text=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        pytest.skip(f"{folder} is not built: it took more than {LONGEST} s")
    if made.returncode != 0:
        why = made.stderr.strip().splitlines()[-1:] or ["no reason given"]
        if UNREACHABLE.search(made.stderr):
            pytest.skip(f"{folder} is not built: the Go registry is not reachable ({why[0][:200]})")
        if TOO_OLD.search(made.stderr):
            pytest.skip(f"{folder} is not built: the Go here is too old for it ({why[0][:200]})")
        pytest.fail(f"{folder} does not build: {made.stderr[-2000:]}")
    return made.stdout


def build(folder, package, name=None, flags=()):
    """The program of tests/optional/<folder>, under its name or another."""
    BUILT.mkdir(parents=True, exist_ok=True)
    program = BUILT / (name or folder)
    go(folder, "build", "-mod=readonly", *flags, "-o", program, package)
    return program


def with_files(folder, module, contents):
    """Flags for build(), with which `module` has these files ({path: text}) too: what its releases make before they are
    built, and the registry does not keep. The module is copied, since nothing may be added to Go's own."""
    go(folder, "mod", "download", module)
    source = pathlib.Path(go(folder, "list", "-m", "-f", "{{.Dir}}", module).strip())
    copy, pinned = BUILT / "source" / folder, BUILT / "source" / f"{folder}.mod"
    shutil.rmtree(copy, ignore_errors=True)
    copy.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-r", "--no-preserve=mode", source, copy], check=True, timeout=120)
    for path, text in contents.items():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_text(text)
    pinned.write_text((HERE / folder / "go.mod").read_text() + f"\nreplace {module} => {copy}\n")
    shutil.copy(HERE / folder / "go.sum", pinned.with_suffix(".sum"))
    return [f"-modfile={pinned}"]
