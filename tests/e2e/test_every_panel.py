"""Every query of every panel of every dashboard, with its variables filled in, returns data from a real Prometheus
that has scraped a real and busy service (tests/support/busy_service.py).
"""
import contextlib
import pathlib
import re
import tempfile
import time

import pytest

import busy_service
import dashboards
import exporters
import servers

pytestmark = [
    pytest.mark.skipif(not (servers.BUILD / "testgen").exists(), reason="the program is not built: run ./dev build"),
    pytest.mark.skipif(bool(exporters.missing()), reason=f"not installed: {' '.join(exporters.missing())}"),
]

SECONDS = 30

# Panels that stay empty where no control group can be made, because a container at its limits cannot be had there.
WITHOUT_A_GROUP = {"Containers held back or killed"}
# Of panels that have data: the one query that may be empty, by a part of it, and why these seconds do not move it.
PARTS_MAY_BE_EMPTY = {
    "Spans sent and lost": ("processor", "a loss: no queue is full, while a receiver refuses what it is sent"),
    "Log records sent and lost": ("processor", "likewise"),
    "Samples to other receivers": ("pushed_total.*error_type!=", "a loss: the agent takes what it is sent"),
    "Notifications": ("dropped|failed", "a loss: Prometheus and Alertmanager reach whom they tell"),
    "Network": ("pod:", "pods are cAdvisor's, which tests/optional/test_cadvisor.py asks"),
}


@pytest.fixture(scope="module")
def busy():
    # Not pytest's folder, which only its owner may enter: sandboxed programs and PostgreSQL are other users.
    with tempfile.TemporaryDirectory(prefix="testgen-busy-") as folder, contextlib.ExitStack() as cleanup:
        path = pathlib.Path(folder)
        path.chmod(0o755)
        it = busy_service.BusyService(path, cleanup)
        it.drive(SECONDS)
        it.window = dashboards.Window(it.started, time.time())
        yield it


def may_be_empty(busy, panel, target):
    if panel["title"] in WITHOUT_A_GROUP and busy.strained.group is None:
        return True
    part = PARTS_MAY_BE_EMPTY.get(panel["title"])
    return part is not None and re.search(part[0], target["expr"]) is not None


def test_every_query_returns_data(busy, capsys):
    panels = with_data = queries = 0
    empty, silent, excused = [], [], []
    for path in dashboards.FILES:
        for panel in dashboards.panels(dashboards.load(path)):
            data = []
            for target in panel["targets"]:
                queries += 1
                found = dashboards.answer(busy.prometheus, target, busy.window)
                if not dashboards.is_data(found):  # a queue that is empty by now was not always
                    found = dashboards.any_time(busy.prometheus, target, busy.window)
                data.append(dashboards.is_data(found))
                if not data[-1] and may_be_empty(busy, panel, target):
                    excused.append(f"{panel['title']} {target['refId']}")
                elif not data[-1]:
                    empty.append(f"{path.stem}: {panel['title']}: {busy.window.fill(target['expr'])} → {found[:2]}")
            panels += 1
            with_data += any(data)
            if not any(data) and not (panel["title"] in WITHOUT_A_GROUP and busy.strained.group is None):
                silent.append(panel["title"])
    with capsys.disabled():
        print(f"\npanels whose query returned data in the test: {with_data} of {panels} ({queries} queries); "
              f"parts without: {'; '.join(sorted(excused)) or 'none'}")
    assert not empty, "\n".join(empty)
    assert not silent, silent


def test_variables_offer_values(busy):
    for path in dashboards.FILES:
        for name, variable in dashboards.variables(dashboards.load(path)).items():
            if variable["type"] != "query":
                continue
            selector = re.fullmatch(r"label_values\((.+), \w+\)", variable["query"]).group(1)
            values = busy.prometheus.api(f"label/{name}/values", **{"match[]": busy.window.fill(selector)})
            assert values, f"{path.stem}: {name}"
            if name == "instance":
                assert {busy.searching.address, busy.asking.address} <= set(values)


def test_a_choice_narrows_a_panel(busy):
    panel = next(panel for panel in dashboards.panels(dashboards.named("testgen-copilot-llm"))
                 if panel["title"] == "Calls by provider")
    window = dashboards.Window(busy.window.start, busy.window.end, provider="anthropic")
    found = dashboards.answer(busy.prometheus, panel["targets"][0], window)
    assert [labels for labels, _ in found] == [{"provider": "anthropic"}]


@pytest.mark.parametrize("name", ["Deployments", "Service starts", "Alerts"])
def test_annotations_mark_what_happened(busy, name):
    annotation = next(each for each in dashboards.named("testgen-copilot-overview")["annotations"]["list"]
                      if each["name"] == name)
    # From before the first scrape, as a version that arrives is one that was not there before.
    window = dashboards.Window(busy.window.start - 20, busy.window.end, step=5)
    assert dashboards.is_data(dashboards.answer(busy.prometheus, annotation, window))


def test_an_exemplar_of_a_panel_leads_to_its_trace(busy):
    panel = next(panel for panel in dashboards.panels(dashboards.named("testgen-copilot-overview"))
                 if panel["title"] == "Response time")
    found = busy.prometheus.api("query_exemplars", query=busy.window.fill(panel["targets"][0]["expr"]),
                                start=busy.window.start, end=busy.window.end)
    # Of the instances that have room for traces of more than a moment.
    at = {busy.searching.address: busy.searching, busy.asking.address: busy.asking}
    exemplars = sorted(((each["timestamp"], series["seriesLabels"]["instance"], each["labels"]["trace_id"])
                        for series in found if series["seriesLabels"]["instance"] in at
                        for each in series["exemplars"]), reverse=True)
    answer = at[exemplars[0][1]].get(f"/debug/traces/{exemplars[0][2]}", busy_service.MINE)
    assert answer.status == 200, answer
