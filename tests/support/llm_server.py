"""A server that speaks the protocols of language models, written from the vendors' public API references: OpenAI's
Responses and Chat Completions, Anthropic's Messages, Gemini's streamGenerateContent and Ollama's chat.

What it says, and how it misbehaves, a test decides: it hands over a function from the request to a Reply.
"""
import dataclasses
import http.server
import json
import random
import threading


@dataclasses.dataclass
class Asked:
    protocol: str
    path: str
    headers: dict
    body: dict

    @property
    def prompt(self):
        """The text of the last message of the user; empty when a tool has the last word."""
        if self.tool_spoke:
            return ""
        if self.protocol == "openai-responses":
            return self.body["input"][-1]["content"]
        if self.protocol == "gemini":
            return self.body["contents"][-1]["parts"][0]["text"]
        return self.body["messages"][-1]["content"]

    @property
    def tool_spoke(self):
        if self.protocol == "gemini":
            return "functionResponse" in self.body["contents"][-1]["parts"][0]
        last = self.body["input" if self.protocol == "openai-responses" else "messages"][-1]
        return last.get("role") == "tool" or last.get("type") == "function_call_output" or isinstance(last.get("content"), list)

    @property
    def question(self):
        """The text of the first message of the user."""
        if self.protocol == "gemini":
            return self.body["contents"][0]["parts"][0]["text"]
        messages = self.body["input" if self.protocol == "openai-responses" else "messages"]
        return next(message["content"] for message in messages if message.get("role") == "user")

    @property
    def tools(self):
        """Names of the tools that are offered."""
        if self.protocol == "gemini":
            return [f["name"] for tool in self.body.get("tools", []) for f in tool["functionDeclarations"]]
        return [tool.get("function", tool)["name"] for tool in self.body.get("tools", [])]

    @property
    def results(self):
        """What the tools that the model called gave, in order, in this conversation."""
        if self.protocol == "openai-responses":
            return [item["output"] for item in self.body["input"] if item.get("type") == "function_call_output"]
        if self.protocol == "gemini":
            return [part["functionResponse"]["response"]["result"] for content in self.body["contents"]
                    for part in content["parts"] if "functionResponse" in part]
        if self.protocol == "anthropic":
            return [part["content"] for message in self.body["messages"] if isinstance(message["content"], list)
                    for part in message["content"] if part["type"] == "tool_result"]
        return [message["content"] for message in self.body["messages"] if message["role"] == "tool"]

    @property
    def turns(self):
        """How often the model was asked in this conversation before."""
        if self.protocol == "openai-responses":
            return sum(m.get("role") == "assistant" for m in self.body["input"])
        if self.protocol == "gemini":
            return sum(m["role"] == "model" for m in self.body["contents"])
        return sum(m["role"] == "assistant" for m in self.body["messages"])


@dataclasses.dataclass
class Reply:
    text: str = ""
    stop: str = "stop"             # stop, length, refusal, tool
    fault: str = ""                # see Handler.misbehave and Handler.stream
    status: int = 200
    headers: dict = dataclasses.field(default_factory=dict)
    input_tokens: int = 100
    output_tokens: int = 20
    cached_tokens: int = 40
    usage: bool = True
    calls: list = dataclasses.field(default_factory=lambda: [("f", {})])  # name and arguments, with the stop "tool"
    stall: float = 30.0            # seconds, of the faults that stall


KEYS = {"openai-responses": ("authorization", "Bearer "), "openai-chat": ("authorization", "Bearer "),
        "anthropic": ("x-api-key", ""), "gemini": ("x-goog-api-key", ""), "ollama": ("authorization", "Bearer ")}
STOPS = {
    "openai-chat": {"stop": "stop", "length": "length", "refusal": "stop", "tool": "tool_calls"},
    "anthropic": {"stop": "end_turn", "length": "max_tokens", "refusal": "refusal", "tool": "tool_use"},
    "gemini": {"stop": "STOP", "length": "MAX_TOKENS", "refusal": "SAFETY", "tool": "STOP"},
    "ollama": {"stop": "stop", "length": "length", "refusal": "stop", "tool": "stop"},
}


