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
