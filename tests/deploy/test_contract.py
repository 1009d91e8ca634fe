"""Every metric, label and label value in rules, dashboards and runbooks is one that somebody exposes."""
import re

import pytest

import contract
import dashboards
import exporters
import servers

pytestmark = pytest.mark.skipif(
    not (servers.BUILD / "testgen").exists(), reason="the program is not built: run ./dev build")


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    with servers.NodeExporter(tmp_path_factory.mktemp("node")) as node:
        machine = contract.exposition(servers.request(node.url + "/metrics").text)
    found = {**machine, **contract.program(), **contract.OTHERS, **exporters.NAMES, **contract.OWN}
    return {**found, **contract.recorded(found)}


def test_rules(known):
    found = [f"{name}: {problem}" for name, expression, _ in contract.rules()
             for problem in contract.problems(expression, known)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", dashboards.FILES, ids=lambda path: path.stem)
def test_dashboards(path, known):
    # The variables match any value here; $job and $instance are labels of every target.
    found = [f"{where}: {problem}" for where, expression in dashboards.queries(dashboards.load(path))
             for problem in contract.problems(dashboards.fill(expression), known)]
    assert not found, "\n".join(found)


def test_runbooks(known):
    # The part of a recorded name between the colons is a name as well.
    names = set(known) | {re.sub(r"_(bucket|sum|count)$", "", name) for name in known}
    names |= {name.split(":")[1] for name in known if ":" in name}
    for path in sorted((servers.SOURCE / "docs" / "runbooks").glob("*.md")):
        for name in re.findall(r"\btestgen_\w+", path.read_text()):
            # A runbook may grep for a prefix: something must begin with it.
            assert any(known_name.startswith(name.rstrip("_")) for known_name in names), f"{path.name}: {name}"


@pytest.mark.parametrize("expression, problem", [
    ("testgen_request_total", "no metric testgen_request_total"),
    ('testgen_requests_total{code="500"}', "testgen_requests_total has no label code"),
    ('testgen_jobs_total{outcome="failure"}', "testgen_jobs_total has no outcome like 'failure'"),
    ("sum by (region) (testgen_queue_length)", "nothing has the label region"),
])
def test_the_check_finds_mistakes(known, expression, problem):
    assert any(found.startswith(problem) for found in contract.problems(expression, known))
