"""The same cached endpoint in Flask with prometheus_client: what most would write first. Under gunicorn.

It authenticates, validates the body, looks the answer up by its content and counts the request and its time.
RIVAL_TOKEN is the token, RIVAL_ANSWER a file with the answer to give.
"""
import hashlib
import hmac
import json
import os
import time

from flask import Flask, Response, jsonify, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

app = Flask(__name__)
TOKEN = hashlib.sha256(os.environ["RIVAL_TOKEN"].encode()).hexdigest()
with open(os.environ["RIVAL_ANSWER"], encoding="utf-8") as file:
    ANSWER = file.read()
CACHE = {}

REQUESTS = Counter("rival_requests_total", "Requests", ["method", "endpoint", "status"])
DURATION = Histogram("rival_request_duration_seconds", "Time")
ACTIVE = Gauge("rival_active_requests", "Now", multiprocess_mode="livesum")
HITS = Counter("rival_cache_hits_total", "Hits")
MISSES = Counter("rival_cache_misses_total", "Misses")


def fault(body):
    if not isinstance(body, dict) or set(body) - {"language", "files", "options", "wait_seconds"}:
        return "unknown members"
    if body.get("language") != "python" or not isinstance(body.get("files"), list) or not body["files"]:
        return "language or files"
    for entry in body["files"]:
        if not isinstance(entry, dict) or set(entry) != {"path", "content"}:
            return "a file"
        if entry["path"].startswith("/") or ".." in entry["path"].split("/"):
            return "a path"
    options = body.get("options", {})
    if not 1 <= options.get("budget_seconds", 10) <= 60 or not isinstance(options.get("seed", 0), int):
        return "options"
    return None


@app.post("/v1/generate")
def generate():
    begun = time.perf_counter()
    with ACTIVE.track_inprogress():
        answer = respond()
    DURATION.observe(time.perf_counter() - begun)
    REQUESTS.labels("POST", "/v1/generate", answer.status_code).inc()
    return answer


def respond():
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(hashlib.sha256(sent.encode()).hexdigest(), TOKEN):
        return Response(status=401)
    body = request.get_json(silent=True)
    if problem := fault(body):
        answer = jsonify(detail=problem)
        answer.status_code = 422
        return answer
    body.pop("wait_seconds", None)
    key = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    if key in CACHE:
        HITS.inc()
    else:
        MISSES.inc()
        CACHE[key] = ANSWER
    return Response(CACHE[key], content_type="application/json")


@app.get("/metrics")
def metrics():
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return Response(generate_latest(registry), content_type="text/plain; version=0.0.4")
