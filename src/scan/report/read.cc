#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "scan/report/report.h"

namespace testgen::scan {
namespace {

using base::Error;
using base::ErrorCode;
using nlohmann::json;

Place place_of(const json& in) {
  return {.line = in.at("line"),
          .column = in.at("column"),
          .end_line = in.at("end_line"),
          .end_column = in.at("end_column")};
}

Finding finding_of(const json& in) {
  Finding out;
  out.rule = in.at("rule");
  out.title = in.at("title");
  out.message = in.at("message");
  out.severity = severity_from(in.at("severity").get<std::string>()).value_or(Severity::Medium);
  out.confidence =
      confidence_from(in.at("confidence").get<std::string>()).value_or(Confidence::Medium);
  out.cwe = in.at("cwe");
  out.related_cwes = in.at("related_cwes").get<std::vector<std::uint32_t>>();
  out.owasp = in.at("owasp");
  out.file = in.at("file");
  out.place = place_of(in.at("place"));
  out.code = in.at("code");
  out.symbol = in.at("symbol");
  out.fix = in.at("fix");
  out.fingerprint = in.at("fingerprint");
  for (const json& step : in.at("flow")) {
    out.flow.push_back({place_of(step.at("place")), step.at("what"), step.at("code")});
  }
  out.suppressed = in.value("suppressed", "");
  return out;
}

Error error_of(const json& in) {
  const auto code = base::error_code_from(in.at("code").get<std::string>());
  return {code.value_or(ErrorCode::Internal), in.at("message"), ""};
}

// The files that the document speaks of, in the order in which it does.
class Files {
 public:
  FileReport& named(const std::string& name) {
    const auto [entry, added] = index_.try_emplace(name, files_.size());
    if (added) files_.emplace_back().file = name;
    return files_[entry->second];
  }
  [[nodiscard]] std::vector<FileReport> take() { return std::move(files_); }

 private:
  std::map<std::string, std::size_t> index_;
  std::vector<FileReport> files_;
};

ReadReport report_of(const json& in) {
  ReadReport out;
  out.files_scanned = in.at("summary").at("files");
  out.report.rules = in.at("rules").at("count");
  out.report.rules_version = in.at("rules").at("version");
  out.report.interrupted = in.at("interrupted");
  Files files;
  for (const json& each : in.at("findings")) {
    Finding finding = finding_of(each);
    files.named(finding.file).findings.push_back(std::move(finding));
  }
  for (const json& each : in.at("files")) {
    FileReport& file = files.named(each.at("file"));
    file.notes = each.at("notes").get<std::vector<std::string>>();
    file.broken_bytes = each.value("broken_bytes", file.broken_bytes);
    if (const auto error = each.find("error"); error != each.end()) file.error = error_of(*error);
  }
  out.report.files = files.take();
  return out;
}

}  // namespace

base::Result<ReadReport> read_report(std::string_view text) {
  try {
    return report_of(json::parse(text));
  } catch (const json::exception& wrong) {
    return Error{ErrorCode::InvalidInput, std::string("not the report of a scan: ") + wrong.what(),
                 ""};
  }
}

}  // namespace testgen::scan
