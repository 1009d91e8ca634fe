#include "engine/explorer/table_tests.h"

#include "harness_fixture.h"

namespace testgen::engine {
namespace {

constexpr const char* kModule =
    "__all__ = ['f', 'g']\n"
    "KINDS = {'a': 1, 'b': 2, 'c': 3}\n"
    "names = ['x', 'y', 'z', 'w']\n"
    "names.append('late')\n"
    "def f():\n    return 1\n";

TEST_F(HarnessTest, PublicTablesAreHeldByATestEach) {
  auto harness = start(kModule);
  ASSERT_TRUE(harness) << describe(harness.error());
  const auto tests = table_tests(module_, "target", {}, {harness->get()});
  ASSERT_TRUE(tests) << describe(tests.error());
  ASSERT_EQ(tests->size(), 3U);
  EXPECT_EQ((*tests)[0].name, "test_names_holds_5_entries") << "what it holds after the import";
  EXPECT_EQ((*tests)[0].function, "names");
  EXPECT_EQ((*tests)[1].name, "test_kinds_holds_3_entries");
  EXPECT_EQ((*tests)[1].statements, std::vector<std::string>{"result = target.KINDS"});
  ASSERT_EQ((*tests)[1].assertions.size(), 1U);
  EXPECT_EQ((*tests)[1].assertions[0].literal, "{\"a\": 1, \"b\": 2, \"c\": 3}");
  EXPECT_EQ((*tests)[2].name, "test_all_lists_2_names");
}

TEST_F(HarnessTest, TablesAreLeftOutWhenOtherSymbolsAreAskedFor) {
  auto harness = start(kModule);
  ASSERT_TRUE(harness) << describe(harness.error());
  EXPECT_TRUE(table_tests(module_, "target", {"f"}, {harness->get()})->empty());
  EXPECT_EQ(table_tests(module_, "target", {"KINDS"}, {harness->get()})->size(), 1U);
}

TEST_F(HarnessTest, ALongTableIsToldWhole) {
  std::string text = "WORDS = [";
  for (int i = 0; i < 60; ++i) text += "'word" + std::to_string(i) + "', ";
  auto harness = start(text + "]\ndef f():\n    return 1\n");
  ASSERT_TRUE(harness) << describe(harness.error());
  const auto tests = table_tests(module_, "target", {}, {harness->get()});
  ASSERT_EQ(tests->size(), 1U);
  EXPECT_TRUE((*tests)[0].assertions[0].literal.ends_with("\"word59\"]"));
}

}  // namespace
}  // namespace testgen::engine
