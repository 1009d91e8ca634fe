"""The burn-rate alerts of every objective with their real windows of hours and days, on history that is backfilled: promtool
makes blocks of three days of raw series, and of what the shipped rules record of them. A real Prometheus fires on
a history that is still bad. On one that was mended hours ago it fires nothing, and the shipped expressions, asked for each
minute of it, say when the alert began and when it ended.
"""
import dataclasses
import re
import subprocess
import time

import pytest
import yaml

import promql
import rule_lint
import servers
from servers import wait_for

RULES = servers.SOURCE / "deploy" / "prometheus" / "rules" / "slo.yml"
MINUTE, STEP = 60, 30
DAYS = 3
JOB = 'job="testgen-copilot",instance="a"'
FAST, SLOW = "ErrorBudgetBurnFast", "ErrorBudgetBurnSlow"
ALL = {"availability", "error_rate", "response_time", "generation_time", "throughput", "cache_hit_rate"}


@dataclasses.dataclass
class Story:
    """What goes wrong, of 50 requests, files and look-ups a minute. Minutes are counted from the end of it backwards."""

    lasts: int  # minutes
    failing: object  # of a minute: how many are answered with 500
    down: object  # of a minute: whether the service does not answer, and
    turned_away: object  # whether callers are turned away
    late: int = 0
    long_files: int = 0
    misses: int = 0
    fires: frozenset = frozenset()
    within: dict = dataclasses.field(default_factory=dict)  # minutes after its end, until which each alert may fire


# Seventy minutes. A twenty-fifth of the answers fail, nearly all are late, every fifth minute is lost: 19 to 200 times too fast
# for an hour. A miss is one of five that are allowed, so the cache can burn five times too fast and no more. What costs whole
# minutes of 43 a month spends the budget of a day as well.
HOUR = Story(70, lambda minute: 2, lambda minute: minute % 5 == 1, lambda minute: minute % 5 == 2, 48, 48, 50,
             frozenset({(FAST, each) for each in ALL - {"cache_hit_rate"}}
                       | {(SLOW, "availability"), (SLOW, "throughput")}),
             {FAST: 36, SLOW: 6 * 60 + 6})
# Three days at about twice the pace, which is nothing to wake people for.
LONG = Story(DAYS * 24 * 60, lambda minute: int(minute % 10 == 0), lambda minute: minute % 300 == 60,
             lambda minute: minute % 300 == 90, 5, 5, 20,
             frozenset({(SLOW, each) for each in ALL}), {SLOW: 6 * 60 + 6})


def history(end, story, ended):
    """The raw series of three days, by family; the story ended so many minutes before the end."""
    series = {"up": f"up{{{JOB}}}", "hits": f"testgen_cache_hits_total{{{JOB}}}", "misses": f"testgen_cache_misses_total{{{JOB}}}"}
    series |= {status: f'testgen_requests_total{{{JOB},status="{status}"}}' for status in ("200", "429", "500")}
    for name, label, bound in (("request", "", "2.0"), ("generation", 'language="python",', "30.0")):
        metric = f"testgen_{name}_duration_seconds"
        series[f"{name} in time"] = f'{metric}_bucket{{{JOB},{label}le="{bound}"}}'
        series[f"{name} any"] = f'{metric}_bucket{{{JOB},{label}le="+Inf"}}'
        series[f"{name} count"] = f"{metric}_count{{{JOB}{',' + label.rstrip(',') if label else ''}}}"
    totals = dict.fromkeys(series, 0.0)
    samples = {}
    for at in range(end - DAYS * 86400, end + 1, STEP):
        minute = (end - at) // MINUTE - ended
        bad = 0 <= minute < story.lasts
        failing, away = (story.failing(minute), 5 * story.turned_away(minute)) if bad else (0, 0)
        late, long_files, misses = (story.late, story.long_files, story.misses) if bad else (0, 0, 0)
        moved = {"500": failing, "429": away, "200": 50 - failing - away, "hits": 50 - misses, "misses": misses,
                 "request in time": 50 - late, "generation in time": 50 - long_files,
                 **{f"{name} {what}": 50 for name in ("request", "generation") for what in ("any", "count")}}
        for name, value in moved.items():
            totals[name] += value * STEP / MINUTE
        totals["up"] = 0 if bad and story.down(minute) else 1
        for name, sample in series.items():
            family = samples.setdefault(re.match("[a-z_]+", sample).group(), {})
            family.setdefault(sample, []).append((sample, totals[name], at))
    return {family: [each for values in of.values() for each in values] for family, of in samples.items()}


def promtool(*arguments):
    done = subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def group():
    return yaml.safe_load(RULES.read_text())["groups"][0]


