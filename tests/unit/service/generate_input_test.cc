#include "service/api/generate_input.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "service/api/json_reader.h"

namespace testgen::service {
namespace {

constexpr const char* kSmall =
    R"({"language":"python","files":[{"path":"calc.py","content":"x = 1\n"}]})";

GenerateInput valid(std::string_view body) {
  auto parsed = parse_generate(body);
  const auto* problem = std::get_if<Problem>(&parsed);
  EXPECT_EQ(problem, nullptr) << problem_json(problem != nullptr ? *problem : Problem{}, "", "");
  return problem != nullptr ? GenerateInput{} : std::get<GenerateInput>(parsed);
}

// "pointer: detail" of every fault; "status: detail" when it is not about fields.
std::vector<std::string> faults(std::string_view body) {
  const auto parsed = parse_generate(body);
  const auto* problem = std::get_if<Problem>(&parsed);
  if (problem == nullptr) return {};
  if (problem->errors.empty()) return {std::to_string(problem->status) + ": " + problem->detail};
  std::vector<std::string> list;
  for (const FieldError& error : problem->errors) {
    list.push_back(error.pointer + ": " + error.detail);
  }
  return list;
}

std::string first_fault(std::string_view body) {
  const auto list = faults(body);
  return list.empty() ? "" : list.front();
}

std::string with_path(const std::string& path) {
  return nlohmann::json{{"language", "python"}, {"files", {{{"path", path}, {"content", ""}}}}}
      .dump();
}

TEST(GenerateInputTest, FillsInTheDefaults) {
  const GenerateInput input = valid(kSmall);
  EXPECT_EQ(input.files.size(), 1U);
  EXPECT_EQ(input.files[0].path, "calc.py");
  EXPECT_EQ(input.budget_seconds, kDefaultBudgetSeconds);
  EXPECT_EQ(input.seed, 0U);
  EXPECT_EQ(input.wait, std::chrono::seconds(30));
}

TEST(GenerateInputTest, ReadsEveryOption) {
  const GenerateInput input = valid(
      R"({"language":"python","files":[{"path":"a/b.py","content":""},{"path":"a/c.txt","content":""}],
          "options":{"budget_seconds":2.5,"seed":18446744073709551615},"wait_seconds":0.25})");
  EXPECT_EQ(input.budget_seconds, 2.5);
  EXPECT_EQ(input.seed, UINT64_MAX);
  EXPECT_EQ(input.wait, std::chrono::milliseconds(250));
}

TEST(GenerateInputTest, TheSameQuestionHasTheSameTextWithoutTheWait) {
  const std::string text = valid(kSmall).canonical_json();
  EXPECT_EQ(text, valid(R"({"wait_seconds":1,"files":[{"content":"x = 1\n","path":"calc.py"}],
                            "options":{"seed":0,"budget_seconds":10},"language":"python"})")
                      .canonical_json());
  EXPECT_NE(text, valid(R"({"language":"python","files":[{"path":"calc.py","content":"x = 1\n"}],
                            "options":{"seed":1}})")
                      .canonical_json());
  const auto again = generate_input_of_job(text);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->canonical_json(), text);
}

TEST(GenerateInputTest, ReportsEveryFaultWithItsPlace) {
  const auto list = faults(
      R"({"language":7,"files":[{"path":"../x.py"},3],"options":{"budget_seconds":0,"sede":1},
          "wait_seconds":"long","extra~/":1})");
  const std::vector<std::string> expected{
      "/language: must be a string",
      "/files/0/path: must not have the part '..'",
      "/files/0/content: is missing",
      "/files/1: must be an object",
      "/options/budget_seconds: must be a number from 1.0 to 60.0",
      "/options/sede: is not known here; did you mean 'seed'?",
      "/wait_seconds: must be a number from 0.0 to 60.0",
      "/extra~0~1: is not known here"};
  EXPECT_EQ(list, expected);
}

TEST(GenerateInputTest, RefusesWhatIsNotAGenerateRequest) {
  EXPECT_EQ(first_fault("[]"), ": must be an object");
  EXPECT_EQ(first_fault("{}"), "/language: is missing");
  EXPECT_EQ(first_fault(R"({"language":"cobol","files":[]})"), "/language: must be \"python\"");
  EXPECT_EQ(first_fault(R"({"language":"python","files":[]})"),
            "/files: must hold 1 to 200 entries");
  EXPECT_EQ(first_fault(R"({"language":"python","files":[{"path":"a.txt","content":""}]})"),
            "/files: must hold at least one .py file to test");
  EXPECT_EQ(first_fault(R"({"language":"python","files":[{"path":"a.py","content":"\u0000"}]})"),
            "/files/0/content: must be text: it holds a zero byte");
  std::string many = R"({"language":"python","files":[)";
  for (int i = 0; i < 201; ++i) many += R"({"path":"a.py","content":""},)";
  many.back() = ']';
  EXPECT_EQ(first_fault(many + "}"), "/files: must hold 1 to 200 entries");
}

TEST(GenerateInputTest, RefusesTwoFilesInOnePlace) {
  EXPECT_EQ(first_fault(R"({"language":"python","files":[{"path":"a.py","content":""},
                            {"path":"a.py","content":""}]})"),
            "/files/1/path: is the path of an earlier file too");
  EXPECT_EQ(first_fault(R"({"language":"python","files":[{"path":"a.py","content":""},
                            {"path":"a.py/b.py","content":""}]})"),
            "/files/0/path: is a folder of another file");
}

TEST(GenerateInputTest, RefusesPathsThatLeaveTheFolderOrLookLikeOptions) {
  for (const char* path : {"", "/etc/passwd", "..", "../a.py", "a/../../b.py", "./a.py", "a//b.py",
                           "a/", "a\\b.py", "C:a.py", "-rf.py", "a/-x.py", "a\nb.py", "a\x7f.py"}) {
    EXPECT_FALSE(faults(with_path(path)).empty()) << path;
  }
  EXPECT_FALSE(faults(with_path(std::string(300, 'a') + ".py")).empty());
  EXPECT_FALSE(faults(with_path(std::string("a/") + std::string(600, 'a') + ".py")).empty());
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += "d/";
  EXPECT_FALSE(faults(with_path(deep + "a.py")).empty());
  for (const char* path : {"a.py", "pkg/sub/a.py", "..a.py", "a..py", "ünïcode.py", "a b.py"}) {
    EXPECT_TRUE(faults(with_path(path)).empty()) << path;
  }
}

TEST(GenerateInputTest, RefusesBrokenAndHostileJson) {
  const auto is_400 = [](std::string_view body) {
    return first_fault(body).starts_with("400: the body is not JSON");
  };
  EXPECT_TRUE(is_400(""));
  EXPECT_TRUE(is_400("   "));
  EXPECT_TRUE(is_400("{\"language\":"));
  EXPECT_TRUE(is_400("{\"language\":\"py\xff\"}"));
  EXPECT_TRUE(is_400("{\"n\":1e999}"));
  EXPECT_TRUE(is_400("{} {}"));
  EXPECT_TRUE(is_400("{'language': 'python'}"));
  EXPECT_TRUE(is_400(std::string(100'000, '[')));
  EXPECT_TRUE(is_400(std::string(100'000, '[') + std::string(100'000, ']')));
  // Brackets inside strings are no depth.
  EXPECT_TRUE(parse_json("{\"a\":\"" + std::string(1000, '[') + "\\\"[\"}"));
}

}  // namespace
}  // namespace testgen::service
