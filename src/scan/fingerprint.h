// A finding's identity across moved lines and changed blanks: its rule, the code it points at
// without blanks, the function around it, and which of several alike it is. Pure.
#pragma once

#include <vector>

#include "scan/finding.h"

namespace testgen::scan {

// Fills in the fingerprints of one file's findings, which are in the order of their places.
void add_fingerprints(std::vector<Finding>& findings);

}  // namespace testgen::scan