class Past:
    """A folder of blocks, and servers that look at it one after the other."""

    def __init__(self, folder, end):
        self.folder, self.end = folder, end
        self.data = folder / "data"
        self.data.mkdir()
        self._servers = 0

    def server(self, config="global: {}\n"):
        self._servers += 1
        home = self.folder / f"server{self._servers}"
        home.mkdir()
        (home / "data").symlink_to(self.data)
        return servers.Prometheus(home, config, retention="10d")

    def blocks(self, name, families):
        """Blocks of these: {family: [(series, value, time)]}."""
        file, made = self.folder / f"{name}.om", self.folder / name
        with file.open("w") as out:
            for family, samples in families.items():
                out.write(f"# TYPE {family} unknown\n")
                out.writelines(f"{series} {value} {at}\n" for series, value, at in samples)
            out.write("# EOF\n")
        promtool("tsdb", "create-blocks-from", "--max-block-duration=720h", "-q", "openmetrics", file, made)
        for block in made.iterdir():
            block.rename(self.data / block.name)

    def record(self, name, rules):
        """What these rules would have recorded each half minute, from what is there so far."""
        families = {}
        with self.server() as source:
            for rule in rules:
                found = source.api("query_range", query=rule["expr"], start=self.end - DAYS * 86400 + 600, end=self.end, step=STEP)
                for series in found["result"]:
                    labels = {**series["metric"], **rule.get("labels", {})}
                    text = ",".join(f'{key}="{value}"' for key, value in labels.items() if key != "__name__")
                    families.setdefault(rule["record"], []).extend(
                        (f"{rule['record']}{{{text}}}", value, at) for at, value in series["values"])
        self.blocks(name, families)


def past(folder, story, ended):
    it = Past(folder, int(time.time()))
    it.blocks("raw", history(it.end, story, ended))
    # Events and what of them is allowed; first those that are made of raw series alone.
    events = [rule for rule in group()["rules"] if "labels" in rule and "record" in rule or rule.get("record", "").endswith(":bool")]
    assert {rule["labels"]["objective"] for rule in events if "labels" in rule} == ALL
    names = {rule["record"] for rule in events}
    plain = [rule for rule in events if not promql.metrics(rule["expr"]) & names]
    it.record("first", plain)
    it.record("second", [rule for rule in events if rule not in plain])
    return it


def judge(it):
    """Only waiting is shortened: nobody sits here for fifteen minutes."""
    shipped = re.sub(r"^( +for: )\w+$", r"\g<1>0s", RULES.read_text(), flags=re.M).replace("interval: 30s", "interval: 5s")
    (it.folder / "slo.yml").write_text(shipped)
    return it.server(yaml.safe_dump({"global": {"evaluation_interval": "5s"}, "rule_files": [str(it.folder / "slo.yml")]}))


def firing(server):
    return {(each["metric"]["alertname"], each["metric"]["objective"])
            for each in server.query('ALERTS{alertstate="firing",objective!=""}')}


def judged(server):
    """All six objectives, over three days."""
    wait_for(lambda: {each["metric"]["objective"] for each in server.query("job_objective:testgen_slo_burn:rate3d")} == ALL,
             "three days of every objective to be judged", 60)


def spans(server, alert, begin, end):
    """{objective: [(first, last)]}: when the shipped expression held, with the shipped `for`."""
    rules = group()["rules"]
    # What is recorded of a window is put in place of its name, because it is not part of the history.
    windows = {rule["record"]: rule["expr"] for rule in rules if "record" in rule and "labels" not in rule}
    [rule] = [rule for rule in rules if rule.get("alert") == alert]
    expression = rule["expr"]
    while names := promql.metrics(expression) & set(windows):
        for name in names:
            expression = re.sub(rf"{name}\b", lambda match: f"({windows[match.group()]})", expression)
    found = {}
    for series in server.api("query_range", query=expression, start=begin, end=end, step=MINUTE)["result"]:
        times = [float(at) for at, _ in series["values"]]
        breaks = [0, *(i for i in range(1, len(times)) if times[i] - times[i - 1] > MINUTE), len(times)]
        runs = [(times[a], times[b - 1]) for a, b in zip(breaks, breaks[1:])]
        held = [run for run in runs if run[1] - run[0] >= rule_lint.seconds(rule["for"])]
        if held:
            found[series["metric"]["objective"]] = held
    return found


STORIES = pytest.mark.parametrize("story", [HOUR, LONG], ids=["an hour", "three days"])


@STORIES
def test_every_objective_fires_while_its_budget_burns(tmp_path, story):
    it = past(tmp_path, story, ended=0)
    with judge(it) as server:
        judged(server)
        wait_for(lambda: firing(server) == story.fires, f"{sorted(story.fires)} to fire", 40)


@STORIES
def test_every_objective_resolves_when_the_windows_are_clean(tmp_path, story):
    hours = 8
    it = past(tmp_path, story, ended=hours * 60)
    mended = it.end - hours * 3600
    with judge(it) as server:
        judged(server)
        assert firing(server) == set(), "hours after the end of it"
        for alert in (FAST, SLOW):
            seen = spans(server, alert, it.end - 12 * 3600, it.end)
            assert set(seen) == {objective for name, objective in story.fires if name == alert}, (alert, seen)
            for objective, runs in seen.items():
                first, last = runs[0][0], runs[-1][1]
                assert first < mended, f"{alert} of {objective} began only after the end of it"
                after = (last - mended) / MINUTE
                assert after <= story.within[alert], f"{alert} of {objective} ended {after:g} minutes after it"
