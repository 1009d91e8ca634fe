// What a scan finds, and what it says of the scan itself. Plain data. Lines and columns count
// from 1; columns are code points.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace testgen::scan {

enum class Severity : std::uint8_t { Info, Low, Medium, High, Critical };
enum class Confidence : std::uint8_t { Low, Medium, High };

[[nodiscard]] std::string_view to_string(Severity severity);
[[nodiscard]] std::string_view to_string(Confidence confidence);
[[nodiscard]] std::optional<Severity> severity_from(std::string_view text);
[[nodiscard]] std::optional<Confidence> confidence_from(std::string_view text);

struct Place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;
  bool operator==(const Place&) const = default;
};

// One step of the way that input takes, first the source, last the sink.
struct FlowStep {
  Place place;
  std::string what;  // "comes from flask.request.args"
  std::string code;  // the line, trimmed
};

// A part of the file and what to write in its place.
struct Edit {
  Place place;
  std::string text;
  bool operator==(const Edit&) const = default;
};

struct Finding {
  std::string rule;
  std::string title;
  std::string message;
  Severity severity = Severity::Medium;
  Confidence confidence = Confidence::Medium;
  std::uint32_t cwe = 0;
  std::vector<std::uint32_t> related_cwes;
  std::string owasp;  // "A03:2021"
  std::string file;   // as it was named
  Place place;
  std::string code;    // the line, trimmed
  std::string symbol;  // the function or class it is in; empty at the top level
  std::vector<FlowStep> flow;
  std::string fix;          // what to do about it
  std::vector<Edit> edits;  // that do it; checked, in order; empty: a person must
  std::string fixed_code;   // the first line that they change, as it is then; trimmed
  std::string fingerprint;  // survives moved lines
  std::string suppressed;   // why it does not count; empty when it does
  std::string test;         // that reproduces it: "generated-tests/test_security_net.py::test_…"
  std::string not_reproduced;  // why there is none; both are empty when none was looked for

  // To tell somebody which finding is meant: its rule, without slashes, and its fingerprint.
  [[nodiscard]] std::string id() const;
};

struct FileReport {
  std::string file;
  std::string language;
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;
  std::uint64_t broken_bytes = 0;  // inside error nodes
  std::uint64_t faults = 0;        // error nodes, and tokens that are missing
  bool parsed = false;             // false: no rule is about anything in it
  bool cached = false;
  std::vector<Finding> findings;
  std::vector<std::string> notes;    // limits that were met
  std::optional<base::Error> error;  // it could not be scanned
  std::chrono::nanoseconds elapsed{0};
};

struct Report {
  std::vector<FileReport> files;
  std::string rules_version;  // of the rules that ran
  std::size_t rules = 0;
  bool interrupted = false;

  // Findings that count: neither suppressed nor in the baseline.
  [[nodiscard]] std::vector<const Finding*> open() const;
  // Open findings by severity, info first.
  [[nodiscard]] std::array<std::size_t, 5> by_severity() const;
  // Bytes outside error nodes over all bytes of files that could be read; 1 for none.
  [[nodiscard]] double coverage() const;
};

}  // namespace testgen::scan
