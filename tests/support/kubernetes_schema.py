"""Objects held to the published schemas of Kubernetes and of the Prometheus operator."""
import json
import subprocess

import servers

MODELS = servers.SOURCE / "node_modules" / "kubernetes-models"


def problems(documents):
    """For each object what is wrong with it, or nothing."""
    done = subprocess.run(["node", servers.SOURCE / "tests/support/kubernetes_schema.mjs"], input=json.dumps(documents),
                          capture_output=True, text=True, timeout=60, cwd=servers.SOURCE)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def named_problems(documents):
    return [f"{document['kind']} {document['metadata']['name']}: {problem}"
            for document, problem in zip(documents, problems(documents)) if problem]
