"""A sandbox that can be broken and mended while a service runs, as an upgrade of the machine might."""
import shutil


class Bubblewrap:
    """A script named bwrap that hands over to the real one, until it is broken."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(mode=0o755)
        self.mend()

    def _install(self, line):
        fresh = self.folder / "bwrap.new"
        fresh.write_text(f"#!/bin/sh\n{line}\n")
        fresh.chmod(0o755)
        fresh.rename(self.folder / "bwrap")  # at once: never half written

    def mend(self):
        self._install(f'exec {shutil.which("bwrap", path="/usr/bin:/bin")} "$@"')

    def break_it(self):
        self._install("echo 'bwrap: creating new namespace failed' >&2; exit 1")
