#include "scan/texts/text_index.h"

#include "scan/rules/loader.h"
#include "scan_fixture.h"

namespace testgen::scan {
namespace {

constexpr std::string_view kRule = R"RULE(id: x/text
languages: [python]
title: T
message: M
severity: high
cwe: 1
find:
  - text: "^#!.*(sh|bash)$"
    severity: low
)RULE";

std::vector<Finding> find(std::string_view text,
                          std::optional<Language> language = Language::Python) {
  RuleFiles files;
  const auto loaded = load_rule_file("r.yaml", kRule, Examples::Skip, files);
  EXPECT_TRUE(loaded) << base::describe(loaded.error());
  std::vector<Finding> out;
  TextIndex(files.rules, false).find(text, language, LineTable(text), out);
  return out;
}

TEST(TextIndex, FindsAnExpressionInALine) {
  const auto found = find("x\n#!/bin/bash\n #!/bin/sh\n#!/bin/sh -x\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].place, (Place{2, 1, 2, 12}));
  EXPECT_EQ(found[0].severity, Severity::Low);
  EXPECT_EQ(found[0].code, "#!/bin/bash");
}

TEST(TextIndex, KeepsToTheRulesLanguages) {
  EXPECT_TRUE(find("#!/bin/sh", Language::Go).empty());
  EXPECT_TRUE(find("#!/bin/sh", std::nullopt).empty());
}

TEST(TextIndex, FindsWhatTurnsTextAround) {
  EXPECT_TRUE(finds("generic/bidirectional-text", "a.py", "x = 1  # \u202e }\n"));
  EXPECT_TRUE(finds("generic/bidirectional-text", "a.rs", "// \u2067\n"));
  EXPECT_FALSE(finds("generic/bidirectional-text", "a.py", "x = '\u05e9'  # \u2013\n"));
}

}  // namespace
}  // namespace testgen::scan
