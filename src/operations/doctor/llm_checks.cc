// "LLM API issues": can the providers be reached, what do they refuse, and do they slow us down.
#include <fmt/format.h>

#include <algorithm>

#include "operations/doctor/finding.h"

namespace testgen::operations {
namespace {

Item connectivity(const Observation& seen) {
  Finding out("llm_connectivity", "Check API connectivity",
              "docs/runbooks/LLMAPIErrors.md; `testgen llm check` asks each provider for its list "
              "of models, which costs nothing");
  if (!seen.readiness) {
    out.unknown("check llm_api", "the service was not reached");
    return std::move(out).item();
  }
  const auto& checks = seen.readiness->checks;
  const auto check = std::find_if(checks.begin(), checks.end(),
                                  [](const CheckResult& each) { return each.name == "llm_api"; });
  if (check == checks.end()) {
    out.unknown("check llm_api", "the service does not have it");
  } else if (check->status == "not configured") {
    out.idle("check llm_api", "no models are configured");
  } else {
    out.said("check llm_api", check->good() ? Verdict::Good : Verdict::Bad,
             check->message.empty() ? check->status : check->status + ": " + check->message);
  }
  return std::move(out).item();
}

// `judge(provider, calls)` for each provider that was asked; says so when none was.
template <class Judge>
void each_asked_provider(const MetricsPage& page, Finding& out, const Judge& judge) {
  bool any = false;
  for (const auto& [provider, calls] : page.by("testgen_llm_requests_total", "provider")) {
    if (calls <= 0) continue;
    any = true;
    judge(provider, calls);
  }
  if (!any) out.idle("calls", "no models were asked");
}

Item errors(const Observation& seen) {
  Finding out("llm_errors", "Review API errors",
              "docs/runbooks/LLMAPIErrors.md; `testgen logs --where 'event==\"llm_error\"'` has "
              "each");
  if (!seen.metrics) {
    out.unknown("metrics", "the service was not reached");
    return std::move(out).item();
  }
  const MetricsPage& page = *seen.metrics;
  each_asked_provider(page, out, [&](const std::string& provider, double calls) {
    const double failed =
        page.sum("testgen_llm_errors_total", {{"provider", provider}}).value_or(0);
    std::string kinds;
    for (const auto& [kind, count] :
         page.by("testgen_llm_errors_total", "error_type", {{"provider", provider}})) {
      if (count > 0) kinds += fmt::format("{}{} {:.0f}", kinds.empty() ? "" : ", ", kind, count);
    }
    out.figure("calls that failed", failed / calls, Unit::Ratio, at_most(0.05), provider, kinds);
    out.figure(
        "time of a call, 95th percentile",
        page.quantile("testgen_llm_request_duration_seconds", 0.95, {{"provider", provider}}),
        Unit::Seconds, {}, provider);
    const double open =
        page.sum("testgen_llm_circuit_state", {{"provider", provider}, {"state", "open"}})
            .value_or(0);
    if (open > 0) out.said("circuit", Verdict::Bad, provider + " is left out: its breaker is open");
  });
  return std::move(out).item();
}

Item rate_limits(const Observation& seen) {
  Finding out("llm_rate_limits", "Check rate limiting",
              "ask the provider for a higher limit, put another model into the chain (--llm), or "
              "ask less (--llm-attempts)");
  if (!seen.metrics) {
    out.unknown("metrics", "the service was not reached");
    return std::move(out).item();
  }
  const MetricsPage& page = *seen.metrics;
  each_asked_provider(page, out, [&](const std::string& provider, double calls) {
    const double limited =
        page.sum("testgen_llm_requests_total", {{"provider", provider}, {"status", "rate_limited"}})
            .value_or(0);
    out.figure("calls refused for their number", limited / calls, Unit::Ratio, at_most(0.01),
               provider, fmt::format("{:.0f} of {:.0f}", limited, calls));
    out.figure("calls repeated", page.sum("testgen_llm_retries_total", {{"provider", provider}}),
               Unit::Count, {}, provider);
  });
  if (page.sum("testgen_llm_budget_dollars").value_or(0) > 0) {
    out.figure("of the budget spent", page.sum("testgen_llm_budget_spent_ratio"), Unit::Ratio,
               at_most(0.8));
  }
  return std::move(out).item();
}

}  // namespace

Section llm_checks(const Observation& seen) {
  return {"LLM API issues", {connectivity(seen), errors(seen), rate_limits(seen)}, {}};
}

}  // namespace testgen::operations
