"""Everything that `testgen drill` needs, for real: services that allow drills, Prometheus with the shipped rules and short
windows, Alertmanager with the shipped routes and receivers, exporters, and vendors that check what they are sent.

Faults that are outside of the service's reach are files that the fake model, the fake OTLP receiver and the certificate
obey; their --inject and --lift are `touch` and `rm`.
"""
import contextlib
import json
import os
import pathlib
import subprocess
import threading
import time

import yaml

import servers
import shortened
from control_group import ControlGroup
from exporters import BlackboxExporter
from llm_server import LlmServer, Reply
from loopback import Loopback
from servers import wait_for
from vendors import Vendors

TOKEN = "0123456789abcdef-drill"
MEMORY_LIMIT = 700 << 20


def openssl_certificate(folder, name, days):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", str(days), "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-out", folder / f"{name}.pem", "-keyout", folder / f"{name}.key"],
                   check=True, capture_output=True, timeout=60)


class Supervised(servers.Testgen):
    """A service that is started again whenever it ends, in a control group of its own."""

    LOOP = ('[ -z "$GROUP" ] || echo $$ > "$GROUP/cgroup.procs"; trap \'kill $child; wait $child; exit 0\' TERM; '
            'while :; do "$@" & child=$!; wait $child; sleep 0.2; done')

    def __init__(self, folder, group, *arguments, env=None):
        super().__init__(folder, "--allow-drills", *arguments,
                         env={"TESTGEN_API_TOKEN": TOKEN, **(env or {}), "GROUP": str(group or "")})
        self._command = ["bash", "-c", self.LOOP, "serve", *self._command]


class Disk:
    """A small file system to be filled, where one may be mounted; else `path` is None."""

    def __init__(self, path):
        path.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", path], capture_output=True, check=False)
        self.path = path if done.returncode == 0 else None

    def close(self):
        if self.path:
            subprocess.run(["umount", "-l", self.path], check=False, capture_output=True)


