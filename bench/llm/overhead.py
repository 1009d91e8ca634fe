"""What our side of a call costs: all of its time but the provider's, beside LiteLLM's proxy in the same run.

The provider (provider.py) notes its own time of each call. Ours is the client of the engine (llm_call_bench): limits, budget,
retries, breaker, stream, prices, metrics, span. Of the proxy it is the time of a plain client through it, less that client's
own, which is measured against the provider directly.
"""
import http.client
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import litellm_proxy

HERE = pathlib.Path(__file__).resolve().parent
P99_BAR = 5.0       # milliseconds
RATIO_BAR = 10.0
PROMPT = "x = 1\n" * 500
BODY = json.dumps({"model": "good-model", "stream": True, "stream_options": {"include_usage": True}, "max_tokens": 4096, "messages": [
    {"role": "system", "content": "You write tests."}, {"role": "user", "content": PROMPT}]})
WARM = 50


class Provider:
    """provider.py in a process of its own; after `with`, `seconds` is its time of each call."""

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, str(HERE / "provider.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *_):
        self.seconds = json.loads(self.process.communicate("", timeout=60)[0] or "[]")


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def ours(options, *flags):
    """Milliseconds of each call that are not the provider's."""
    with Provider() as provider:
        run = subprocess.run([options.build / "bin/llm_call_bench", f"http://127.0.0.1:{provider.port}/v1", str(options.calls + WARM), *flags],
                             capture_output=True, text=True, timeout=600, check=True)
    spent = [int(line) / 1e9 for line in run.stdout.splitlines()]
    return [1e3 * (mine - theirs) for mine, theirs in zip(spent, provider.seconds, strict=True)][WARM:]


def plain(port, calls, key="sk-none"):
    """Seconds of each call of a plain client that keeps its connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    spent = []
    for _ in range(calls):
        start = time.perf_counter()
        connection.request("POST", "/v1/chat/completions", BODY, {"Content-Type": "application/json", "Authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        text = answer.read()
        spent.append(time.perf_counter() - start)
        if answer.status != 200 or b"test_19" not in text:
            raise litellm_proxy.Missing(f"an answer with status {answer.status}: {text[:100]}")
    return spent


def litellm(options):
    """(its version, milliseconds of each call that are its own)."""
    calls = min(options.calls, 300)
    with Provider() as provider:
        direct = plain(provider.port, calls + WARM)
    own = statistics.median([1e3 * (mine - theirs) for mine, theirs in zip(direct, provider.seconds, strict=True)][WARM:])
    with tempfile.TemporaryDirectory(prefix="testgen-bench-litellm-") as scratch, Provider() as provider:
        proxy = litellm_proxy.Proxy(scratch, provider.port, options.litellm_in)
        try:
            through = plain(proxy.port, calls + WARM, proxy.key)
        finally:
            proxy.stop()
    return proxy.version, [1e3 * (mine - theirs) - own for mine, theirs in zip(through, provider.seconds[-len(through):], strict=True)][WARM:]


def table(options):
    """The table as Markdown, and whether every bar is met."""
    program = options.build / "bin/llm_call_bench"
    if not program.exists():
        return f"{program.name} is not built", False
    rows = [("ours", ours(options)), ("ours, with a day's budget of ten dollars and replies recorded", ours(options, "--keep"))]
    fine = percentile(rows[0][1], 0.99) <= P99_BAR
    note = ""
    if options.litellm:
        try:
            version, theirs = litellm(options)
            rows.append((f"LiteLLM's proxy {version}", theirs))
        except litellm_proxy.Missing as why:
            note = f"\n\nLiteLLM's proxy is skipped: {why}"
    out = ["| a call's time that is not the provider's | calls | p50 ms | p99 ms | p99 of ours is less, times |", "|---|---:|---:|---:|---:|"]
    for name, spent in rows:
        p99 = percentile(spent, 0.99)
        ratio = p99 / percentile(rows[0][1], 0.99)
        proxy = name.startswith("LiteLLM")
        fine = fine and (not proxy or ratio >= RATIO_BAR)
        out.append(f"| {name} | {len(spent)} | {percentile(spent, 0.5):.2f} | {p99:.2f} | {f'{ratio:.0f} (bar {RATIO_BAR:.0f})' if proxy else ''} |")
    return "\n".join(out) + f"\n\nBar: p99 of ours at most {P99_BAR:.0f} ms." + note, fine
