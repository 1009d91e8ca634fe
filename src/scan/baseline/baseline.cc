#include "scan/baseline/baseline.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace testgen::scan {
namespace {

using Json = nlohmann::ordered_json;
using base::Error;
using base::ErrorCode;

constexpr int kSchema = 1;

Error wrong(std::string what) {
  return Error{ErrorCode::InvalidInput, "the baseline " + std::move(what),
               "`testgen scan baseline create` makes it anew"};
}

std::string text_at(const Json& entry, const char* key) {
  const auto found = entry.find(key);
  return found != entry.end() && found->is_string() ? found->get<std::string>() : "";
}

bool is_kept(const Finding& finding) {
  return finding.suppressed.empty() || finding.suppressed == kInBaseline ||
         finding.suppressed.starts_with(kFalseAlarm);
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
    Accepted accepted{text_at(entry, "rule"), text_at(entry, "code"), Label::None,
                      text_at(entry, "reason")};
    if (entry.contains("label")) {
      const std::string label = text_at(entry, "label");
      if (label != "true" && label != "false") {
        return wrong("has a label that is neither \"true\" nor \"false\"");
      }
      accepted.label = label == "true" ? Label::True : Label::False;
    }
    out.entries_.insert_or_assign({text_at(entry, "file"), text_at(entry, "fingerprint")},
                                  std::move(accepted));
  }
  return out;
}

Baseline Baseline::of(const Report& report, const Baseline& before) {
  Baseline out;
  for (const auto& [key, accepted] : before.entries_) {
    if (accepted.label != Label::None) out.entries_.emplace(key, accepted);
  }
  for (const FileReport& file : report.files) {
    for (const Finding& finding : file.findings) {
      if (!is_kept(finding)) continue;
      out.entries_.try_emplace({finding.file, finding.fingerprint},
                               Accepted{finding.rule, finding.code, Label::None, ""});
    }
  }
  return out;
}

base::Status Baseline::set_label(std::string_view fingerprint, Label label,
                                 std::string_view reason) {
  Accepted* one = nullptr;
  for (auto& [key, accepted] : entries_) {
    if (fingerprint.empty() || !key.second.starts_with(fingerprint)) continue;
    if (one != nullptr) {
      return Error{ErrorCode::InvalidArgument,
                   "several findings begin with \"" + std::string(fingerprint) + "\"",
                   "write more of the fingerprint"};
    }
    one = &accepted;
  }
  if (one == nullptr) {
    return Error{ErrorCode::NotFound,
                 "no finding of the baseline begins with \"" + std::string(fingerprint) + "\"",
                 "`testgen scan baseline audit` lists those without a label"};
  }
  one->label = label;
  one->reason = reason;
  return {};
}

std::string Baseline::text() const {
  Json findings = Json::array();
  for (const auto& [key, accepted] : entries_) {
    Json entry = {{"file", key.first},
                  {"fingerprint", key.second},
                  {"rule", accepted.rule},
                  {"code", accepted.code}};
    if (accepted.label != Label::None) {
      entry["label"] = accepted.label == Label::True ? "true" : "false";
      entry["reason"] = accepted.reason;
    }
    findings.push_back(std::move(entry));
  }
  const Json out = {{"schema", kSchema}, {"findings", findings}};
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

void apply_baseline(const Baseline& baseline, Report& report) {
  for (FileReport& file : report.files) {
    for (Finding& finding : file.findings) {
      const Accepted* const accepted = baseline.find(finding);
      if (accepted == nullptr || !finding.suppressed.empty()) continue;
      finding.suppressed = accepted->label == Label::False
                               ? std::string(kFalseAlarm) + accepted->reason
                               : std::string(kInBaseline);
    }
  }
}

std::vector<RuleRates> rates(const Baseline& baseline) {
  std::map<std::string, RuleRates> by_rule;
  for (const auto& [key, accepted] : baseline.entries()) {
    RuleRates& row = by_rule[accepted.rule];
    row.rule = accepted.rule;
    ++row.accepted;
    row.right += accepted.label == Label::True ? 1 : 0;
    row.wrong += accepted.label == Label::False ? 1 : 0;
  }
  std::vector<RuleRates> out;
  for (auto& [rule, row] : by_rule) out.push_back(std::move(row));
  std::stable_sort(out.begin(), out.end(),
                   [](const RuleRates& a, const RuleRates& b) { return a.wrong > b.wrong; });
  return out;
}

}  // namespace testgen::scan
