#include "app/keep_together.h"

#include <gtest/gtest.h>

#include "base/file_system.h"

namespace testgen::app {
namespace {

namespace fs = std::filesystem;

std::string suite(const std::string& module) {
  return "import " + module +
         "\n\n\n# testgen: unit f sha256=0123456789abcdef\ndef test_f_returns_1():\n    assert " +
         module + ".f() == 1\n\n\ndef test_f_returns_2():\n    assert " + module + ".f(2) == 2\n";
}

class KeepTogether : public testing::Test {
 protected:
  void write(const std::string& module) {
    emit::ModuleOutcome outcome;
    outcome.report.module_name = module;
    outcome.report.files = {{"test_" + module + ".py", suite(module)}};
    outcome.report.tests = {{"test_f_returns_1", "f"}, {"test_f_returns_2", "f"}};
    outcome.report.tests_kept = 2;
    outcome.report.functions_tested = 1;
    outcome.files.push_back(*writer_.write(outcome.report.files[0]));
    modules_.push_back(std::move(outcome));
  }

  // `answers` are what the runs say, one after the other.
  void keep(std::vector<pipeline::Together> answers) {
    keep_together(
        folder_.path(),
        [&](const auto& files) -> base::Result<pipeline::Together> {
          runs_.push_back(files);
          EXPECT_LE(runs_.size(), answers.size());
          return answers[runs_.size() - 1];
        },
        writer_, modules_);
  }

  [[nodiscard]] fs::path file(const char* module) const {
    return folder_.path() / ("test_" + std::string(module) + ".py");
  }

  base::TempDir folder_ = *base::TempDir::create("testgen-together");
  emit::Writer writer_{folder_.path(), "1.2.3"};
  std::vector<emit::ModuleOutcome> modules_;
  std::vector<std::vector<fs::path>> runs_;
};

TEST_F(KeepTogether, ATestThatFailsBesideOthersIsTakenOutOfFileAndReport) {
  write("a");
  write("b");
  keep({{.failed = {{file("b"), {"test_f_returns_2"}}}}, {}});
  ASSERT_EQ(runs_.size(), 2U);
  EXPECT_EQ(runs_[0], (std::vector<fs::path>{file("a"), file("b")}));
  const std::string text = *base::read_file(file("b"), 1U << 20U);
  EXPECT_EQ(emit::check_seal(text), emit::Seal::Intact);
  EXPECT_NE(text.find("test_f_returns_1"), std::string::npos);
  EXPECT_EQ(text.find("test_f_returns_2"), std::string::npos);
  const model::ModuleReport& report = modules_[1].report;
  EXPECT_EQ(report.tests_kept, 1U);
  EXPECT_EQ(report.functions_tested, 1U);
  ASSERT_EQ(report.tests.size(), 1U);
  EXPECT_EQ(report.tests[0].name, "test_f_returns_1");
  ASSERT_EQ(report.omissions.size(), 1U);
  EXPECT_EQ(report.omissions[0].subject, "test_f_returns_2");
  EXPECT_EQ(modules_[0].report.tests_kept, 2U);
}

TEST_F(KeepTogether, AFileWithoutTestsGoes) {
  write("a");
  write("b");
  modules_[1].report.functions_tested = 2;  // another function's tests are not in this file
  keep({{.failed = {{file("b"), {"test_f_returns_1", "test_f_returns_2"}}}}});
  EXPECT_FALSE(fs::exists(file("b")));
  EXPECT_TRUE(modules_[1].files.empty());
  EXPECT_TRUE(modules_[1].report.files.empty());
  EXPECT_EQ(modules_[1].report.tests_kept, 0U);
  EXPECT_EQ(modules_[1].report.functions_tested, 1U)
      << "a function counts once, whatever tests it had";
}

TEST_F(KeepTogether, FilesOfEarlierCommandsAreRunAndStayAsTheyAre) {
  const std::string sealed = emit::seal(suite("old"), "#", "1.2.3");
  ASSERT_TRUE(base::write_file_atomic(file("old"), sealed));
  ASSERT_TRUE(base::write_file_atomic(file("mine"), suite("mine")));
  write("a");
  keep({{.failed = {{file("old"), {"test_f_returns_1"}}}}});
  ASSERT_EQ(runs_.size(), 1U);
  EXPECT_EQ(runs_[0], (std::vector<fs::path>{file("a"), file("old")}));
  EXPECT_EQ(*base::read_file(file("old"), 1U << 20U), sealed);
}

TEST_F(KeepTogether, OneFileIsNotRunAgain) {
  write("a");
  keep({});
  EXPECT_TRUE(runs_.empty());
}

TEST_F(KeepTogether, WhatCannotBeFoundOutIsSaid) {
  write("a");
  write("b");
  keep({{.failed = {}, .problem = "the tests did not run to the end"}});
  ASSERT_EQ(modules_[0].report.omissions.size(), 1U);
  EXPECT_EQ(modules_[0].report.omissions[0].reason,
            "they could not be tried: the tests did not run to the end");
}

}  // namespace
}  // namespace testgen::app
