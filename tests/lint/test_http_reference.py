"""The HTTP page is the service's own OpenAPI document in tables. TESTGEN_ACCEPT=1 rewrites it."""
import json
import os
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
from servers import BUILD, Testgen  # noqa: E402

PAGE = ROOT / "docs/reference/http-api.md"
MARK = "<!-- From /openapi.json; ./dev accept rewrites what follows. -->\n"

pytestmark = pytest.mark.skipif(not (BUILD / "testgen").exists(), reason="the program is not built: run ./dev build")


def allowed(schema):
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "minItems" in schema and "maxItems" in schema:
        return f"{schema['minItems']} to {schema['maxItems']} entries"
    if schema.get("type") == "integer" and schema.get("maximum", 2**64) > 2**53:
        return f"whole numbers from {schema.get('minimum', 0)}"
    if "minimum" in schema and "maximum" in schema:
        return f"{schema['minimum']:g} to {schema['maximum']:g}"
    if "maxLength" in schema:
        return f"at most {schema['maxLength']} bytes"
    if "maxItems" in schema:
        return f"at most {schema['maxItems']} entries"
    return {"boolean": "`true`, `false`", None: "any", "object": "an object"}.get(schema.get("type"), schema.get("type"))


def default(schema, required):
    if "default" in schema:
        return f"`{json.dumps(schema['default']) if isinstance(schema['default'], bool) else schema['default']}`"
    return "needed" if required else ""


def members(document, schema, prefix=""):
    shape = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    for name, member in shape["properties"].items():
        inner, words = member, member.get("description", "")
        suffix = ""
        if member.get("type") == "array":
            inner, suffix = member["items"], "[]"
        yield f"| `{prefix}{name}` | {words} | {allowed(member) if '$ref' not in member else 'an object'} | {default(member, name in shape.get('required', []))} |"
        if "$ref" in inner:
            yield from members(document, inner, f"{prefix}{name}{suffix}.")


def section(document, method, path, operation, common):
    yield from ["", f"### {method.upper()} {path}", "", operation["summary"] + "." +
                (" " + operation["description"] if "description" in operation else "")]
    if "parameters" in operation:
        yield from ["", "| parameter | meaning | allowed | default |", "|---|---|---|---|"]
        for parameter in operation["parameters"]:
            schema = parameter["schema"]
            yield (f"| `{parameter['name']}` ({parameter['in']}) | {schema.get('description', '')} | {allowed(schema)} | "
                   f"{default(schema, parameter['required'])} |")
    if "requestBody" in operation:
        schema = next(iter(operation["requestBody"]["content"].values()))["schema"]
        yield from ["", "| member of the body | meaning | allowed | default |", "|---|---|---|---|"]
        yield from members(document, schema)
    yield from ["", "| status | meaning |", "|---|---|"]
    for status, answer in operation["responses"].items():
        if common.get(status) != answer["description"]:
            yield f"| {status} | {answer['description']} |"


def page(document):
    operations = [(method, path, operation) for path, methods in document["paths"].items() for method, operation in methods.items()]
    shared = [set((s, a["description"]) for s, a in operation["responses"].items()) for _, _, operation in operations]
    names = {(s, d) for answers in shared for s, d in answers}
    common = {s: d for s, d in names if sum((s, d) in answers for answers in shared) > len(shared) * 0.6}
    lines, group = [], None
    for method, path, operation in operations:
        if operation["tags"][0] != group:
            group = operation["tags"][0]
            lines += ["", f"## {group}"]
        lines += section(document, method, path, operation, common)
    lines += ["", "## Any operation", "", "| status | meaning |", "|---|---|"]
    lines += [f"| {status} | {common[status]} |" for status in sorted(common)]
    lines += ["", "## A job", "", "| member | meaning | allowed | |", "|---|---|---|---|"]
    lines += members(document, {"$ref": "#/components/schemas/Job"})
    return "\n".join(lines) + "\n"


def test_the_http_page_is_what_the_service_says(tmp_path):
    with Testgen(tmp_path, "--workers", "1") as service:
        document = service.get("/openapi.json").json()
    head, mark, rest = PAGE.read_text().partition(MARK)
    assert mark, f"{PAGE.name} has no line {MARK}"
    wanted = page(document)
    if os.environ.get("TESTGEN_ACCEPT"):
        PAGE.write_text(head + mark + wanted)
        return
    assert rest == wanted, "run ./dev accept and read the diff"
