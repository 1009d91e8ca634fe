"""deploy/rsyslog and deploy/syslog-ng in Debian's own daemons: no line is lost on the way. `./dev bench shippers` does the
same with 100 000."""
import pytest

import shipping

LINES = 10_000


@pytest.mark.parametrize("kind", shipping.SHIPPERS, ids=lambda kind: kind.name)
def test_no_line_is_lost_across_rotation_and_restart(kind, tmp_path, record_property):
    if kind.missing():
        pytest.skip(kind.missing())
    lost, more, odd = shipping.ship(kind, tmp_path / "run", LINES, 60)
    record_property("more_than_once", more)
    assert not odd, odd[:3]
    assert lost == 0, f"{lost} of {LINES} lines were lost, {more} came more than once"


@pytest.mark.parametrize("kind", shipping.SHIPPERS, ids=lambda kind: kind.name)
def test_what_waits_for_a_collector_that_is_away_comes_later(kind, tmp_path):
    """Also when the shipper is stopped meanwhile. TCP does not say what was taken, so what was on its way may be lost."""
    if kind.missing():
        pytest.skip(kind.missing())
    missing = shipping.ship_while_away(kind, tmp_path / "run", 6000, 60)
    assert len(missing) <= kind.on_the_wire, f"{len(missing)} lines, from {missing[0]} to {missing[-1]}"
    assert all(number < 2000 + kind.on_the_wire for number in missing), "lost, though it was not on the wire"
