#include "scan/rules/examples.h"

#include <algorithm>
#include <array>

namespace testgen::scan {
namespace {

using Why = FailedExample::Why;

constexpr std::array<std::string_view, kLanguages> kNames{
    "example.py", "example.js", "example.ts", "example.tsx", "example.java",
    "example.go", "example.cs", "example.rs", "example.c",   "example.cc"};

// The names of files that the rule is about.
std::vector<std::string_view> names_for(const Rule& rule) {
  if (rule.languages.empty()) return {"example.txt"};
  std::vector<std::string_view> out;
  for (const Language language : rule.languages) {
    out.push_back(kNames[static_cast<std::size_t>(language)]);
  }
  return out;
}

bool finds(const Rules& rules, const Rule& rule, std::string_view code) {
  const auto names = names_for(rule);
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    const FileReport report = scan_file(rules, name, code);
    return std::any_of(report.findings.begin(), report.findings.end(),
                       [&](const Finding& one) { return one.rule == rule.id; });
  });
}

bool fixes(const Rules& rules, const Rule& rule, const FixedExample& example) {
  const auto names = names_for(rule);
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    const FileReport report = scan_file(rules, name, example.before.code);
    std::vector<std::size_t> wanted;
    for (std::size_t i = 0; i < report.findings.size(); ++i) {
      const Finding& finding = report.findings[i];
      if (finding.rule == rule.id && !finding.edits.empty()) wanted.push_back(i);
    }
    return fix_file(rules, example.before.code, report, wanted).text == example.after;
  });
}

}  // namespace

std::string_view to_string(Why why) {
  switch (why) {
    case Why::NotFound:
      return "does not find this bad example";
    case Why::Found:
      return "finds this ok example";
    case Why::NotFixed:
      return "does not make of this example what it says";
  }
  return "";
}

std::vector<FailedExample> failed_examples(const Rules& rules, const Rule& rule) {
  std::vector<FailedExample> out;
  for (const Example& example : rule.bad) {
    if (!finds(rules, rule, example.code)) out.push_back({Why::NotFound, &rule, &example});
  }
  for (const Example& example : rule.ok) {
    if (finds(rules, rule, example.code)) out.push_back({Why::Found, &rule, &example});
  }
  for (const FixedExample& example : rule.fixed) {
    if (!finds(rules, rule, example.before.code)) {
      out.push_back({Why::NotFound, &rule, &example.before});
    } else if (!fixes(rules, rule, example)) {
      out.push_back({Why::NotFixed, &rule, &example.before});
    } else if (finds(rules, rule, example.after)) {
      out.push_back({Why::Found, &rule, &example.before});
    }
  }
  return out;
}

}  // namespace testgen::scan
