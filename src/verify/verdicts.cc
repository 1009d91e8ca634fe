#include "verify/verdicts.h"

#include <algorithm>

namespace testgen::verify {
namespace {

std::string one_line(const std::string& text) {
  std::string out = text.substr(0, std::min<std::size_t>(text.find('\n'), 200));
  return out.empty() ? "no reason given" : out;
}

}  // namespace

void add_verdicts(const RunReport& report, const model::RenderedSuite& suite, Verdicts& verdicts) {
  for (const model::SuiteItem& item : suite.items) {
    const auto found = report.items.find(item.id);
    if (found == report.items.end()) continue;
    for (const std::size_t test : item.tests) {
      // An item that two cases share passes or fails for both.
      Verdict& verdict = verdicts[test];
      verdict.passed = found->second.passed;
      verdict.moved.insert(found->second.moved.begin(), found->second.moved.end());
      if (verdict.problem.empty()) verdict.problem = found->second.problem;
    }
  }
}

std::uint32_t keep_passed(const Verdicts& verdicts, const std::string& missing,
                          std::vector<model::TestCase>& tests,
                          std::vector<model::Omission>& dropped) {
  std::uint32_t gone = 0;
  std::vector<model::TestCase> kept;
  for (std::size_t i = 0; i < tests.size(); ++i) {
    model::TestCase& test = tests[i];
    const auto verdict = verdicts.find(i);
    if (verdict == verdicts.end()) {
      dropped.push_back({test.name, missing});
      continue;
    }
    const Verdict& said = verdict->second;
    const bool known = std::all_of(said.moved.begin(), said.moved.end(), [&](std::size_t number) {
      return number < test.assertions.size();
    });
    const bool asserts_left = said.moved.size() < test.assertions.size() || said.moved.empty();
    if (!said.passed || !known || !asserts_left) {
      dropped.push_back(
          {test.name, "did not pass again in a fresh process: " + one_line(said.problem)});
      continue;
    }
    for (auto number = said.moved.rbegin(); number != said.moved.rend(); ++number) {
      test.assertions.erase(test.assertions.begin() + static_cast<std::ptrdiff_t>(*number));
      ++gone;
    }
    kept.push_back(std::move(test));
  }
  tests = std::move(kept);
  return gone;
}

}  // namespace testgen::verify
