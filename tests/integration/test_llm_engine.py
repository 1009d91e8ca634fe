"""testgen generate with a model: a scripted model behind a real server, its replies judged by the real verifier."""
import json
import os
import pathlib
import re
import subprocess

import pytest
import servers
from llm_server import LlmServer, Reply

TESTGEN = servers.BUILD / "testgen"
PYTHON = "/usr/bin/python3"
KEY = "sk-test-0123456789abcdefghijKLMN"
PROVIDERS = {"compatible": ("openai-chat", "TESTGEN_LLM_KEY"), "openai": ("openai-responses", "OPENAI_API_KEY"),
             "anthropic": ("anthropic", "ANTHROPIC_API_KEY"), "gemini": ("gemini", "GEMINI_API_KEY"),
             "ollama": ("ollama", "")}
# The search has no way to a text with this hash; who has read the docstring has.
VAULT = '''import hashlib

DOOR = "%s"


def opens(word: str) -> str:
    """Opens when the word is the one of the forty thieves' cave, in lower case."""
    if hashlib.sha256(word.encode()).hexdigest() == DOOR:
        return "treasure"
    return "rock"


def grade(points: int) -> str:
    if points < 0:
        raise ValueError("no points")
    return "pass" if points >= 50 else "fail"
''' % __import__("hashlib").sha256(b"open sesame").hexdigest()
GOOD = '''Here are tests:

```python
import pytest
from vault import opens

def test_opens_with_the_word_of_the_cave():
    assert opens("open sesame") == "treasure"

def test_wrong_expectation():
    assert opens("open sesame") + "!" == "rock!"

def test_vacuous():
    opens("x")
    assert True

def test_does_not_run():
    assert opens(7) == "rock"

def test_broken(:
    pass

def test_stubs(monkeypatch):
    monkeypatch.setattr("vault.opens", lambda word: "treasure")
    assert opens("x") == "treasure"

def test_flaky():
    import random
    assert opens("open sesame") == "treasure" and random.random() < 0.3
```
'''
NOTHING = "I have nothing to add."


def write(folder, text=VAULT, name="vault.py"):
    (folder / name).write_text(text)
    return folder / name


def generate(folder, server, *words, provider="compatible", key=KEY, environment=None, engine="auto"):
    protocol, variable = PROVIDERS[provider]
    return subprocess.run(
        [TESTGEN, "generate", "vault.py", "--engine", engine, "--llm", f"{provider}:good-model", "--llm-url",
         f"{provider}={server.base(protocol)}", "--max-executions", "300", "--json", "report.json", *words],
        cwd=folder, capture_output=True, text=True, timeout=180,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(folder), "TESTGEN_PYTHON": PYTHON,
             **({variable: key} if variable else {}), **(environment or {})})


def report(folder):
    return json.loads((folder / "report.json").read_text())["modules"][0]


