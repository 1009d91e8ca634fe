"""Each protocol against a server that keeps to it and against one that does not: every case ends in a clear outcome
within its deadline, and what was said is what arrives."""
import json
import os
import subprocess

import pytest
import servers
from llm_server import LlmServer, Reply

PROVIDERS = {"compatible": "openai-chat", "openai": "openai-responses", "anthropic": "anthropic", "gemini": "gemini",
             "ollama": "ollama"}
TEXT = "def test_ä():\n    assert 'λ→😀' == f(\"\\n\")\n" * 3
KEY = "sk-test-0123456789abcdefghij"


def probe(server, provider, first_ms=5000, whole_ms=8000, key=KEY):
    output = subprocess.run(
        [servers.BUILD / "bin" / "llm_probe", provider, server.base(PROVIDERS[provider]), str(first_ms), str(whole_ms)],
        input="say it", capture_output=True, text=True, timeout=30, check=True,
        env={**os.environ, "PROBE_KEY": key})
    assert KEY not in output.stdout + output.stderr
    return json.loads(output.stdout)


@pytest.fixture(params=PROVIDERS)
def provider(request):
    return request.param


def test_what_is_said_arrives(provider):
    for fault in ("", "at once", "crlf"):
        with LlmServer(lambda asked: Reply(TEXT, fault=fault), key=KEY) as server:
            heard = probe(server, provider)
        assert heard["failure"] is None, heard
        assert heard["text"] == heard["streamed"] == TEXT
        assert heard["stop"] == "stop" and heard["model"] == "good-model" and heard["first_token"]
        cached = 0 if provider == "ollama" else 40
        assert (heard["input"], heard["output"], heard["cached"], heard["reported"]) == (100, 20, cached, True)
        assert server.asked[0].prompt == "say it"


def test_stop_reasons(provider):
    with LlmServer(lambda asked: Reply("cut", stop="length")) as server:
        assert probe(server, provider)["stop"] == "length"
    if provider == "ollama":
        return  # it has no word for the others
    with LlmServer(lambda asked: Reply("I can't help with that.", stop="refusal")) as server:
        heard = probe(server, provider)
    assert heard["stop"] == "content_filter" and heard["refusal"] and heard["text"] == ""


def test_calls_of_tools_arrive(provider):
    calls = [("f", {"x": "λ \" } and more of it"}), ("g", {})]
    with LlmServer(lambda asked: Reply("ignored", stop="tool", calls=calls)) as server:
        heard = probe(server, provider)
    assert heard["failure"] is None and heard["stop"] == "tool_calls", heard
    assert [(name, json.loads(arguments or "{}")) for _, name, arguments, _ in heard["calls"]] == calls
    ids = [call[0] for call in heard["calls"]]
    assert len(set(ids)) == (1 if provider in ("gemini", "ollama") else 2), "the last two give none"
    assert {call[3] for call in heard["calls"]} == ({"c2ln"} if provider == "gemini" else {""})
    assert server.asked[0].tools == ["f"]


def test_a_reply_without_usage_is_told_apart(provider):
    if provider == "anthropic":
        pytest.skip("its usage comes with the first event")
    with LlmServer(lambda asked: Reply("x", usage=False)) as server:
        heard = probe(server, provider)
    assert heard["failure"] is None and not heard["reported"]


@pytest.mark.parametrize("fault, kinds", [
    ("hang up", {"unavailable"}), ("cut", {"invalid_response"}), ("empty", {"invalid_response"}),
    ("html", {"invalid_response"}), ("garbage", {"invalid_response"}), ("malformed", {"invalid_response"}),
    ("enormous", {"invalid_response"})])
def test_broken_answers(provider, fault, kinds):
    with LlmServer(lambda asked: Reply(TEXT, fault=fault)) as server:
        heard = probe(server, provider)
    assert heard["failure"] and heard["failure"]["kind"] in kinds, heard
    assert heard["failure"]["message"]


def test_truncated_characters_are_replaced(provider):
    with LlmServer(lambda asked: Reply(TEXT, fault="bad utf-8")) as server:
        heard = probe(server, provider)
    assert heard["failure"] is None and "\ufffd" in heard["text"]


@pytest.mark.parametrize("fault", ["stall", "stall in the middle"])
def test_stalls_end_at_their_deadline(provider, fault):
    with LlmServer(lambda asked: Reply(TEXT, fault=fault)) as server:
        heard = probe(server, provider, first_ms=400, whole_ms=1000)
    assert heard["failure"]["kind"] == "timeout" and heard["failure"]["retriable"]
    assert heard["seconds"] < 3


@pytest.mark.parametrize("status, kind, retriable", [
    (400, "other", False), (401, "authentication", False), (403, "authentication", False), (404, "other", False),
    (408, "timeout", True), (409, "other", True), (429, "rate_limited", True), (500, "unavailable", True),
    (503, "unavailable", True), (529, "unavailable", True)])
def test_error_statuses(provider, status, kind, retriable):
    with LlmServer(lambda asked: Reply("told so", status=status, headers={"Retry-After": "7"})) as server:
        failure = probe(server, provider)["failure"]
    assert (failure["kind"], failure["retriable"], failure["status"]) == (kind, retriable, status)
    assert "told so" in failure["message"] and failure["retry_after_ms"] == 7000


def test_a_key_that_is_quoted_back_stays_hidden(provider):
    with LlmServer(lambda asked: Reply(TEXT), key="another") as server:
        failure = probe(server, provider)["failure"]
    assert failure["kind"] == "authentication" and "[REDACTED]" in failure["message"]


def test_a_key_does_not_go_over_plain_http_to_other_machines():
    output = subprocess.run([servers.BUILD / "bin" / "llm_probe", "compatible", "http://models.example.com/v1", "1", "1"],
                            input="", capture_output=True, text=True, timeout=30, env={**os.environ, "PROBE_KEY": KEY})
    assert "plain http" in json.loads(output.stdout)["refused"]
