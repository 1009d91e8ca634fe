"""The values of a model's tests, kept or not, are where the search goes on: with them it reaches what it could not alone."""
import hashlib

import pytest
from llm_server import LlmServer
from test_llm_engine import generate, report, script

# The word is the model's to know, the number the search's to find.
GATE = '''import hashlib

DOOR = "%s"


def opens(word: str, times: int) -> str:
    """Opens when the word is the one of the forty thieves' cave, in lower case."""
    if hashlib.sha256(word.encode()).hexdigest() != DOOR:
        return "rock"
    if times == 4711:
        return "the second door"
    return "treasure"
''' % hashlib.sha256(b"open sesame").hexdigest()
KEPT = '```python\ndef test_word():\n    assert vault.opens("open sesame", 1) == "treasure"\n```'
DROPPED = '```python\ndef test_word():\n    assert vault.opens("open sesame", 1).nothing() == "treasure"\n```'


@pytest.mark.parametrize("reply, of_the_model", [(KEPT, {"test_word"}), (DROPPED, set())], ids=["kept", "dropped"])
def test_the_search_goes_on_from_a_models_test(tmp_path, reply, of_the_model):
    (tmp_path / "vault.py").write_text(GATE)
    with LlmServer(script([reply])) as server:
        alone = generate(tmp_path, server, engine="explorer")
        before = report(tmp_path)
        (tmp_path / "generated-tests" / "test_vault.py").unlink()
        both = generate(tmp_path, server, "--llm-attempts", "1")
    assert alone.returncode == both.returncode == 0, both.stderr
    module = report(tmp_path)
    assert before["coverage"]["lines_covered"] < before["coverage"]["lines_total"] - 1, "the search needs no help"
    assert module["coverage"]["lines_covered"] == module["coverage"]["lines_total"]
    assert module["model"]["tests_kept"] == len(of_the_model)
    text = (tmp_path / "generated-tests" / "test_vault.py").read_text()
    assert "4711" in text and "the second door" in text
    assert of_the_model <= {test["name"] for test in module["tests"]}
