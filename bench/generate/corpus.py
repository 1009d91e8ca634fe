"""Which modules the bench measures, found on this machine without running them."""
import pathlib
import subprocess

PYTHON = "/usr/bin/python3"

# The corpus that the program is developed with.
DEVELOPMENT = ["textwrap", "shlex", "fnmatch", "colorsys", "heapq", "statistics", "difflib", "configparser",
               "html.parser", "urllib.parse", "toolz.itertoolz", "semver", "inflection", "boltons.strutils",
               "isodate.isoduration"]

# A guard against special cases: other modules of the standard library and of the same packages.
UNSEEN = ["bisect", "calendar", "base64", "csv", "fractions", "string", "graphlib", "cmd", "json.decoder",
          "ipaddress", "copy", "reprlib", "pprint", "locale", "netrc", "mimetypes", "quopri", "optparse",
          "gettext", "http.cookies", "email.utils", "plistlib", "contextlib", "sched", "stringprep",
          "xml.sax.saxutils", "toolz.dicttoolz", "boltons.mathutils", "boltons.cacheutils", "isodate.isoparser"]

# Packages with files, environment variables, time, processes or HTTP in them, and why each is here.
PACKAGES = {
    "xdg": "XDG desktop files, menus, themes: environment variables, folders, files that are parsed and written",
    "configobj": "INI files read, checked and written back: files, encodings, stateful objects",
    "dotenv": ".env files into the environment, a command line, a process that is started with them",
    "requests": "HTTP: adapters, sessions, cookies, redirects, authentication, clock",
    "click": "command lines: terminal, prompts, standard input, files, environment, pagers in other processes",
}


def locate(module):
    """The file of a module; None when it is not installed."""
    finder = "import importlib.util, sys; print(importlib.util.find_spec(sys.argv[1]).origin)"
    found = subprocess.run([PYTHON, "-c", finder, module], capture_output=True, text=True, timeout=60)
    path = pathlib.Path(found.stdout.strip()) if found.returncode == 0 else None
    return path if path and path.suffix == ".py" else None


def files_of(package):
    """The modules of a package that hold code: not its tests, nor what it carries of others."""
    found = locate(package)
    if found is None:
        return []
    if found.name != "__init__.py":
        return [found]
    skipped = {"tests", "test", "_vendor", "packages"}
    return sorted(path for path in found.parent.rglob("*.py") if not skipped & set(path.relative_to(found.parent).parts))
