"""The dashboards' container panels and what the rules record of containers, HighMemoryUsage's figure among it, on a real
cAdvisor's figures of a real container: a control group with limits, a process at work in it, and one that wants too much.
The pod's network is the machine's own.
"""
import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import time

import dashboards
import go_programs
import pytest
import shortened
from control_group import GREEDY, ControlGroup
from servers import Prometheus, Server, wait_for

LIMIT = 256 << 20
WORK = "block = bytearray(64 << 20)\nwhile True:\n    block[::4096] = b'x' * len(block[::4096])\n"
NOBODY = ("192.0.2.1", 9)  # an address that is for documents, and the port that discards
IGNORED = ("lo", "veth", "docker")  # by cAdvisor


@contextlib.contextmanager
def container():
    """A control group and a process at work in it, which would like a whole processor."""
    with ControlGroup(f"testgen-cadvisor-{os.getpid()}", LIMIT, cpus=0.5) as group:
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
    with contextlib.ExitStack() as cleanup:
        try:
            group = cleanup.enter_context(container())
        except OSError as error:
            pytest.skip(f"no control group can be made here: {error}")
        cadvisor = cleanup.enter_context(Cadvisor(program, folder / "cadvisor", group))
        config = shortened.prometheus(shortened.all_rules(folder / "rules"), {"cadvisor": cadvisor.address}, "127.0.0.1:9")
        with Prometheus(folder / "prometheus", config) as server:
            server.wait_scraped({"cadvisor"})
            server.group = group
            yield server


def shown(prometheus, title, reference="A"):
    """What a query of a panel of the overview shows, once that is data."""
    panel = next(panel for panel in dashboards.panels(dashboards.named("testgen-copilot-overview"))
                 if panel["title"] == title)
    target = next(target for target in panel["targets"] if target["refId"] == reference)

    def data():
        now = time.time()
        found = dashboards.answer(prometheus, target, dashboards.Window(now - 30, now))
        return found if dashboards.is_data(found) else None

    return wait_for(data, f"cAdvisor's figures in {title}", 60, 0.5)


@pytest.mark.parametrize("title", [
    "Processor of the container", "Memory of the container, of its limit", "Containers held back or killed"])
def test_a_container_panel_shows_it(prometheus, title):
    (labels, _), = shown(prometheus, title)
    assert labels["container"] == "testgen" and labels["pod"] == "testgen-0"


@pytest.mark.parametrize("record, least, most", [
    ("container:container_cpu:rate5m", 0.2, 0.7),  # half a processor
    ("container:testgen_memory_working_set:ratio", 0.25, 0.6),  # 64 MiB and an interpreter, of 256 MiB
])
def test_what_is_recorded_of_a_container(prometheus, record, least, most):
    ratio = f'{record}{{namespace="default",pod="testgen-0",container="testgen"}}'
    assert wait_for(lambda: (value := prometheus.value(ratio)) is not None and least <= value <= most or None,
                    f"{record} to be between {least} and {most}", 60, 0.5)


def test_who_is_killed_is_counted(prometheus):
    wait_for(lambda: prometheus.query('container_oom_events_total{container="testgen"}'), "the count of the killed", 30)
    greedy = subprocess.run([sys.executable, "-c", GREEDY], preexec_fn=prometheus.group.join, timeout=60, check=False)
    assert greedy.returncode == -9, "the kernel lets it have more than the group's limit"
    (labels, _), = shown(prometheus, "Containers held back or killed", "B")
    assert labels["container"] == "testgen"


@pytest.mark.parametrize("reference, way", [("C", "receive"), ("D", "transmit")])
def test_the_network_of_a_pod_is_recorded_and_shown(prometheus, reference, way):
    if not any(not path.name.startswith(IGNORED) and (path / "operstate").read_text().strip() in ("up", "unknown")
               for path in pathlib.Path("/sys/class/net").iterdir()):
        pytest.skip("this machine has no network but the loopback")
    record = f'pod:container_network_{way}_bytes:rate5m{{namespace="default",pod="testgen-0"}}'
    assert wait_for(lambda: prometheus.query(record), f"{record} to be judged", 60, 0.5)
    if way == "receive":
        return  # whether anybody sends us something is not ours to say
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender, contextlib.suppress(OSError):
        for _ in range(100):
            sender.sendto(bytes(1000), NOBODY)
            time.sleep(0.05)  # a pace over several scrapes, not a wait for anything
    (labels, _), = shown(prometheus, "Network", reference)
    assert labels["pod"] == "testgen-0"
