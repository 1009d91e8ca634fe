// testgen rules list | show ID | test [FOLDER]: the security rules as a user sees them.
#include <fmt/format.h>

#include <algorithm>

#include "app/commands/commands.h"
#include "app/exit_codes.h"
#include "app/run.h"
#include "scan/scan.h"

namespace testgen::app {
namespace {

using base::Error;
using base::ErrorCode;

base::Result<scan::RuleFiles> load(const config::Settings& settings) {
  scan::RuleFiles files;
  TG_TRY(scan::load_built_in(scan::Examples::Read, files));
  if (!settings.rules.empty()) {
    TG_TRY(scan::load_rule_folder(settings.rules, scan::Examples::Read, files));
  }
  return files;
}

std::string list_text(const std::vector<scan::Rule>& rules) {
  std::string out;
  for (const scan::Rule& rule : rules) {
    out += fmt::format("{:<44} {:<8} CWE-{:<5} {}{}\n", rule.id, to_string(rule.severity), rule.cwe,
                       rule.title, rule.audit ? " (audit)" : "");
  }
  return out;
}

std::string show_text(const scan::Rule& rule) {
  std::string out = fmt::format("{}\n\n{}\n\n{}\n\nSeverity: {}\nCWE: {}\n", rule.id, rule.title,
                                rule.message, to_string(rule.severity), rule.cwe);
  if (!rule.owasp.empty()) out += fmt::format("OWASP: {}\n", rule.owasp);
  out += fmt::format("File: {}\n", rule.file);
  if (!rule.fix.empty()) out += fmt::format("\nFix: {}\n", rule.fix);
  for (const auto& [heading, examples] :
       {std::pair{"Found", &rule.bad}, std::pair{"Not found", &rule.ok}}) {
    for (const scan::Example& example : *examples) {
      out += fmt::format("\n{}:\n\n", heading);
      std::size_t begin = 0;
      while (begin < example.code.size()) {
        const std::size_t end = std::min(example.code.find('\n', begin), example.code.size());
        out += "    " + example.code.substr(begin, end - begin) + "\n";
        begin = end + 1;
      }
    }
  }
  return out;
}

std::string example_name(const scan::Rule& rule) {
  if (rule.languages.empty()) return "example.txt";
  switch (rule.languages.front()) {
    case scan::Language::Python:
      return "example.py";
    case scan::Language::JavaScript:
      return "example.js";
    case scan::Language::TypeScript:
      return "example.ts";
    case scan::Language::Tsx:
      return "example.tsx";
    case scan::Language::Java:
      return "example.java";
    case scan::Language::Go:
      return "example.go";
    case scan::Language::CSharp:
      return "example.cs";
    case scan::Language::Rust:
      return "example.rs";
    case scan::Language::C:
      return "example.c";
    case scan::Language::Cpp:
      return "example.cpp";
  }
  return "example.txt";
}

// Each example is scanned with all rules; the rule must find what is bad and nothing that is not.
int test(const config::Settings& settings, const std::string& only) {
  const auto files = load(settings);
  if (!files) return report_error(files.error());
  const auto rules = scan::Rules::load({.folder = settings.rules, .audit = true});
  if (!rules) return report_error(rules.error());
  std::string out;
  std::size_t examples = 0;
  std::size_t tested = 0;
  std::size_t failed = 0;
  for (const scan::Rule& rule : files->rules) {
    if (!rule.id.starts_with(only)) continue;
    ++tested;
    for (const bool bad : {true, false}) {
      for (const scan::Example& example : bad ? rule.bad : rule.ok) {
        ++examples;
        const scan::FileReport report =
            scan::scan_file(**rules, example_name(rule), example.code, {});
        const bool found =
            std::any_of(report.findings.begin(), report.findings.end(),
                        [&](const scan::Finding& one) { return one.rule == rule.id; });
        if (found == bad) continue;
        ++failed;
        out += fmt::format("{}:{}: {} {}\n", rule.file, example.line, rule.id,
                           bad ? "does not find this bad example" : "finds this ok example");
      }
    }
  }
  if (tested == 0) {
    return report_error(Error{ErrorCode::InvalidArgument, "there is no rule \"" + only + "\"",
                              "`testgen rules list` shows them"});
  }
  out += fmt::format("{} rules, {} examples, {} failed\n", tested, examples, failed);
  const int printed = print(out);
  return failed > 0 ? static_cast<int>(kIncomplete) : printed;
}

}  // namespace

int rules(const RulesCommand& action) {
  if (action.what == "test") return test(action.settings, action.id);
  const auto files = load(action.settings);
  if (!files) return report_error(files.error());
  if (action.what == "list") return print(list_text(files->rules));
  for (const scan::Rule& rule : files->rules) {
    if (rule.id == action.id) return print(show_text(rule));
  }
  return report_error(Error{ErrorCode::InvalidArgument, "there is no rule \"" + action.id + "\"",
                            "`testgen rules list` shows them"});
}

}  // namespace testgen::app
