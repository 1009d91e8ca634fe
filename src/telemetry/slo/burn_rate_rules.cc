#include "telemetry/slo/burn_rate_rules.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "telemetry/metrics/number.h"
#include "telemetry/slo/objectives.h"

namespace testgen::telemetry {
namespace {

constexpr std::string_view kHead =
    R"(# The objectives as multi-window burn-rate alerts. Written by `testgen slo rules` from the table of
# objectives in the program: `./dev accept` rewrites it, and a test fails when it is old.
#
# A burn rate of 1 spends the error budget of 30 days in 30 days. People are woken for 14.4 over an
# hour (2 % of the budget) or 6 over six hours (5 %); a warning is for 3 over a day or 1 over three
# days (10 % each). The short window beside each long one lets the alert end soon after the cause.
# The floor of bad events keeps the one failure of a quiet night, which is a large share of little,
# from being an incident.
#
# Each half minute records the bad events of the last five minutes, and how many of all of theirs the
# budget allows to be bad; a burn rate is one over the other. A longer window adds up those records
# instead of reading every raw sample of three days again, which keeps evaluation cheap, and sums of
# increases, unlike increases of sums, survive the restart of one instance. An event is in ten records:
# hence the "/ 10" where events are counted.
#
# A promise that leaves room for 20 % of bad events can never burn 6 times too fast: of the cache
# only the slow alert can fire.
)";

struct Source {
  ObjectiveId id;
  std::string_view all;     // events of the last five minutes, by job
  std::string_view bad;     // of them; `BOUND` stands for the target as a bucket's bound
  std::string_view minute;  // recorded before them, as kMinute; may be empty
};

// Whether the minute that ends was bad, recorded: a subquery would judge each again and again.
constexpr std::string_view kMinute = "job:testgen_turned_away_minute:bool";

// Minutes are counted as events of their own: five in five minutes. Where a bad series may not
// exist yet, "or 0 *" something of them all makes that zero, not nothing. The unions inside the
// sums join series whose labels differ, so nothing is dropped there. `ALLOWED` stands for what was
// just recorded, and `BUDGET` for the share of all events that it is.
constexpr std::array<Source, kObjectives.size()> kSources{{
    {ObjectiveId::Availability, R"(5 * group by (job) (up{job="testgen-copilot"})
or 5 * absent(up{job="testgen-copilot"}))",
     R"(5 * (1 - avg by (job) (avg_over_time(up{job="testgen-copilot"}[5m])))
or 5 * absent(up{job="testgen-copilot"}))",
     ""},
    {ObjectiveId::ErrorRate,
     R"(sum by (job) (increase(testgen_requests_total[5m]) or increase(testgen_jobs_total[5m])))",
     R"(sum by (job) (increase(testgen_requests_total{status=~"5.."}[5m])
  or increase(testgen_errors_total{component="job"}[5m]))
or on (job) 0 * ALLOWED)",
     ""},
    {ObjectiveId::ResponseTime,
     R"(sum by (job) (increase(testgen_request_duration_seconds_count[5m]))
or histogram_count(sum by (job) (increase(testgen_request_duration_seconds[5m]))))",
     R"(sum by (job) (increase(testgen_request_duration_seconds_count[5m]))
  - sum by (job) (increase(testgen_request_duration_seconds_bucket{le=~"BOUND"}[5m]))
or ALLOWED / BUDGET
  * on (job) (1 - histogram_fraction(0, TARGET, sum by (job) (increase(testgen_request_duration_seconds[5m])))))",
     ""},
    {ObjectiveId::GenerationTime,
     R"(sum by (job) (increase(testgen_generation_duration_seconds_count[5m]))
or histogram_count(sum by (job) (increase(testgen_generation_duration_seconds[5m]))))",
     R"(sum by (job) (increase(testgen_generation_duration_seconds_count[5m]))
  - sum by (job) (increase(testgen_generation_duration_seconds_bucket{le=~"BOUND"}[5m]))
or ALLOWED / BUDGET
  * on (job) (1 - histogram_fraction(0, TARGET, sum by (job) (increase(testgen_generation_duration_seconds[5m])))))",
     ""},
    // Callers past their own limit are their own business: what counts is the lack of room.
    {ObjectiveId::Throughput, R"(5 * group by (job) (up{job="testgen-copilot"}))",
     R"(5 * avg_over_time(MINUTE[5m])
or 0 * group by (job) (up{job="testgen-copilot"}))",
     R"((sum by (job) (increase(testgen_requests_total{status=~"429|503"}[1m])
  or -increase(testgen_rate_limited_requests_total[1m])) >= bool 1)
* (sum by (job) (increase(testgen_requests_total[1m])) < bool TARGET))"},
    {ObjectiveId::CacheHitRate, R"(sum by (job) (increase(testgen_cache_misses_total[5m]))
+ (sum by (job) (increase(testgen_cache_hits_total[5m]))
   or 0 * sum by (job) (increase(testgen_cache_misses_total[5m]))))",
     R"(sum by (job) (increase(testgen_cache_misses_total[5m])))", ""},
}};

struct Pair {
  std::string_view long_window;
  std::string_view short_window;
  std::string_view burn;
};
constexpr std::array<Pair, 2> kFast{{{"1h", "5m", "14.4"}, {"6h", "30m", "6"}}};
constexpr std::array<Pair, 2> kSlow{{{"1d", "2h", "3"}, {"3d", "6h", "1"}}};
constexpr std::array<std::string_view, 6> kLongWindows{"30m", "1h", "2h", "6h", "1d", "3d"};