def script(replies):
    """Answers about `opens` with the replies in order, and has nothing to say about other functions."""
    left = list(replies)

    def answer(asked):
        about = "vault.opens" in asked.prompt or asked.turns > 0
        return Reply(left.pop(0)) if about and left else Reply(NOTHING)
    return answer


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_model_adds_what_the_search_cannot_find(tmp_path, provider):
    write(tmp_path)
    with LlmServer(script([GOOD]), key=KEY if provider != "ollama" else None) as server:
        run = generate(tmp_path, server, provider=provider)
    assert run.returncode == 0, run.stderr + run.stdout
    module = report(tmp_path)
    names = {test["name"] for test in module["tests"]}
    assert "test_opens_with_the_word_of_the_cave" in names
    assert not names & {"test_vacuous", "test_does_not_run", "test_broken", "test_stubs", "test_flaky"}
    assert module["coverage"]["lines_covered"] == module["coverage"]["lines_total"]
    reasons = {omission["subject"]: omission["reason"] for omission in module["omissions"]}
    assert "does not come from the unit" in reasons["test_vacuous"]
    assert "replaces the unit" in reasons["test_stubs"]
    assert "not valid Python" in reasons["test_broken"]
    assert "test_flaky" in reasons and "test_does_not_run" in reasons
    model = module["model"]
    assert (model["provider"], model["name"]) == (provider, "good-model")
    assert model["tests_kept"] >= 1 and model["tests_proposed"] == 7
    assert model["dollars"] == (0 if provider == "ollama" else None), "an unknown price is not zero"
    # What was written passes on its own.
    tests = subprocess.run([PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", "generated-tests"], cwd=tmp_path,
                           capture_output=True, text=True, timeout=60)
    assert tests.returncode == 0, tests.stdout
    assert f"(engine auto, seed 1)" in (tmp_path / "generated-tests" / "test_vault.py").read_text()


def test_a_wrong_value_becomes_the_observed_one_and_says_so(tmp_path):
    write(tmp_path)
    reply = '```python\ndef test_word():\n    assert vault.opens("open sesame") == "rubies"\n```'
    with LlmServer(script([reply])) as server:
        run = generate(tmp_path, server, engine="llm")
    assert run.returncode == 0, run.stderr
    text = (tmp_path / "generated-tests" / "test_vault.py").read_text()
    assert re.search(r"# Observed; the model expected \"rubies\"\.\n\s+assert vault\.opens\(\"open sesame\"\) == 'treasure'",
                     text), text
    assert report(tmp_path)["model"]["values_observed"] == 1


def test_what_failed_is_told_and_mended(tmp_path):
    write(tmp_path)
    first = '```python\ndef test_word():\n    assert vault.opens("open sesame").nothing() == 1\n```'
    second = '```python\ndef test_word():\n    assert vault.opens("open sesame") == "treasure"\n```'
    with LlmServer(script([first, second])) as server:
        generate(tmp_path, server, "--symbol", "opens", engine="llm")
    follow_up = [asked.prompt for asked in server.asked if asked.turns > 0]
    assert follow_up and "test_word" in follow_up[0] and "nothing" in follow_up[0]
    assert "test_word" in {test["name"] for test in report(tmp_path)["tests"]}


def test_auto_is_never_below_the_explorer_alone(tmp_path):
    write(tmp_path)
    with LlmServer(lambda asked: Reply(status=500)) as server:
        alone = generate(tmp_path, server, engine="explorer")
        before = report(tmp_path)
        text = (tmp_path / "generated-tests" / "test_vault.py").read_text()
        for name in ("generated-tests/test_vault.py", "report.json"):
            (tmp_path / name).unlink()
        hostile = '```python\nimport vault\ndef test_x():\n    import builtins\n    builtins.len = None\n' \
                  '    assert vault.opens("open sesame") == "treasure"\n```'
        server.answer = script([hostile])
        both = generate(tmp_path, server)
    assert alone.returncode == both.returncode == 0, both.stderr
    after = report(tmp_path)
    assert {t["name"] for t in before["tests"]} <= {t["name"] for t in after["tests"]}
    assert after["coverage"]["lines_covered"] >= before["coverage"]["lines_covered"]
    assert after["mutation"]["killed"] >= before["mutation"]["killed"]
    assert "engine explorer" in text


@pytest.mark.parametrize("fault", ["hang up", "cut", "html", "garbage", "enormous"])
def test_a_provider_that_misbehaves_costs_nothing_that_was_there(tmp_path, fault):
    write(tmp_path)
    with LlmServer(lambda asked: Reply(GOOD, fault=fault)) as server:
        run = generate(tmp_path, server, "--llm-retries", "1", "--verbose")
    assert run.returncode == 0, run.stderr
    module = report(tmp_path)
    assert module["tests_kept"] > 0
    assert any("the model could not be asked" in o["reason"] for o in module["omissions"])
    assert '"event":"llm_error"' in run.stderr or "LLM API request failed" in run.stderr


def test_the_next_model_takes_over(tmp_path):
    write(tmp_path)
    with LlmServer(lambda asked: Reply(status=400)) as bad, LlmServer(script([GOOD])) as good:
        run = generate(tmp_path, bad, "--llm", "ollama:second", "--llm-url", f"ollama={good.base('ollama')}")
    assert run.returncode == 0, run.stderr
    assert report(tmp_path)["model"]["provider"] == "ollama"


def test_the_key_is_nowhere_but_in_its_header(tmp_path):
    write(tmp_path)
    trace = tmp_path / "trace.json"
    with LlmServer(lambda asked: Reply(GOOD, status=400 if asked.turns else 200), key=KEY) as server:
        run = generate(tmp_path, server, "--trace-file", str(trace), "--verbose", "--llm-replies", "replies")
        wrong = generate(tmp_path, server, "--verbose", key="sk-wrong-0123456789abcdefgh", engine="llm")
    said = run.stdout + run.stderr + trace.read_text() + json.dumps(report(tmp_path))
    for path in [*tmp_path.rglob("*.json"), *tmp_path.rglob("*.py")]:
        said += path.read_text()
    assert KEY not in said
    assert all(asked.headers["authorization"] == f"Bearer {KEY}" for asked in server.asked)
    assert all(KEY not in json.dumps(asked.body) for asked in server.asked)
    assert "sk-wrong" not in wrong.stdout + wrong.stderr
    # A key cannot be given by flag or by the project's file.
    flag = generate(tmp_path, server, "--llm-key", KEY)
    assert flag.returncode == 2
    (tmp_path / ".testgen.yaml").write_text("llm: [compatible:evil]\nllm-url: [compatible=http://evil.test]\n")
    assert generate(tmp_path, server, "--dry-run").returncode == 2


def test_the_trace_has_a_span_for_each_call(tmp_path):
    write(tmp_path)
    trace = tmp_path / "trace.json"
    with LlmServer(script([GOOD])) as server:
        generate(tmp_path, server, "--trace-file", str(trace))
    spans = [span for line in trace.read_text().splitlines() for resource in json.loads(line)["resourceSpans"]
             for scope in resource["scopeSpans"] for span in scope["spans"]]
    by_id = {span["spanId"]: span for span in spans}
    calls = [span for span in spans if span["name"] == "chat good-model"]
    # The provider, or a gateway before it, goes on below the span of its call.
    assert {f"00-{span['traceId']}-{span['spanId']}-01" for span in calls} <= {
        re.sub(r"-0[0-9a-f]$", "-01", asked.headers["traceparent"]) for asked in server.asked}
    assert len(calls) == len(server.asked) and not any("baggage" in asked.headers for asked in server.asked)
    for span in calls:
        assert by_id[span["parentSpanId"]]["name"] == "ask"
        keys = {attribute["key"] for attribute in span["attributes"]}
        assert {"gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "gen_ai.usage.input_tokens",
                "gen_ai.response.id", "server.address"} <= keys


def said_in_calls(trace):
    """Attribute → texts, of what the calls of a run recorded of their content."""
    found = {}
    for line in trace.read_text().splitlines():
        for span in (span for resource in json.loads(line)["resourceSpans"] for scope in resource["scopeSpans"]
                     for span in scope["spans"]):
            for attribute in span["attributes"]:
                if attribute["key"] in ("gen_ai.system_instructions", "gen_ai.input.messages", "gen_ai.output.messages"):
                    found.setdefault(attribute["key"], []).append(attribute["value"]["stringValue"])
    return found


@pytest.mark.parametrize("flag, key", [
    (None, None), ("--trace-llm-instructions", "gen_ai.system_instructions"),
    ("--trace-llm-prompts", "gen_ai.input.messages"), ("--trace-llm-replies", "gen_ai.output.messages")])
def test_what_is_said_is_in_the_trace_only_where_it_is_switched_on(tmp_path, flag, key):
    write(tmp_path)
    trace = tmp_path / "trace.json"
    with LlmServer(script([GOOD])) as server:
        generate(tmp_path, server, "--trace-file", str(trace), *([flag] if flag else []), engine="llm")
    said = said_in_calls(trace)
    assert set(said) == ({key} if key else set())
    if key == "gen_ai.output.messages":
        message, = json.loads(said[key][0])
        assert message["role"] == "assistant" and message["parts"][0]["type"] == "text"
        assert "def test_" in message["parts"][0]["content"]
    # A project's own file cannot switch it on.
    (tmp_path / ".testgen.yaml").write_text("trace-llm-prompts: true\n")
    assert generate(tmp_path, server, "--dry-run").returncode == 2


@pytest.mark.parametrize("provider", ["compatible", "ollama"])  # with identifiers of calls, and without
def test_what_a_tool_is_asked_and_answers_is_content_too(tmp_path, provider):
    write(tmp_path)
    trace = tmp_path / "trace.json"

    def looks_up(asked):
        return Reply(NOTHING) if asked.results else Reply(stop="tool", calls=[("look_up", {"symbol": "grade"})])

    def run(*flags):
        with LlmServer(looks_up) as server:
            generate(tmp_path, server, "--trace-file", str(trace), *flags, provider=provider, engine="llm")
        return next(asked.results for asked in server.asked if asked.results), said_in_calls(trace)
    assert run()[1] == {} and "points" not in trace.read_text()
    (shown,), said = run("--trace-llm-prompts", "--trace-llm-replies")
    assert "def grade" in shown
    last = next(messages for messages in map(json.loads, said["gen_ai.input.messages"]) if messages[-1]["role"] == "tool")
    call, = last[-2]["parts"]
    identity = {"id": call["id"]} if provider == "compatible" else {}
    assert call == {"type": "tool_call", "name": "look_up", "arguments": {"symbol": "grade"}, **identity}
    assert last[-1]["parts"] == [{"type": "tool_call_response", "response": shown, **identity}]
    replied = next(message for message, in map(json.loads, said["gen_ai.output.messages"])
                   if message["finish_reason"] == "tool_call")
    assert replied["parts"] == [call]


def test_dry_run_shows_exactly_what_is_sent(tmp_path):
    write(tmp_path, VAULT.replace('DOOR = ', 'TOKEN = "ghp_0123456789abcdefghijABCDEFGHIJ012345"\nDOOR = '))
    with LlmServer(lambda asked: Reply(NOTHING)) as server:
        shown = generate(tmp_path, server, "--dry-run", engine="llm")
        assert shown.returncode == 0 and server.asked == []
        generate(tmp_path, server, engine="llm")
    assert server.asked
    for asked in server.asked:
        if asked.turns == 0:
            code = re.search(r"<code>\n(.*)</code>", asked.prompt, re.S).group(1)
            unnumbered = re.sub(r"^ *\d+: ", "       ", code, flags=re.M)
            assert unnumbered in re.sub(r"^ *\d+: ", "       ", shown.stdout, flags=re.M)
            assert asked.body["messages"][0]["content"] in shown.stdout
        assert "ghp_0123456789" not in json.dumps(asked.body)
    assert "ghp_0123456789" not in shown.stdout


def test_files_that_must_not_be_sent_are_not(tmp_path):
    write(tmp_path)
    with LlmServer(lambda asked: Reply(GOOD)) as server:
        generate(tmp_path, server, "--llm-never-send", "vault.py")
        assert server.asked == []
        assert any("not sent" in o["reason"] for o in report(tmp_path)["omissions"])
        assert "not sent" in generate(tmp_path, server, "--llm-never-send", "vault.py", "--dry-run").stdout


def test_the_budget_is_a_hard_stop(tmp_path):
    write(tmp_path)
    with LlmServer(lambda asked: Reply(NOTHING)) as server:
        run = generate(tmp_path, server, "--llm-token-budget", "100", engine="llm")
        assert server.asked == [] and "budget for models is used up" in (tmp_path / "report.json").read_text()
        # A budget in money needs a price.
        generate(tmp_path, server, "--llm-budget", "1")
        assert server.asked == [] and "price is unknown" in (tmp_path / "report.json").read_text()
        (tmp_path / "prices.json").write_text(json.dumps(
            {"date": "2026-01-01", "providers": {"compatible": {"good-model": {"input": 1, "output": 2}}}}))
        generate(tmp_path, server, "--llm-budget", "1", "--llm-prices", "prices.json")
        assert server.asked and report(tmp_path)["model"]["dollars"] > 0
    assert run.returncode != 0


def test_a_recorded_run_is_replayed_without_a_network(tmp_path):
    write(tmp_path)
    with LlmServer(script([GOOD])) as server:
        generate(tmp_path, server, "--llm-replies", "cassettes", "--llm-replies-mode", "record", engine="llm")
    first = report(tmp_path)
    (tmp_path / "generated-tests" / "test_vault.py").unlink()
    run = generate(tmp_path, server, "--llm-replies", "cassettes", "--llm-replies-mode", "replay", engine="llm", key="")
    assert run.returncode == 0, run.stderr + run.stdout
    assert [t["name"] for t in report(tmp_path)["tests"]] == [t["name"] for t in first["tests"]]


def check(server, *words, key=KEY):
    return subprocess.run([TESTGEN, "llm", "check", *words], capture_output=True, text=True, timeout=60,
                          env={"PATH": "/usr/bin:/bin", "TESTGEN_LLM_KEY": key})


def test_check_says_what_is_there_and_spends_nothing():
    with LlmServer(lambda asked: Reply("x"), key=KEY) as server:
        url = f"compatible={server.base('openai-chat')}"
        good = check(server, "--llm", "compatible:good-model", "--llm-url", url)
        other = check(server, "--llm", "compatible:other", "--llm-url", url)
        wrong = check(server, "--llm", "compatible:good-model", "--llm-url", url, key="sk-wrong-0123456789abcdefgh")
        assert server.asked == [] and server.lists == 3
    gone = check(server, "--llm", "compatible:good-model", "--llm-url", url)
    assert good.returncode == 0 and "has the model" in good.stdout and "unknown" in good.stdout
    assert other.returncode == 4 and "no model of this name; it has good-model" in other.stdout
    assert wrong.returncode == 4 and "not allowed" in wrong.stdout and "sk-wrong" not in wrong.stdout
    assert gone.returncode == 4 and "not reachable" in gone.stdout
    assert KEY not in good.stdout + good.stderr


@pytest.mark.parametrize("words, hint", [
    ((), "--llm ollama:"), (("--llm", "nobody:x"), "providers are"), (("--llm", "ollama"), "PROVIDER:MODEL"),
    (("--llm", "openai:x"), "OPENAI_API_KEY"), (("--llm", "azure:x"), "--llm-url azure="),
    (("--llm", "ollama:x", "--llm-url", "ollama=ftp://x"), "http"),
    (("--llm", "ollama:x", "--llm-url", "ollama=http://u:p@x"), "http"),
    (("--llm", "openai:x", "--llm-key-file", "openai=/nowhere"), "")])
def test_wrong_settings_are_told(words, hint):
    run = subprocess.run([TESTGEN, "llm", "check", *words], capture_output=True, text=True, timeout=60,
                         env={"PATH": "/usr/bin:/bin"})
    assert run.returncode not in (0, 70) and hint in run.stderr, run.stderr


def test_each_key_of_a_service_has_its_budget_of_a_day(tmp_path):
    (tmp_path / "prices.json").write_text(json.dumps(
        {"date": "2026-01-01", "providers": {"compatible": {"m": {"input": 1, "output": 1}}}}))
    keys = {name: subprocess.run([TESTGEN, "keys", "create", name, "--data", tmp_path / "data"], capture_output=True, text=True,
                                 timeout=30, check=True).stdout.strip() for name in ("ann", "bob")}
    # One call reserves 4096 tokens of output and some thousands of input, then settles at 0.5 dollars.
    nothing = Reply(NOTHING, input_tokens=400_000, output_tokens=100_000, cached_tokens=0)
    with LlmServer(lambda asked: nothing) as server, \
            servers.Testgen(tmp_path, "--workers", "1", "--engine", "llm", "--llm", "compatible:m", "--llm-url",
                            f"compatible={server.base('openai-chat')}", "--llm-prices", str(tmp_path / "prices.json"),
                            "--llm-key-budget", "0.4", "--llm-attempts", "1", "--llm-ledger", str(tmp_path / "spent.json")) as service:
        def post(name, number):
            job = {"language": "python", "files": [{"path": "a.py", "content": f"def f(x):\n    return x + {number}\n"}],
                   "options": {"budget_seconds": 1}, "wait_seconds": 60}
            answer = servers.request(service.url + "/v1/generate", job, headers={"Authorization": f"Bearer {keys[name]}"})
            return answer.json()["result"]["modules"][0]["omissions"]
        post("ann", 1)
        assert len(server.asked) == 1
        told = post("ann", 2)
        assert any("budget for models is used up" in omission["reason"] for omission in told), (told, len(server.asked))
        assert len(server.asked) == 1, "the second job of the same key asks nobody"
        post("bob", 3)
        assert len(server.asked) == 2, "another key has its own"
    ledger = json.loads((tmp_path / "spent.json").read_text())
    assert ledger["keys"] == {keys[name].split("_")[1]: 0.5 for name in keys}


def test_a_models_tests_in_a_file_for_unittest(tmp_path):
    write(tmp_path)
    reply = '''```python
import unittest
from vault import grade, opens

def test_word():
    assert opens("open sesame") == "treasure"

def test_no_points():
    with unittest.TestCase().assertRaises(ValueError):
        grade(-1)
```'''
    with LlmServer(script([reply])) as server:
        run = generate(tmp_path, server, "--framework", "unittest", "--symbol", "opens", engine="llm")
    assert run.returncode == 0, run.stderr
    assert all("pytest is not there" in asked.body["messages"][0]["content"] for asked in server.asked)
    text = (tmp_path / "generated-tests" / "test_vault.py").read_text()
    assert "(unittest.TestCase):" in text and "def test_word(self):" in text and "pytest" not in text
    tests = subprocess.run([PYTHON, "-S", "-m", "unittest", "discover", "-s", "generated-tests"], cwd=tmp_path, capture_output=True,
                           text=True, timeout=60)
    assert tests.returncode == 0, tests.stderr
