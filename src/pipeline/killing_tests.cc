#include "pipeline/killing_tests.h"

#include <map>
#include <string>

#include "base/strings.h"

namespace testgen::pipeline {

std::set<std::size_t> killing_tests(const verify::MutationResult& result,
                                    const model::RenderedSuite& suite) {
  // Names begin with the file's; unittest's items have a point between class and method.
  const auto plain = [](const std::string& id) { return base::replace_all(id, "::", "."); };
  std::map<std::string, std::size_t> test_of;
  for (const model::SuiteItem& item : suite.items) {
    for (const std::size_t test : item.tests) test_of[plain(item.id)] = test;
  }
  std::set<std::size_t> out;
  for (const verify::MutantOutcome& outcome : result.mutants) {
    const std::size_t colons = outcome.killer.find("::");
    if (!outcome.killed || colons == std::string::npos) continue;
    const auto item = test_of.find(plain(outcome.killer.substr(colons + 2)));
    if (item != test_of.end()) out.insert(item->second);
  }
  return out;
}

}  // namespace testgen::pipeline
