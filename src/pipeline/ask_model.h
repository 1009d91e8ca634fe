// The step between verifying and scoring: asks a model, function by function, for tests of what no
// test shows yet, and judges each of them by the same verifier. A test stays when it passes, is
// stable and reaches a line or a branch, or kills a mutant, that no other does; tests that were
// there before are never lost to it.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "engine/llm/proposal.h"
#include "model/module_model.h"
#include "model/rendered_suite.h"
#include "model/report.h"
#include "model/source_file.h"
#include "pipeline/model_options.h"
#include "telemetry/telemetry.h"
#include "verify/mutation_report.h"
#include "verify/verifier.h"
#include "verify/warm_runners.h"

namespace testgen::pipeline {

// What the step needs of the generation that it is a part of; all borrowed.
struct AskParts {
  const model::SourceFile& source;
  llm::Subject subject;
  const std::map<std::string, std::string>& units;  // hashes, by qualified name
  const std::vector<std::string>& symbols;          // empty: all
  std::uint64_t seed = 0;
  std::string file_name;
  verify::WarmRunners& runners;  // what a test says there may be sent, if `tell_failures`
  bool tell_failures = true;
  std::function<model::RenderedSuite(const std::vector<model::TestCase>&, model::SuiteLayout)>
      render;
  // By the same runners, and where nothing is hidden, as all other tests.
  std::function<base::Result<verify::Verification>(std::vector<model::TestCase>)> verify;
  std::function<base::Result<verify::Verification>(std::vector<model::TestCase>)> verify_openly;
  std::function<base::Result<verify::MutationResult>(
      const std::vector<model::TestCase>&, model::SuiteLayout, const model::Mutation&,
      std::size_t sample, std::chrono::milliseconds limit)>
      kills;
  telemetry::Telemetry& telemetry;
  const base::Clock& clock;
  const std::stop_token& stop;
  std::function<void(double)> progress;
};

struct Asked {
  model::ModelUse use;
  std::vector<model::Omission> omissions;  // each test that did not stay, with the reason
  std::set<std::string> kept_names;        // of the model's tests that stayed
  std::uint32_t functions = 0;             // that a model was asked about
  // All that came past the gates, whatever became of it: its values and calls are worth trying.
  std::vector<model::TestCase> seeds;
};

// `verification` gets the tests that stay. An error of the model is an omission: what was there
// before stays as it is.
[[nodiscard]] base::Result<Asked> ask_model(const AskParts& parts, const ModelOptions& options,
                                            const telemetry::SpanContext& parent,
                                            verify::Verification& verification);

// What would be sent first about each function, were nothing tested yet: the whole text of each
// request, for people. Sends nothing.
[[nodiscard]] std::string preview_requests(const llm::Subject& subject,
                                           const std::vector<std::string>& symbols,
                                           const ModelOptions& options);

}  // namespace testgen::pipeline
