#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "scan/report/report.h"

namespace testgen::scan {
namespace {

using base::Error;
using base::ErrorCode;
using nlohmann::json;

// The library would make a number out of any other number, cut off or with another sign.
template <class Number>
Number count_of(const json& in) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<Number>::max());
  return static_cast<Number>(std::min(in.get_ref<const json::number_unsigned_t&>(), kMost));
}

// A word that is not known cannot be weighed, and must not pass for a harmless one.
template <class Word>
Word word_of(const json& in, std::optional<Word> (*from)(std::string_view)) {
  const auto& text = in.get_ref<const std::string&>();
  if (const auto word = from(text)) return *word;
  throw std::invalid_argument("\"" + text + "\" is not a word of it");
}

Place place_of(const json& in) {
  return {.line = count_of<std::uint32_t>(in.at("line")),
          .column = count_of<std::uint32_t>(in.at("column")),
          .end_line = count_of<std::uint32_t>(in.at("end_line")),
          .end_column = count_of<std::uint32_t>(in.at("end_column"))};
}

Finding finding_of(const json& in) {
  Finding out;
  out.rule = in.at("rule");
  out.title = in.at("title");
  out.message = in.at("message");
  out.severity = word_of(in.at("severity"), severity_from);
  out.confidence = word_of(in.at("confidence"), confidence_from);
  out.cwe = count_of<std::uint32_t>(in.at("cwe"));
  for (const json& cwe : in.at("related_cwes")) {
    out.related_cwes.push_back(count_of<std::uint32_t>(cwe));
  }
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
  if (const auto edits = in.find("edits"); edits != in.end()) {
    for (const json& edit : *edits) {
      out.edits.push_back({place_of(edit.at("place")), edit.at("text")});
    }
  }
  out.fixed_code = in.value("fixed_code", "");
  out.suppressed = in.value("suppressed", "");
  out.test = in.value("test", "");
  out.not_reproduced = in.value("not_reproduced", "");
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
  out.files_scanned = count_of<std::size_t>(in.at("summary").at("files"));
  out.report.rules = count_of<std::size_t>(in.at("rules").at("count"));
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
    if (const auto broken = each.find("broken_bytes"); broken != each.end()) {
      file.broken_bytes = count_of<std::uint64_t>(*broken);
    }
    if (const auto error = each.find("error"); error != each.end()) file.error = error_of(*error);
  }
  out.report.files = files.take();
  return out;
}

}  // namespace

base::Result<ReadReport> read_report(std::string_view text) {
  try {
    return report_of(json::parse(text));
  } catch (const std::exception& wrong) {  // the library's, and a word that is not known
    return Error{ErrorCode::InvalidInput, std::string("not the report of a scan: ") + wrong.what(),
                 ""};
  }
}

}  // namespace testgen::scan
