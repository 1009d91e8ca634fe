"""SARIF reports against the standard's own schema, which npm's @microsoft/jest-sarif brings."""
import json
import os
import pathlib
import subprocess

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTGEN = ROOT / os.environ.get("TESTGEN_BUILD_DIR", "build/release") / "testgen"
SCHEMA = ROOT / "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
FLOW = "import os\nfrom flask import request\nhost = request.args['host']\nos.system('ping ' + host)"
KEY = "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIEpAIBAAKCAQEA" + "x7Q2" * 20 + "\n"


def sarif(project, *words):
    run = subprocess.run([TESTGEN, "scan", ".", "--format", "sarif", "--no-cache", *words], cwd=project, text=True,
                         capture_output=True, timeout=60, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
    assert run.returncode in (0, 1), run.stderr
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(SCHEMA.read_text())
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema, format_checker=jsonschema.FormatChecker())


@pytest.fixture
def project(tmp_path):
    (tmp_path / "a folder").mkdir()
    (tmp_path / "a folder/flöw.py").write_text(FLOW + "\n")
    (tmp_path / "reasoned.py").write_text(FLOW + "  # testgen: ignore a host of ours\n")
    (tmp_path / "config.yml").write_text("key: |\n  " + KEY.replace("\n", "\n  "))
    (tmp_path / "turned.js").write_text("// \u202e }\nlet x = 'ü'; eval(location.hash);\n")
    (tmp_path / "mended.py").write_text("import requests\nx = 'ü'; requests.get(x, verify=False)\n")
    (tmp_path / "binary.py").write_bytes(b"\0\1")
    return tmp_path


def test_a_report_fits_the_standards_schema(project, validator):
    report = sarif(project, "--audit", "--min-severity", "info")
    assert [error.message for error in validator.iter_errors(report)] == []
    run = report["runs"][0]
    assert any("codeFlows" in one for one in run["results"])
    assert any(one.get("suppressions", [{}])[0].get("kind") == "inSource" for one in run["results"])
    assert run["invocations"][0]["toolExecutionNotifications"]
    [fix] = [one["fixes"][0] for one in run["results"] if "fixes" in one]
    [change] = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "mended.py"
    assert change["replacements"] == [{"deletedRegion": {"startLine": 2, "startColumn": 33, "endLine": 2, "endColumn": 38},
                                       "insertedContent": {"text": "True"}}]
    for one in run["results"]:
        assert run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"]


def test_a_report_with_a_baseline_or_without_findings_fits_too(project, validator):
    base = ["--baseline", "accepted.json"]
    subprocess.run([TESTGEN, "scan", "baseline", "create", ".", *base, "-q"], cwd=project, check=False, timeout=60)
    report = sarif(project, *base)
    assert [error.message for error in validator.iter_errors(report)] == []
    kinds = {kept["kind"] for one in report["runs"][0]["results"] for kept in one["suppressions"]}
    assert kinds == {"external", "inSource"}
    empty = sarif(project, "--rule", "c/gets")
    assert [error.message for error in validator.iter_errors(empty)] == []
    assert empty["runs"][0]["results"] == []


def test_what_reproduces_a_finding_fits_too(project, validator):
    (project / "shown.py").write_text("import os\n\n\ndef f(x):\n    os.system('ls ' + x)\n")
    report = sarif(project, "--reproduce")
    assert [error.message for error in validator.iter_errors(report)] == []
    properties = [one.get("properties", {}) for one in report["runs"][0]["results"]]
    assert any("reproducingTest" in one for one in properties)
    assert any("notReproduced" in one for one in properties)


def test_the_validator_refuses_what_is_no_sarif(project, validator):
    report = sarif(project)
    report["runs"][0]["results"][0]["level"] = "fatal"
    assert not validator.is_valid(report)


def test_columns_are_those_of_the_declared_kind(project):
    report = sarif(project)["runs"][0]
    assert report["columnKind"] == "unicodeCodePoints"
    [region] = [one["locations"][0]["physicalLocation"]["region"] for one in report["results"]
                if one["ruleId"] == "javascript/code-injection"]
    line = (project / "turned.js").read_text().splitlines()[region["startLine"] - 1]
    assert line[region["startColumn"] - 1:region["endColumn"] - 1].startswith("eval(")
