#include "operations/sources/readiness.h"

#include <nlohmann/json.hpp>

namespace testgen::operations {

base::Result<Readiness> read_readiness(std::string_view body) {
  using nlohmann::json;
  const json document = json::parse(body, nullptr, /*allow_exceptions=*/false);
  const auto text_at = [](const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
  };
  if (!document.is_object() || text_at(document, "status").empty()) {
    return base::Error{base::ErrorCode::Unavailable, "the answer of /ready is not understood",
                       "is it a testgen service?"};
  }
  Readiness out;
  out.ready = text_at(document, "status") == "ready";
  if (const auto draining = document.find("draining");
      draining != document.end() && draining->is_boolean()) {
    out.draining = draining->get<bool>();
  }
  const auto details = document.find("details");
  if (details == document.end() || !details->is_object()) return out;
  for (const auto& [name, check] : details->items()) {
    if (!check.is_object()) continue;
    out.checks.push_back({name, text_at(check, "status"), text_at(check, "message")});
  }
  return out;
}

}  // namespace testgen::operations