class DrillStack:
    """`name` tells stacks that stand side by side apart. With short=False each step takes minutes. `alertmanager` is one that
    is not Debian's: its program as `server`, and its `config`."""

    def __init__(self, folder, cleanup, short=True, name="", alertmanager=None):
        self.folder, self.short = folder, short
        enter = cleanup.enter_context
        self.vendors = enter(Vendors())
        self.group = None
        with contextlib.suppress(OSError):
            self.group = enter(ControlGroup(f"testgen-drill-{os.getpid()}{name}", MEMORY_LIMIT))
        self.disk = Disk(folder / "disk")
        cleanup.callback(self.disk.close)
        away = self.flag("otlp-away")
        otlp = enter(Loopback(lambda _: (400 if away.exists() else 200, "text/plain", "")))
        self.service = enter(Supervised(
            folder / "service", self.group and self.group.path, "--workers", "2", "--otlp-endpoint", otlp.url,
            env={"OTEL_BSP_SCHEDULE_DELAY": "200", "OTEL_TRACES_EXPORTER": "otlp", "OTEL_METRICS_EXPORTER": "none",
                 "OTEL_LOGS_EXPORTER": "none"}))
        self.thinker = enter(self._thinker(enter))
        self.secure = enter(self._secure())
        node = enter(servers.NodeExporter(folder / "node"))
        blackbox = enter(BlackboxExporter(folder / "blackbox"))
        hooks = self.secure.url.replace("http:", "https:")
        self.alertmanager = enter(servers.Alertmanager(
            folder / "alertmanager", alertmanager.config(folder, self.vendors, hooks) if alertmanager else
            shortened.alertmanager_at_vendors(folder, self.vendors, hooks, short),
            shortened.DEPLOY / "alertmanager" / "templates",
            **({"program": alertmanager.server} if alertmanager else {})))
        text = shortened.prometheus(
            shortened.all_rules(folder / "rules", short),
            {"testgen-copilot": self.service.address, "node": node.address, "blackbox": f"{self.service.url}/ready"},
            self.alertmanager.address, blackbox.address, short)
        config = yaml.safe_load(text)
        job = next(job for job in config["scrape_configs"] if job["job_name"] == "testgen-copilot")
        job["authorization"] = {"credentials_file": str(folder / "secrets" / "testgen-token")}
        job["tls_config"] = {"insecure_skip_verify": True}
        job["static_configs"] += [{"targets": [self.thinker.address]},
                                  {"targets": [self.secure.address], "labels": {"__scheme__": "https"}}]
        self.prometheus = enter(servers.Prometheus(folder / "prometheus", yaml.safe_dump(config)))
        self.prometheus.wait_scraped({"testgen-copilot", "node", "blackbox"}, 30 if short else 90)

    def flag(self, name):
        return self.folder / name

    def _thinker(self, enter):
        """A service that asks a model, of which the next four replies are dear while there is the file `model-dear`."""
        dear = [0]

        def reply(_):
            if self.flag("model-dear").exists() and dear[0] < 4:
                dear[0] += 1
                return Reply("```python\npass\n```", input_tokens=10, output_tokens=1_000_000)
            return Reply("```python\npass\n```", input_tokens=1, output_tokens=1)

        model = enter(LlmServer(reply))
        prices = self.flag("prices.json")
        prices.write_text(json.dumps({"date": "2026-01-01", "providers": {"openai": {"m": {"input": 1, "output": 1}}}}))
        return Supervised(self.folder / "thinker", None, "--workers", "2", "--engine", "llm", "--llm", "openai-chat:m",
                          "--llm-url", f"openai-chat={model.base('openai-chat')}", "--llm-prices", prices,
                          "--llm-day-budget", "10", "--llm-ledger", self.flag("ledger.json"))

    def _secure(self):
        for name, days in (("fresh", 90), ("old", 5)):
            openssl_certificate(self.folder, name, days)
        live = self.folder / "live"
        live.mkdir()
        self.certificates = {name: f"cp {self.folder}/{name}.key {live}/live.key && cp {self.folder}/{name}.pem {live}/live.pem"
                             for name in ("fresh", "old")}
        subprocess.run(self.certificates["fresh"], shell=True, check=True)
        token = self.flag("jira-token")
        token.write_text("jira-secret-0123456789\n")
        token.chmod(0o600)
        return Secure(self.folder / "secure", live, "--jira-url", f"{self.vendors.url}/jira", "--jira-user",
                      "ops@example.com", "--jira-token-file", token, "--jira-project", "OPS")

    def options(self, alert):
        """What this alert's drill needs besides the addresses."""
        switch = {"LLMBudgetBurn": "model-dear", "TelemetryLost": "otlp-away"}.get(alert)
        if switch:
            return ["--inject", f"touch {self.flag(switch)}", "--lift", f"rm {self.flag(switch)}"]
        if alert == "CertificateExpiresSoon":
            return ["--inject", self.certificates["old"], "--lift", self.certificates["fresh"]]
        return ["--fill", self.disk.path] if alert == "DiskSpaceLow" else []

    def impossible(self, alert):
        """Why this machine cannot have the drill; empty when it can."""
        if alert == "HighMemoryUsage" and not self.group:
            return "no control group can be made here"
        if alert == "DiskSpaceLow" and not self.disk.path:
            return "nothing can be mounted here"
        return ""

    def drill(self, *arguments, seconds=150):
        name = arguments[-1] if arguments[0] == "run" else ""
        if name:
            def noisy():
                return [each["metric"] for each in self.prometheus.query("ALERTS")]

            try:
                wait_for(lambda: not noisy(), "all to be quiet before the drill", 150, 0.2)
            except AssertionError as error:
                raise AssertionError(f"{error}: {noisy()}") from None
            wait_for(lambda: servers.request(f"{self.alertmanager.url}/api/v2/alerts").json() == [],
                     "Alertmanager to have nothing", 60, 0.2)
        service = self.thinker if name.startswith("LLM") else self.service
        return Told(
            [servers.BUILD / "testgen", "drill", *arguments, *map(str, self.options(name)), "--server", service.url,
             "--data", service.data, "--prometheus", self.prometheus.url, "--alertmanager", self.alertmanager.url,
             "--drill-timeout", "60s" if self.short else "45m"], seconds)


class Told:
    """A command that has ended, as subprocess.run() gives it, and when it said its first word: a drill's, before the
    fault."""

    def __init__(self, command, seconds):
        said = []

        def listen(stream):
            for line in stream:
                said.append((time.monotonic(), line))

        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env={**os.environ, "TESTGEN_API_TOKEN": TOKEN}) as process:
            listener = threading.Thread(target=listen, args=[process.stderr], daemon=True)
            listener.start()
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
            listener.join(10)
            self.stdout, self.returncode = process.stdout.read(), process.returncode
        self.stderr = "".join(line for _, line in said)
        self.begun = said[0][0] if said else None


class Secure(Supervised):
    """With TLS, and the one that keeps tickets: faults are in the other services."""

    def __init__(self, folder, live, *arguments):
        super().__init__(folder, None, "--tls-certificate", live / "live.pem", "--tls-key", live / "live.key", *arguments)

    def _answers(self):
        # Prometheus will ask it properly; here it is enough that it listens.
        code = self.process.poll()
        if code is not None:
            raise AssertionError(f"{self.name} ended with {code} before it was ready")
        return "is listening on https" in self.log_tail()


EXPECTED = {"critical": {"pagerduty", "opsgenie", "slack", "sns"}, "warning": {"slack", "email"}, "ticket": {"webhook"}}
