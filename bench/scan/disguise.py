"""Copies of source files with other names and another layout, and the same meaning.

A scanner that has learnt a benchmark's names or shapes by heart scores less on the copy. Works on tokens, so that code no
Python of this machine can parse is copied as well.
"""
import builtins
import keyword
import re

PYTHON_TOKEN = re.compile(r"""
    (?P<comment>\#[^\n]*)
  | (?P<string>(?i:[rbu]|rb|br)?('''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"))
  | (?P<name>[A-Za-z_]\w*)
  | (?P<number>\d[\w.]*)
  | (?P<space>[ \t]+)
  | (?P<line>\n)
  | (?P<other>.)
""", re.X | re.S)
JAVA_TOKEN = re.compile(r"""
    (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
  | (?P<name>[A-Za-z_$][\w$]*)
  | (?P<number>\d[\w.]*)
  | (?P<space>[ \t\r\n]+)
  | (?P<other>.)
""", re.X | re.S)
F_START = re.compile(r"(?i:f|rf|fr)('''|\"\"\"|'|\")")
JAVA_DECLARED = re.compile(r"\b(?:[A-Za-z_][\w.]*(?:<[^;(){}=]*>)?(?:\[\])*)\s+([a-z_]\w*)\s*(?:=[^=]|;|,|\)|:)")
JAVA_WORDS = set("return new else throw package import case instanceof this super null true false".split())


def f_string_end(text, at):
    """Where the f-string that opens at `at` ends, with strings inside its braces."""
    quote = F_START.match(text, at).group(1)
    i = F_START.match(text, at).end()
    depth = 0
    while i < len(text):
        if depth == 0 and text.startswith(quote, i):
            return i + len(quote)
        if text[i] == "\\" and depth == 0:
            i += 2
            continue
        if text.startswith("{{", i) and depth == 0:
            i += 2
            continue
        if text[i] == "{":
            depth += 1
        elif text[i] == "}" and depth:
            depth -= 1
        elif depth and text[i] in "'\"":
            end = text.find(text[i], i + 1)
            i = len(text) if end < 0 else end
        i += 1
    return len(text)


def python_tokens(text):
    at = 0
    while at < len(text):
        if F_START.match(text, at) and (at == 0 or not (text[at - 1].isalnum() or text[at - 1] in "_\"'")):
            end = f_string_end(text, at)
            yield "f-string", text[at:end]
            at = end
            continue
        found = PYTHON_TOKEN.match(text, at)
        yield found.lastgroup, found.group()
        at = found.end()


def python_names(tokens):
    """Names that the file itself binds and that nothing outside it can mean."""
    words = [(kind, text) for kind, text in tokens if kind not in ("space", "comment")]
    bound, kept = set(), set(dir(builtins)) | set(keyword.kwlist) | {"self", "cls", "match", "case", "init"}
    depth, line_starts, in_import = 0, True, False
    for i, (kind, text) in enumerate(words):
        following = words[i + 1][1] if i + 1 < len(words) else ""
        after = words[i + 2][1] if i + 2 < len(words) else ""
        before = words[i - 1][1] if i else ""
        if kind == "name" and text in ("import", "from") and line_starts:
            in_import = True
        if kind == "name" and (in_import or before in (".", "import")):
            kept.add(text)
        elif kind == "name" and depth and following == "=" and after != "=":
            kept.add(text)  # an argument by name
        elif kind == "name" and before in ("def", "for", "as") or kind == "name" and line_starts and following == "=" and after != "=":
            bound.add(text)
        if text in "([{" and kind == "other":
            depth += 1
        if text in ")]}" and kind == "other":
            depth -= 1
        if kind == "line" and depth == 0:
            line_starts, in_import = True, False
        elif kind != "line":
            line_starts = False
    return {name for name in bound - kept if not name.startswith("__")}


def new_names(names, stem):
    return {name: f"{stem}_{i}" for i, name in enumerate(sorted(names))}


def renamed_inside(text, names):
    """An f-string with the names inside its braces replaced."""
    def braces(found):
        return re.sub(r"(?<![\w.'\"])([A-Za-z_]\w*)", lambda one: names.get(one[1], one[1]), found[0])
    return re.sub(r"\{[^{}]*\}", braces, text)


def disguise_python(text):
    tokens = list(python_tokens(text))
    names = new_names(python_names(tokens), "thing")
    out, line, depth, previous = [], "", 0, ""
    for kind, word in tokens:
        if kind == "comment":
            continue
        if kind == "f-string":
            word = renamed_inside(word, names)
        if kind == "name" and previous != ".":
            word = names.get(word, word)
        if kind == "line":
            if depth:
                line += " "
                continue
            out.append(line.rstrip())
            line = ""
            continue
        if kind == "space" and not line:
            word = "\t".join("" for _ in range(len(word.expandtabs(4)) // 4 + 1)) + " " * (len(word.expandtabs(4)) % 4)
        if kind == "other" and word in "([{":
            depth += 1
        if kind == "other" and word in ")]}":
            depth -= 1
        line += word
        if kind == "other" and word == "," and depth:
            line += "\n\t\t\t\t"
        if kind != "space":
            previous = word
    return "\n\n".join(one for one in out + [line] if one.strip()) + "\n"


def disguise_java(text):
    plain = "".join("" if kind == "comment" else word for kind, word in
                    ((found.lastgroup, found.group()) for found in JAVA_TOKEN.finditer(text)))
    declared = {name for name in JAVA_DECLARED.findall(re.sub(r'"(?:\\.|[^"\\\n])*"', '""', plain))}
    declared |= set(re.findall(r"\bclass\s+(\w+)", plain))
    declared |= set(re.findall(r"\b(?:private|static)\s[\w<>\[\] ]*?(\w+)\s*\(", plain)) - {"main"}
    fields = set(re.findall(r"\.\s*(\w+)", plain)) - set(re.findall(r"\b(?:new\s+\w+\(\)|this)\s*\.\s*(\w+)", plain))
    names = new_names(declared - JAVA_WORDS - fields - {"doGet", "doPost"}, "Thing")
    out, previous, depth = [], "", 0
    for found in JAVA_TOKEN.finditer(text):
        kind, word = found.lastgroup, found.group()
        if kind in ("comment", "space"):
            if out and not out[-1].isspace():
                out.append(" ")
            continue
        if kind == "name":
            word = names.get(word, word)
        out.append(word)
        if word == "(":
            depth += 1
        if word == ")":
            depth -= 1
        if word in "{}" or (word == ";" and not depth):
            out.append("\n")
        if word == "," and depth:
            out.append("\n            ")
        previous = word
    return "".join(out)
