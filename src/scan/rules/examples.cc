#include "scan/rules/examples.h"

#include <algorithm>
#include <array>

namespace testgen::scan {
namespace {

constexpr std::array<std::string_view, kLanguages> kNames{
    "example.py", "example.js", "example.ts", "example.tsx", "example.java",
    "example.go", "example.cs", "example.rs", "example.c",   "example.cc"};

bool finds_as(const Rules& rules, const Rule& rule, const Example& example, std::string_view name) {
  const FileReport report = scan_file(rules, name, example.code);
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [&](const Finding& one) { return one.rule == rule.id; });
}

bool finds(const Rules& rules, const Rule& rule, const Example& example) {
  if (rule.languages.empty()) return finds_as(rules, rule, example, "example.txt");
  return std::any_of(rule.languages.begin(), rule.languages.end(), [&](Language language) {
    return finds_as(rules, rule, example, kNames[static_cast<std::size_t>(language)]);
  });
}

}  // namespace

std::vector<FailedExample> failed_examples(const Rules& rules, const Rule& rule) {
  std::vector<FailedExample> out;
  for (const bool bad : {true, false}) {
    for (const Example& example : bad ? rule.bad : rule.ok) {
      if (finds(rules, rule, example) != bad) out.push_back({&rule, &example, bad});
    }
  }
  return out;
}

}  // namespace testgen::scan
