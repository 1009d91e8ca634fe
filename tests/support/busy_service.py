"""A service that is really used, and all that watches it: four instances (one searches, one asks models, one has a
certificate and little to do, one has hard times), callers of every kind, scans, databases, and a Prometheus that scrapes
the lot every second. One instance is restarted meanwhile.

Tests ask it what each panel asks; the pictures in docs/images/dashboards are drawn from it.
"""
import concurrent.futures
import contextlib
import itertools
import json
import os
import pathlib
import random
import re
import sqlite3
import subprocess
import threading
import time

import yaml

import exporters
import servers
import shortened
import tls_service
from breakable_sandbox import Bubblewrap
from llm_server import LlmServer, Reply
from strained_service import StrainedService
from telemetry_receivers import DatagramReceiver, OtlpReceiver
from vendors import Vendors

JOB = "testgen-copilot"
TOKEN = "0123456789abcdef-busy"
MINE = {"Authorization": f"Bearer {TOKEN}"}

MODULES = [
    "def bounded(x: int) -> int:\n    if x > {n}:\n        return {n}\n    if x < 0:\n        return 0\n    return x\n",
    "def grade(points: int) -> str:\n    if points >= 90 + {n} % 7:\n        return 'A'\n    if points >= 70:\n"
    "        return 'B'\n    if points < 0:\n        raise ValueError('no points')\n    return 'C'\n",
    "class Purse:\n    def __init__(self, coins: int = {n}) -> None:\n        self.coins = coins\n\n"
    "    def pay(self, price: int) -> bool:\n        if price > self.coins or price < 0:\n            return False\n"
    "        self.coins -= price\n        return True\n",
]
FOR_MODELS = "def sign(x: int) -> int:\n    if x < 0:\n        return -1\n    return 1\n"
BROKEN = "def half(x:\n    return x / 2\n"

VULNERABLE = {
    "views.py": "import os\nimport pickle\nimport sqlite3\nfrom flask import request\n\n\ndef run():\n"
                "    os.system(request.args['command'])\n    return pickle.loads(request.data)\n\n\ndef find():\n"
                "    base = sqlite3.connect('a.db')\n"
                "    return base.execute('select * from t where n = ' + request.args['n'])\n",
    "hashes.py": "import hashlib\nimport random\nimport requests\n\nPASSWORD = 'hunter2x'\n\n\ndef token(text: str) -> str:\n"
                 "    return hashlib.md5(text.encode()).hexdigest() + str(random.random())\n\n\ndef load(url: str):\n"
                 "    return requests.get(url, verify=False)\n",
    "page.js": "const cp = require('child_process');\nfunction show(req, res) {\n  cp.exec('ls ' + req.query.path);\n"
               "  document.body.innerHTML = location.hash;\n  eval(req.query.code);\n}\nmodule.exports = { show };\n",
    "main.go": "package main\n\nimport (\n\t\"crypto/md5\"\n\t\"fmt\"\n)\n\nfunc main() {\n"
               "\tfmt.Println(md5.Sum([]byte(\"a\")))\n}\n",
    "half.py": "def broken(:\n    pass\n\n\ndef whole():\n    return 1\n",
}


# However slow the machine is, each caller does so much that its every kind of turn has come.
LEAST_TURNS = 12
LONGEST = 120  # seconds beyond the time of use, in which that must be done
JUDGED = ["python.sql-injection", "python.weak-hash", "python.command-injection", "go.weak-hash"]


def reply_of(model, random_numbers, wrong):
    """A model that takes its time, refuses when told to, and proposes two good tests and `wrong` that add nothing."""
    def answer(asked):
        chance = random_numbers.random()
        time.sleep(0.02 + 0.3 * chance)  # the model's own slowness, which is what is measured
        if model.refusals > 0:
            model.refusals -= 1
            model.refused += 1
            return Reply(status=429 if model.refusals % 3 == 0 else 503, headers={"Retry-After": "0"})
        module = re.search(r"\b(m\d+)\b", asked.prompt)
        name = module.group(1) if module else "m0"
        tests = [f"def test_large():\n    assert {name}.sign(11) == 1\n",
                 f"def test_small():\n    assert {name}.sign(-1) == -1\n"]
        tests += [f"def test_again_{i}():\n    assert {name}.sign({i}) == 1\n" for i in range(wrong)]
        return Reply("```python\n" + "\n".join(tests) + "```", input_tokens=400 + int(300 * chance),
                     output_tokens=60 + 20 * wrong, cached_tokens=int(200 * chance))
    return answer


class Model:
    """One fake provider; as many of its next answers as `refusals` says are refusals, and `refused` were."""

    def __init__(self, seed, wrong):
        self.refusals = self.refused = 0
        self.server = LlmServer(reply_of(self, random.Random(seed), wrong))


