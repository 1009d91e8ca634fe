#include "service/scans/scan_input.h"

#include <nlohmann/json.hpp>
#include <set>

#include "service/api/generate_input.h"
#include "service/api/json_reader.h"

namespace testgen::service {
namespace {

using nlohmann::json;

const Shape& file_shape() {
  static const Shape shape{
      .name = "ScanFile",
      .what = "A file as it lies in the project.",
      .fields = {{.name = "path",
                  .need = Need::Required,
                  .what = "Relative, inside the project, with / between its parts; the ending "
                          "tells the language.",
                  .least = 1,
                  .most = kMaxPathBytes,
                  .fault = path_fault},
                 {.name = "content", .need = Need::Required, .what = "The text, in UTF-8."}}};
  return shape;
}

const Shape& options_shape() {
  static const Shape shape{.name = "ScanOptions",
                           .what = "What is looked for.",
                           .fields = {{.name = "min_severity",
                                       .what = "Findings below are counted and not shown.",
                                       .fallback = "\"low\"",
                                       .values = {"info", "low", "medium", "high", "critical"}},
                                      {.name = "audit",
                                       .kind = Kind::Boolean,
                                       .what = "Also rules that only point at what a person must "
                                               "judge.",
                                       .fallback = "false"}}};
  return shape;
}

}  // namespace

const Shape& scan_shape() {
  static const Shape shape{.name = "ScanRequest",
                           .what = "Files to scan.",
                           .fields = {{.name = "files",
                                       .kind = Kind::Array,
                                       .need = Need::Required,
                                       .what = "The sources.",
                                       .least = 1,
                                       .most = kMaxFiles,
                                       .shape = file_shape},
                                      {.name = "options",
                                       .kind = Kind::Object,
                                       .what = "What is looked for.",
                                       .shape = options_shape}}};
  return shape;
}

std::string ScanInput::canonical_json() const {
  json document{{"options", {{"audit", audit}, {"min_severity", min_severity}}},
                {"files", json::array()}};
  for (const File& file : files) {
    document["files"].push_back({{"path", file.path}, {"content", file.content}});
  }
  return document.dump();
}

std::variant<ScanInput, Problem> parse_scan(std::string_view body) {
  const auto document = parse_json(body);
  if (!document) return Problem::from(document.error());
  std::vector<FieldError> errors;
  validate(*document, scan_shape(), "", errors);
  if (!errors.empty()) return Problem::from_fields(std::move(errors));
  ScanInput input;
  std::set<std::string_view> seen;
  for (const json& entry : (*document)["files"]) {
    input.files.push_back({entry["path"], entry["content"]});
    if (seen.insert(entry["path"].get_ref<const std::string&>()).second) continue;
    errors.push_back({"/files/" + std::to_string(input.files.size() - 1) + "/path",
                      "is the path of an earlier file too"});
  }
  if (!errors.empty()) return Problem::from_fields(std::move(errors));
  if (const auto options = document->find("options"); options != document->end()) {
    input.min_severity = options->value("min_severity", input.min_severity);
    input.audit = options->value("audit", input.audit);
  }
  return input;
}

}  // namespace testgen::service
