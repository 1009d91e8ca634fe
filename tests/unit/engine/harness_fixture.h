// A harness on a module of a few lines, in the real sandbox with the real interpreter.
#pragma once

#include <gtest/gtest.h>

#include "analysis/analysis.h"
#include "base/file_system.h"
#include "engine/explorer/harness.h"
#include "sandbox/bubblewrap.h"

namespace testgen::engine {

class HarnessTest : public ::testing::Test {
 protected:
  base::Result<std::unique_ptr<Harness>> start(const std::string& text) {
    return start(text, sandbox_);
  }
  base::Result<std::unique_ptr<Harness>> start(const std::string& text, sandbox::Sandbox& sandbox) {
    EXPECT_TRUE(base::write_file_atomic(folder_.path() / "target.py", text));
    model::SourceFile source{.path = folder_.path() / "target.py",
                             .language = "python",
                             .text = text,
                             .import_root = folder_.path(),
                             .module_name = "target"};
    module_ = analysis::analyze(source, clock_).value();
    HarnessSetup setup;
    setup.interpreter = "/usr/bin/python3";
    setup.read_only = {folder_.path()};
    setup.module = &module_;
    setup.plan = {.module_name = "target",
                  .alias = "target",
                  .source_path = source.path,
                  .search_path = folder_.path()};
    setup.load_deadline = std::chrono::milliseconds(3000);
    setup.conftests = conftests_;
    return Harness::start(sandbox, setup, {});
  }

  std::vector<CandidateResult> run(Harness& harness, std::vector<std::string> sources,
                                   RunOptions options = {}) {
    std::vector<Candidate> candidates;
    for (auto& source : sources) candidates.push_back({std::move(source), {"result"}});
    auto results = harness.run(candidates, options);
    EXPECT_TRUE(results) << (results ? "" : describe(results.error()));
    return results ? *results : std::vector<CandidateResult>(candidates.size());
  }

  base::TempDir folder_ = *base::TempDir::create("testgen-harness");
  base::SystemClock clock_;
  sandbox::BubblewrapSandbox sandbox_;
  model::ModuleModel module_;
  std::vector<std::filesystem::path> conftests_;  // in folder_
};

}  // namespace testgen::engine
