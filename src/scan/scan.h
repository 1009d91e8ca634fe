// The scanner as one function: source files in, findings out. Thread-safe; nothing of the code is
// run. Files are independent of each other, so that results can be kept by content.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "scan/finding.h"
#include "scan/fix/apply.h"
#include "scan/rules/loader.h"

namespace testgen::scan {

struct ScanLimits {
  std::uint64_t max_bytes = std::uint64_t{5} << 20U;  // of one file
  std::uint64_t max_line = 20'000;  // longer lines on average: generated or packed
  std::size_t max_findings = 500;   // of one file
};

// Rules ready to run, shared by all scans. Immutable.
class Rules {
 public:
  struct Options {
    std::string folder;             // more rules; empty: those built in
    bool audit = false;             // also rules that point at what a person must judge
    std::vector<std::string> only;  // ids or their beginnings; empty: all
  };
  // InvalidInput names the file and line that is wrong.
  [[nodiscard]] static base::Result<std::shared_ptr<const Rules>> load(const Options& options);
  ~Rules();
  Rules(const Rules&) = delete;
  Rules& operator=(const Rules&) = delete;

  [[nodiscard]] const std::string& version() const;
  [[nodiscard]] const std::vector<Rule>& all() const;
  struct Impl;
  [[nodiscard]] const Impl& impl() const { return *impl_; }

 private:
  Rules();
  std::unique_ptr<Impl> impl_;
};

// A file as it was read; the name decides the language.
struct ScanFile {
  std::string name;
  std::string text;
};

struct ScanOptions {
  ScanLimits limits;
  bool prefilter = true;  // false: parse even what no rule can find anything in
};

// One file. Never fails: what is wrong with it is in its report.
[[nodiscard]] FileReport scan_file(const Rules& rules, std::string_view name, std::string_view text,
                                   const ScanOptions& options = {});

// The text with the edits of the findings `wanted` (by index); `report` is that of the text.
[[nodiscard]] FixedText fix_file(const Rules& rules, std::string_view text,
                                 const FileReport& report, const std::vector<std::size_t>& wanted,
                                 const ScanOptions& options = {});

// Several at once, on the caller's thread.
[[nodiscard]] Report scan(const Rules& rules, const std::vector<ScanFile>& files,
                          const ScanOptions& options = {}, std::stop_token stop = {});

}  // namespace testgen::scan
