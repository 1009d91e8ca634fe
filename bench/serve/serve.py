#!/usr/bin/env python3
"""Measures `testgen serve` from outside and prints each figure beside its bar.

    ./dev bench serve [--minutes 0.5] [--only NAME…] [--write]

The bars are for 10 minutes of load (--minutes 10) on two cores that do nothing else.
"""
import argparse
import contextlib
import json
import os
import pathlib
import platform
import re
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
os.environ.setdefault("TESTGEN_BUILD_DIR", str(ROOT / "build/release"))

import load as loads  # noqa: E402
from servers import BUILD, Testgen, free_port, request, wait_for  # noqa: E402

PAGE = ROOT / "docs/benchmarks.md"
TOKEN = "a-token-for-the-bench-0123456789"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
# Small real files of the standard library.
FILES = ["colorsys", "fnmatch", "bisect", "textwrap", "heapq", "shlex"]
SMALL = ("def grade(points: int, limit: int = 100) -> str:\n    if limit <= 0:\n        raise ValueError('limit')\n"
         "    share = points / limit\n    return 'A' if share >= 0.9 else 'B' if share >= 0.5 else 'C'\n")


def generate_body(content, name="module.py", seed=1, budget=3.0, wait=1.5, executions=0):
    return {"language": "python", "files": [{"path": name, "content": content}],
            "options": {"budget_seconds": budget, "seed": seed, "max_executions": executions}, "wait_seconds": wait}


def real_files():
    import importlib.util
    # Under names of their own: a file named as a module of the standard library would stand in its way.
    return {f"my_{name}": pathlib.Path(importlib.util.find_spec(name).origin).read_text() for name in FILES}


@contextlib.contextmanager
def service(*arguments, env=None, workers=2):
    with tempfile.TemporaryDirectory() as folder:
        token = pathlib.Path(folder) / "token"
        token.write_text(TOKEN + "\n")
        with Testgen(folder, "--workers", str(workers), "--token-file", token, *arguments, env=env) as running:
            yield running


def series(text, name):
    return sum(float(value) for value in re.findall(rf"^{re.escape(name)}(?:\{{[^}}]*\}})? (\S+)", text, re.M))


def under_load(options):
    """Objectives under open-loop load."""
    sources = real_files()
    with service() as running:
        known = [generate_body(text, f"{name}.py", budget=10.0, wait=0, executions=300) for name, text in sources.items()]
        for body in known:
            first = request(running.url + "/v1/generate", {**body, "wait_seconds": 30}, HEADERS, timeout=60)
            assert first.status == 200, first
        before = running.get("/metrics").text
        names = list(sources)

        def fresh(number):
            name = names[number % len(names)]
            return generate_body(sources[name], f"{name}.py", seed=1000 + number, budget=3.0, wait=1.5)
        driver = loads.Load(running.url, HEADERS, known, fresh)
        driver.run(options.minutes * 60, per_minute=150, known_share=0.85)
        after = running.get("/metrics").text
        hits, misses = (series(after, f"testgen_cache_{kind}_total") - series(before, f"testgen_cache_{kind}_total")
                        for kind in ("hits", "misses"))
    error_rate = len(driver.failures) / max(1, driver.answers)
    yield "load of 150 requests a minute", options.minutes, "min", "", None
    yield "response time p95 under that load", loads.percentile(driver.times, 0.95), "s", "<", 2
    yield "error rate under that load", 100 * error_rate, "%", "<", 0.1
    yield "availability under that load", 100 * (1 - error_rate), "%", ">", 99.9
    yield "cache hit rate under that load", 100 * hits / max(1, hits + misses), "%", ">", 80
    yield "new work finished, p95", loads.percentile(driver.finished, 0.95), "s", "<", 30
    ours, command = scores_of_command(sources, names, driver.scores, options.samples)
    yield f"quality of new work less the command's, {len(ours)} files", statistics.fmean(ours) - statistics.fmean(command), "", ">=", -0.02


def scores_of_command(sources, names, scores, samples):
    """Qualities of the first jobs, and the command's for the same files, seeds and budget."""
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in sorted(scores)[:samples]:
            name = names[number % len(names)]
            path = pathlib.Path(folder) / str(number) / f"{name}.py"
            path.parent.mkdir()
            path.write_text(sources[name])
            done = subprocess.run([BUILD / "testgen", "generate", path, "--budget", "3s", "--seed", str(1000 + number), "--json", "-",
                                   "--output", path.parent / "tests"], capture_output=True, text=True, timeout=60)
            ours.append(scores[number])
            theirs.append(json.loads(done.stdout)["modules"][0]["quality"])
    return ours, theirs


