// testgen rules list | show ID | test [FOLDER]: the security rules as a user sees them.
#include <fmt/format.h>

#include <algorithm>

#include "app/commands/commands.h"
#include "app/exit_codes.h"
#include "app/run.h"
#include "scan/rules/examples.h"

namespace testgen::app {
namespace {

using base::Error;
using base::ErrorCode;

base::Result<scan::RuleFiles> load(const config::Settings& settings) {
  scan::RuleFiles files;
  TG_TRY(scan::read_built_in(files));
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

std::string indented(std::string_view heading, const std::string& code) {
  std::string out = fmt::format("\n{}:\n\n", heading);
  for (std::size_t begin = 0; begin < code.size();) {
    const std::size_t end = std::min(code.find('\n', begin), code.size());
    out += "    " + code.substr(begin, end - begin) + "\n";
    begin = end + 1;
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
    for (const scan::Example& example : *examples) out += indented(heading, example.code);
  }
  for (const scan::FixedExample& example : rule.fixed) {
    out += indented("Found", example.before.code) + indented("With --fix", example.after);
  }
  return out;
}

// Each example is scanned with all rules; the rule must find what is bad and nothing that is not,
// and mend what it says it mends.
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
    examples += rule.bad.size() + rule.ok.size() + rule.fixed.size();
    for (const scan::FailedExample& one : scan::failed_examples(**rules, rule)) {
      ++failed;
      out += fmt::format("{}:{}: {} {}\n", rule.file, one.example->line, rule.id,
                         scan::to_string(one.why));
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
  if (action.what == "new") return rules_new(action);
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
