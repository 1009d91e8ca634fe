// POST /v1/tests/{id}/feedback and /v1/findings/{id}/feedback: what users think of what they got.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "service/api/context.h"
#include "service/api/operations.h"

namespace testgen::service {
namespace {

using base::Error;
using base::ErrorCode;
using nlohmann::json;

constexpr std::size_t kMaxFindingId = 128;

bool is_finding_id(std::string_view id) {
  return id.size() <= kMaxFindingId && std::all_of(id.begin(), id.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '_' || c == ':' || c == '-';
         });
}

// Nothing when the job has the test, or no test was named.
std::optional<Error> test_missing(ApiContext& api, const std::string& tenant,
                                  const std::string& id) {
  const std::size_t colon = id.find(':');
  const std::string job_id = id.substr(0, colon);
  const auto job = api.store.get(job_id);
  if (!job) return job.error();
  if (job->tenant != tenant) return Error{ErrorCode::NotFound, "there is no job " + job_id, ""};
  if (colon == std::string::npos) return std::nullopt;
  const std::string name = id.substr(colon + 1);
  const auto result = json::parse(job->result_json, nullptr, false);
  for (const json& module : result.value("modules", json::array())) {
    for (const json& test : module.value("tests", json::array())) {
      if (test.value("name", "") == name) return std::nullopt;
    }
  }
  return Error{ErrorCode::NotFound, "job " + job_id + " has no test " + name, ""};
}

// The rule of a finding's id, as a label: what no rule of ours is called is one value.
std::string rule_of(const ApiContext& api, std::string_view id) {
  std::string rule(id.substr(0, id.find(':')));
  if (rule.size() == id.size()) return std::string(telemetry::kOverflowLabel);
  // "python.sql-injection" for "python/sql-injection".
  if (const std::size_t dot = rule.find('.'); dot != std::string::npos) rule[dot] = '/';
  return api.scans.scanner().knows_rule(rule) ? rule : std::string(telemetry::kOverflowLabel);
}

void count(ApiContext& api, const storage::Rating& rating) {
  const telemetry::Metrics& metrics = api.telemetry.metrics();
  if (rating.subject == "finding") {
    metrics.scan_feedback_total.with(rule_of(api, rating.id), rating.verdict).add();
    return;
  }
  metrics.feedback_total.with(rating.verdict).add();
  if (rating.verdict == "accepted") metrics.journey_steps_total.with("accepted").add();
}

void judge(ApiContext& api, const ExchangePtr& exchange, const Operation& operation,
           std::string_view subject) {
  const auto body = read_body(operation, exchange->request);
  if (const auto* problem = std::get_if<Problem>(&body)) return exchange->fail(*problem);
  const auto& document = std::get<json>(body);
  storage::Rating rating{.subject = std::string(subject),
                         .id = exchange->match.parameters.front(),
                         .tenant = tenant_of(*exchange),
                         .verdict = document["verdict"],
                         .comment = document.value("comment", ""),
                         .made = api.telemetry.clock().wall_now()};
  if (subject == "test") {
    if (const auto missing = test_missing(api, rating.tenant, rating.id)) {
      return exchange->fail(Problem::from(*missing));
    }
  } else if (!is_finding_id(rating.id)) {
    return exchange->fail(
        Problem::from(Error{ErrorCode::NotFound, "that cannot be the id of a finding", ""}));
  }
  const auto earlier = api.store.rate(rating);
  if (!earlier) return exchange->fail(Problem::from(earlier.error()));
  json answer{{"id", rating.id}, {"verdict", rating.verdict}};
  if (*earlier) answer["previous"] = (*earlier)->verdict;
  // Said twice is said once.
  if (!*earlier || (*earlier)->verdict != rating.verdict) {
    count(api, rating);
    if (const base::Status shown = show_ratings(api.store, api.telemetry); !shown) {
      api.telemetry.count_error(shown.error(), "storage");
    }
    api.telemetry.log().write(
        telemetry::LogEvent::FeedbackGiven, exchange->context,
        {{"subject", subject}, {"id", rating.id}, {"verdict", rating.verdict}});
  }
  exchange->answer(json_response(200, answer.dump()));
}

}  // namespace

base::Status show_ratings(storage::Store& store, telemetry::Telemetry& telemetry) {
  TG_ASSIGN(const auto counts, store.ratings());
  const auto share = [&](std::string_view subject, std::string_view verdict, double of_none) {
    double those = 0;
    double all = 0;
    for (const storage::RatingCount& row : counts) {
      if (row.subject != subject) continue;
      all += static_cast<double>(row.count);
      if (row.verdict == verdict) those += static_cast<double>(row.count);
    }
    return all > 0 ? those / all : of_none;
  };
  const telemetry::Metrics& metrics = telemetry.metrics();
  metrics.user_satisfaction_ratio.set(share("test", "accepted", 1));
  metrics.scan_false_positive_ratio.set(share("finding", "false_positive", 0));
  metrics.scan_confirmed_ratio.set(share("finding", "confirmed", 0));
  return {};
}

void add_feedback(Router& router, ApiContext& api) {
  const auto add = [&](const char* path, std::string_view subject) {
    router.add({.method = "POST",
                .path = path,
                .permission = Permission::ChangeJobs,
                .feature = "feedback",
                .endpoint = [&api, subject, &operation = *find_operation("POST", path)](
                                const ExchangePtr& exchange) {
                  judge(api, exchange, operation, subject);
                }});
  };
  add("/v1/tests/{id}/feedback", "test");
  add("/v1/findings/{id}/feedback", "finding");
}

}  // namespace testgen::service
