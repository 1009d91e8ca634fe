"""clang-format 14 has nothing to change."""
import subprocess

from repository import ROOT, sources


def test_sources_are_formatted():
    files = [str(path.relative_to(ROOT)) for path in sources(".h", ".cc")]
    # Without -Werror: its early exit would name the first file only.
    check = subprocess.run(["clang-format-14", "--dry-run", *files], cwd=ROOT,
                           capture_output=True, text=True, timeout=120)
    unformatted = sorted({line.split(":")[0] for line in check.stderr.splitlines() if "warning:" in line})
    assert not unformatted, "run ./dev format:\n" + "\n".join(unformatted)
    assert check.returncode == 0, check.stderr
