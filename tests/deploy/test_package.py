"""The Debian package: what is in it, that it keeps Debian's rules, and that what it brings runs and generates."""
import fcntl
import gzip
import json
import os
import re
import shutil
import stat
import subprocess

import pytest
import yaml
from servers import BUILD, SOURCE

DEPLOY = SOURCE / "deploy"


def run(*command, code=0, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=600, **options)
    assert code is None or done.returncode == code, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """Made in a folder of its own: several workers may make one, one after the other."""
    if not (BUILD / "build.ninja").exists():
        pytest.skip("the build folder is not CMake's: run ./dev build")
    folder = tmp_path_factory.mktemp("package")
    with open(BUILD / "package.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run("cmake", "--build", BUILD, "-j2", "--target", "testgen", "package_files")
        run("cpack", "-G", "DEB", "-B", folder, cwd=BUILD)
    [made] = folder.glob("*.deb")
    return made


@pytest.fixture(scope="module")
def root(package, tmp_path_factory):
    """The package's files in a folder of their own."""
    folder = tmp_path_factory.mktemp("root")
    run("dpkg-deb", "-x", package, folder)
    return folder


def field(package, name):
    return run("dpkg-deb", "-f", package, name).stdout.strip()


def test_it_says_what_it_is_and_needs(package):
    assert field(package, "Package") == "testgen"
    assert re.fullmatch(r"testgen_[\d.]+_\w+\.deb", package.name)
    depends = field(package, "Depends")
    for needed in ("bubblewrap", "python3", "python3-pytest", "libc6", "libsqlite3-0", "libssl3", "libseccomp2"):
        assert re.search(rf"(^|, ){re.escape(needed)}( |,|$)", depends), depends
    assert len(field(package, "Description").splitlines()) > 1
    assert int(field(package, "Installed-Size")) > 1000


def test_every_file_is_where_debian_wants_it(root):
    files = {str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir()}
    assert files == {
        "usr/bin/testgen", "etc/testgen/testgen.yaml", "etc/logrotate.d/testgen", "usr/lib/systemd/system/testgen.service",
        "usr/lib/sysusers.d/testgen.conf", "usr/share/man/man1/testgen.1.gz", "usr/share/doc/testgen/changelog.gz",
        "usr/share/doc/testgen/copyright", "usr/share/bash-completion/completions/testgen",
        "usr/share/zsh/vendor-completions/_testgen", "usr/share/fish/vendor_completions.d/testgen.fish"}
    for path in root.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o755 if path.is_dir() or path.parent.name == "bin" else 0o644), f"{path}: {mode:o}"
    page = gzip.decompress((root / "usr/share/man/man1/testgen.1.gz").read_bytes()).decode()
    assert page == run(root / "usr/bin/testgen", "man").stdout


def test_the_control_files_are_complete(package, tmp_path):
    run("dpkg-deb", "-e", package, tmp_path / "control")
    control = {path.name for path in (tmp_path / "control").iterdir()}
    assert control == {"control", "md5sums", "conffiles", "postinst", "prerm", "postrm"}
    for script in ("postinst", "prerm", "postrm"):
        assert os.access(tmp_path / "control" / script, os.X_OK)
        run("sh", "-n", tmp_path / "control" / script)
    listed = (tmp_path / "control" / "conffiles").read_text().split()
    assert listed == ["/etc/testgen/testgen.yaml", "/etc/logrotate.d/testgen"]


def test_the_binary_is_stripped_and_finds_its_libraries_by_itself(root):
    sections = run("readelf", "-S", "-W", root / "usr/bin/testgen").stdout
    assert ".symtab" not in sections and ".debug_info" not in sections
    assert not re.search(r"R(UN)?PATH", run("readelf", "-d", "-W", root / "usr/bin/testgen").stdout)
    assert str(SOURCE).encode() not in (root / "usr/bin/testgen").read_bytes()


def test_the_installed_program_generates(root, tmp_path):
    (tmp_path / "calc.py").write_text("def half(x: int) -> float:\n    if x < 0:\n        raise ValueError(x)\n    return x / 2\n")
    run(root / "usr/bin/testgen", "generate", "calc.py", "-o", "tests", "--budget", "2s", "--quiet", cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)})
    assert list((tmp_path / "tests").glob("test_*.py"))


def test_the_settings_file_is_right_and_loopback_only(root):
    settings = root / "etc/testgen/testgen.yaml"
    assert "is right" in run(root / "usr/bin/testgen", "config", "check", "--config", settings).stdout
    values = yaml.safe_load(settings.read_text())
    assert values["listen"].startswith("127.0.0.1:") and values["rate-limit"] > 0
    # What is commented out is right, too.
    uncommented = re.sub(r"^#(?=[a-z])", "", settings.read_text(), flags=re.M)
    assert set(yaml.safe_load(uncommented)) > set(values)
    whole = settings.with_name("whole.yaml")
    whole.write_text(uncommented)
    run(root / "usr/bin/testgen", "config", "check", "--config", whole)
    whole.unlink()


def test_logrotate_understands_its_rules(root, tmp_path):
    if not shutil.which("logrotate"):
        pytest.skip("logrotate is not installed")
    rules = (root / "etc/logrotate.d/testgen").read_text().replace("su testgen testgen", "")
    (tmp_path / "rules").write_text(rules)
    os.chmod(tmp_path / "rules", 0o644)
    said = run("logrotate", "-d", "-s", tmp_path / "state", tmp_path / "rules").stderr
    assert "error" not in said.lower() and "Handling 2 logs" in said


