"""Quiet hours as a real Alertmanager judges them: in them a warning is not mailed, and a page goes out; outside of them both do.

Its clock cannot be set, so the shipped hours are moved instead: by as much as lies between now and the moment that is tried. The
routes, and which of them is muted, are the shipped ones.
"""
import datetime
import pathlib
import subprocess

import pytest
import yaml

import servers
import shortened

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "alertmanager"
OLD, NEW = DEPLOY / "alertmanager-0.25.yml", DEPLOY / "alertmanager.yml"
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAY, WEEK = 24 * 60, 7 * 24 * 60


def minute(clock):
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def spans(config, name):
    """The minutes of a week, from Monday 00:00 UTC, that the named interval has: [(first, end)]."""
    [interval] = [each for each in config["time_intervals"] if each["name"] == name]
    found = []
    for each in interval["time_intervals"]:
        assert set(each) <= {"times", "weekdays"}, "this test reads no other kind of interval"
        for day in each.get("weekdays", DAYS):
            times = each.get("times", [{"start_time": "00:00", "end_time": "24:00"}])
            found += [(DAYS.index(day) * DAY + minute(time["start_time"]), DAYS.index(day) * DAY + minute(time["end_time"]))
                      for time in times]
    return found


def moved(found, by):
    """The same, later by so many minutes, in the form that Alertmanager reads."""
    out = []
    for first, end in found:
        at, end = first + by, end + by
        while at < end:
            stop = min(end, (at // DAY + 1) * DAY)
            clock = [f"{part // 60:02}:{part % 60:02}" for part in (at % DAY, (stop - 1) % DAY + 1)]
            out.append({"weekdays": [DAYS[at % WEEK // DAY]], "times": [{"start_time": clock[0], "end_time": clock[1]}]})
            at = stop
    return out


def as_if(config, day, clock):
    """The configuration whose quiet hours stand to now as the shipped ones do to that moment."""
    now = datetime.datetime.now(datetime.timezone.utc)
    by = now.weekday() * DAY + now.hour * 60 + now.minute - DAYS.index(day) * DAY - minute(clock)
    [interval] = config["time_intervals"]
    interval["time_intervals"] = moved(spans(config, interval["name"]), by % WEEK)
    return config


def test_both_forms_have_the_same_hours():
    old, new = (yaml.safe_load(path.read_text()) for path in (OLD, NEW))
    assert old["time_intervals"] == new["time_intervals"]


def test_moving_by_a_week_or_nothing_changes_nothing():
    config = yaml.safe_load(OLD.read_text())
    found = spans(config, "quiet-hours")
    minutes = {each for first, end in found for each in range(first, end)}
    for by in (0, WEEK):
        back = spans({"time_intervals": [{"name": "x", "time_intervals": moved(found, by)}]}, "x")
        assert {each for first, end in back for each in range(first, end)} == minutes
    back = spans({"time_intervals": [{"name": "x", "time_intervals": moved(found, 3 * 60)}]}, "x")
    assert {each for first, end in back for each in range(first, end)} == {(each + 3 * 60) % WEEK for each in minutes}


def alert(name, severity):
    return {"labels": {"alertname": name, "severity": severity, "service": "testgen-copilot", "job": name},
            "annotations": {"summary": "s", "description": "d"}}


@pytest.mark.parametrize("day, clock, quiet", [
    ("wednesday", "22:30", True), ("thursday", "04:45", True), ("thursday", "05:15", False), ("wednesday", "12:00", False),
    ("wednesday", "19:45", False), ("saturday", "12:00", True), ("friday", "12:00", False),
])
def test_a_warning_is_not_mailed_and_a_page_goes_out(tmp_path, day, clock, quiet):
    with servers.Receiver() as receiver:
        text = yaml.safe_dump(as_if(yaml.safe_load(shortened.alertmanager(receiver.url, quiet_hours=True)), day, clock))
        with servers.Alertmanager(tmp_path, text, arguments=["--log.level=debug"]) as manager:
            checked = subprocess.run(["amtool", "check-config", tmp_path / "alertmanager.yml"], capture_output=True, text=True,
                                     timeout=30)
            assert checked.returncode == 0, checked.stdout + checked.stderr
            answer = servers.request(manager.url + "/api/v2/alerts", [
                alert("SlowResponseTime", "warning"), alert("HighErrorRate", "critical")])
            assert answer.status == 200, answer
            receiver.wait_alert("/on-call", "HighErrorRate", "firing", 15)
            receiver.wait_alert("/monitoring", "SlowResponseTime", "firing", 15)
            if quiet:
                # It says so when it comes to the mail, which is later than nothing having come.
                servers.wait_for(lambda: "route is within mute time" in manager.log.read_text(), "the mail to be held back", 15)
                assert receiver.alerts("/mail", "SlowResponseTime", "firing") == []
            else:
                receiver.wait_alert("/mail", "SlowResponseTime", "firing", 15)
                assert "route is within mute time" not in manager.log.read_text()
