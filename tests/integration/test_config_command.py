"""`testgen config`: what is in force, whether it is right, and a JSON Schema that says the same as the table."""
import json
import os
import re
import subprocess

import pytest
from servers import BUILD, SOURCE


def config(*arguments, code=0, env=None, cwd="/"):
    done = subprocess.run([BUILD / "testgen", "config", *map(str, arguments)], capture_output=True, text=True, timeout=30,
                          cwd=cwd, env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **(env or {})})
    assert done.returncode == code, done
    return done


def rows():
    """Setting → its cells of the reference page."""
    page = (SOURCE / "docs/reference/settings.md").read_text()
    found = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 9 and re.match(r"`(--)?[a-z]", cells[0]):
            found[cells[0].strip("`").removeprefix("--")] = cells
    assert len(found) > 80
    return found


def test_the_schema_has_what_a_file_may_hold_and_nothing_else():
    schema = json.loads(config("schema").stdout)
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == {name for name, cells in rows().items() if cells[6] != "no"}
    for name, cells in rows().items():
        if cells[6] == "no":
            continue
        described = schema["properties"][name]
        kind = {"number": "integer", "switch": "boolean", "text": "string", "path": "string", "ratio": "number",
                "duration": "string"}.get(cells[2])
        if kind:
            assert described["type"] == kind, name
        elif cells[2] == "choice":
            assert described["enum"] == cells[4].split(", ")
        # The pattern takes the default, which is written as a user would write it.
        default = cells[3].strip("`")
        if default and "pattern" in described:
            assert re.search(described["pattern"], default), name


@pytest.mark.parametrize("text, line, says", [
    ("budget: 5s\nbudgte: 5s\n", 2, 'did you mean "budget"?'),
    ("# a comment\n\nrate-limit: many\n", 3, "many"),
    ("listen: [a, b]\n", 1, "single value"),
    ("workers: 1\nworkers: 2\n", 2, "set twice"),
    ("api-token: secret\n", 1, "TESTGEN_API_TOKEN"),
    ("a: b: c\n", 1, "YAML"),
])
def test_what_is_wrong_in_a_file_is_named_with_its_line(tmp_path, text, line, says):
    file = tmp_path / "testgen.yaml"
    file.write_text(text)
    refused = config("check", "--config", file, code=2)
    assert f"{file}:{line}" in refused.stderr and says in refused.stderr
    # The service says the same, and does not start.
    service = subprocess.run([BUILD / "testgen", "serve", "--config", file, "--data", tmp_path / "data"],
                             capture_output=True, text=True, timeout=30)
    assert service.returncode == 2 and service.stderr == refused.stderr


def test_everything_that_is_wrong_is_named_at_once(tmp_path):
    file = tmp_path / "testgen.yaml"
    file.write_text("workers: many\nbudget: 1s\nlisten: {a: b}\nlgo-level: debug\nbudget: 2s\n")
    refused = config("check", "--config", file, code=2, env={"TESTGEN_SEED": "x"})
    assert [line.split(": ")[1] for line in refused.stderr.splitlines() if line.startswith("testgen: ")] == [
        "TESTGEN_SEED", f"{file}:1", f"{file}:3", f"{file}:4", f"{file}:5"], refused.stderr
    assert refused.stdout == ""


def test_a_flag_wins_over_a_variable_and_that_over_the_file(tmp_path):
    file = tmp_path / "testgen.yaml"
    file.write_text("log-level: warning\nlisten: 127.0.0.1:1\nworkers: 1\n")
    assert "is right" in config("check", "--config", file).stdout
    shown = config("print", "--config", file, env={"TESTGEN_LISTEN": "127.0.0.1:2", "TESTGEN_WORKERS": "7"}).stdout
    assert re.search(rf"^log-level: warning +# {re.escape(str(file))}:1$", shown, re.M)
    assert re.search(r"^listen: 127.0.0.1:2 +# TESTGEN_LISTEN$", shown, re.M)
    assert re.search(r"^workers: 7 +# TESTGEN_WORKERS$", shown, re.M)
    assert re.search(r"^queue-limit: 1000 +# default$", shown, re.M)


def test_verbs_are_asked_for_and_slips_are_noticed():
    assert "print|check|schema" in config(code=2).stderr
    assert 'did you mean "check"' in config("chekc", code=2).stderr
