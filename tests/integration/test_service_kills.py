"""A service that is killed at random instants loses no job and records no result twice; the long form is ./dev soak."""
import kill_runs


def test_ten_kills_lose_nothing(tmp_path):
    figures = kill_runs.run(tmp_path, kills=10, seed=20261126)
    assert figures["accepted"] > 10, figures
    assert (figures["lost"], figures["twice"]) == (0, 0), figures
