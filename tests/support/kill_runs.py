#!/usr/bin/env python3
"""Kills a service under load at random instants, again and again, and counts what it lost.

    kill_runs.py [--kills 200] [--minutes 10] [--seed N]

A client sends jobs, some of them twice with the same Idempotency-Key; the service is killed with
SIGKILL and started again on the same data. In the end every accepted job must have ended, a key
must lead to one job, and a result that was seen once must be the same ever after.
"""
import argparse
import hashlib
import pathlib
import random
import signal
import sys
import tempfile
import threading
import time

if __name__ == "__main__":
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from servers import Testgen, request, wait_for


def job_body(number):
    source = f"def f{number}(x: int) -> int:\n    return x + {number} if x > {number} else {number}\n"
    return {"language": "python", "files": [{"path": "calc.py", "content": source}],
            "options": {"budget_seconds": 1, "max_executions": 40, "seed": 1}, "wait_seconds": 0}


class Client(threading.Thread):
    """Sends until told to stop; a job counts as accepted only when an answer said so."""

    def __init__(self, url, seed):
        super().__init__()
        self.url, self.random = url, random.Random(seed)
        self.accepted = {}  # key → id
        self.doubled = []   # keys that led to two jobs
        self.sent = 0
        self.stopping = threading.Event()

    def run(self):
        while not self.stopping.is_set():
            again = self.accepted and self.random.random() < 0.3
            key = self.random.choice(list(self.accepted)) if again else f"key-{self.sent}"
            self.sent += 0 if again else 1
            try:
                answer = request(self.url + "/v1/generate", job_body(int(key[4:])),
                                 {"Idempotency-Key": key}, timeout=10)
            except (OSError, ValueError):
                time.sleep(0.02)
                continue
            if answer.status in (200, 202):
                identity = answer.json()["id"]
                if self.accepted.setdefault(key, identity) != identity and not answer.json()["cached"]:
                    self.doubled.append(key)
            time.sleep(0.2)


def fingerprint(job):
    return hashlib.sha256(repr((job["state"], job.get("finished_at"), job.get("result"),
                                job.get("error"))).encode()).hexdigest()


def look(service, jobs, seen):
    """Results of the jobs that have ended; how many differ from what was seen before."""
    changed = 0
    for identity in jobs:
        answer = service.get(f"/v1/jobs/{identity}")
        if answer.status != 200 or answer.json()["state"] not in ("succeeded", "failed"):
            continue
        mark = fingerprint(answer.json())
        changed += seen.setdefault(identity, mark) != mark
    return changed


LOOK_EVERY = 5  # kills; in between it may be killed before it is ready


def run(folder, kills, seed, report=lambda line: None, minutes=10):
    """Dictionary of figures, of as many kills as there is time for."""
    deadline = time.monotonic() + minutes * 60
    instants = random.Random(seed)
    # A short queue: what it refuses was never accepted, and what it took ends soon after the last kill.
    arguments = ("--workers", "2", "--queue-limit", "40")
    service = Testgen(folder, *arguments).start()
    client = Client(service.url, seed)
    client.start()
    seen, changed = {}, 0
    try:
        for number in range(kills):
            time.sleep(instants.uniform(0.05, 1.5))
            service.process.send_signal(signal.SIGKILL)
            service.process.wait(10)
            service.launch()
            done = number + 1
            if done % LOOK_EVERY == 0 or done == kills:
                service.wait_ready(60)
                before = len(client.accepted)
                wait_for(lambda: len(client.accepted) >= before + 5, "more jobs to be accepted", 60)
                known = list(client.accepted.values())
                changed += look(service, instants.sample(known, min(20, len(known))), seen)
            if done % 20 == 0:
                report(f"{done} kills, {len(known)} jobs accepted, {len(seen)} results seen")
            if time.monotonic() > deadline:
                break
        service.wait_ready(60)
        client.stopping.set()
        client.join()
        accepted = sorted(set(client.accepted.values()))

        answers = {}

        def ended():
            for identity in accepted:
                if identity not in answers:
                    answer = service.get(f"/v1/jobs/{identity}")
                    if answer.status != 200 or answer.json()["state"] in ("succeeded", "failed"):
                        answers[identity] = answer
            return len(answers) == len(accepted)
        wait_for(ended, "every accepted job to end", 300, 1)
        changed += look(service, accepted, seen)
    finally:
        client.stopping.set()
        client.join()
        service.stop()
    found = [answer for answer in answers.values() if answer.status == 200]
    parked = [answer for answer in found if answer.json()["state"] == "failed"]
    unexplained = [a for a in parked if "in each of" not in a.json()["error"]["detail"]]
    return {"kills": done, "accepted": len(accepted),
            "lost": len(accepted) - len(found) + len(unexplained),
            "twice": changed + len(client.doubled), "parked": len(parked) - len(unexplained)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=10, help="after which there is no further kill")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        figures = run(folder, options.kills, options.seed, lambda line: print(line, flush=True),
                      options.minutes)
    print(f"{figures['kills']} kills, {figures['accepted']} jobs accepted: {figures['lost']} lost, "
          f"{figures['twice']} results twice; {figures['parked']} parked after three lost runs each")
    return 1 if figures["lost"] or figures["twice"] else 0


if __name__ == "__main__":
    sys.exit(main())
