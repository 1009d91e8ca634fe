"""The documents stay true: links lead somewhere, commands and paths exist, runbooks are whole."""
import re
import subprocess

import pytest

from repository import ROOT, rooms, tracked

TRACKED = tracked()
DOCUMENTS = [path for path in TRACKED if path.suffix == ".md"]
by_name = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def prose(text):
    """The text without code blocks and code spans."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    text = re.sub(r"^(?: {4}|\t).*$", "", text, flags=re.M)
    return re.sub(r"`[^`\n]*`", "", text)


def anchors(path):
    found = set()
    for heading in re.findall(r"^#+ (.+)$", path.read_text(), flags=re.M):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found.add(slug)
    return found


@by_name
def test_links_resolve(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(path.read_text())):
        if re.match(r"[a-z]+:", target):
            assert target.startswith("https://"), target
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        assert file.exists(), f"{path.relative_to(ROOT)} links to {target}"
        assert file.is_relative_to(ROOT), target
        if anchor:
            assert anchor in anchors(file), f"{target}: no such heading"


@by_name
def test_paths_in_code_spans_exist(path):
    """`deploy/README.md` in a sentence is a promise too."""
    for span in re.findall(r"`([^`\n]+)`", path.read_text()):
        if re.fullmatch(r"(?:src|tests|deploy|docs|cmake|examples|fuzz|bench)/[\w./-]*", span):
            assert (ROOT / span).exists(), f"{path.relative_to(ROOT)} names {span}"


@by_name
def test_log_files_are_where_the_package_writes_them(path):
    import yaml
    settings = yaml.safe_load((ROOT / "deploy/debian/testgen.yaml").read_text())
    named = set(re.findall(r"/var/(?:lib|log)/testgen/[\w-]+\.log\b", path.read_text()))
    assert named <= {settings["log-file"], settings["audit-log"]}, path.relative_to(ROOT)


def test_dev_commands_exist():
    """Every ./dev COMMAND in a document is one that ./dev knows."""
    usage = subprocess.run(["./dev", "help"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert usage.returncode == 0, usage.stderr
    known = set(re.findall(r"^\s+(?:\./dev )?([a-z]+)\b", usage.stdout, flags=re.M))
    used = {(command, path.name) for path in DOCUMENTS
            for command in re.findall(r"\./dev ([a-z]+)", path.read_text())}
    assert used and {pair for pair in used if pair[0] not in known} == set()


def test_documents_are_reachable():
    """Every page of docs/ can be reached from its index."""
    seen, waiting = set(), [ROOT / "docs" / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or not page.exists():
            continue
        seen.add(page)
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text()):
            if not target.startswith("https:") and target.endswith(".md"):
                waiting.append((page.parent / target).resolve())
    lost = {path for path in DOCUMENTS if path.is_relative_to(ROOT / "docs")} - seen
    assert not lost


def test_the_table_of_rooms_is_true():
    rows = re.findall(r"^\| `(\w+)` \| .*? \| (.*?) \|$", (ROOT / "ARCHITECTURE.md").read_text(), flags=re.M)
    table = {room: set() if knows == "nothing" else set(knows.split(", ")) for room, knows in rows}
    assert table == {room: set(deps) for room, deps in rooms().items()}


RUNBOOK_HEADINGS = ["Meaning", "Impact", "First look", "Diagnosis", "Mitigation", "How to test"]


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "runbooks").glob("[A-Z]*.md")), ids=lambda p: p.stem)
def test_runbooks_have_all_parts(path):
    if path.name == "README.md":
        assert {p.name for p in path.parent.glob("*.md")} - {"README.md"} == \
            set(re.findall(r"\]\((\w+\.md)\)", path.read_text()))
        return
    assert path.read_text().startswith(f"# {path.stem}\n")
    assert re.findall(r"^## (.+)$", path.read_text(), flags=re.M) == RUNBOOK_HEADINGS


def test_the_page_of_alerts_has_every_alert():
    """With the severity and the `for` that the rules have; the figures are those of the last drill."""
    import yaml
    shipped = {(rule["alert"], rule["labels"]["severity"], rule["for"])
               for path in (ROOT / "deploy/prometheus/rules").glob("*.yml")
               for group in yaml.safe_load(path.read_text())["groups"] for rule in group["rules"] if "alert" in rule}
    page = (ROOT / "docs" / "reference" / "alerts.md").read_text()
    assert set(re.findall(r"^\| \[(\w+)\]\(\S+\) \| (\w+) \| (\w+) \|", page, flags=re.M)) == shipped
    assert "not drilled" not in page


def test_root_fits_in_one_look():
    names = {path.relative_to(ROOT).parts[0] for path in TRACKED}
    names = {name for name in names if not name.startswith(".")}  # as ls shows it
    assert len(names) < 25, sorted(names)
