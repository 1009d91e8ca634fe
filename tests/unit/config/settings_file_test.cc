#include "config/settings_file.h"

#include <gtest/gtest.h>

#include "base/file_system.h"

namespace testgen::config {
namespace {

TEST(SettingsFile, KeepsNamesTextsAndLines) {
  const auto entries = parse_settings("# ours\nbudget: 1m30s\n\nlog-level: 'debug'\n", "f.yaml");
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 2U);
  EXPECT_EQ((*entries)[0].name, "budget");
  EXPECT_EQ((*entries)[0].text, "1m30s");
  EXPECT_EQ((*entries)[0].line, 2);
  EXPECT_EQ((*entries)[1].text, "debug");
  EXPECT_EQ((*entries)[1].line, 4);
}

TEST(SettingsFile, AnEmptyFileSetsNothing) {
  EXPECT_TRUE(parse_settings("", "f.yaml")->empty());
  EXPECT_TRUE(parse_settings("# nothing yet\n", "f.yaml")->empty());
}

TEST(SettingsFile, SaysWhereItIsWrong) {
  const struct {
    const char* text;
    const char* message;
  } cases[] = {
      {"budget: 10s\nseed: [1, {}]\n", "f.yaml:2: the values of seed must be plain text"},
      {"- budget\n", "f.yaml:1: the file is not a list of settings"},
      {"budget: 1s\nbudget: 2s\n", "f.yaml:2: budget is set twice"},
      {"seed: 1\nbudget: ]\n", "f.yaml:2: this is not valid YAML"},
      {"generate:\n  budget: 1s\n", "f.yaml:1: the value of generate must be a single value"},
  };
  for (const auto& [text, message] : cases) {
    const auto entries = parse_settings(text, "f.yaml");
    std::optional<base::Error> error;
    if (!entries) {
      error = entries.error();
    } else {
      for (const FileEntry& entry : *entries) {
        if (entry.fault) error = entry.fault;
      }
    }
    ASSERT_TRUE(error) << text;
    EXPECT_EQ(error->code, base::ErrorCode::InvalidArgument);
    EXPECT_EQ(error->message.rfind(message, 0), 0U) << error->message;
  }
}

TEST(SettingsFile, ListsKeepTheirItems) {
  const auto entries = parse_settings("exclude:\n  - a\n  - 'b c'\nx: []\n", "f.yaml");
  ASSERT_TRUE(entries);
  EXPECT_TRUE((*entries)[0].is_list);
  EXPECT_EQ((*entries)[0].items, (std::vector<std::string>{"a", "b c"}));
  EXPECT_EQ((*entries)[0].line, 1);
  EXPECT_TRUE((*entries)[1].is_list && (*entries)[1].items.empty());
}

TEST(SettingsFile, TheProjectsFileIsTheNearestAboveWithinItsRepository) {
  const auto folder = *base::TempDir::create("settings-file-test");
  const auto write = [&](const char* name) {
    ASSERT_TRUE(base::write_file_atomic(folder.path() / name, ""));
  };
  write(".testgen.yaml");
  write("shop/pkg/cart.py");
  write("other/.git/HEAD");
  write("other/a.py");
  EXPECT_EQ(find_project_file("", folder.path()), ".testgen.yaml");
  EXPECT_EQ(find_project_file("shop/pkg/cart.py", folder.path()), ".testgen.yaml");
  EXPECT_EQ(find_project_file("not/there.py", folder.path()), ".testgen.yaml");
  EXPECT_EQ(find_project_file("cart.py", folder.path() / "shop/pkg"), "../../.testgen.yaml");
  EXPECT_EQ(find_project_file("other/a.py", folder.path()), "");
  write("shop/.testgen.yaml");
  EXPECT_EQ(find_project_file(folder.path() / "shop/pkg/cart.py", folder.path()),
            "shop/.testgen.yaml");
}

TEST(SettingsFile, ReadsFromDiskWithinItsLimit) {
  const auto folder = *base::TempDir::create("settings-file-test");
  const auto path = folder.path() / "s.yaml";
  EXPECT_FALSE(read_settings(path));
  ASSERT_TRUE(base::write_file_atomic(path, "seed: 7\n"));
  ASSERT_TRUE(read_settings(path));
  ASSERT_TRUE(base::write_file_atomic(path, "# " + std::string(100'000, 'x') + "\n"));
  EXPECT_FALSE(read_settings(path));
}

}  // namespace
}  // namespace testgen::config