def wrk(url, body, seconds, connections=32):
    """Requests a second, and how many were not answered with 2xx."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f"wrk.method='POST'\nwrk.body={json.dumps(json.dumps(body))}\n"
                     f"wrk.headers['Content-Type']='application/json'\nwrk.headers['Authorization']='Bearer {TOKEN}'\n")
        script.flush()
        done = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script.name, url + "/v1/generate"],
                              capture_output=True, text=True, timeout=seconds + 30, check=True)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1)), int(bad.group(1)) if bad else 0


@contextlib.contextmanager
def rival(answer):
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "answer.json").write_text(answer)
        (pathlib.Path(folder) / "metrics").mkdir()
        port = free_port()
        env = {**os.environ, "RIVAL_TOKEN": TOKEN, "RIVAL_ANSWER": f"{folder}/answer.json",
               "PROMETHEUS_MULTIPROC_DIR": f"{folder}/metrics"}
        process = subprocess.Popen(["/usr/bin/python3", "-m", "gunicorn", "-w", str(os.cpu_count()), "-b", f"127.0.0.1:{port}",
                                    "--log-level", "error", "rival:app"], cwd=pathlib.Path(__file__).parent, env=env)
        try:
            url = f"http://127.0.0.1:{port}"

            def answers():
                with contextlib.suppress(OSError):
                    return request(url + "/metrics").status == 200
                return False
            wait_for(answers, "gunicorn to answer")
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(15)


def warmed(running, body):
    answer = request(running.url + "/v1/generate", {**body, "wait_seconds": 30}, HEADERS, timeout=60)
    assert answer.status == 200, answer
    return answer.text


def against_flask(options):
    """Cached requests a second against Flask under gunicorn."""
    body = generate_body(SMALL, budget=10.0, executions=200)
    with service() as running:
        answer = warmed(running, body)
        ours = []
        theirs = []
        with rival(answer) as url:
            for _ in range(options.rounds):
                for target, rates in ((running.url, ours), (url, theirs)):
                    rate, bad = wrk(target, body, options.seconds)
                    assert not bad, f"{bad} answers of {target} were not 2xx"
                    rates.append(rate)
    yield "cached POST /v1/generate, requests a second", statistics.median(ours), "", "", None
    yield "the same in Flask under gunicorn", statistics.median(theirs), "", "", None
    yield "ratio", statistics.median(ours) / statistics.median(theirs), "×", ">=", 5


def while_busy(options):
    """Probes and scrapes while every worker is busy."""
    import http.client
    with service() as running:
        for seed in range(6):
            sent = request(running.url + "/v1/generate", generate_body(real_files()["my_textwrap"], "my_textwrap.py", seed, 10.0, 0), HEADERS)
            assert sent.status == 202, sent
        wait_for(lambda: series(running.get("/metrics").text, "testgen_jobs_running") == 2, "the workers to be busy")
        for path in ("/health", "/metrics"):
            connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
            times = []
            for _ in range(400):
                begun = time.monotonic()
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                times.append(time.monotonic() - begun)
                assert answer.status == 200
            connection.close()
            yield f"{path} while all workers are busy, p99", 1000 * loads.percentile(times, 0.99), "ms", "<", 20


def telemetry_cost(options):
    """All telemetry on against all off."""
    off = {"OTEL_SDK_DISABLED": "true"}
    body = generate_body(SMALL, budget=10.0, executions=200)
    with receiver() as endpoint:
        on = {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
              "OTEL_TRACES_SAMPLER_ARG": "0.1"}
        with service(env=on) as with_all, service("--log-level", "critical", env=off) as without:
            warmed(with_all, body)
            warmed(without, body)
            ratios, work = [], []
            for _ in range(options.rounds):
                rates = [wrk(running.url, body, options.seconds)[0] for running in (with_all, without)]
                ratios.append(rates[0] / rates[1])
            # A job's time varies by more than the bar leaves: many short pairs, in turns, and their median.
            for number in range(4 * options.rounds):
                times = []
                for running in (with_all, without) if number % 2 else (without, with_all):
                    begun = time.monotonic()
                    for seed in range(2):
                        new = generate_body(SMALL, seed=100 * number + seed + 2, budget=10.0, wait=30, executions=400)
                        assert request(running.url + "/v1/generate", new, HEADERS, timeout=60).status == 200
                    times.append(time.monotonic() - begun)
                work.append(times[0] / times[1] if not number % 2 else times[1] / times[0])
    yield "cached requests a second, all telemetry on over off", statistics.median(ratios), "×", ">=", 0.90
    yield "new work a second, all telemetry on over off", statistics.median(work), "×", ">=", 0.99


@contextlib.contextmanager
def receiver():
    """A receiver of OTLP in a process of its own."""
    port = free_port()
    process = subprocess.Popen([sys.executable, pathlib.Path(__file__).with_name("otlp_sink.py"), str(port)])
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def idle_crowd(options):
    """Ten thousand connections that do nothing."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = min(10_000, hard - 1000)
    with service() as running:
        crowd = [socket.create_connection(("127.0.0.1", running.port), timeout=10) for _ in range(count)]
        try:
            status = pathlib.Path(f"/proc/{running.process.pid}/status").read_text()
            memory = int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024
            times = []
            for _ in range(100):
                begun = time.monotonic()
                assert request(running.url + "/v1/jobs", headers=HEADERS).status == 200
                times.append(time.monotonic() - begun)
        finally:
            for connection in crowd:
                connection.close()
    yield f"memory with {count} idle connections", memory, "MB", "<=", 120
    yield "new requests meanwhile, p99", 1000 * loads.percentile(times, 0.99), "ms", "<", 50


