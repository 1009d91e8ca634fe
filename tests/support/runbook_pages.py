"""What the runbooks tell people to type and to look at."""
import re
import shlex

from servers import SOURCE

PAGES = sorted((SOURCE / "docs" / "runbooks").glob("*.md"))

# Whatever in backticks begins with one of these is a command; of all other words in backticks none may be one.
PROGRAMS = {"amtool", "curl", "df", "du", "grep", "journalctl", "jq", "ls", "openssl", "promtool", "ps", "systemctl", "systemd-cgtop",
            "tail", "testgen", "vmstat"}
BLOCK = re.compile(r"^(?: {4}| {6})(\S.*)$", re.M)


def blocks(text):
    """Commands that stand alone: indented, one a line; a line that ends with | goes on."""
    return re.sub(r"\|\n", "| ", "\n".join(BLOCK.findall(text))).splitlines()


def spans(text):
    """What stands in backticks within sentences."""
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", BLOCK.sub("", text))]


def inline(text):
    return [span for span in spans(text) if span.split()[0] in PROGRAMS]


def flags(text):
    """Flags of testgen that sentences name: each span that begins with one."""
    return [span.split()[0].split("=")[0] for span in spans(text) if re.match(r"--[a-z]", span)]


def panels(text):
    """(names in quotes, what follows) of each mention of panels of a dashboard."""
    prose = " ".join(BLOCK.sub("", text).split())
    for match in re.finditer(r"\b[Pp]anels?\b", prose):
        named = re.match(r'(?:(?: |,)*(?:and |or )?"[^"]+")+', prose[match.end():])
        yield re.findall(r'"([^"]+)"', named.group()) if named else [], prose[max(0, match.start() - 20):match.end() + 60]


def words(command):
    return shlex.split(command, comments=True)
