"""Four weeks of a service's life, as figures that are known: what each series does a second, or is, in the last week and before.
`testgen ops weekly` must find them again.
"""
DAY = 86400
WEEK = 7 * DAY
STEP = 240
SERVICE, NODE = 'job="testgen-copilot",instance="a:8000"', 'job="node",instance="m:9100"'

# Counters: labels → what they rise by in the last week, and in each of those before.
COUNTERS = {
    "testgen_requests": {('status="200"',): (0.99 * WEEK, 0.999 * WEEK), ('status="500"',): (0.01 * WEEK, 0.001 * WEEK)},
    "testgen_cache_hits": {(): (6000, 9000)},
    "testgen_cache_misses": {(): (4000, 1000)},
    "testgen_jobs": {('outcome="succeeded"',): (60480, 60480)},
    "testgen_errors": {('type="environment"', 'component="job"'): (120, 20), ('type="internal"', 'component="http"'): (5, 5)},
    "testgen_llm_requests": {('provider="openai"', 'status="success"'): (900, 990), ('provider="openai"', 'status="error"'): (100, 10)},
    "testgen_llm_errors": {('provider="openai"', 'error_type="timeout"'): (100, 10)},
    "testgen_sandbox_kills": {('reason="timed_out"',): (50, 40)},
    "testgen_tests_generated": {('language="python"',): (1400, 700)},
    "testgen_security_issues": {('severity="high"',): (21, 7)},
    "testgen_llm_cost_dollars": {('provider="openai"',): (3.5, 7)},
    "testgen_llm_proposals": {('model="m"', 'outcome="kept"'): (60, 30), ('model="m"', 'outcome="rejected"'): (40, 70)},
    "testgen_feedback": {('rating="accepted"',): (8, 9), ('rating="rejected"',): (2, 1)},
    "testgen_journey_steps": {('step="submitted"',): (1000, 1000), ('step="abandoned"',): (50, 50)},
    "process_cpu_seconds": {(): (0.5 * WEEK, 0.5 * WEEK)},
}
# Histograms: labels, bounds, events of a week, and between which bounds all of them lie: the last week's, and those before.
HISTOGRAMS = {
    "testgen_request_duration_seconds": ("", ["0.5", "1.0", "2.0"], 50000, "2.0", "0.5"),
    "testgen_generation_duration_seconds": ('language="python"', ["1.0", "2.0", "5.0", "10.0"], 5000, "2.0", "10.0"),
    "testgen_job_wait_seconds": ("", ["1.0", "5.0"], 5000, "1.0", "1.0"),
    "testgen_test_quality_score": ("", ["0.8", "0.9", "1.0"], 1000, "0.9", "0.9"),
}
# Gauges: what they are, so many seconds after the beginning.
GAUGES = {
    "testgen_build_info": (SERVICE, lambda since: 1),
    # A hundredth of the limit a day: 68 % after four weeks, 90 % in 22 days more.
    "testgen_memory_working_set_bytes": (SERVICE, lambda since: 1e9 * (0.4 + 0.01 * since / DAY)),
    "testgen_memory_limit_bytes": (SERVICE, lambda since: 1e9),
    "testgen_queue_length": (SERVICE, lambda since: 30 if 25 * DAY < since < 25 * DAY + 3600 else 4),
    "process_open_fds": (SERVICE, lambda since: 100),
    "process_max_fds": (SERVICE, lambda since: 1000),
    "node_memory_MemTotal_bytes": (NODE, lambda since: 8e9),
    # Every second day a little less, which is no trend.
    "node_memory_MemAvailable_bytes": (NODE, lambda since: 4e9 - 1e8 * (since // DAY % 2)),
    # Half a hundredth a day: 54 % after four weeks, 90 % in 72 days more.
    "node_filesystem_avail_bytes": (NODE + ',device="/dev/x",fstype="ext4",mountpoint="/"', lambda since: 1e11 * (0.6 - 0.005 * since / DAY)),
    "node_filesystem_size_bytes": (NODE + ',device="/dev/x",fstype="ext4",mountpoint="/"', lambda since: 1e11),
}
# The machine's counters: what they rise by in a second, so many seconds after the beginning.
MACHINE = {
    # 30 % over a week, and a little more on the same two days of each.
    "node_cpu_seconds": [('cpu="0",mode="idle"', lambda since: 0.706 - 0.021 * (since // DAY % 7 in (1, 4))),
                         ('cpu="0",mode="user"', lambda since: 0.294 + 0.021 * (since // DAY % 7 in (1, 4)))],
    "node_disk_written_bytes": [('device="x"', lambda since: 1e6)],
    "node_network_receive_bytes": [('device="eth0"', lambda since: 2e5), ('device="lo"', lambda since: 1e9)],
    "node_network_transmit_bytes": [('device="eth0"', lambda since: 1e5), ('device="lo"', lambda since: 1e9)],
}


def alerts(now):
    """(alert, severity, seconds between condition and firing, [(when it fired, for how long)]); the last still fires."""
    return [
        ("SlowResponseTime", "warning", 300, [(now - 3 * DAY, 180), (now - 3 * DAY + 3600, 180)]),
        ("LLMAPIErrors", "warning", 180, [(now - 2 * DAY + hour * 3600, 120) for hour in range(6)]),
        ("HighErrorRate", "critical", 120, [(now - 5 * DAY, 1800)]),
        ("HighMemoryUsage", "critical", 300, [(now - 1800, 1860)]),
    ]


def _alert_samples(now):
    firing, pending = [], []
    for name, severity, held, episodes in alerts(now):
        labels = f'alertname="{name}",job="testgen-copilot",severity="{severity}"'
        for begin, lasts in episodes:
            end = min(begin + lasts, now + 1)
            firing += [(f'ALERTS{{alertstate="firing",{labels}}}', 1, at) for at in range(begin, end, 60)]
            pending += [(f"ALERTS_FOR_STATE{{{labels}}}", begin - held, at) for at in range(begin - held, end, 60)]
    yield "ALERTS", "gauge", firing
    yield "ALERTS_FOR_STATE", "gauge", pending


def _families(now):
    begin = now - 4 * WEEK
    times = range(begin, now + 1, STEP)

    def joined(*labels):
        return ",".join(each for each in labels if each)

    def risen(week, before):
        """What has risen by so much in the last week and in each before it, at each time."""
        return [before * (at - begin) / WEEK if at <= now - WEEK else before * 3 + week * (at - now + WEEK) / WEEK for at in times]

    for name, series in COUNTERS.items():
        yield name, "counter", [(f"{name}_total{{{joined(SERVICE, *labels)}}}", value, at)
                                for labels, amounts in series.items() for at, value in zip(times, risen(*amounts))]
    for name, (labels, bounds, events, week, before) in HISTOGRAMS.items():
        samples = []
        for bound in [*bounds, "+Inf"]:
            holds = [events if float(bound) >= float(place) else 0 for place in (week, before)]
            samples += [(f'{name}_bucket{{{joined(SERVICE, labels)},le="{bound}"}}', value, at)
                        for at, value in zip(times, risen(*holds))]
        samples += [(f"{name}_count{{{joined(SERVICE, labels)}}}", value, at) for at, value in zip(times, risen(events, events))]
        yield name, "histogram", samples
    for name, (labels, value) in GAUGES.items():
        yield name, "gauge", [(f"{name}{{{labels}}}", value(at - begin), at) for at in times]
    for name, series in MACHINE.items():
        samples = []
        for labels, rate in series:
            total = 0.0
            for at in times:
                total += rate(at - begin) * STEP
                samples.append((f"{name}_total{{{NODE},{labels}}}", total, at))
        yield name, "counter", samples
    yield from _alert_samples(now)


def open_metrics(now):
    lines = []
    for name, kind, samples in _families(now):
        lines.append(f"# TYPE {name} {kind}")
        lines.extend(f"{series} {value:.6f} {at}" for series, value, at in samples)
    return "\n".join(lines) + "\n# EOF\n"
