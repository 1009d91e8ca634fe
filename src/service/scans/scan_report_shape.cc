// What a scan answers: the rows of scan::report_json().
#include "service/scans/scan_input.h"

namespace testgen::service {
namespace {

const std::vector<std::string_view> kSeverities{"info", "low", "medium", "high", "critical"};

Field number_of(std::string_view name, std::string_view what = "") {
  return {.name = name, .kind = Kind::Integer, .need = Need::Required, .what = what};
}

Field text_of(std::string_view name, std::string_view what = "") {
  return {.name = name, .need = Need::Required, .what = what};
}

const Shape& place_shape() {
  static const Shape shape{
      .name = "Place",
      .what = "Part of a file; lines and columns count from 1, columns are code points.",
      .fields = {number_of("line"), number_of("column"), number_of("end_line"),
                 number_of("end_column")}};
  return shape;
}

Field place() {
  return {.name = "place", .kind = Kind::Object, .need = Need::Required, .shape = place_shape};
}

const Shape& step_shape() {
  static const Shape shape{
      .name = "FlowStep",
      .what = "One step of the way that input takes.",
      .fields = {place(), text_of("what", "What happens there."), text_of("code", "The line.")}};
  return shape;
}

const Shape& edit_shape() {
  static const Shape shape{.name = "Edit",
                           .what = "A part of the file, and what to write in its place.",
                           .fields = {place(), text_of("text")}};
  return shape;
}

const Shape& finding_shape() {
  static const Shape shape{
      .name = "Finding",
      .what = "Something that may do harm, and where.",
      .fields = {
          text_of("id", "To judge it by, with POST /v1/findings/{id}/feedback."),
          text_of("rule", "Id of the rule."),
          text_of("title"),
          text_of("message"),
          {.name = "severity", .need = Need::Required, .values = kSeverities},
          {.name = "confidence", .need = Need::Required, .values = {"low", "medium", "high"}},
          number_of("cwe", "Of the Common Weakness Enumeration."),
          {.name = "related_cwes",
           .kind = Kind::Integers,
           .need = Need::Required,
           .what = "Others that it may be called."},
          text_of("owasp", "Category, such as A03:2021."),
          text_of("file", "As it was named."),
          place(),
          text_of("code", "The line."),
          text_of("symbol", "The function or class it is in; empty at the top level."),
          text_of("fix", "What to do about it."),
          text_of("fingerprint", "Stays the same when lines move."),
          {.name = "flow",
           .kind = Kind::Array,
           .need = Need::Required,
           .what = "The way of the input, first its source, last the place; empty when "
                   "none was followed.",
           .shape = step_shape},
          {.name = "edits",
           .kind = Kind::Array,
           .what = "That mend it, all of them together; absent when only a person can.",
           .shape = edit_shape},
          {.name = "fixed_code", .what = "The first line that they change, as it is then."},
          {.name = "suppressed", .what = "Why it does not count: the reason that a comment gives."},
          {.name = "test", .what = "That reproduces it, as `--reproduce` of the command wrote it."},
          {.name = "not_reproduced", .what = "Why that found none."}}};
  return shape;
}

const Shape& file_error_shape() {
  static const Shape shape{.name = "ScanError",
                           .what = "Why a file could not be scanned.",
                           .fields = {text_of("code"), text_of("message")}};
  return shape;
}

const Shape& noted_file_shape() {
  static const Shape shape{.name = "ScannedFile",
                           .what = "A file that there is something to say about.",
                           .fields = {text_of("file"),
                                      {.name = "notes",
                                       .kind = Kind::Array,
                                       .need = Need::Required,
                                       .what = "Limits that were met."},
                                      {.name = "broken_bytes",
                                       .kind = Kind::Integer,
                                       .what = "Of it, that could not be read as code."},
                                      {.name = "error",
                                       .kind = Kind::Object,
                                       .what = "Why it could not be scanned.",
                                       .shape = file_error_shape}}};
  return shape;
}

const Shape& counts_shape() {
  static const Shape shape{.name = "FindingCounts",
                           .what = "Findings that count, by severity.",
                           .fields = {number_of("critical"), number_of("high"), number_of("medium"),
                                      number_of("low"), number_of("info")}};
  return shape;
}

const Shape& summary_shape() {
  static const Shape shape{.name = "ScanSummary",
                           .what = "The scan in figures.",
                           .fields = {number_of("files", "That were looked at."),
                                      number_of("bytes"),
                                      number_of("lines"),
                                      {.name = "coverage",
                                       .kind = Kind::Number,
                                       .need = Need::Required,
                                       .what = "Share of the bytes that could be read as code.",
                                       .max = 1},
                                      {.name = "findings",
                                       .kind = Kind::Object,
                                       .need = Need::Required,
                                       .shape = counts_shape}}};
  return shape;
}

const Shape& tool_shape() {
  static const Shape shape{
      .name = "Tool", .what = "What scanned.", .fields = {text_of("name"), text_of("version")}};
  return shape;
}

const Shape& rules_shape() {
  static const Shape shape{.name = "RulesInForce",
                           .what = "The rules that ran.",
                           .fields = {number_of("count"), text_of("version")}};
  return shape;
}

}  // namespace

const Shape& scan_report_shape() {
  static const Shape shape{
      .name = "ScanReport",
      .what = "What a scan found, as `testgen scan --format json` prints it.",
      .fields = {
          number_of("schema", "Of this document: 1."),
          {.name = "tool", .kind = Kind::Object, .need = Need::Required, .shape = tool_shape},
          {.name = "rules", .kind = Kind::Object, .need = Need::Required, .shape = rules_shape},
          {.name = "summary", .kind = Kind::Object, .need = Need::Required, .shape = summary_shape},
          {.name = "interrupted",
           .kind = Kind::Boolean,
           .need = Need::Required,
           .what = "Whether time was up before every file was looked at."},
          {.name = "findings", .kind = Kind::Array, .need = Need::Required, .shape = finding_shape},
          {.name = "files",
           .kind = Kind::Array,
           .need = Need::Required,
           .what = "Those that there is something to say about.",
           .shape = noted_file_shape}}};
  return shape;
}

}  // namespace testgen::service
