// Which part of which rule found something. Borrows the rules.
#pragma once

#include "scan/rules/rule.h"

namespace testgen::scan {

struct Hit {
  const Rule* rule = nullptr;
  const Finder* finder = nullptr;
};

}  // namespace testgen::scan
