"""How the scanner's bench takes what semgrep and gosec say, and what it says when they cannot be had. Neither is needed."""
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench/scan"), str(ROOT / "bench")]

import peers  # noqa: E402
import scan  # noqa: E402


def test_semgrep_findings_have_every_weakness_of_their_rule():
    found = peers.semgrep_findings({"results": [
        {"path": "a.py", "start": {"line": 3}, "end": {"line": 5},
         "extra": {"severity": "ERROR", "metadata": {"cwe": ["CWE-89: SQL", "CWE-564: Hibernate"]}}},
        {"path": "a.py", "start": {"line": 3}, "end": {"line": 3}, "extra": {"severity": "INFO", "metadata": {"cwe": "CWE-20"}}},
        {"path": "b.py", "start": {"line": 1}, "end": {"line": 1}, "extra": {"severity": "WARNING"}}]}, 1.5)
    assert found.found == {pathlib.Path("a.py"): {3: {89, 564, 20}}, pathlib.Path("b.py"): {1: {0}}}
    assert found.severe == 2 and found.seconds == 1.5


def test_gosec_findings_are_those_of_the_files_that_were_copied():
    copied = {str(pathlib.Path("/t/p0/main.go")): pathlib.Path("set/a.go")}
    found = peers.gosec_findings({"Issues": [
        {"file": "/t/p0/main.go", "line": "7-9", "severity": "HIGH", "cwe": {"id": "78"}},
        {"file": "/t/p0/main.go", "line": "12", "severity": "LOW"}]}, copied, 2)
    assert found.found == {pathlib.Path("set/a.go"): {7: {78}, 12: {0}}} and found.severe == 1
    assert peers.gosec_findings({"Issues": None}, copied, 2).found == {}


def test_rules_about_security_are_taken_without_their_tests(tmp_path):
    for name, text in (("python/flask/security/a.yaml", "rules:\n- id: a\n"), ("python/flask/security/a.test.yaml", "rules:\n"),
                       ("python/flask/security/other.yaml", "key: 1\n"), ("python/style/b.yaml", "rules:\n- id: b\n"),
                       ("java/security/c.yml", "rules:\n- id: c\n")):
        path = tmp_path / "set" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    semgrep = object.__new__(peers.Semgrep)
    semgrep.source = tmp_path / "set"
    taken = semgrep.rules(["python"], tmp_path / "taken")
    assert [path.read_text() for path in taken.iterdir()] == ["rules:\n- id: a\n"]


def test_what_cannot_be_had_is_left_out_with_a_reason(monkeypatch, capsys):
    monkeypatch.setattr(peers.shutil, "which", lambda name: None)
    table = scan.Table()
    assert peers.asked({}, table) == {}
    assert table.left_out == ["semgrep: its rules are the set semgrep-rules, which is not there", "gosec: there is no Go here"]
    assert capsys.readouterr().out.count("left out:") == 2


def test_a_scanner_that_fails_leaves_its_place_empty():
    class Broken:
        name = "broken"

        def run(self, paths):
            raise peers.Missing("no such file: " + paths[0])

    table = scan.Table()
    assert peers.measured(Broken(), table, ["x"]) is None
    assert table.left_out == ["broken, once: no such file: x"]


def test_fetching_says_why_it_failed():
    with pytest.raises(peers.Missing, match="^the last word$"):
        peers.got([sys.executable, "-c", "import sys; sys.exit('first\\nthe last word')"], 60)