def pieces(text):
    """The text in a few deltas, cut anywhere but inside of a character."""
    size = max(1, len(text) // 5)
    return [text[i:i + size] for i in range(0, len(text), size)] or [""]


def sse(data, event=None):
    return (f"event: {event}\n" if event else "") + f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


def openai_chat(asked, reply):
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": asked.body["model"]}
    def choice(delta, reason=None):
        return sse({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})
    yield ": keep-alive\n\n"
    yield choice({"role": "assistant", "content": ""})
    if reply.stop == "refusal":
        yield choice({"refusal": reply.text})
    elif reply.stop == "tool":
        for index, (name, arguments) in enumerate(reply.calls):
            yield choice({"tool_calls": [{"index": index, "id": f"call_{index}", "type": "function",
                                          "function": {"name": name, "arguments": ""}}]})
            for piece in pieces(json.dumps(arguments)):
                yield choice({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
    else:
        for piece in pieces(reply.text):
            yield choice({"content": piece})
    yield choice({}, STOPS["openai-chat"][reply.stop])
    if reply.usage:
        yield sse({**head, "choices": [], "usage": {
            "prompt_tokens": reply.input_tokens, "completion_tokens": reply.output_tokens,
            "total_tokens": reply.input_tokens + reply.output_tokens,
            "prompt_tokens_details": {"cached_tokens": reply.cached_tokens}}})
    yield "data: [DONE]\n\n"


def openai_responses(asked, reply):
    def response(status, **more):
        return {"id": "resp_1", "object": "response", "created_at": 1, "status": status, "model": asked.body["model"],
                "output": [], "parallel_tool_calls": True, "tool_choice": "auto", "tools": [], **more}
    number = iter(range(1000))
    def event(kind, **data):
        return sse({"type": kind, "sequence_number": next(number), **data}, kind)
    yield event("response.created", response=response("in_progress"))
    usage = {"input_tokens": reply.input_tokens, "input_tokens_details": {"cached_tokens": reply.cached_tokens},
             "output_tokens": reply.output_tokens, "output_tokens_details": {"reasoning_tokens": 0},
             "total_tokens": reply.input_tokens + reply.output_tokens}
    if reply.stop == "tool":
        items = [{"type": "function_call", "id": f"fc_{index}", "call_id": f"call_{index}", "name": name,
                  "arguments": json.dumps(arguments), "status": "completed"}
                 for index, (name, arguments) in enumerate(reply.calls)]
        for index, item in enumerate(items):
            yield event("response.output_item.added", output_index=index, item={**item, "arguments": "", "status": "in_progress"})
            for piece in pieces(item["arguments"]):
                yield event("response.function_call_arguments.delta", item_id=item["id"], output_index=index, delta=piece)
            yield event("response.function_call_arguments.done", item_id=item["id"], output_index=index, name=item["name"],
                        arguments=item["arguments"])
            yield event("response.output_item.done", output_index=index, item=item)
        yield event("response.completed", response=response("completed", output=items, **({"usage": usage} if reply.usage else {})))
        return
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    refusal = reply.stop == "refusal"
    part = {"type": "refusal", "refusal": ""} if refusal else {"type": "output_text", "text": "", "annotations": []}
    item = {"id": "msg_1", "type": "message", "role": "assistant", "status": "in_progress", "content": []}
    yield event("response.output_item.added", output_index=0, item=item)
    yield event("response.content_part.added", part=part, **place)
    for piece in pieces(reply.text):
        yield event("response.refusal.delta" if refusal else "response.output_text.delta", delta=piece, **place)
    full = {**part, ("refusal" if refusal else "text"): reply.text}
    item = {**item, "status": "completed", "content": [full]}
    yield event("response.output_item.done", output_index=0, item=item)
    more = {"output": [item], **({"usage": usage} if reply.usage else {})}
    if reply.stop == "length":
        yield event("response.incomplete",
                    response=response("incomplete", incomplete_details={"reason": "max_output_tokens"}, **more))
    else:
        yield event("response.completed", response=response("completed", **more))


def anthropic(asked, reply):
    def event(kind, **data):
        return sse({"type": kind, **data}, kind)
    fresh = reply.input_tokens - reply.cached_tokens
    yield event("message_start", message={
        "id": "msg_1", "type": "message", "role": "assistant", "model": asked.body["model"], "content": [],
        "stop_reason": None, "stop_sequence": None,
        "usage": {"input_tokens": fresh, "cache_read_input_tokens": reply.cached_tokens,
                  "cache_creation_input_tokens": 0, "output_tokens": 1}})
    yield event("content_block_start", index=0, content_block={"type": "text", "text": ""})
    yield event("ping")
    if reply.stop not in ("refusal", "tool"):
        for piece in pieces(reply.text):
            yield event("content_block_delta", index=0, delta={"type": "text_delta", "text": piece})
    yield event("content_block_stop", index=0)
    for index, (name, arguments) in enumerate(reply.calls if reply.stop == "tool" else [], start=1):
        yield event("content_block_start", index=index,
                    content_block={"type": "tool_use", "id": f"toolu_{index}", "name": name, "input": {}})
        for piece in pieces(json.dumps(arguments)):
            yield event("content_block_delta", index=index, delta={"type": "input_json_delta", "partial_json": piece})
        yield event("content_block_stop", index=index)
    yield event("message_delta", delta={"stop_reason": STOPS["anthropic"][reply.stop], "stop_sequence": None},
                usage={"output_tokens": reply.output_tokens})
    yield event("message_stop")


def gemini(asked, reply):
    model = asked.path.split("/models/")[1].split(":")[0]
    usage = {"promptTokenCount": reply.input_tokens, "candidatesTokenCount": reply.output_tokens,
             "cachedContentTokenCount": reply.cached_tokens,
             "totalTokenCount": reply.input_tokens + reply.output_tokens}
    parts = [{"text": piece} for piece in ([""] if reply.stop == "refusal" else pieces(reply.text))]
    if reply.stop == "tool":
        parts = [{"functionCall": {"name": name, "args": arguments}, "thoughtSignature": "c2ln"} for name, arguments in reply.calls]
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        candidate = {"content": {"role": "model", "parts": [part]}, "index": 0}
        if last:
            candidate["finishReason"] = STOPS["gemini"][reply.stop]
        document = {"candidates": [candidate], "modelVersion": model, "responseId": "r1"}
        if reply.usage:
            document["usageMetadata"] = usage
        yield sse(document)


def ollama(asked, reply):
    head = {"model": asked.body["model"], "created_at": "2025-01-01T00:00:00Z"}
    for piece in pieces(reply.text) if reply.stop != "tool" else []:
        yield json.dumps({**head, "message": {"role": "assistant", "content": piece}, "done": False},
                         ensure_ascii=False) + "\n"
    if reply.stop == "tool":
        calls = [{"function": {"name": name, "arguments": arguments}} for name, arguments in reply.calls]
        yield json.dumps({**head, "message": {"role": "assistant", "content": "", "tool_calls": calls}, "done": False}) + "\n"
    end = {**head, "message": {"role": "assistant", "content": ""}, "done": True,
           "done_reason": STOPS["ollama"][reply.stop]}
    if reply.usage:
        end |= {"prompt_eval_count": reply.input_tokens, "eval_count": reply.output_tokens, "total_duration": 1}
    yield json.dumps(end) + "\n"


STREAMS = {"openai-chat": openai_chat, "openai-responses": openai_responses, "anthropic": anthropic,
           "gemini": gemini, "ollama": ollama}
MODELS = {"/models": {"object": "list", "data": [{"id": "good-model", "object": "model"}]},
          "/api/tags": {"models": [{"name": "good-model:latest", "model": "good-model:latest"}]}}


def protocol_of(path):
    path = path.split("?")[0]
    for ending, protocol in (("/chat/completions", "openai-chat"), ("/responses", "openai-responses"),
                             ("/messages", "anthropic"), (":streamGenerateContent", "gemini"),
                             ("/api/chat", "ollama")):
        if path.endswith(ending):
            return protocol
    return None


class LlmServer:
    """`answer(Asked) -> Reply`. With a key, requests without it get 401."""

    def __init__(self, answer, key=None, seed=1):
        self.answer, self.key = answer, key
        self.asked, self.lists = [], 0
        self.random = random.Random(seed)
        self.closing = threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def refuse(self, status, kind, message, headers=None):
                error = {"type": "error", "error": {"type": kind, "code": kind, "message": message}}
                body = json.dumps({"error": message} if protocol_of(self.path) == "ollama" else error).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)),
                                    **(headers or {})}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def allowed(self, protocol):
                if outer.key is None:
                    return True
                name, prefix = KEYS[protocol]
                given = self.headers.get(name, "")
                if given == prefix + outer.key or given == outer.key:
                    return True
                self.refuse(401, "invalid_api_key", f"Incorrect API key provided: {given.removeprefix(prefix)}")
                return False

            def do_GET(self):
                outer.lists += 1
                for ending, document in MODELS.items():
                    if not self.path.endswith(ending):
                        continue
                    if outer.key is not None and outer.key not in str(self.headers):
                        return self.refuse(401, "invalid_api_key", "no")
                    if self.headers.get("x-goog-api-key"):
                        document = {"models": [{"name": "models/good-model"}]}
                    body = json.dumps(document).encode()
                    self.send_response(200)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    return self.wfile.write(body)
                self.refuse(404, "not_found", "no such path")

            def do_POST(self):
                text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                protocol = protocol_of(self.path)
                if protocol is None:
                    return self.refuse(404, "not_found", "no such path")
                if not self.allowed(protocol):
                    return None
                asked = Asked(protocol, self.path, {k.lower(): v for k, v in self.headers.items()}, json.loads(text))
                outer.asked.append(asked)
                reply = outer.answer(asked)
                try:
                    self.say(asked, reply)
                except (BrokenPipeError, ConnectionResetError):
                    pass
                return None

            def say(self, asked, reply):
                if reply.fault == "hang up":
                    self.close_connection = True
                    return self.connection.close()
                if reply.fault == "stall":
                    self.close_connection = True
                    return outer.closing.wait(reply.stall)
                if reply.status != 200:
                    kinds = {429: "rate_limit_error", 401: "authentication_error", 529: "overloaded_error"}
                    return self.refuse(reply.status, kinds.get(reply.status, "api_error"), reply.text or "told to fail",
                                       reply.headers)
                line = asked.protocol == "ollama"
                kind = "application/x-ndjson" if line else "text/event-stream"
                if reply.fault == "html":
                    kind = "text/html"
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Connection", "close")
                self.close_connection = True
                self.end_headers()
                return self.stream(asked, reply)

            def stream(self, asked, reply):
                if reply.fault == "html":
                    return self.wfile.write(b"<html><body>captive portal</body></html>")
                if reply.fault == "empty":
                    return None
                if reply.fault == "garbage":
                    return self.wfile.write(random.Random(3).randbytes(5000))
                if reply.fault == "malformed":
                    line = asked.protocol == "ollama"
                    return self.wfile.write(b'{"model": \n' if line else b'data: {"choices": [{"delta": \n\n')
                if reply.fault == "enormous":
                    head = b"" if asked.protocol == "ollama" else b"data: "
                    self.wfile.write(head)
                    for _ in range(64):
                        self.wfile.write(b"x" * 262_144)
                    return None
                body = "".join(STREAMS[asked.protocol](asked, reply)).encode()
                if reply.fault == "bad utf-8":
                    body = body.replace("ä".encode(), b"\xc3")
                if reply.fault == "cut":
                    body = body[:len(body) * 2 // 3]
                if reply.fault == "crlf":
                    body = body.replace(b"\n", b"\r\n")
                sent = 0
                while sent < len(body):
                    if reply.fault == "stall in the middle" and sent > len(body) // 2:
                        return outer.closing.wait(reply.stall)
                    size = len(body) if reply.fault == "at once" else outer.random.choice((1, 2, 3, 7, 64, 333))
                    self.wfile.write(body[sent:sent + size])
                    self.wfile.flush()
                    sent += size
                return None

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})

    def base(self, protocol):
        """The base URL that a client of the protocol is given."""
        return self.url + {"anthropic": "", "ollama": "", "gemini": "/v1beta"}.get(protocol, "/v1")

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.closing.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def main():
    """For programs that are not Python: serves replies from a JSON object on standard input until it ends."""
    import sys
    fields = json.loads(sys.stdin.readline())
    with LlmServer(lambda asked: Reply(**fields), key=None) as server:
        print(server.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
