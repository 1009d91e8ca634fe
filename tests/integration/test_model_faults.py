"""What a drill does to the model provider of a service: calls fail or stall, and nothing reaches the provider."""
import contextlib
import re
import time

import pytest

from llm_server import LlmServer, Reply
from servers import Testgen, wait_for

FOR_EVER = 9_999_999_999


@contextlib.contextmanager
def asking(folder, *arguments):
    """A provider, and a service that asks it once for each proposal."""
    with LlmServer(lambda asked: Reply("```python\npass\n```")) as provider, Testgen(
            folder, "--workers", "1", "--engine", "llm", "--llm", "openai-chat:m", "--llm-url",
            f"openai-chat={provider.base('openai-chat')}", "--llm-retries", "0", *arguments) as service:
        yield provider, service


def break_it(service, fault):
    fresh = service.data / "faults.new"
    fresh.write_text(f"{FOR_EVER}\n{fault}\n")
    fresh.rename(service.data / "drill.faults")


def job(name, wait=40):
    return {"language": "python", "files": [{"path": "m.py", "content": f"def {name}(x: int) -> int:\n    return x + 1\n"}],
            "options": {"budget_seconds": 1}, "wait_seconds": wait}


def errors(service, kind):
    page = service.get("/metrics").text
    return float(re.search(rf'^testgen_llm_errors_total{{provider="openai-chat",error_type="{kind}"}} (\S+)', page, re.M)[1])


@pytest.mark.parametrize("fault, kind", [("model-fails", "unavailable"), ("model-stalls", "timeout")])
def test_calls_fail_until_the_fault_is_over(tmp_path, fault, kind):
    with asking(tmp_path, "--allow-drills", "--llm-first-token-timeout", "300ms") as (provider, service):
        assert errors(service, kind) == 0
        break_it(service, fault)
        assert service.post("/v1/generate", job("broken")).status == 200, "a job ends without its model"
        assert errors(service, kind) > 0
        assert provider.asked == []
        (service.data / "drill.faults").unlink()
        failed = errors(service, kind)
        assert service.post("/v1/generate", job("mended")).status == 200
        assert provider.asked
        assert errors(service, kind) == failed


def test_a_stalled_call_does_not_hold_up_the_end_of_the_service(tmp_path):
    with asking(tmp_path, "--allow-drills", "--llm-first-token-timeout", "10m", "--llm-timeout", "10m") as (_, service):
        break_it(service, "model-stalls")
        accepted = service.post("/v1/generate", job("stalled", wait=0)).json()
        wait_for(lambda: service.get(f"/v1/jobs/{accepted['id']}").json()["state"] == "running", "the job to run")
        begun = time.monotonic()
        assert service.stop(30) == 0
        assert time.monotonic() - begun < 20


def test_a_service_that_does_not_allow_drills_asks_its_model(tmp_path):
    with asking(tmp_path) as (provider, service):
        break_it(service, "model-fails")
        assert service.post("/v1/generate", job("safe")).status == 200
        assert provider.asked and errors(service, "unavailable") == 0
