#include "pipeline/earlier_tests.h"

#include <algorithm>

#include "base/file_system.h"
#include "emit/existing_suite.h"
#include "emit/writer.h"

namespace testgen::pipeline {
namespace {

constexpr std::uint64_t kMaxBytes = 16ULL << 20U;

bool selected(const std::string& unit, const std::vector<std::string>& symbols) {
  return std::any_of(symbols.begin(), symbols.end(), [&](const std::string& symbol) {
    return unit == symbol || unit.starts_with(symbol + ".");
  });
}

}  // namespace

std::vector<model::TestCase> earlier_tests(const std::filesystem::path& path,
                                           const std::map<std::string, std::string>& units,
                                           const std::vector<std::string>& symbols) {
  const auto text = base::read_file(path, kMaxBytes);
  if (!text || emit::check_seal(*text) != emit::Seal::Intact) return {};
  auto tests = emit::read_existing_tests(*text);
  std::erase_if(tests, [&](const model::TestCase& test) {
    const std::string owner = test.function.substr(0, test.function.find('.'));
    const bool exists = units.contains(test.function) || units.contains(owner);
    return !exists || selected(test.function, symbols);
  });
  return tests;
}

}  // namespace testgen::pipeline
