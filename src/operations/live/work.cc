#include "operations/live/work.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace testgen::operations {
namespace {

using nlohmann::json;

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

double number_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? found->get<double>() : 0;
}

}  // namespace

base::Result<LiveWork> read_work(std::string_view answer) {
  const json document = json::parse(answer, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object() || !document.contains("requests") || !document.contains("jobs") ||
      !document["requests"].is_array() || !document["jobs"].is_array()) {
    return base::Error{base::ErrorCode::Unavailable,
                       "the answer of /debug/requests is not understood",
                       "is it a testgen service?"};
  }
  LiveWork out;
  for (const json& entry : document["requests"]) {
    if (!entry.is_object()) continue;
    out.requests.push_back({text_at(entry, "method") + " " + text_at(entry, "endpoint"),
                            text_at(entry, "stage"), number_at(entry, "age_seconds"),
                            text_at(entry, "trace_id")});
  }
  for (const json& entry : document["jobs"]) {
    if (!entry.is_object()) continue;
    out.jobs.push_back({text_at(entry, "id"), text_at(entry, "stage"), number_at(entry, "fraction"),
                        number_at(entry, "age_seconds"), text_at(entry, "trace_id")});
  }
  const auto older = [](const auto& a, const auto& b) { return a.age > b.age; };
  std::stable_sort(out.requests.begin(), out.requests.end(), older);
  std::stable_sort(out.jobs.begin(), out.jobs.end(), older);
  return out;
}

}  // namespace testgen::operations
