// What a model writes: blocks, tests, imports, tables, gates and the repair of values. What is
// proposed must be whole Python, and what a repair makes of it too.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "engine/llm/chunks.h"
#include "engine/llm/code_blocks.h"
#include "engine/llm/gates.h"
#include "engine/llm/repair.h"
#include "engine/llm/reply_parser.h"

using namespace testgen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view reply(reinterpret_cast<const char*>(data),
                               std::min<std::size_t>(size, 8192));
  static const base::SystemClock clock;
  static const model::ModuleModel module = [] {
    model::ModuleModel out;
    out.functions.resize(1);
    out.functions[0].name = out.functions[0].qualified_name = "discount";
    return out;
  }();
  static const model::ImportPlan plan{.module_name = "shop.cart", .alias = "cart"};
  const llm::Subject subject{&module, &plan, "def discount(): pass\n", model::Framework::Pytest};
  const llm::Gap gap{"discount", 1, 1, {1}, {}, {}};
  const llm::ParsedReply parsed = llm::parse_reply(reply, subject, clock);
  if (parsed.tests.size() > llm::kMostTestsInAReply) std::abort();
  for (const llm::ProposedTest& test : parsed.tests) {
    if (!test.name.starts_with("test")) std::abort();
    (void)llm::why_rejected(test, subject, gap, clock);
    if (const auto probed = llm::with_probes(test, clock)) {
      (void)llm::with_observed(test, "testgen saw 0: [1, 'a']", clock);
    }
  }
  return 0;
}
