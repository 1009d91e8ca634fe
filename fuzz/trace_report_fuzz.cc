// Any bytes in place of the report of a traced run: what is read names only functions that exist
// and earlier calls, and the programs made of it can be written down.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "engine/explorer/project_fixtures.h"
#include "engine/explorer/traced_calls.h"
#include "engine/traced/trace_report.h"
#include "unit/engine/small_universe.h"

using namespace testgen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  model::ModuleModel module = engine::small_module();
  for (auto& function : module.functions) function.first_line = 3;
  engine::Universe universe = engine::small_universe(module);
  const auto traced = engine::read_trace_report(
      std::string_view(reinterpret_cast<const char*>(data), size), module);
  const auto& calls = traced.calls;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    TG_CHECK(calls[i].function < module.functions.size());
    for (const std::size_t before : calls[i].before) TG_CHECK(before < i);
  }
  engine::offer_fixtures(universe, traced.fixtures);
  engine::learn_traced_calls(universe, module, calls);
  for (const auto& program : engine::programs_of_traced_calls(universe, module, calls)) {
    const auto rendered = engine::render_program(program, universe);
    TG_CHECK(rendered.lines.size() == engine::line_count(program, universe));
    TG_CHECK(rendered.source().find('\0') == std::string::npos);
  }
  return 0;
}
