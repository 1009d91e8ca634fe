"""Reference pages that the program itself prints. TESTGEN_ACCEPT=1 rewrites them."""
import json
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("TESTGEN_BUILD_DIR", ROOT / "build" / "release")) / "testgen"

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason="the program is not built: run ./dev build")


def output(*arguments):
    # A settings file or a variable of whoever runs the tests must not show in the pages.
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}
    result = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=60, env=environment,
                            cwd="/")
    assert result.returncode == 0, result.stderr
    return result.stdout


def command_line():
    """Each command's own help, one section each."""
    general = output("help")
    page = ["# Command line", "", "What `testgen help` says. The tests keep this page so.", "",
            "```", general.rstrip(), "```"]
    listed = general.split("Commands:\n")[1].split("\n\n")[0]
    for line in listed.splitlines():
        name = line.split()[0]
        if name not in ("help", "version"):
            page += ["", f"## testgen {name}", "", "```", output("help", name).rstrip(), "```"]
    return "\n".join(page) + "\n"


def metrics():
    """The catalogue, grouped by what moves it."""
    schema = json.loads(output("telemetry", "schema", "--json"))
    page = ["# Metrics", "",
            "What `/metrics` exposes, from `testgen telemetry schema --json`. The tests keep this page so.", "",
            "Series exist at zero from the start. A histogram has `_bucket`, `_sum` and `_count`. A family that would",
            "pass its cap of label combinations counts the rest under `other`."]
    features = {}
    for metric in schema["metrics"]:
        features.setdefault(metric["feature"], []).append(metric)
    for feature in sorted(features):
        page += ["", f"## {feature}", "", "| metric | type | labels | meaning |", "|---|---|---|---|"]
        for metric in features[feature]:
            notes = metric["help"]
            if not metric["landed"]:
                notes += ". Zero until its feature is there"
            if metric["debug"]:
                notes += ". Only with debug metrics"
            labels = ", ".join(f"`{label['name']}`" for label in metric["labels"])
            page.append(f"| `{metric['name']}` | {metric['type']} | {labels} | {notes} |")
    return "\n".join(page) + "\n"


@pytest.mark.parametrize("name, content", [("cli.md", command_line), ("metrics.md", metrics)])
def test_page_is_what_the_program_prints(name, content):
    page = ROOT / "docs" / "reference" / name
    wanted = content()
    if os.environ.get("TESTGEN_ACCEPT"):
        page.write_text(wanted)
    assert page.exists() and page.read_text() == wanted, f"{page} is old: run the tests with TESTGEN_ACCEPT=1"


def test_exit_codes_are_documented_and_tried():
    """The page has the program's codes, and each has been seen to come out of it."""
    printed = output("help").split("Exit codes:\n")[1]
    codes = {int(code) for code in re.findall(r"(?:^|   )\s*(\d+) [a-z]", printed, flags=re.M)}
    page = (ROOT / "docs" / "reference" / "exit-codes.md").read_text()
    assert codes == {int(code) for code in re.findall(r"^\| (\d+) \|", page, flags=re.M)}
    seen = {int(path.read_text()) for path in (ROOT / "tests" / "cases").rglob("exit")}
    # 130 is in tests/integration/test_generate_command.py; nobody knows how to make a bug on purpose.
    assert codes - seen == {70, 130}
