"""What the lints look at: the files git knows, and the rooms that CMake declares."""
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def tracked():
    """Paths of tracked and of new, not ignored files; all but built ones where there is no git."""
    listing = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT,
                             capture_output=True, timeout=60)
    if listing.returncode == 0:
        names = listing.stdout.decode().split("\0")
    else:
        made = {"build", "node_modules", "generated-tests", "testgen-data", ".git"}
        names = [str(path.relative_to(ROOT)) for top in ROOT.iterdir() if top.name not in made
                 for path in ([top] if top.is_file() else top.rglob("*"))]
    # A link is not a file of ours: node_modules may be one.
    return sorted(ROOT / name for name in set(names)
                  if name and (ROOT / name).is_file() and not (ROOT / name).is_symlink())


def sources(*endings):
    return [path for path in tracked() if path.suffix in endings]


def rooms():
    """Room → the rooms its testgen_module() names in DEPS."""
    declared = {}
    for file in sorted((ROOT / "src").glob("*/CMakeLists.txt")):
        text = re.sub(r"#.*", "", file.read_text())
        for name, body in re.findall(r"testgen_module\(\s*(\w+)([^)]*)\)", text):
            words = body.split()
            deps, inside = [], False
            for word in words:
                if word in ("SOURCES", "DEPS", "EXTERNAL"):
                    inside = word == "DEPS"
                elif inside:
                    deps.append(word)
            declared[name] = deps
    return declared
