// What a rule changes: `edit: {at: verify, write: "True"}`, and its examples.
#pragma once

#include <vector>

#include "scan/rules/rule.h"
#include "scan/rules/yaml_reader.h"

namespace testgen::scan {

// The finder's `edit`, one mapping or a list of them; empty when there is none.
[[nodiscard]] std::vector<Rewrite> read_rewrites(YamlReader& at, Finder::What what);
// The pairs `before` and `after` of `examples: fixed`.
[[nodiscard]] std::vector<FixedExample> read_fixed_examples(YamlReader& examples);

}  // namespace testgen::scan
