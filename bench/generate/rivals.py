"""Other generators on the same modules: Hypothesis' ghostwriter, and Pynguin where a registry is near."""
import pathlib
import subprocess
import sys
import venv

import corpus

GHOSTWRITER = """
import importlib, sys
from hypothesis.extra import ghostwriter
print(ghostwriter.magic(importlib.import_module(sys.argv[1])))
"""


def ghostwriter(module, folder, seconds):
    """Writes its tests into the folder. None, or why there are none."""
    folder.mkdir(parents=True)
    try:
        run = subprocess.run([corpus.PYTHON, "-c", GHOSTWRITER, module], capture_output=True, text=True, timeout=seconds,
                             cwd=folder)  # it leaves tables of its own where it is started
    except subprocess.TimeoutExpired:
        return f"wrote nothing in {seconds} s"
    if run.returncode != 0 or "def test" not in run.stdout:
        return (run.stderr.strip().splitlines() or ["wrote no test"])[-1][:80]
    (folder / f"test_{module.replace('.', '_')}.py").write_text(run.stdout)
    # Its default of a hundred examples a test with a deadline is for people; the bench has no time.
    (folder / "conftest.py").write_text(
        "import hypothesis\nhypothesis.settings.register_profile('bench', max_examples=30, deadline=None,\n"
        "    database=None, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck))\n"
        "hypothesis.settings.load_profile('bench')\n")
    return None


class Pynguin:
    """Pynguin in a virtual environment that goes away with the bench."""

    def __init__(self, scratch):
        self.folder = pathlib.Path(scratch) / "pynguin"
        self.python = self.folder / "bin/python"
        self.missing = self.install()

    def install(self):
        """None, or one line on why it cannot run."""
        if sys.version_info < (3, 10):
            return "Pynguin needs Python 3.10"
        try:
            venv.create(self.folder, with_pip=True, system_site_packages=False)
        except (subprocess.CalledProcessError, SystemExit) as error:
            return f"no virtual environment: {error} (Debian: apt-get install python3-venv)"
        try:
            run = subprocess.run([self.python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--retries", "1",
                                  "--timeout", "15", "pynguin", "pytest", "coverage"], capture_output=True, text=True, timeout=600)
        except subprocess.TimeoutExpired:
            return "the registry did not answer in ten minutes"
        if run.returncode != 0:
            return "pip: " + (run.stderr.strip().splitlines() or ["failed"])[-1][:120]
        return None

    def write(self, source, module, folder, seconds):
        """Its tests of one module into the folder. None, or why there are none."""
        folder.mkdir(parents=True)
        parts = module.split(".")
        root = source.parents[len(parts) - 1]
        command = [self.python, "-m", "pynguin", "--project-path", root, "--module-name", module, "--output-path", folder,
                   "--maximum-search-time", str(int(seconds)), "--seed", "1"]
        try:
            run = subprocess.run(command, capture_output=True, text=True, timeout=6 * seconds + 60, cwd=folder,
                                 env={"PATH": "/usr/bin:/bin", "PYNGUIN_DANGER_AWARE": "1", "LC_ALL": "C.UTF-8"})
        except subprocess.TimeoutExpired:
            return f"not done after {6 * seconds + 60:.0f} s"
        if not list(folder.glob("test_*.py")):
            return (run.stderr.strip().splitlines() or [f"exit {run.returncode}, no tests"])[-1][:80]
        return None
