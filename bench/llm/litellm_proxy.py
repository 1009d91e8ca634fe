"""LiteLLM's proxy from its registry, in a virtual environment that goes away with the bench."""
import http.client
import json
import os
import pathlib
import secrets
import socket
import subprocess
import time
import venv


class Missing(Exception):
    """It cannot run here; the text says why, in one line."""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Proxy:
    """In front of the provider on that port; `port` is its own. `folder` is a virtual environment that has it. Raises Missing."""

    def __init__(self, scratch, provider_port, folder=None):
        self.folder = (folder or pathlib.Path(scratch) / "litellm").absolute()
        self.process = None
        if folder is None:
            self.install()
        self.version = self.installed()
        self.port = free_port()
        self.key = "sk-" + secrets.token_hex(24)  # it does not start without one
        config = pathlib.Path(scratch) / "litellm.yaml"
        config.write_text(json.dumps({"model_list": [{"model_name": "good-model", "litellm_params": {
            "model": "openai/good-model", "api_base": f"http://127.0.0.1:{provider_port}/v1", "api_key": "sk-none"}}],
            "litellm_settings": {"telemetry": False}, "general_settings": {"master_key": self.key}}))
        environment = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR", "LITELLM_TELEMETRY": "False",
                       "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
        self.log = open(pathlib.Path(scratch) / "litellm.log", "w+")
        self.process = subprocess.Popen(
            [self.folder / "bin/litellm", "--config", config, "--host", "127.0.0.1", "--port", str(self.port), "--num_workers", "1"],
            stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment, cwd=scratch, start_new_session=True)
        self.wait()

    def install(self):
        try:
            venv.create(self.folder, with_pip=True)
        except (subprocess.CalledProcessError, SystemExit) as error:
            raise Missing(f"no virtual environment: {error} (Debian: apt-get install python3-venv)") from error
        try:
            run = subprocess.run([self.folder / "bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check", "--retries", "1",
                                  "--timeout", "15", "litellm[proxy]"], capture_output=True, text=True, timeout=600)
        except subprocess.TimeoutExpired as error:
            raise Missing("the registry did not answer in ten minutes") from error
        if run.returncode != 0:
            raise Missing("pip: " + (run.stderr.strip().splitlines() or ["failed"])[-1][:120])

    def installed(self):
        shown = subprocess.run([self.folder / "bin/python", "-c", "import importlib.metadata as m; print(m.version('litellm'))"],
                               capture_output=True, text=True, timeout=60)
        if shown.returncode != 0:
            raise Missing(f"{self.folder} has none")
        return shown.stdout.strip()

    def wait(self):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/health/liveliness")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.5)
        self.log.seek(0)
        last = (self.log.read().strip().splitlines() or ["no word"])[-1][:120]
        self.stop()
        raise Missing(f"the proxy did not start: {last}")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
