"""Where alerts of deploy/prometheus/rules go by deploy/alertmanager: labels, and the receivers that `amtool config routes test`
must name."""

ROUTES = [
    (["severity=critical", "alertname=HighErrorRate"], "testgen-hook,on-call"),
    (["severity=critical", "alertname=TestGenServiceDown", "job=testgen-copilot"], "testgen-hook,on-call"),
    (["severity=warning", "alertname=SlowResponseTime"], "testgen-hook,monitoring,mail"),
    (["severity=warning", "alertname=LLMAPIErrors", "provider=openai"], "testgen-hook,monitoring,mail"),
    (["severity=ticket", "alertname=WarningPersists", "warning=SlowResponseTime"], "tickets"),
    (["alertname=SomebodyElse"], "monitoring"),
]
