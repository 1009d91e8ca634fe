"""The dashboards' container panels and the rule behind HighMemoryUsage on a real cAdvisor's figures of a real container:
a control group with a limit and a process at work in it.
"""
import os
import pathlib
import subprocess
import sys
import time

import dashboards
import go_programs
import pytest
import yaml
from servers import Prometheus, Server, wait_for
from shortened import rules

MOUNT = pathlib.Path("/sys/fs/cgroup")
LIMIT = 256 << 20
WORK = "block = bytearray(64 << 20)\nwhile True:\n    block[::4096] = b'x' * len(block[::4096])\n"


class Group:
    """A control group of its own, of version 1 or 2."""

    def __init__(self):
        self.name = f"testgen-cadvisor-{os.getpid()}"
        first = ["memory", "cpu", "cpuacct"] if (MOUNT / "memory").is_dir() else [""]
        self.folders = list({(MOUNT / each).resolve(): None for each in first})
        self.folders = [folder / self.name for folder in self.folders]

    def __enter__(self):
        try:
            for folder in self.folders:
                folder.mkdir()
            limit = "memory.limit_in_bytes" if (MOUNT / "memory").is_dir() else "memory.max"
            (self.folders[0] / limit).write_text(str(LIMIT))
        except OSError as error:
            self._remove()
            pytest.skip(f"no control group can be made here: {error}")
        self.process = subprocess.Popen([sys.executable, "-c", WORK], preexec_fn=self._join)
        return self

    def _join(self):
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(os.getpid()))

    def _remove(self):
        for folder in self.folders:
            if folder.exists():
                folder.rmdir()

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(10)

        def empty():
            return not any((folder / "cgroup.procs").read_text().strip() for folder in self.folders)
        wait_for(empty, "the control group to be empty", 10)
        self._remove()


class Cadvisor(Server):
    name = "cadvisor"

    def __init__(self, program, folder, group):
        super().__init__(folder, lambda self: [program, "-listen", self.address, "-group", f"/{group.name}"], "/metrics")


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory):
    if os.geteuid() != 0:
        pytest.skip("cAdvisor reads what only root may")
    folder = tmp_path_factory.mktemp("cadvisor")
    program = go_programs.build("cadvisor", ".")
    (folder / "alerts.yml").write_text(rules())
    with Group() as group, Cadvisor(program, folder / "cadvisor", group) as cadvisor:
        config = {"global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
                  "rule_files": [str(folder / "alerts.yml")],
                  "scrape_configs": [{"job_name": "cadvisor", "static_configs": [{"targets": [cadvisor.address]}]}]}
        with Prometheus(folder / "prometheus", yaml.safe_dump(config)) as server:
            server.wait_scraped({"cadvisor"})
            yield server


@pytest.mark.parametrize("title", ["Processor of the container", "Memory of the container, of its limit"])
def test_a_container_panel_shows_it(prometheus, title):
    panel = next(panel for panel in dashboards.panels(dashboards.named("testgen-copilot-overview"))
                 if panel["title"] == title)

    def shown():
        now = time.time()
        found = dashboards.answer(prometheus, panel["targets"][0], dashboards.Window(now - 30, now))
        return found if dashboards.is_data(found) else None

    (labels, _), = wait_for(shown, f"cAdvisor's figures in {title}", 60, 0.5)
    assert labels["container"] == "testgen" and labels["pod"] == "testgen-0"


def test_the_working_set_is_that_of_the_process(prometheus):
    ratio = prometheus.value('container:testgen_memory_working_set:ratio{container="testgen"}')
    assert 0.25 <= ratio < 0.6, "64 MiB and an interpreter, of 256 MiB"


def test_held_back_and_killed_are_counted(prometheus):
    assert prometheus.query('container_oom_events_total{container="testgen"}')
