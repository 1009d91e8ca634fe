// `when`, `unless` and `imports` count for whatever is looked for.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/file_system.h"
#include "scan/scan.h"

namespace testgen::scan {
namespace {

std::size_t found_by(const std::string& find, std::string_view code,
                     const std::string& language = "javascript") {
  auto made = base::TempDir::create("conditions");
  EXPECT_TRUE(made);
  const std::string rule = "id: ours/x\nlanguages: [" + language +
                           "]\ntitle: T\nmessage: M.\nseverity: high\ncwe: 1\nfind:\n" + find;
  EXPECT_TRUE(base::write_file_atomic(made->path() / "x.yaml", rule));
  const auto rules =
      Rules::load({.folder = made->path().string(), .audit = false, .only = {"ours/"}});
  EXPECT_TRUE(rules) << base::describe(rules.error());
  return scan_file(**rules, language == "python" ? "a.py" : "a.js", code).findings.size();
}

TEST(Conditions, HaveExceptionsForKeys) {
  const std::string find =
      "  - key: [mode]\n    when: {value: {matches: \".\"}}\n    unless: {value: {in: [safe]}}\n";
  EXPECT_EQ(found_by(find, "f({ mode: 'fast' });\n"), 1U);
  EXPECT_EQ(found_by(find, "f({ mode: 'safe' });\n"), 0U);
}

TEST(Conditions, HaveExceptionsForAssignmentsByKey) {
  const std::string find =
      "  - assign: [\"/^mode$/\"]\n    unless: {value: {in: [safe]}}\n    imports: [os]\n";
  EXPECT_EQ(found_by(find, "const os = require('os');\nx['mode'] = 'fast';\n"), 1U);
  EXPECT_EQ(found_by(find, "const os = require('os');\nx['mode'] = 'safe';\n"), 0U);
  EXPECT_EQ(found_by(find, "x['mode'] = 'fast';\n"), 0U);
}

TEST(Conditions, HaveExceptionsForComparisons) {
  const std::string find = "  - compare: [a.b]\n    unless: {any: {in: [safe]}}\n";
  EXPECT_EQ(found_by(find, "import a\nif a.b == 'fast': pass\n", "python"), 1U);
  EXPECT_EQ(found_by(find, "import a\nif a.b == 'safe': pass\n", "python"), 0U);
}

TEST(Conditions, TellWhichItemIsAssignedTo) {
  const std::string find =
      "  - assign: [\"process.env[]\"]\n    when: {value: {in: [\"0\"]}, 1: {equals: A}}\n";
  EXPECT_EQ(found_by(find, "process.env['A'] = '0';\n"), 1U);
  EXPECT_EQ(found_by(find, "process.env['B'] = '0';\nprocess.env['A'] = '1';\n"), 0U);
}

TEST(Conditions, KnowFunctionsThatReturnNothing) {
  const std::string find = "  - key: [check]\n    when: {value: {returns: \"null\"}}\n";
  for (const std::string_view nothing :
       {"() => {}", "() => undefined", "() => null", "() => { return; }",
        "function (a, b) { return undefined; }"}) {
    EXPECT_EQ(found_by(find, "f({ check: " + std::string(nothing) + " });\n"), 1U) << nothing;
  }
  for (const std::string_view something :
       {"() => true", "(a) => { if (!a) return new Error('a'); }", "(a) => other(a)", "null"}) {
    EXPECT_EQ(found_by(find, "f({ check: " + std::string(something) + " });\n"), 0U) << something;
  }
}

}  // namespace
}  // namespace testgen::scan