// Of the dashboard of objectives: deploy/grafana/alert-panels.yml names them, a test compares.
constexpr int kPanelFast = 14;
constexpr int kPanelSlow = 15;

constexpr std::string_view kBad = "job_objective:testgen_slo_bad:increase5m";
constexpr std::string_view kAllowed = "job_objective:testgen_slo_allowed:increase5m";

std::string number(double value) {
  std::string text;
  append_number(text, value);
  return text;
}

std::string replace(std::string text, std::string_view word, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += by.size()) {
    text.replace(at, word.size(), by);
  }
  return text;
}

// A block scalar that keeps its lines.
std::string block(std::string_view text, std::size_t indent) {
  const std::string margin(indent, ' ');
  return margin + replace(std::string(text), "\n", "\n" + margin) + "\n";
}

std::string record(std::string_view name, std::string_view expression, std::string_view objective) {
  std::string out = "      - record: " + std::string(name) + "\n        expr: |-\n";
  out += block(expression, 10);
  if (!objective.empty()) {
    out += "        labels: {objective: " + std::string(objective) + "}\n";
  }
  return out;
}

std::string burn(std::string_view window) {
  return "job_objective:testgen_slo_burn:rate" + std::string(window);
}

std::string records(const Source& source) {
  const Objective& about = objective(source.id);
  const std::string target = number(about.target);
  // Prometheus 2 keeps the bound as it was written, 3 writes whole numbers with ".0".
  const std::string bound = target + "|" + target + R"([.]0)";
  std::string out = "      # " + std::string(about.name) + ": " + std::string(about.meaning) +
                    ". Bad is " + std::string(about.bad) + ".\n";
  const std::string budget = number(about.allowed);
  out += record(kAllowed, budget + " * (" + std::string(source.all) + ")", about.name);
  if (!source.minute.empty()) {
    out += record(kMinute, replace(std::string(source.minute), "TARGET", target), "");
  }
  std::string bad = replace(std::string(source.bad), "BOUND", bound);
  bad = replace(std::move(bad), "TARGET", target);
  bad = replace(std::move(bad), "MINUTE", std::string(kMinute));
  bad = replace(std::move(bad), "BUDGET", budget);
  bad = replace(std::move(bad), "ALLOWED",
                std::string(kAllowed) + "{objective=\"" + std::string(about.name) + "\"}");
  out += record(kBad, bad, about.name);
  return out;
}

std::string burn_record(std::string_view window, std::string_view bad, std::string_view allowed) {
  return record(burn(window), std::string(bad) + "\n/ (" + std::string(allowed) + " > 0)", "");
}

std::string over(std::string_view series, std::string_view window) {
  return "sum_over_time(" + std::string(series) + "[" + std::string(window) + "])";
}

// What the window's burn rate and the alert's floor both need.
std::string bad_over(std::string_view window) {
  return "job_objective:testgen_slo_bad:sum" + std::string(window);
}

std::string judgement(const std::array<Pair, 2>& pairs, std::string_view floor) {
  std::string out;
  for (const Pair& pair : pairs) {
    if (!out.empty()) out += "\nor\n";
    out += "(" + burn(pair.long_window) + " > " + std::string(pair.burn) + "\n  and " +
           burn(pair.short_window) + " > " + std::string(pair.burn) + "\n  and " +
           bad_over(pair.long_window) + " / 10 >= " + std::string(floor) + ")";
  }
  return out;
}

std::string alert(std::string_view name, std::string_view severity, std::string_view held,
                  std::string_view summary, const std::array<Pair, 2>& pairs,
                  std::string_view floor, int panel) {
  std::string out = "      - alert: " + std::string(name) + "\n        expr: |-\n";
  out += block(judgement(pairs, floor), 10);
  out += "        for: " + std::string(held) +
         "\n        labels:\n          severity: " + std::string(severity) +
         "\n          service: testgen-copilot\n        annotations:\n          summary: " +
         std::string(summary) +
         R"(
          description: >-
            The objective {{ $labels.objective }} of {{ $labels.job }} spends its error budget
            {{ $value | humanize }} times as fast as 30 days of it allow.
          runbook_url: https://docs.example.com/testgen/runbooks/)" +
         std::string(name) +
         R"(.md
          dashboard_url: https://grafana.example.com/d/testgen-copilot-objectives?viewPanel=)" +
         std::to_string(panel) + "&var-job={{ $labels.job }}\n";
  return out;
}

}  // namespace

std::string burn_rate_rules() {
  std::string out(kHead);
  out += "groups:\n  - name: testgen-objectives\n    interval: 30s\n    rules:\n";
  for (const Source& source : kSources) out += records(source);
  out += "      # How many times too fast the budget goes, over each window.\n";
  out += burn_record("5m", kBad, kAllowed);
  for (const std::string_view window : kLongWindows) {
    const auto judged = [window](const Pair& pair) { return pair.long_window == window; };
    const bool has_floor = std::any_of(kFast.begin(), kFast.end(), judged) ||
                           std::any_of(kSlow.begin(), kSlow.end(), judged);
    if (has_floor) out += record(bad_over(window), over(kBad, window), "");
    out += burn_record(window, has_floor ? bad_over(window) : over(kBad, window),
                       over(kAllowed, window));
  }
  out += "      # Several judgements in a row, so that one odd record is none.\n";
  out += alert("ErrorBudgetBurnFast", "critical", "2m", "An error budget is going fast", kFast, "5",
               kPanelFast);
  out += alert("ErrorBudgetBurnSlow", "warning", "15m", "An error budget is going too fast", kSlow,
               "3", kPanelSlow);
  return out;
}

}  // namespace testgen::telemetry
