"""The vendors' own SDKs and our client ask the same server: they agree on what was said."""
import json
import os
import pathlib
import subprocess

import pytest
import servers
from llm_server import LlmServer, Reply

ROOT = pathlib.Path(__file__).resolve().parents[2]
PEER = ROOT / "tests/support/llm_sdk_peer.cjs"
PROTOCOLS = {"compatible": "openai-chat", "openai": "openai-responses", "anthropic": "anthropic", "gemini": "gemini",
             "ollama": "ollama"}
# The vendors' words for our own.
STOPS = {"stop": "stop", "length": "length", "tool_calls": "tool_calls", "completed": "stop", "max_output_tokens": "length",
         "end_turn": "stop", "max_tokens": "length", "tool_use": "tool_calls", "refusal": "content_filter", "STOP": "stop",
         "MAX_TOKENS": "length", "SAFETY": "content_filter"}
TEXT = "def test_ä():\n    assert 'λ→😀' == f(\"\\n\")\n" * 3
CALLS = [("f", {"x": "λ \" } and more"}), ("f", {"x": ""})]
KEY = "sk-test-0123456789abcdefghij"


@pytest.fixture(params=PROTOCOLS)
def provider(request):
    return request.param


def ask(words, prompt):
    run = subprocess.run(words, input=prompt, capture_output=True, text=True, timeout=60, check=True,
                         env={**os.environ, "PROBE_KEY": KEY, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"})
    return json.loads(run.stdout)


def both(provider, reply, key=KEY):
    """(what our client heard, what the SDK heard, what the server was asked by each)."""
    with LlmServer(lambda asked: reply, key=key) as server:
        url = server.base(PROTOCOLS[provider])
        ours = ask([servers.BUILD / "bin" / "llm_probe", provider, url, "5000", "8000"], "say it")
        theirs = ask(["node", PEER, provider, url], "say it")
        return ours, theirs, server.asked


@pytest.mark.parametrize("fault", ["", "at once", "crlf"])
def test_text_and_usage(provider, fault):
    ours, theirs, asked = both(provider, Reply(TEXT, fault=fault))
    assert "error" not in theirs, theirs
    assert ours["text"] == theirs["text"] == TEXT
    assert [ours["input"], ours["output"], ours["cached"]] == theirs["usage"]
    assert ours["stop"] == STOPS[theirs["stop"]]
    assert ours["model"] == theirs["model"]
    if provider != "ollama":
        assert ours["id"] == theirs["id"]
    # The server was asked the same by both, in the same place.
    assert [each.path for each in asked] == [asked[0].path] * 2
    assert [each.prompt for each in asked] == ["say it"] * 2
    assert [each.tools for each in asked] == [["f"]] * 2


def test_a_reply_that_was_cut_short(provider):
    ours, theirs, _ = both(provider, Reply("cut", stop="length"))
    assert ours["text"] == theirs["text"] == "cut"
    assert ours["stop"] == STOPS[theirs["stop"]] == "length"


def test_refusals(provider):
    if provider == "ollama":
        pytest.skip("its API has no word for one")
    ours, theirs, _ = both(provider, Reply("I can't help with that.", stop="refusal"))
    assert ours["stop"] == "content_filter" and ours["text"] == theirs["text"] == ""
    if provider in ("compatible", "openai"):
        assert ours["refusal"] == theirs["refusal"] == "I can't help with that."
    else:
        assert STOPS[theirs["stop"]] == "content_filter"


def test_calls_of_tools(provider):
    ours, theirs, _ = both(provider, Reply(stop="tool", calls=CALLS))
    assert "error" not in theirs, theirs
    heard = [[name, json.loads(arguments)] for _, name, arguments, _ in ours["calls"]]
    assert heard == theirs["calls"] == [list(call) for call in CALLS]
    assert ours["stop"] == "tool_calls"
    if provider in ("compatible", "anthropic"):
        assert STOPS[theirs["stop"]] == "tool_calls"


@pytest.mark.parametrize("status", [400, 401, 429, 500, 529])
def test_errors(provider, status):
    ours, theirs, _ = both(provider, Reply("told so", status=status))
    assert ours["failure"]["status"] == theirs["status"] == status
    assert "told so" in ours["failure"]["message"] and "told so" in theirs["error"]
