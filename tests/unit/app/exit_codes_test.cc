#include "app/exit_codes.h"

#include <gtest/gtest.h>

namespace testgen::app {
namespace {

using base::ErrorCode;

emit::ModuleOutcome done() {
  emit::ModuleOutcome module;
  module.files = {{"out/test_a.py", emit::WriteOutcome::Created, ""}};
  return module;
}

emit::ModuleOutcome failed(ErrorCode code) {
  emit::ModuleOutcome module;
  module.report.error = base::Error{code, "m", ""};
  return module;
}

ExitCode of(std::vector<emit::ModuleOutcome> modules) {
  emit::RunReport run;
  run.modules = std::move(modules);
  return exit_code_for(run);
}

TEST(ExitCodes, OneKindOfFailureKeepsItsCode) {
  EXPECT_EQ(of({done()}), kSuccess);
  EXPECT_EQ(of({failed(ErrorCode::InvalidInput)}), kBadInput);
  EXPECT_EQ(of({failed(ErrorCode::Environment), failed(ErrorCode::Environment)}), kEnvironment);
  EXPECT_EQ(of({failed(ErrorCode::NothingToDo)}), kNothing);
}

TEST(ExitCodes, SomeFailuresAmongSuccessesAreIncomplete) {
  EXPECT_EQ(of({done(), failed(ErrorCode::InvalidInput)}), kIncomplete);
  EXPECT_EQ(of({failed(ErrorCode::InvalidInput), done()}), kIncomplete);
}

TEST(ExitCodes, AnEmptyModuleAmongOthersIsNoFailure) {
  EXPECT_EQ(of({done(), failed(ErrorCode::NothingToDo)}), kSuccess);
  EXPECT_EQ(of({failed(ErrorCode::NothingToDo), failed(ErrorCode::InvalidInput)}), kBadInput);
}

TEST(ExitCodes, FunctionsThatGotNoTestAtAllAreNotDone) {
  emit::ModuleOutcome module;
  module.report.functions_total = 3;
  EXPECT_EQ(of({module}), kIncomplete);
  EXPECT_EQ(of({module, done()}), kSuccess);
  EXPECT_EQ(of({module, failed(ErrorCode::NothingToDo)}), kIncomplete);
  EXPECT_EQ(of({module, failed(ErrorCode::InvalidInput)}), kBadInput);
  emit::RunReport missed;
  missed.modules = {module};
  missed.targets = {{"coverage", 80, std::nullopt}};
  EXPECT_EQ(exit_code_for(missed), kTargetMissed);
  module.report.tests_kept = 1;
  EXPECT_EQ(of({module}), kSuccess);
}

TEST(ExitCodes, FilesThatCouldNotBeWrittenCount) {
  emit::ModuleOutcome module;
  module.write_errors = {base::Error{ErrorCode::ResourceExhausted, "m", ""}};
  EXPECT_EQ(of({module}), kEnvironment);
  EXPECT_EQ(of({module, done()}), kIncomplete);
}

TEST(ExitCodes, AMissedTargetCountsWhenAllWasDone) {
  emit::RunReport run;
  run.modules = {done()};
  run.targets = {{"coverage", 80, 80.0}};
  EXPECT_EQ(exit_code_for(run), kSuccess);
  run.targets.push_back({"mutation", 80, 79.9});
  EXPECT_EQ(exit_code_for(run), kTargetMissed);
  run.targets = {{"quality", 10, std::nullopt}};
  EXPECT_EQ(exit_code_for(run), kTargetMissed);
  run.modules.push_back(failed(ErrorCode::InvalidInput));
  EXPECT_EQ(exit_code_for(run), kIncomplete);
  run.modules = {failed(ErrorCode::NothingToDo)};
  EXPECT_EQ(exit_code_for(run), kNothing);
}

TEST(ExitCodes, TheTableHasEveryCodeOnce) {
  int last = -1;
  for (const auto& [code, meaning] : exit_code_table()) {
    EXPECT_GT(static_cast<int>(code), last);
    EXPECT_FALSE(meaning.empty());
    last = code;
  }
  for (const ErrorCode code :
       {ErrorCode::InvalidArgument, ErrorCode::InvalidInput, ErrorCode::NothingToDo,
        ErrorCode::Environment, ErrorCode::Internal, ErrorCode::Cancelled, ErrorCode::Conflict}) {
    const auto& table = exit_code_table();
    EXPECT_TRUE(std::any_of(table.begin(), table.end(),
                            [&](const auto& row) { return row.first == exit_code_for(code); }));
  }
}

TEST(ExitCodes, ABugAndAnInterruptAreSaidAsSuch) {
  EXPECT_EQ(of({done(), failed(ErrorCode::Internal)}), kInternal);
  emit::RunReport run;
  run.modules = {done()};
  run.interrupted = true;
  EXPECT_EQ(exit_code_for(run), kInterrupted);
}

}  // namespace
}  // namespace testgen::app
