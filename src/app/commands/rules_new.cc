// testgen rules new ID: a rule to fill in. Its examples fail until they are written.
#include <fmt/format.h>

#include <filesystem>

#include "app/commands/commands.h"
#include "app/run.h"
#include "base/file_system.h"
#include "scan/syntax/grammar.h"

namespace testgen::app {
namespace {

using base::Error;
using base::ErrorCode;
namespace fs = std::filesystem;

bool is_word(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

std::string scaffold(const std::string& id, std::string_view language) {
  std::string out = fmt::format(
      "id: {}\n"
      "languages: [{}]\n"
      "title: What is wrong, in a few words\n"
      "message: >-\n"
      "  What an attacker gains by it.\n"
      "severity: medium\n"
      "confidence: medium\n"
      "cwe: 0\n"
      "owasp: A03:2021\n"
      "fix: >-\n"
      "  What to write instead.\n"
      "find:\n"
      "  - call: [package.function]\n"
      "    when: {{0: {{constant: false}}}}\n"
      "examples:\n",
      id, language);
  for (const char* const kind : {"bad", "ok"}) {
    out += fmt::format("  {}:\n", kind);
    for (int i = 1; i <= 3; ++i) {
      out += fmt::format("    - |\n      {} example {}\n", kind, i);
    }
  }
  return out;
}

}  // namespace

int rules_new(const RulesCommand& action) {
  const std::string& id = action.id;
  const std::size_t slash = id.find('/');
  if (slash == std::string::npos || !is_word(id.substr(0, slash)) ||
      !is_word(id.substr(slash + 1))) {
    return report_error(Error{ErrorCode::InvalidArgument, "\"" + id + "\" is not the id of a rule",
                              "such as ours/raw-query: two words in small letters"});
  }
  if (action.settings.rules.empty()) {
    return report_error(Error{ErrorCode::InvalidArgument, "rules new needs a folder for the rule",
                              "write `testgen rules new " + id + " --rules DIR`"});
  }
  std::string_view language = "python";
  for (std::size_t i = 0; i < scan::kLanguages; ++i) {
    const std::string_view known = scan::to_string(static_cast<scan::Language>(i));
    if (id.substr(0, slash) == known) language = known;
  }
  const fs::path file = fs::path(action.settings.rules) / (id.substr(slash + 1) + ".yaml");
  std::error_code failure;
  if (fs::exists(file, failure)) {
    return report_error(Error{ErrorCode::InvalidArgument, file.string() + " is there already",
                              "choose another name"});
  }
  if (auto written = base::write_file_atomic(file, scaffold(id, language)); !written) {
    return report_error(written.error());
  }
  return print(
      fmt::format("{}\n`testgen rules test {} --rules {}` fails until its examples are "
                  "written\n",
                  file.string(), id, action.settings.rules));
}

}  // namespace testgen::app
