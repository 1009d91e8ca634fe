"""Makes requests out of an OpenAPI document, good ones and broken ones, and judges the answers by it.

Knows as much of JSON Schema as our document uses; a keyword it does not know is an error, so that
nothing in the document goes unchecked.
"""
import json
import re

KNOWN = {"type", "enum", "properties", "required", "additionalProperties", "items", "minItems", "maxItems",
         "minimum", "maximum", "minLength", "maxLength", "description", "default", "$ref"}


class Document:
    def __init__(self, document):
        self.document = document

    def resolve(self, schema):
        while "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        assert set(schema) <= KNOWN, set(schema) - KNOWN
        return schema

    def operations(self):
        for path, methods in self.document["paths"].items():
            for method, operation in methods.items():
                yield method.upper(), path, operation

    # --- judging --------------------------------------------------------------------------------

    def faults(self, schema, value, at="$"):
        """What of the value is not as the schema says."""
        schema = self.resolve(schema)
        kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
        kind = schema.get("type")
        if kind and (not isinstance(value, kinds[kind]) or (isinstance(value, bool) and kind != "boolean")):
            return [f"{at}: {value!r} is no {kind}"]
        found = []
        if "enum" in schema and value not in schema["enum"]:
            found.append(f"{at}: {value!r} is none of {schema['enum']}")
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
                found.append(f"{at}: {value} is out of range")
        if isinstance(value, dict):
            properties = schema.get("properties", {})
            found += [f"{at}: {name} is missing" for name in schema.get("required", []) if name not in value]
            rest = schema.get("additionalProperties", True)
            for name, member in value.items():
                if name in properties:
                    found += self.faults(properties[name], member, f"{at}.{name}")
                elif rest is False:
                    found.append(f"{at}: {name} is not in the document")
                elif isinstance(rest, dict):
                    found += self.faults(rest, member, f"{at}.{name}")
        if isinstance(value, list) and "items" in schema:
            for index, entry in enumerate(value):
                found += self.faults(schema["items"], entry, f"{at}[{index}]")
        return found

    def judge(self, operation, answer):
        """What of an answer is outside the document."""
        declared = operation["responses"].get(str(answer.status))
        if declared is None:
            return [f"status {answer.status} is not in the document"]
        found = [f"no {name}" for name in ("traceparent", "x-request-id") if not answer.headers.get(name)]
        if "content" not in declared:
            return found + (["a body where there is none"] if answer.body else [])
        sent = (answer.headers.get("Content-Type") or "").split(";")[0]
        if sent not in declared["content"]:
            return found + [f"{sent} is not in the document for {answer.status}"]
        schema = declared["content"][sent]["schema"]
        if "json" in sent:
            found += self.faults(schema, answer.json())
        if "problem" in sent:
            found += [f"no {name}" for name in ("hint", "trace_id", "detail") if not answer.json().get(name)]
        return found

    # --- making ---------------------------------------------------------------------------------

    def value(self, schema, random):
        """A value that fits the schema."""
        schema = self.resolve(schema)
        if "enum" in schema:
            return random.choice(schema["enum"])
        kind = schema.get("type")
        if kind == "object":
            out = {}
            for name, member in schema.get("properties", {}).items():
                if name in schema.get("required", []) or random.random() < 0.5:
                    out[name] = self.value(member, random)
            if isinstance(schema.get("additionalProperties"), dict):
                out["alertname"] = "Anything"
            return out
        if kind == "array":
            low = schema.get("minItems", 0)
            return [self.value(schema["items"], random) for _ in range(random.randint(low, min(low + 2, schema.get("maxItems", 3))))]
        if kind == "boolean":
            return random.random() < 0.5
        if kind == "integer":
            return random.choice([schema.get("minimum", 0), min(schema.get("maximum", 9), 7) or 0, schema.get("maximum", 9)])
        if kind == "number":
            low, high = schema.get("minimum", 0), schema.get("maximum", 1)
            return random.choice([low, high, low + (high - low) * random.random()])
        text = random.choice(["a.py", "pkg/b.py", "x = 1\n", "é", "0", "a" * 40])
        return text[:schema.get("maxLength", 99)]

    def break_one(self, value, random):
        """The value with one thing wrong in it."""
        junk = [None, [], {}, "", "\x00", -1, 0.5, 1e308, 10**30, True, "../../etc/passwd", "a" * 5000, [[[[]]]]]
        if isinstance(value, dict) and value and random.random() < 0.8:
            out, name = dict(value), random.choice(list(value))
            choice = random.random()
            if choice < 0.25:
                del out[name]
            elif choice < 0.4:
                out["unknown~/member"] = 1
            else:
                out[name] = self.break_one(out[name], random)
            return out
        if isinstance(value, list) and value and random.random() < 0.7:
            out = list(value)
            out[random.randrange(len(out))] = self.break_one(random.choice(out), random)
            return out
        return random.choice(junk)

    def body(self, operation, random):
        """Bytes of a body: valid, broken in one place, or no JSON at all."""
        schema = next(iter(operation["requestBody"]["content"].values()))["schema"]
        value = self.value(schema, random)
        choice = random.random()
        if choice < 0.4:
            return json.dumps(value).encode()
        if choice < 0.85:
            return json.dumps(self.break_one(value, random)).encode()
        return random.choice([b"", b"{", b"[" * 5000, b'{"a":"\xff\xfe"}', b"null", b"1e999", b'{"a":1e999}',
                              b"\x00", b'{"a":1}{"b":2}', json.dumps(value).encode("utf-16")])

    def target(self, path, operation, random, known=()):
        """A path with its parameters filled in, and a query."""
        out, query = path, []
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                text = random.choice([*known, "0" * 32, "nothing", "%00", "..%2f..", "a" * 300, "-", "x:y"])
                out = out.replace("{" + parameter["name"] + "}", text)
            elif parameter["in"] == "query" and random.random() < 0.7:
                text = random.choice([str(self.value(parameter["schema"], random)), "", "-1", "%ff", "9" * 30, "odd"])
                query.append(f"{parameter['name']}={re.sub('[^!-~]', '', text)}")
        return out + ("?" + "&".join(query) if query else "")
