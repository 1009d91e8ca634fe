"""Tables into docs/benchmarks.md, between the marks of their section."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/benchmarks.md"


def write(section, text):
    """Puts the text between the page's marks of that section."""
    page = PAGE.read_text()
    mark = re.compile(rf"(<!-- bench {section} -->\n).*?(<!-- end -->)", re.S)
    if not mark.search(page):
        raise SystemExit(f"{PAGE} has no marks for {section}")
    PAGE.write_text(mark.sub(lambda found: f"{found[1]}{text}\n{found[2]}", page))
