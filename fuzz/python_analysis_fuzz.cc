// Any text: analysis must end, and when it accepts a module, taking the probes off must give
// the text back and the probes must not have made it unparsable; mutants are edits inside their
// units.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analysis/analysis.h"
#include "analysis/instrument.h"
#include "analysis/mutants.h"
#include "analysis/syntax_tree.h"
#include "base/check.h"
#include "source/encoding.h"

using namespace testgen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text =
      source::decode_python(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!text) return 0;
  const base::SystemClock clock;
  model::SourceFile source;
  source.text = *text;
  source.module_name = "fuzzed";
  const auto model = analysis::analyze(source, clock);
  if (!model) {
    TG_CHECK(!model.error().message.empty());
    return 0;
  }
  const auto restored = analysis::uninstrument(model->instrumented, clock);
  TG_CHECK(restored && *restored == *text);
  const auto lines = [](const std::string& of) { return std::count(of.begin(), of.end(), '\n'); };
  TG_CHECK(lines(model->instrumented) == lines(*text));
  const auto again = analysis::parse_python(model->instrumented, clock, {.max_depth = 100'000});
  TG_CHECK(again && again->check_syntax());
  for (const auto& goal : model->goals) {
    TG_CHECK(goal.line >= 1 && goal.line <= model->line_count);
    TG_CHECK(goal.condition.size() <= 120);
  }
  const auto mutation = analysis::find_scoring_mutants(source, clock);
  TG_CHECK(mutation && mutation->mutants.size() <= analysis::kMaxMutants);
  for (const auto& mutant : mutation->mutants) {
    const std::string& unit = mutation->units.at(mutant.unit).text;
    TG_CHECK(mutant.begin <= mutant.end && mutant.end <= unit.size());
    TG_CHECK(unit.compare(mutant.begin, mutant.end - mutant.begin, mutant.replacement) != 0);
    TG_CHECK(!mutant.goal || *mutant.goal < model->goals.size());
    TG_CHECK(mutant.line >= 1 && mutant.line <= model->line_count + 1);
  }
  return 0;
}
