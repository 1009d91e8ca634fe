"""The Jira that tests play reads queries as Jira does: what is empty is not unequal to anything."""
import pytest

from jira import selects
from refusal import Refused

OPEN = {"project": "OPS", "labels": ["alert", "ALERT{1}"], "resolution": None, "resolutiondate": None,
        "statuscategory": "To Do"}
CLOSED = {**OPEN, "resolution": "Done", "resolutiondate": True, "statuscategory": "Done"}


@pytest.mark.parametrize("query, finds_open, finds_closed", [
    ('project = "OPS" AND labels = "alert"', True, True),
    ('project="OPS" and labels="ALERT{2}"', False, False),
    ('resolution != "Won\'t Do" and project="OPS"', False, True),
    ('(resolution is EMPTY or resolution != "Won\'t Do") and labels="ALERT{1}"', True, True),
    ('(resolutiondate is EMPTY OR resolutiondate >= -60m) and statusCategory != Done', True, False),
    ('resolutiondate >= -60m', False, True),
])
def test_what_a_query_finds(query, finds_open, finds_closed):
    assert (selects(query, OPEN), selects(query, CLOSED)) == (finds_open, finds_closed)


@pytest.mark.parametrize("query", ["project ~ OPS", "(project = OPS", "project = OPS project = OPS", "nobody = 1"])
def test_what_it_does_not_understand_is_refused(query):
    with pytest.raises((Refused, KeyError)):
        selects(query, OPEN)