class NodeExporter(servers.Server):
    """With the loopback, which Debian's leaves out and which is all that is used here."""

    name = "node-exporter"

    def __init__(self, folder):
        super().__init__(folder, lambda self: [
            "prometheus-node-exporter", "--collector.netdev.device-exclude=^$", f"--web.listen-address={self.address}"],
            "/metrics")


class BusyService:
    """Starts everything; drive() uses it. Entered servers are stopped by `cleanup`, an ExitStack."""

    def __init__(self, folder, cleanup):
        self.folder = pathlib.Path(folder)
        self.bubblewrap = Bubblewrap(self.folder / "bin")
        enter = cleanup.enter_context
        self.strained = StrainedService(self.folder / "strained", enter)
        self.receiver = enter(servers.Receiver())
        self.models = [Model(1, wrong=1), Model(2, wrong=4)]
        careful, hasty = (enter(model.server) for model in self.models)
        self.vendors = enter(Vendors())
        self._start_instances(enter, careful, hasty)
        self.secure = enter(tls_service.Secure(
            self.folder / "secure", *tls_service.certificate(self.folder / "tls", "busy", days=60), "--workers", "1"))
        self.blackbox = enter(exporters.BlackboxExporter(self.folder / "blackbox"))
        self.redis = enter(exporters.Redis(self.folder / "redis"))
        self.postgres = enter(exporters.Postgres(self.folder / "postgres"))
        self.pushgateway = enter(exporters.Pushgateway(self.folder / "pushgateway"))
        self.alertmanager = enter(servers.Alertmanager(
            self.folder / "alertmanager", shortened.alertmanager(self.receiver.url)))
        self.targets = {
            JOB: [self.searching.address, self.asking.address, self.strained.address],
            "node": [enter(NodeExporter(self.folder / "node")).address],
            "redis": [enter(exporters.RedisExporter(self.folder / "redis-exporter", self.redis)).address],
            "postgres": [enter(exporters.PostgresExporter(self.folder / "pg-exporter", self.postgres)).address],
            "pushgateway": [self.pushgateway.address],
            "alertmanager": [self.alertmanager.address],
            "blackbox": [f"{self.searching.url}/{path}" for path in ("health", "ready", "alive")],
        }
        self.prometheus = enter(self._prometheus())
        self.prometheus.wait_scraped({*self.targets, "prometheus"})
        self.started = time.time()

    def _start_instances(self, enter, careful, hasty):
        # It refuses some of what comes, so that there are losses to count.
        self.otlp = enter(OtlpReceiver(self.folder, "200", "503", *["400"] * 30, "200"))
        agent = enter(DatagramReceiver())
        self._agent = agent
        self.keys = {}
        for name, flags in {"alice": [], "bob": [], "hasty": ["--requests-per-minute", "5"],
                            "watcher": ["--role", "viewer"]}.items():
            self.keys[name] = subprocess.run(
                [servers.BUILD / "testgen", "keys", "create", name, *flags, "--data", self.folder / "searching/data"],
                check=True, capture_output=True, text=True, timeout=60).stdout.strip()
        python = {"TESTGEN_PYTHON": "/usr/bin/python3"}  # Debian's, which measures coverage
        often = {"OTEL_METRIC_EXPORT_INTERVAL": "1000", "OTEL_BSP_SCHEDULE_DELAY": "3000",
                 "OTEL_BLRP_SCHEDULE_DELAY": "3000", "TESTGEN_DOGSTATSD_INTERVAL": "1s", **python}
        token = self.folder / "jira-token"
        token.write_text("jira-secret-0123456789\n")
        token.chmod(0o600)
        self.searching = enter(servers.Testgen(
            self.folder / "searching", "--workers", "2", "--drain-timeout", "1s", "--otlp-endpoint", self.otlp.url,
            "--jira-url", f"{self.vendors.url}/jira", "--jira-user", "ops@example.com", "--jira-token-file", token,
            "--jira-project", "OPS", "--dogstatsd", agent.url, "--log-level", "debug", env={
                **often, "TESTGEN_API_TOKEN": TOKEN, "PATH": f"{self.bubblewrap.folder}:{os.environ['PATH']}"}))
        prices = self.folder / "prices.json"
        prices.write_text(json.dumps({"date": "2026-01-01", "providers": {
            "anthropic": {"careful-1": {"input": 3, "output": 15, "cached": 0.3}},
            "openai": {"quick-mini": {"input": 0.4, "output": 1.6, "cached": 0.1}}}}))
        self.asking = enter(servers.Testgen(
            self.folder / "asking", "--workers", "2", "--drain-timeout", "1s", "--engine", "llm",
            "--llm", "anthropic:careful-1", "--llm-url", f"anthropic={careful.base('anthropic')}",
            "--llm", "openai:quick-mini", "--llm-url", f"openai={hasty.base('openai-responses')}",
            "--llm-prices", prices, "--llm-day-budget", "0.5", "--llm-ledger", self.folder / "spent.json",
            "--llm-retries", "1", "--llm-attempts", "1", env={**python, "ANTHROPIC_API_KEY": "fake", "OPENAI_API_KEY": "fake"}))

    def _prometheus(self):
        port = servers.free_port()
        jobs = {**self.targets, "prometheus": [f"127.0.0.1:{port}"]}
        config = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(shortened.all_rules(self.folder / "rules"))],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [self.alertmanager.address]}]}]},
            "scrape_configs": [{"job_name": job, "honor_labels": job == "pushgateway",
                                "static_configs": [{"targets": addresses}]} for job, addresses in jobs.items()]}
        shipped = {job["job_name"]: job for job in yaml.safe_load(
            (shortened.DEPLOY / "prometheus" / "prometheus.yml").read_text())["scrape_configs"]}
        for job in config["scrape_configs"]:
            if job["job_name"] == JOB:
                job["tls_config"] = {"insecure_skip_verify": True}
                job["static_configs"].append({"targets": [self.secure.address], "labels": {"__scheme__": "https"}})
            if job["job_name"] == "blackbox":
                for key in ("metrics_path", "params", "relabel_configs"):
                    job[key] = shipped["blackbox"][key]
                job["relabel_configs"][-1]["replacement"] = self.blackbox.address
        server = servers.Prometheus(self.folder / "prometheus", yaml.safe_dump(config))
        # It scrapes itself, so its address is chosen before it exists.
        server._command = [part.replace(server.address, f"127.0.0.1:{port}") for part in server._command]
        server.port, server.address, server.url = port, f"127.0.0.1:{port}", f"http://127.0.0.1:{port}"
        return server

    # --- callers --------------------------------------------------------------------------------

    def drive(self, seconds):
        """Uses the service for at least that long; whatever goes wrong in a caller is raised."""
        self.until = time.monotonic() + seconds
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        callers = [lambda: self._generate("alice", "curl/8"), lambda: self._generate("bob", "ci-runner"),
                   self._repeat, self._knock, lambda: self._ask_models(0), lambda: self._ask_models(1), self._use_databases, self._scan,
                   self._tell_alerts, lambda: self.strained.drive(self._busy), lambda: self._break(seconds),
                   lambda: self._restart(seconds)]
        with concurrent.futures.ThreadPoolExecutor(len(callers)) as pool:
            for future in [pool.submit(caller) for caller in callers]:
                future.result()
        # The last scrapes have seen the last call, and so has the last step of a graph.
        end = time.time() + 2
        servers.wait_for(lambda: (self.prometheus.value(f'min(timestamp(up{{job="{JOB}"}}))') or 0) > end,
                         "a scrape after the last call", 15)

    def _busy(self, pause=0.0, more=False):
        """True until the time is over, and longer for who has more to do. The pause is the caller's pace, not a wait for
        anything."""
        if pause:
            time.sleep(pause)
        assert time.monotonic() < self.until + LONGEST, "a caller does not come to what it has to do"
        return more or time.monotonic() < self.until

    def _next(self):
        with self._lock:
            return next(self._numbers)

    def _headers(self, key, agent):
        return {"Authorization": f"Bearer {self.keys[key]}", "User-Agent": agent}

    def _post(self, body, headers):
        return self.searching.post("/v1/generate", body, headers)

    def _body(self, number, wait):
        return {"language": "python",
                "files": [{"path": f"m{number}.py", "content": MODULES[number % len(MODULES)].format(n=number)}],
                "options": {"budget_seconds": 1, "max_executions": 60}, "wait_seconds": wait}

    def _generate(self, key, agent):
        """Fresh modules: some waited for and rated, some fetched later, some given up, some broken."""
        mine, later = self._headers(key, agent), []
        for turn in itertools.count():
            if not self._busy(0.1, more=turn < LEAST_TURNS):
                return
            number = self._next()
            if turn % 5 == 3:
                job = self._post(self._body(number, 0), mine).json()
                if "id" in job and turn % 10 == 3:
                    servers.request(f"{self.searching.url}/v1/jobs/{job['id']}", headers=mine, method="DELETE")
                elif "id" in job:
                    later.append(job["id"])
                continue
            if later and turn % 5 == 1:
                self.searching.get(f"/v1/jobs/{later.pop(0)}", mine)
            if turn % 9 == 4:
                self._post({"language": "python", "files": [{"path": "b.py", "content": BROKEN}],
                            "wait_seconds": 5}, mine)
                self._post({"language": "python", "files": []}, mine)
            answer = self._post(self._body(number, 30), mine)
            if answer.status != 200:
                continue
            job = answer.json()["id"]
            if turn % 2 == 0:
                verdict = "rejected" if turn % 8 == 6 else "accepted"
                self.searching.post(f"/v1/tests/{job}/feedback", {"verdict": verdict}, mine)
            finding = "false_positive" if turn % 4 == 1 else "confirmed"
            rule = JUDGED[number % len(JUDGED)]
            self.searching.post(f"/v1/findings/{rule}:{number}/feedback", {"verdict": finding}, mine)

    def _repeat(self):
        """The same module again and again: what a cache is for."""
        for turn in itertools.count():
            if not self._busy(0.15, more=turn < LEAST_TURNS):
                return
            self._post(self._body(0, 30), MINE)

    def _knock(self):
        """Callers who may not, too often, for what is not there, and an administrator who looks."""
        wrong = {"Authorization": "Bearer guess", "User-Agent": "scanner"}
        watcher = self._headers("watcher", "grafana")
        while self._busy(0.3):
            self.searching.get("/v1/jobs")
            self.searching.get("/v1/jobs", wrong)
            self.searching.get("/v1/jobs", self._headers("hasty", "script"))
            self.searching.get("/v1/jobs", watcher)
            self.searching.get("/debug/requests", MINE)
            self._post(self._body(0, 0), watcher)
            self.searching.get("/v1/jobs/00000000000000000000000000000000", watcher)

    def _tell_alerts(self):
        """An alert that asks for a ticket comes and goes, told twice each time."""
        while self._busy(1):
            for status in ("firing", "firing", "resolved"):
                told = self.searching.post("/v1/hooks/alertmanager", {"version": "4", "alerts": [{
                    "status": status, "fingerprint": "00deadbeef000001", "startsAt": "2026-01-01T00:00:00Z",
                    "labels": {"alertname": "WarningPersists", "severity": "ticket"}}]}, MINE)
                assert told.status in (200, 500, 503), told  # the database is taken away at times

    def _ask_models(self, first):
        """Fresh modules, each asked for once more: the second time the cache knows."""
        for number in itertools.count(first, 2):
            if not self._busy(0.05, more=self.models[0].refused < 3):
                return
            for _ in range(2):
                self.asking.post("/v1/generate", {
                    "language": "python", "files": [{"path": f"m{number}.py", "content": FOR_MODELS + f"# {number}\n"}],
                    "options": {"budget_seconds": 1}, "wait_seconds": 60})

    def _use_databases(self):
        self.postgres.call("create table kept (n int primary key, t text)")
        for number in itertools.count():
            if not self._busy(0.4, more=number < LEAST_TURNS):
                return
            self.redis.call(f"SET job:{number} done", f"GET job:{number}", f"GET job:{number // 2}", "GET missing")
            self.postgres.call(f"insert into kept values ({number}, 'x'); select count(*) from kept")
            if number % 4 == 3:
                self.postgres.call("begin; select 1; rollback")

    def _scan(self):
        """Scans of a project that grows, by the command, which hands its figures over, and by the service."""
        project = self.folder / "project"
        project.mkdir()
        files = list(VULNERABLE.items())
        for upto in itertools.count(2):
            for name, text in files[:upto]:
                (project / name).write_text(text + "\n" * 20)
            subprocess.run([servers.BUILD / "testgen", "scan", project, "-q", "--pushgateway", self.pushgateway.url],
                           check=False, capture_output=True, timeout=60)
            self.searching.post("/v1/scan", {"files": [
                {"path": name, "content": text} for name, text in files[:upto]]}, MINE)
            if not self._busy(3, more=upto < len(files)):
                return

    def _break(self, seconds):
        """Faults one after the other: models that refuse, a sandbox that cannot start, a database that is gone."""
        for fault in (lambda: self._models_refuse(seconds), self._sandbox_fails, self._database_fails):
            self._busy(seconds / 5)
            fault()

    def _restart(self, seconds):
        """The instance that has little to do is stopped and begins anew, as in a deployment."""
        self._busy(seconds / 3)
        self.secure.stop()
        self.secure.start()

    def _models_refuse(self, seconds):
        self.models[0].refusals = max(6, int(seconds / 30))

    def _sandbox_fails(self):
        self.bubblewrap.break_it()
        try:
            for number in range(4):
                self._post(self._body(10_000 + number, 10), MINE)
        finally:
            self.bubblewrap.mend()

    def _database_fails(self):
        with contextlib.closing(sqlite3.connect(self.searching.data / "testgen.db", timeout=10)) as database:
            database.execute("ALTER TABLE jobs RENAME TO lost")
            database.commit()
            try:
                for number in range(4):
                    self._post(self._body(20_000 + number, 5), MINE)
            finally:
                database.execute("ALTER TABLE lost RENAME TO jobs")
                database.commit()
