"""The reader of PromQL that the contract tests stand on."""
import pytest

import promql


@pytest.mark.parametrize("expression, names, grouping", [
    ("up", {"up"}, set()),
    ('rate(a_total{job="x", s=~"5.."}[5m])', {"a_total"}, set()),
    ("sum by (job, le) (rate(b_bucket[10m])) / on (job) group_left (v) c", {"b_bucket", "c"}, {"job", "le", "v"}),
    ("sum(rate(a[5m])) by (x)", {"a"}, {"x"}),
    ("a and on (job) b unless c or 0 * d > bool 1e3", {"a", "b", "c", "d"}, {"job"}),
    ('label_replace(job:a:rate5m{x="}"}, "y", "$1", "z", "(.*)")', {"job:a:rate5m"}, set()),
    ("a offset 5m @ 1600000000 - 1h30m", {"a"}, set()),
    ("max_over_time(sum(a)[24h:5m]) + b[5m:]", {"a", "b"}, set()),
    ("vector(0)", set(), set()),
])
def test_names(expression, names, grouping):
    assert promql.metrics(expression) == names
    assert promql.grouping_labels(expression) == grouping


def test_matchers():
    assert promql.selectors('a{job="x",s=~"5.."}') == [("a", {"job": "x", "s": "5.."})]


def test_unreadable_is_refused():
    with pytest.raises(promql.PromqlError):
        promql.metrics("rate(a[$window])")
