"""The dashboards' container panels and the rule behind HighMemoryUsage on a real cAdvisor's figures of a real container:
a control group with a limit and a process at work in it.
"""
import contextlib
import os
import subprocess
import sys
import time

import dashboards
import go_programs
import pytest
import yaml
from control_group import ControlGroup
from servers import Prometheus, Server, wait_for
from shortened import rules

LIMIT = 256 << 20
WORK = "block = bytearray(64 << 20)\nwhile True:\n    block[::4096] = b'x' * len(block[::4096])\n"


@contextlib.contextmanager
def container():
    """A control group and a process at work in it."""
    with ControlGroup(f"testgen-cadvisor-{os.getpid()}", LIMIT) as group:
        process = subprocess.Popen([sys.executable, "-c", WORK], preexec_fn=group.join)
        try:
            yield group
        finally:
            process.kill()
            process.wait(10)


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
    with contextlib.ExitStack() as cleanup:
        try:
            group = cleanup.enter_context(container())
        except OSError as error:
            pytest.skip(f"no control group can be made here: {error}")
        cadvisor = cleanup.enter_context(Cadvisor(program, folder / "cadvisor", group))
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
