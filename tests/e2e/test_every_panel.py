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

# Panels that count losses, and a query of a panel that only a fault beyond these seconds moves. The instance with hard
# times (tests/support/strained_service.py) moves them where the machine has time for it. The query must answer, with zeros
# or with nothing.
MAY_BE_ZERO = {
    "Untrusted code that was ended": "the sandbox ends only programs that refuse to end by themselves",
    "Containers held back or killed": "a control group with limits may not be made everywhere",
    "Series refused": "only one instance has a low cap",
    "Log lines lost": "no line is lost while the disk takes them",
    "Log lines lost by reason": "likewise",
    "Metric points lost": "one instance has a receiver that takes nothing",
    "Slow journeys": "no generation of these small files takes 30 s",
}
# Of panels that have data: what a part is found by, and why these seconds may not move it.
PARTS_MAY_BE_EMPTY = {
    "Spans sent and lost": (r"error_type!=", "by reason: the receiver refuses thirty times, with one reason, and no queue is full"),
    "Log records sent and lost": (r"error_type!=", "likewise; which signal the refusals meet is chance"),
    "Samples to other receivers": (r"error_type!=", "the agent takes what it is sent"),
    "Spans kept for reading back": ("evicted", "the ring has room for all of these seconds"),
    "Notifications": ("dropped|failed", "Prometheus and Alertmanager reach whom they tell"),
    "Abandoned and slow journeys": ("30", "no generation of these small files takes 30 s"),
    "Burn rate": ("generation", "likewise"),
    "Types of issues": (r'"(high|medium|low)"|verdict', "a rule has findings of some confidences and verdicts, not of all"),
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


def may_be_zero(panel, target):
    if panel["title"] in MAY_BE_ZERO:
        return True
    part = PARTS_MAY_BE_EMPTY.get(panel["title"])
    return part is not None and re.search(part[0], target["expr"]) is not None


def test_every_query_returns_data(busy, capsys):
    panels = with_data = queries = 0
    empty, silent = [], []
    for path in dashboards.FILES:
        for panel in dashboards.panels(dashboards.load(path)):
            data = []
            for target in panel["targets"]:
                queries += 1
                found = dashboards.answer(busy.prometheus, target, busy.window)
                if not dashboards.is_data(found):  # a queue that is empty by now was not always
                    found = dashboards.any_time(busy.prometheus, target, busy.window)
                data.append(dashboards.is_data(found))
                if not data[-1] and not may_be_zero(panel, target):
                    empty.append(f"{path.stem}: {panel['title']}: {busy.window.fill(target['expr'])} → {found[:2]}")
            panels += 1
            with_data += any(data)
            if not any(data):
                silent.append(panel["title"])
    with capsys.disabled():
        print(f"\npanels whose query returned data in the test: {with_data} of {panels} ({queries} queries); "
              f"losses that did not happen: {'; '.join(sorted(silent)) or 'none'}")
    assert not empty, "\n".join(empty)


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
    found = dashboards.answer(busy.prometheus, annotation, window)
    if name == "Service starts":  # both started before the first scrape: nothing changed since
        assert not found
    else:
        assert dashboards.is_data(found)


def test_an_exemplar_of_a_panel_leads_to_its_trace(busy):
    panel = next(panel for panel in dashboards.panels(dashboards.named("testgen-copilot-overview"))
                 if panel["title"] == "Response time")
    found = busy.prometheus.api("query_exemplars", query=busy.window.fill(panel["targets"][0]["expr"]),
                                start=busy.window.start, end=busy.window.end)
    exemplars = sorted(((each["timestamp"], series["seriesLabels"]["instance"], each["labels"]["trace_id"])
                        for series in found for each in series["exemplars"]), reverse=True)
    at = {busy.searching.address: busy.searching, busy.asking.address: busy.asking}
    answer = at[exemplars[0][1]].get(f"/debug/traces/{exemplars[0][2]}", busy_service.MINE)
    assert answer.status == 200, answer
