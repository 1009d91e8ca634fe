#include "config/settings_table.h"

#include <gtest/gtest.h>

#include <set>

#include "config/resolve.h"
#include "config/settings_docs.h"

namespace testgen::config {
namespace {

TEST(SettingsTable, NamesLettersAndVariablesAreUnique) {
  std::set<std::string_view> names;
  std::set<std::string_view> variables;
  std::set<std::pair<unsigned, char>> letters;
  for (const Setting& setting : settings_table()) {
    EXPECT_TRUE(names.insert(setting.name).second) << setting.name;
    if (!setting.environment.empty()) {
      EXPECT_TRUE(variables.insert(setting.environment).second) << setting.environment;
    }
    for (const unsigned command : {kGenerate, kServe, kDoctor, kConfig, kKeys}) {
      if (setting.letter == 0 || (setting.commands & command) == 0) continue;
      EXPECT_TRUE(letters.insert({command, setting.letter}).second) << setting.letter;
    }
  }
}

TEST(SettingsTable, EveryRowCanBeGivenSomehowAndIsExplained) {
  for (const Setting& setting : settings_table()) {
    EXPECT_TRUE(setting.commands != 0 || !setting.environment.empty()) << setting.name;
    EXPECT_FALSE(setting.help.empty()) << setting.name;
    EXPECT_NE(setting.help.back(), '.') << setting.name;
    // A switch takes no value on the command line; everything else shows what to write.
    EXPECT_EQ(setting.placeholder.empty(), setting.kind == Kind::Switch || setting.commands == 0)
        << setting.name;
  }
}

TEST(SettingsTable, EveryDefaultIsAllowedByItsOwnRow) {
  const auto resolved = resolve({});
  ASSERT_TRUE(resolved) << describe(resolved.error());
}

TEST(SettingsTable, NothingThatLeavesTheSandboxCanComeFromAFoundFile) {
  for (const char* name : {"python", "unsafe-no-sandbox", "api-token", "otlp-endpoint"}) {
    ASSERT_NE(find_setting(name), nullptr) << name;
    EXPECT_NE(find_setting(name)->in_file, InFile::Any) << name;
  }
}

TEST(SettingsDocs, HelpListsTheCommandsFlagsWithinTheWidth) {
  const std::string help = option_help(kGenerate, 80);
  EXPECT_NE(help.find("-b, --budget TIME"), std::string::npos);
  EXPECT_LT(help.find("How long and how much:\n"), help.find("--budget"));
  EXPECT_NE(help.find("[10s]"), std::string::npos);
  EXPECT_EQ(help.find("--listen"), std::string::npos);
  std::size_t start = 0;
  while (start < help.size()) {
    const std::size_t end = help.find('\n', start);
    EXPECT_LE(end - start, 80U) << help.substr(start, end - start);
    start = end + 1;
  }
}

TEST(SettingsDocs, ThePageHasARowForEachSetting) {
  const std::string page = settings_page();
  for (const Setting& setting : settings_table()) {
    EXPECT_NE(page.find(setting.help), std::string::npos) << setting.name;
  }
}

}  // namespace
}  // namespace testgen::config