def start_up(options):
    """Start to ready."""
    times = []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            running = Testgen(folder)
            begun = time.monotonic()
            process = subprocess.Popen(running._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                def ready():
                    with contextlib.suppress(OSError):
                        return request(running.url + "/ready", timeout=2).status == 200
                    return False
                wait_for(ready, "the service to be ready", pause=0.005)
                times.append(time.monotonic() - begun)
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(15)
    yield "start to ready", statistics.median(times), "s", "<", 1


SECTIONS = {"load": under_load, "flask": against_flask, "busy": while_busy, "telemetry": telemetry_cost, "idle": idle_crowd,
            "start": start_up}


def verdict(value, sign, bar):
    if bar is None:
        return ""
    met = {"<": value < bar, "<=": value <= bar, ">": value > bar, ">=": value >= bar}[sign]
    return "met" if met else "MISSED"


def write(lines):
    """Into the page. What was measured before and not now stays, in its place."""
    page = PAGE.read_text()
    begin, end = "<!-- bench serve -->", "<!-- end -->"
    at = page.index(begin) + len(begin)
    until = page.index(end, at)
    new = {line.split("|")[1]: line for line in lines if line.startswith("|")}
    kept = [new.pop(line.split("|")[1], line) for line in page[at:until].splitlines() if line.startswith("|")]
    table = [*kept, *new.values()]
    PAGE.write_text(page[:at] + "\n" + "\n".join([lines[0], "", *table]) + "\n" + page[until:])


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench serve", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=0.5, help="of load")
    parser.add_argument("--seconds", type=int, default=3, help="for each run of wrk")
    parser.add_argument("--rounds", type=int, default=3, help="of what is repeated; the median counts")
    parser.add_argument("--samples", type=int, default=4, help="new jobs compared with the command")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS))
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.relative_to(ROOT)}")
    return parser.parse_args()


def main():
    options = parse()
    lines = [f"Measured on {platform.machine()}, {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}", "",
             "| figure | measured | bar | |", "|---|---:|---:|---|"]
    print("\n".join(lines), flush=True)
    missed = False
    for name in options.only:
        for figure, value, unit, sign, bar in SECTIONS[name](options):
            said = verdict(value, sign, bar)
            missed = missed or said == "MISSED"
            digits = 0 if abs(value) >= 100 else 2 if abs(value) >= 1 else 3
            line = f"| {figure} | {value:.{digits}f} {unit} | {sign} {bar if bar is not None else ''} | {said} |"
            lines.append(line)
            print(line, flush=True)
    if options.write:
        write(lines)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
