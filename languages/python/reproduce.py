"""Tries calls that may hand a marker to a dangerous function, each in a process of its own.

Standard input has one JSON document:
    {"file": name, "preamble": text, "seconds": number,
     "attempts": [{"body": text, "recorder": expression, "marker": text, "anywhere": false}]}
The preamble imports the module, letter for letter as the test file does. A body makes the calls;
its recorder is then a mock, and what that was called with is searched for the marker: its first
argument and those that go by a name for it, or all of them.

Standard output gets JSON documents, one a line:
    {"problem": text}                  the module cannot be imported; always the last
    {"attempt": number, "calls": number, "raised": text, "ends": false, "found": null}
where found is {"call": number, "way": [["args", 0], ["item", 2]], "type": "str", "text": text};
of bytes the text has a character for each.
An attempt that ended its process otherwise than by sys.exit, or took too long, says so in "raised"
with "ends": true. The
code under test runs in the same process and may write here, too: nothing is believed before a
verified test shows it. Only the standard library is used, CPython 3.9 and newer.
"""

import json
import os
import select
import signal
import sys
import time

MOST_TEXT = 2000
MOST_ITEMS = 50
MOST_CALLS = 100
# What the first argument of a dangerous function is called.
FIRST = {
    "args", "cmd", "code", "command", "data", "expression", "file", "filename", "filter", "name",
    "operation", "path", "pattern", "query", "raw_query", "source", "sql", "statement", "template",
    "s", "text", "url",
}


def describe(error):
    try:
        return ("%s: %s" % (type(error).__name__, error))[:300]
    except BaseException:
        return type(error).__name__


def ways_into(value, way, depth=3):
    """Every text in the value, with the steps that lead to it."""
    if isinstance(value, str):
        yield way, "str", value
    elif isinstance(value, (bytes, bytearray)):
        yield way, "bytes", bytes(value).decode("latin-1")
    elif isinstance(value, (list, tuple)) and depth > 0:
        for number, item in enumerate(value[:MOST_ITEMS]):
            yield from ways_into(item, way + [["item", number]], depth - 1)
    elif isinstance(value, dict) and depth > 0:
        for key, item in list(value.items())[:MOST_ITEMS]:
            if isinstance(key, str):
                yield from ways_into(item, way + [["key", key]], depth - 1)
    elif value is not None and not isinstance(value, (bool, int, float)):
        yield way, "other", str(value)


def ways_into_call(call, anywhere):
    for number, value in enumerate(call.args[:MOST_ITEMS if anywhere else 1]):
        yield from ways_into(value, [["args", number]])
    for name, value in list(call.kwargs.items())[:MOST_ITEMS]:
        if anywhere or name in FIRST:
            yield from ways_into(value, [["kwargs", name]])


def marker_in(recorder, marker, anywhere):
    for number, call in enumerate(recorder.call_args_list[:MOST_CALLS]):
        for way, kind, text in ways_into_call(call, anywhere):
            if marker in text:
                return {"call": number, "way": way, "type": kind, "text": text[:MOST_TEXT]}
    return None


def attempt(one, scope):
    reply = {"calls": 0, "raised": "", "ends": False, "found": None}
    try:
        exec(compile("if True:\n" + one["body"], "<attempt>", "exec"), scope)
    except (Exception, SystemExit) as error:
        reply["raised"] = describe(error)
    except BaseException as error:
        reply.update(raised=describe(error), ends=True)
    try:
        recorder = eval(one["recorder"], scope)
        reply["calls"] = len(recorder.call_args_list)
        reply["found"] = marker_in(recorder, one["marker"], one["anywhere"])
    except Exception as error:
        reply["raised"] = reply["raised"] or describe(error)
    return reply


def read_until(descriptor, end):
    """What arrives until the other side closes, or nothing when that takes too long."""
    out = b""
    while True:
        left = end - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            return None
        some = os.read(descriptor, 65536)
        if not some:
            return out
        out += some


def in_child(one, scope, seconds):
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        write, leave = os.write, os._exit
        try:
            os.setsid()
            os.close(ours)
            view = memoryview(json.dumps(attempt(one, scope)).encode("ascii", "replace"))
            while view:
                view = view[write(theirs, view):]
        finally:
            leave(0)
    os.close(theirs)
    text = read_until(ours, time.monotonic() + seconds)
    os.close(ours)
    for kill in (os.killpg, os.kill):
        try:
            kill(child, signal.SIGKILL)
        except OSError:
            pass
    os.waitpid(child, 0)
    if text is None:
        return {"calls": 0, "raised": "it took longer than %g s" % seconds, "ends": True, "found": None}
    try:
        reply = json.loads(text)
    except ValueError:
        reply = None
    if not isinstance(reply, dict):
        return {"calls": 0, "raised": "it ended its process", "ends": True, "found": None}
    return reply


def main():
    request = json.load(sys.stdin)
    sys.path[:] = [entry for entry in sys.path if entry]
    replies = os.dup(1)
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(silence, descriptor)
    write, leave, dumps = os.write, os._exit, json.dumps

    def say(document):
        view = memoryview((dumps(document) + "\n").encode("ascii", "replace"))
        while view:
            view = view[write(replies, view):]

    scope = {"__name__": "attempts", "__file__": request["file"]}
    try:
        exec(compile(request["preamble"], request["file"], "exec"), scope)
    except BaseException as error:
        say({"problem": describe(error)})
        leave(0)
    for number, one in enumerate(request["attempts"]):
        say({**in_child(one, dict(scope), request["seconds"]), "attempt": number})
    leave(0)


main()
