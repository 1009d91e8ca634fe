#include "scan/rules/built_in.h"

#include "base/check.h"
#include "scan/rules/pack.h"

namespace testgen::scan {

void load_built_in(RuleFiles& into) {
  TG_CHECK(into.rules.empty() && into.models.empty());
  TG_CHECK(unpack_rules(kPackedRules, into));
}

}  // namespace testgen::scan
