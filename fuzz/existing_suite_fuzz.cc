// Any bytes in place of a test file: every test found is about a named unit, is part of the text,
// and can be written down again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/strings.h"
#include "emit/existing_suite.h"
#include "emit/python_suite.h"

using namespace testgen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto tests = emit::read_existing_tests(text);
  for (const auto& test : tests) {
    TG_CHECK(test.verbatim && !test.function.empty() && test.name.starts_with("test"));
    const std::string first = base::split(test.verbatim->text, '\n').front();
    TG_CHECK(text.find(first) != std::string_view::npos);
  }
  if (tests.size() > 50) tests.resize(50);
  emit::SuiteContext context;
  context.plan.module_name = context.plan.alias = "m";
  context.folder = "/tmp/tests";
  const auto suite = emit::render_suite(context, tests, model::SuiteLayout::AsEmitted);
  for (const auto& item : suite.items) {
    for (const std::size_t index : item.tests) TG_CHECK(index < tests.size());
  }
  return 0;
}
