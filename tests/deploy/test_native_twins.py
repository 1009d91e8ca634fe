"""Every rule on a classic histogram has its native twin; tests/e2e/test_metrics_scraped.py sees the twin judge."""
import re

import contract


def test_every_rule_on_a_histogram_has_its_native_twin():
    checked = 0
    for name, expression, _ in contract.rules():
        text = re.sub(r'"[^"]*"', "", expression)
        for metric in set(re.findall(r"\b((?:testgen|otel)_\w+?)_(?:bucket|count|sum)\b", text)):
            checked += 1
            assert re.search(rf"\bor\b.*\b{metric}\[", text, re.S), f"{name} falls silent on a native {metric}"
    assert checked >= 2
