"""A scripted model on modules of the development corpus, in short: nothing that is vacuous, flaky, hostile or failing
stays, good tests that add something do, and `auto` never ends below the explorer alone. `./dev bench llm` is the long form.
"""
import re
import subprocess

import pytest
import scripted_model
import scripted_runs
import servers

TESTGEN = servers.BUILD / "testgen"
NEVER = ("flaky", "vacuous", "hostile", "broken")


def check_what_stayed(run, script):
    stayed = scripted_runs.sorted_out(run, script)
    assert not {kind: stayed.get(kind) for kind in NEVER if stayed.get(kind)}
    for test in stayed.get("wrong", []):
        assert "# Observed; the model expected" in scripted_runs.function_text(run.text, test), test
    # Each test that did not stay is in the report with its reason.
    told = {re.sub(r"_\d+$", "", omission["subject"]) for omission in run.report["omissions"]}
    for test in script.kinds:
        if script.kinds[test] in ("flaky", "vacuous", "hostile"):
            assert test in told or test in {name.rsplit(".", 1)[-1] for name in told}, test
    return stayed


def passes(folder):
    run = subprocess.run([scripted_runs.PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", str(folder)],
                         capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("module", scripted_model.modules())
def test_the_replies_are_what_they_say_they_are(module, tmp_path):
    script = scripted_model.read(module)
    for test in script.of("good"):
        (tmp_path / f"test_{module}_{test}.py").write_text(scripted_runs.alone(script, module, test))
    passes(tmp_path)
    assert {"good", "wrong", "flaky", "vacuous", "hostile", "broken"} >= set(script.kinds.values())
    for test in script.of("wrong"):
        folder = tmp_path / test
        folder.mkdir()
        (folder / f"test_{test}.py").write_text(scripted_runs.alone(script, module, test))
        run = subprocess.run([scripted_runs.PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)],
                             capture_output=True, text=True, timeout=60)
        assert run.returncode == 1, f"{test} is not wrong"


@pytest.mark.parametrize("module", ["colorsys", "fnmatch", "inflection"])
def test_a_model_alone(module, tmp_path):
    script, source = scripted_model.read(module), scripted_runs.locate(module)
    run = scripted_runs.generate(TESTGEN, source, tmp_path / "llm", "llm", script)
    assert run.exit == 0, run.errors
    stayed = check_what_stayed(run, script)
    passes(run.folder)
    lost = [test for test in script.of("good") if test not in stayed["good"]]
    missed = [test for test in lost if scripted_runs.adds_a_goal(test, run, script, module, source, tmp_path)]
    assert len(stayed["good"]) >= 0.95 * (len(stayed["good"]) + len(missed)), missed


def test_auto_is_not_below_the_explorer(tmp_path):
    script, source = scripted_model.read("fnmatch"), scripted_runs.locate("fnmatch")
    alone = scripted_runs.generate(TESTGEN, source, tmp_path / "explorer", "explorer", script)
    both = scripted_runs.generate(TESTGEN, source, tmp_path / "auto", "auto", script)
    assert alone.exit == both.exit == 0, both.errors
    check_what_stayed(both, script)
    passes(both.folder)
    assert {test["name"] for test in alone.report["tests"]} <= {test["name"] for test in both.report["tests"]}
    for figure in ("lines_covered", "branches_covered"):
        assert both.report["coverage"][figure] >= alone.report["coverage"][figure]
    assert both.report["mutation"]["killed"] >= alone.report["mutation"]["killed"]
