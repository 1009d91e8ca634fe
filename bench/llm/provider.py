"""A provider on the loopback that answers at once, and notes how long it took: from a request's last byte to the reply's.

    python3 provider.py          prints its port, then, when its standard input ends, its seconds for each call as JSON

Speaks OpenAI's Chat Completions, as a stream or whole, over connections that are kept.
"""
import asyncio
import json
import sys
import time

PIECES = [f"def test_{n}():\n    assert f({n}) == {n * n}\n\n" for n in range(20)]
USAGE = {"prompt_tokens": 900, "completion_tokens": 300, "total_tokens": 1200, "prompt_tokens_details": {"cached_tokens": 0}}
HEAD = {"id": "chatcmpl-1", "created": 1, "model": "good-model"}


def chunk(**more):
    return f"data: {json.dumps({**HEAD, 'object': 'chat.completion.chunk', **more})}\n\n".encode()


EVENTS = [chunk(choices=[{"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}]) for piece in PIECES]
EVENTS += [chunk(choices=[{"index": 0, "delta": {}, "finish_reason": "stop"}]), chunk(choices=[], usage=USAGE), b"data: [DONE]\n\n"]
WHOLE = json.dumps({**HEAD, "object": "chat.completion", "usage": USAGE, "choices": [
    {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "".join(PIECES)}}]}).encode()
seconds = []


def framed(piece):
    return b"%x\r\n%s\r\n" % (len(piece), piece)


async def serve(reader, writer):
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = int(head.partition("content-length:")[2].partition("\r\n")[0] or 0)
            body = json.loads(await reader.readexactly(length)) if length else {}
            start = time.perf_counter()
            if body.get("stream"):
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
                for event in EVENTS:
                    writer.write(framed(event))
                writer.write(b"0\r\n\r\n")
            else:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(WHOLE) + WHOLE)
            await writer.drain()
            if body:
                seconds.append(time.perf_counter() - start)
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    print(json.dumps(seconds), flush=True)


asyncio.run(main())
