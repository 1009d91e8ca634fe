#include "scan/baseline/baseline.h"

#include <nlohmann/json.hpp>

namespace testgen::scan {
namespace {

using Json = nlohmann::ordered_json;
using base::Error;
using base::ErrorCode;

constexpr int kSchema = 1;

Error wrong(std::string what) {
  return Error{ErrorCode::InvalidInput, "the baseline " + std::move(what),
               "--write-baseline makes it anew"};
}

}  // namespace

base::Result<Baseline> Baseline::parse(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return wrong("is not a JSON object");
  if (!json.contains("schema") || json["schema"] != kSchema) {
    return wrong("has another schema than " + std::to_string(kSchema));
  }
  if (!json.contains("findings") || !json["findings"].is_array()) {
    return wrong("has no list \"findings\"");
  }
  Baseline out;
  for (const Json& entry : json["findings"]) {
    const bool fits = entry.is_object() && entry.contains("file") && entry["file"].is_string() &&
                      entry.contains("fingerprint") && entry["fingerprint"].is_string();
    if (!fits) return wrong("has a finding without \"file\" and \"fingerprint\"");
    out.known_.emplace(entry["file"].get<std::string>(), entry["fingerprint"].get<std::string>());
  }
  return out;
}

void apply_baseline(const Baseline& baseline, Report& report) {
  for (FileReport& file : report.files) {
    for (Finding& finding : file.findings) {
      if (finding.suppressed.empty() && baseline.has(finding)) finding.suppressed = kInBaseline;
    }
  }
}

std::string baseline_text(const Report& report) {
  Json findings = Json::array();
  for (const FileReport& file : report.files) {
    for (const Finding& finding : file.findings) {
      if (!finding.suppressed.empty() && finding.suppressed != kInBaseline) continue;
      findings.push_back({{"file", finding.file},
                          {"fingerprint", finding.fingerprint},
                          {"rule", finding.rule},
                          {"code", finding.code}});
    }
  }
  const Json out = {{"schema", kSchema}, {"findings", findings}};
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace testgen::scan
