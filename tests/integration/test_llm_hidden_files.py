"""What a model's test makes the unit print goes back to the model: never what is in a file that must not be sent."""
import json

import pytest
from llm_server import LlmServer, Reply
from test_llm_engine import generate, report

CANARY = "heron over the weir at dusk"
READER = '''import pathlib

HERE = pathlib.Path(__file__).parent


def setting(name: str) -> str:
    """The text of a file beside the module."""
    if not name:
        raise ValueError("no name")
    return (HERE / name).read_text()
'''
ASKS = '''```python
def test_setting():
    number = int(vault.setting("%s"))
    assert number == 1

def test_no_name():
    import pytest
    with pytest.raises(ValueError):
        vault.setting("")
```'''


def converse(folder, reply, *words):
    """Everything that was sent."""
    with LlmServer(lambda asked: Reply(reply)) as server:
        run = generate(folder, server, *words, engine="llm")
    assert run.returncode == 0, run.stderr
    assert any(asked.turns > 0 for asked in server.asked), "no failure was told"
    return "".join(json.dumps(asked.body) for asked in server.asked)


@pytest.mark.parametrize("name, words", [
    (".env", ()), ("server.key", ()), ("clients.txt", ("--llm-never-send", "clients.txt"))])
def test_a_file_that_is_never_sent_is_empty_for_a_models_tests(tmp_path, name, words):
    (tmp_path / "vault.py").write_text(READER)
    (tmp_path / name).write_text(CANARY)
    (tmp_path / "link.txt").symlink_to(name)
    for asked_for in (name, "link.txt"):
        assert CANARY not in converse(tmp_path, ASKS % asked_for, *words)
    assert "test_no_name" in {test["name"] for test in report(tmp_path)["tests"]}
    assert (tmp_path / name).read_text() == CANARY


def test_other_files_are_read_and_told(tmp_path):
    """So that the tests above can fail."""
    (tmp_path / "vault.py").write_text(READER)
    (tmp_path / "readme.txt").write_text(CANARY)
    assert CANARY in converse(tmp_path, ASKS % "readme.txt")


def test_a_module_that_imports_one_hears_only_that_its_tests_failed(tmp_path):
    (tmp_path / "password_rules.py").write_text(f'PEPPER = "{CANARY}"\n\n\ndef strong(word):\n    return len(word) > 8\n')
    (tmp_path / "vault.py").write_text(
        "import password_rules\n\n\ndef opens(word):\n    if password_rules.strong(word):\n        return \"open\"\n"
        "    if hash(word) == 4711:\n        return \"by chance\"\n    return \"shut\"\n")
    sent = converse(tmp_path, '''```python
def test_pepper():
    number = int(vault.password_rules.PEPPER + vault.opens("x"))
    assert number == 1

def test_long():
    assert vault.opens("long enough for it") == "open"
```''')
    assert CANARY not in sent and "it failed" in sent
    module = report(tmp_path)
    assert "test_long" in {test["name"] for test in module["tests"]}
