// The second half of an exploration: from what the search reached to tests that notice mutants.
// Reads like its sentence: choose, shrink, observe, try on mutants, hunt survivors, select.
#pragma once

#include <functional>
#include <stop_token>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "engine/explorer/archive.h"
#include "engine/explorer/mutant_trial.h"
#include "engine/explorer/search.h"
#include "engine/explorer/test_pool.h"
#include "model/report.h"

namespace testgen::engine {

class SuiteBuilder {
 public:
  struct Parts {  // all borrowed
    const model::ModuleModel& module;
    const Universe& universe;
    Harness& first;
    Harness& second;  // another environment
    Archive& archive;
    Search& search;
    base::Random& random;
    Budget& budget;
  };
  explicit SuiteBuilder(Parts parts);

  // A stop request cuts all but observation short.
  [[nodiscard]] base::Status build(
      const std::function<void(std::string_view step, double fraction)>& progress,
      const std::stop_token& stop);

  [[nodiscard]] std::vector<model::TestCase> take_tests() { return std::move(tests_); }
  [[nodiscard]] std::vector<model::Omission> take_omissions() { return std::move(omissions_); }

 private:
  base::Status fill_pool(const std::stop_token& stop);
  base::Status hunt(const std::stop_token& stop,
                    const std::function<void(std::string_view, double)>& progress);
  base::Status try_sample();
  base::Status try_new_tests(std::size_t from);
  base::Status drop_blind_tests(std::vector<std::size_t>& chosen);
  base::Result<bool> give_another_chance(std::size_t test);
  base::Status compare(const std::vector<std::size_t>& chosen);
  base::Status confirm(std::vector<std::size_t>& chosen);
  void finish(const std::vector<std::size_t>& chosen);

  Parts parts_;
  MutantTrial trial_;
  std::vector<PoolTest> pool_;
  std::vector<model::TestCase> tests_;
  std::vector<model::Omission> omissions_;
};

}  // namespace testgen::engine
