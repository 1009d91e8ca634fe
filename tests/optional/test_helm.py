"""deploy/helm rendered by Helm itself: the same objects as the reader that the other tests use makes, and what the published
schemas allow. No cluster is asked.
"""
import os
import subprocess

import chart
import go_programs
import pytest
import yaml
from kubernetes_schema import MODELS, named_problems
from servers import SOURCE

FOLDER = SOURCE / "deploy" / "helm" / "testgen"


@pytest.fixture(scope="module")
def helm(tmp_path_factory):
    program, home = go_programs.build("helm", "helm.sh/helm/v4/cmd/helm"), tmp_path_factory.mktemp("helm")

    def run(*arguments):
        return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=120, cwd=home,
                              env={**os.environ, "HOME": str(home), "KUBECONFIG": str(home / "none")})
    return run


def by_name(documents):
    return {(document["kind"], document["metadata"]["name"]): document for document in documents}


@pytest.fixture(params=chart.VARIANTS)
def values(request, tmp_path):
    """(as the reader takes them, as Helm does)"""
    file = tmp_path / "values.yaml"
    file.write_text(yaml.safe_dump(chart.VARIANTS[request.param]))
    return chart.VARIANTS[request.param], file


def test_helm_finds_nothing_to_blame(helm, values):
    said = helm("lint", "--strict", "--values", values[1], FOLDER)
    assert said.returncode == 0, said.stdout + said.stderr


def test_helm_makes_what_the_reader_makes(helm, values):
    made = helm("template", "tests", FOLDER, "--values", values[1])
    assert made.returncode == 0, made.stderr
    documents = [document for document in yaml.safe_load_all(made.stdout) if document]
    ours = [document for _, document in chart.Chart(FOLDER, **values[0]).documents()]
    assert len(documents) == len(ours) and by_name(documents) == by_name(ours)
    if MODELS.exists():
        found = named_problems(documents)
        assert not found, "\n".join(found)


def test_the_packed_chart_has_the_rules(helm, tmp_path):
    """They lie beside Prometheus' own configuration; the chart has a link to them."""
    packed = helm("package", FOLDER, "--destination", tmp_path)
    assert packed.returncode == 0, packed.stderr
    [archive] = tmp_path.glob("testgen-*.tgz")
    made = helm("template", "tests", archive)
    assert made.returncode == 0, made.stderr
    documents = [document for document in yaml.safe_load_all(made.stdout) if document]
    assert by_name(documents) == by_name(document for _, document in chart.Chart(FOLDER).documents())
    assert sum(document["kind"] == "PrometheusRule" for document in documents) == len(
        list((SOURCE / "deploy/prometheus/rules").glob("*.yml")))
