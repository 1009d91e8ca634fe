"""Renders the templates of deploy/helm: the part of Helm's language that they keep to, and an error for anything else. It
stands in for Helm where there is none."""
import pathlib
import re

import yaml

TAG = re.compile(r"(\{\{-?)\s*(.*?)\s*(-?\}\})", re.S)


ALL_ON = {"autoscaling": {"enabled": True}, "providerSecret": "providers", "extraArgs": ["--otlp-endpoint", "http://c:4318"]}
ALL_OFF = {name: {"enabled": False} for name in ("podMonitor", "prometheusRule", "networkPolicy", "podDisruptionBudget")}
VARIANTS = {"default": {}, "all on": ALL_ON, "all off": ALL_OFF}


class ChartError(ValueError):
    pass


def pieces(text):
    """[(is a tag, text)], with the blanks that {{- and -}} take away gone."""
    out, at, trim = [], 0, False
    for match in TAG.finditer(text):
        before = text[at:match.start()]
        before = before.lstrip() if trim else before
        out.append((False, before.rstrip() if match[1] == "{{-" else before))
        out.append((True, match[2]))
        trim, at = match[3] == "-}}", match.end()
    out.append((False, text[at:].lstrip() if trim else text[at:]))
    return out


class Chart:
    def __init__(self, folder, release="tests", **values):
        self.folder = pathlib.Path(folder)
        about = yaml.safe_load((self.folder / "Chart.yaml").read_text())
        self.values = yaml.safe_load((self.folder / "values.yaml").read_text())
        for name, value in values.items():
            if isinstance(value, dict):
                self.values[name].update(value)
            else:
                self.values[name] = value
        self.root = {"Values": self.values, "Release": {"Name": release, "Service": "Helm"},
                     "Chart": {"AppVersion": about["appVersion"]}}
        self.named = {}
        self.render((self.folder / "templates" / "_helpers.tpl").read_text())

    def documents(self):
        for path in sorted((self.folder / "templates").glob("*.yaml")):
            for document in yaml.safe_load_all(self.render(path.read_text())):
                if document:
                    yield path.name, document

    def render(self, text):
        stream = pieces(text)
        out, at = self.block(stream, 0, self.root, {"$": self.root}, True)
        if at != len(stream):
            raise ChartError("an end too many")
        return out

    def block(self, stream, at, dot, names, live):
        """Up to the matching end or else; returns (text, position of that tag)."""
        out = []
        while at < len(stream):
            tag, text = stream[at]
            if not tag:
                out.append(text)
                at += 1
                continue
            word = text.split()[0]
            if word in ("end", "else"):
                return "".join(out), at
            at += 1
            if word == "define":
                body, at = self.block_source(stream, at)
                self.named[text.split()[1].strip('"')] = body
            elif word == "if":
                truth = bool(self.value(text[2:], dot, names)) if live else False
                body, at = self.block(stream, at, dot, names, live and truth)
                other = ""
                if stream[at][1].startswith("else"):
                    other, at = self.block(stream, at + 1, dot, names, live and not truth)
                out.append(body if truth else other)
                at += 1
            elif word == "range":
                body, after = self.block_source(stream, at)
                match = re.fullmatch(r"range (?:(\$\w+), (\$\w+) := )?(.+)", text)
                items = self.value(match[3], dot, names) if live else []
                for item in (sorted(items.items()) if isinstance(items, dict) else items or []):
                    inner = dict(names)
                    if match[1]:
                        inner[match[1]], inner[match[2]] = item
                    out.append(self.block(body, 0, dot if match[1] else item, inner, live)[0])
                at = after
            elif re.match(r"\$\w+ :=", text):
                name, _, expression = text.partition(":=")
                names[name.strip()] = self.value(expression, dot, names) if live else None
            elif live:
                value = self.value(text, dot, names)
                out.append(str(value).lower() if isinstance(value, bool) else str(value))
        return "".join(out), at

    def block_source(self, stream, at):
        depth, begin = 0, at
        while True:
            tag, text = stream[at]
            word = text.split()[0] if tag else ""
            if word in ("if", "range", "define", "with"):
                depth += 1
            elif word == "end":
                if depth == 0:
                    return stream[begin:at], at + 1
                depth -= 1
            at += 1

    def value(self, expression, dot, names):
        value, first = None, True
        for part in expression.strip().split(" | "):
            words = re.findall(r'"[^"]*"|\S+', part)
            value = self.call(words, [] if first else [value], dot, names)
            first = False
        return value

    def call(self, words, piped, dot, names):
        name, given = words[0], [self.atom(word, dot, names) for word in words[1:]] + piped
        if name == "not":
            return not given[0]
        if name == "quote":
            return '"' + str(given[0]).replace("\\", "\\\\").replace('"', '\\"') + '"'
        if name == "default":
            return given[1] or given[0]
        if name == "nindent":
            return "\n" + "\n".join(" " * given[0] + line if line else "" for line in str(given[1]).rstrip("\n").split("\n"))
        if name == "toYaml":
            return yaml.safe_dump(given[0], sort_keys=True).rstrip("\n")
        if name == "include":
            return self.block(self.named[given[0]], 0, given[1], {"$": self.root}, True)[0]
        if name == "base":
            return pathlib.PurePath(given[0]).name
        if name == "trimSuffix":
            return given[1].removesuffix(given[0])
        if name.endswith(".Files.Glob"):
            return {str(path.relative_to(self.folder)): "" for path in sorted(self.folder.glob(given[0]))}
        if name.endswith(".Files.Get"):
            return (self.folder / given[0]).read_text()
        if given[len(piped):] or piped:
            raise ChartError(f"unknown function {name}")
        return self.atom(name, dot, names)

    def atom(self, word, dot, names):
        if word.startswith('"'):
            return word[1:-1]
        if re.fullmatch(r"-?\d+", word):
            return int(word)
        head, _, rest = word.partition(".")
        if head == "":
            value = dot
        elif head in names:
            value = names[head]
        else:
            raise ChartError(f"what is {word}?")
        for key in rest.split(".") if rest else []:
            if not isinstance(value, dict) or key not in value:
                raise ChartError(f"{word}: no {key}")
            value = value[key]
        return value