def unit_value(name):
    """Values of a setting of the unit, a later line of the same name going on where the earlier ended."""
    return " ".join(re.findall(rf"^{name}=(.*)$", (DEPLOY / "systemd/testgen.service").read_text(), re.M)).split()


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed")
    text = (DEPLOY / "systemd/testgen.service").read_text().replace("/usr/bin/testgen", "/bin/true")
    unit = tmp_path / "testgen.service"
    unit.write_text("\n".join(line for line in text.splitlines() if not line.startswith("Documentation=")))
    assert run("systemd-analyze", "verify", "--man=no", unit, code=None).stderr.strip() == ""
    exposure = run("systemd-analyze", "security", "--offline=true", "--no-pager", unit, code=None).stdout
    assert float(re.search(r"exposure level for testgen.service: ([\d.]+)", exposure).group(1)) <= 3.5


def expand(names):
    """System calls of groups such as @system-service, as this systemd knows them."""
    found, waiting, seen = set(), list(names), set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if not name.startswith("@"):
            found.add(name)
            continue
        listed = run("systemd-analyze", "syscall-filter", "--no-pager", name).stdout.splitlines()[1:]
        waiting += [line.strip() for line in listed if line.strip() and not line.strip().startswith("#")]
    return found


def generate_restricted(root, tmp_path, verb, names):
    """What a run of the installed program says that has these system calls, or lacks them, and no rights at all."""
    pytest.importorskip("seccomp")
    if os.geteuid() != 0:
        pytest.skip("needs root, to become another user")
    nobody = 64001
    work = tmp_path / "work"
    work.mkdir()
    (work / "calc.py").write_text("def half(x: int) -> float:\n    if x < 0:\n        raise ValueError(x)\n    return x / 2\n")
    os.chown(work, nobody, nobody)
    # pytest's folders are closed to others.
    for folder in {work, *work.parents, root, *root.parents}:
        if folder.stat().st_mode & 0o055 != 0o055:
            os.chmod(folder, 0o755)
    done = run("/usr/bin/python3", SOURCE / "tests/support/restricted.py", verb, ",".join(sorted(names)), nobody,
               root / "usr/bin/testgen", "generate", "calc.py", "-o", "tests", "--budget", "2s", cwd=work, code=None,
               env={"PATH": "/usr/bin:/bin", "HOME": str(work)})
    return done, list((work / "tests").glob("test_*.py"))


def test_the_sandbox_works_under_the_units_rights_and_system_calls(root, tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("needs systemd-analyze, which knows the groups of system calls")
    lines = re.findall(r"^SystemCallFilter=(.*)$", (DEPLOY / "systemd/testgen.service").read_text(), re.M)
    denied = expand(" ".join(line[1:] for line in lines if line.startswith("~")).split())
    allowed = expand(" ".join(line for line in lines if not line.startswith("~")).split()) - denied
    done, tests = generate_restricted(root, tmp_path, "allow", allowed)
    assert done.returncode == 0 and tests, f"{done.stdout}\n{done.stderr}"


def test_without_mounts_it_says_that_the_sandbox_does_not_work(root, tmp_path):
    """The filter of the test before bites: with one group less there is no sandbox, and no run without one."""
    done, tests = generate_restricted(root, tmp_path, "deny", {"mount", "umount2", "pivot_root"})
    assert done.returncode == 4 and "sandbox" in done.stderr and not tests, f"{done.stdout}\n{done.stderr}"


def test_the_sandbox_works_under_the_containers_profile(root, tmp_path):
    profile = json.loads((DEPLOY / "docker/seccomp.json").read_text())
    assert profile["defaultAction"] == "SCMP_ACT_ALLOW"
    assert all(rule["action"] == "SCMP_ACT_ERRNO" for rule in profile["syscalls"])
    names = {name for rule in profile["syscalls"] for name in rule["names"]}
    done, tests = generate_restricted(root, tmp_path, "deny", names)
    assert done.returncode == 0 and tests, f"{done.stdout}\n{done.stderr}"


def test_the_dockerfile_installs_the_package_and_does_not_run_as_root():
    lines = (DEPLOY / "docker/Dockerfile").read_text().replace("\\\n", " ").splitlines()
    steps = [line.split(None, 1) for line in lines if line and not line.startswith("#")]
    last = [step[0] for step in steps][max(i for i, step in enumerate(steps) if step[0] == "FROM"):]
    assert last.index("USER") < last.index("ENTRYPOINT")
    assert ["USER", "testgen"] in steps and steps[0] == ["FROM", "debian:12-slim AS build"]
    for step in steps:
        if "apt-get install" in step[1]:
            assert "--no-install-recommends" in step[1] and "rm -rf /var/lib/apt/lists" in step[1]


def test_the_unit_leaves_out_what_would_break_the_sandbox():
    for name in ("ProtectKernelTunables", "ProtectKernelLogs", "ProtectProc", "ProcSubset", "ProtectHostname",
                 "PrivateUsers", "MemoryDenyWriteExecute"):
        assert unit_value(name) == []
    assert set(unit_value("RestrictNamespaces")) == {"user", "pid", "net", "ipc", "uts", "mnt", "cgroup"}
    assert unit_value("KillMode") == ["mixed"] and unit_value("OOMPolicy") == ["continue"]
