"""Open-loop load: requests leave at their time whether or not earlier ones have been answered."""
import concurrent.futures
import random
import statistics
import threading
import time

from servers import request


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


class Load:
    """`known` are bodies whose results are in the cache; `fresh(n)` makes the body of new work."""

    def __init__(self, url, headers, known, fresh, seed=1):
        self.url, self.headers, self.known, self.fresh = url, headers, known, fresh
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.times, self.failures, self.finished, self.scores, self.answers = [], [], [], {}, 0

    def run(self, seconds, per_minute, known_share):
        count = int(seconds * per_minute / 60)
        plan = [(number * 60 / per_minute, self.random.random() < known_share) for number in range(count)]
        begun = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(64) as pool:
            for number, (at, is_known) in enumerate(plan):
                time.sleep(max(0.0, begun + at - time.monotonic()))
                if is_known:
                    pool.submit(self.once, self.random.choice(self.known), None)
                else:
                    pool.submit(self.once, self.fresh(number), number)
        return count

    def send(self, path, body=None):
        begun = time.monotonic()
        try:
            answer = request(self.url + path, body, self.headers, timeout=30)
            status = answer.status
        except OSError as error:
            answer, status = None, f"{error}"
        with self.lock:
            self.times.append(time.monotonic() - begun)
            self.answers += 1
            if not isinstance(status, int) or status >= 500:
                self.failures.append(status)
        return answer

    def once(self, body, number):
        begun = time.monotonic()
        answer = self.send("/v1/generate", body)
        while answer is not None and answer.status == 202:
            time.sleep(0.5)
            answer = self.send("/v1/jobs/" + answer.json()["id"])
            if answer is not None and answer.status == 200 and answer.json()["state"] in ("queued", "running"):
                answer.status = 202
        if number is None:
            return
        job = answer.json() if answer is not None and answer.status == 200 else {}
        with self.lock:
            self.finished.append(time.monotonic() - begun)
            if job.get("state") == "succeeded":
                self.scores[number] = statistics.fmean(m["quality"] for m in job["result"]["modules"])
            else:
                self.failures.append(job.get("state", "no answer"))
