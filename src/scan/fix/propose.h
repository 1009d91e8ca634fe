// From a finding to the edits that its rule knows for it. Nothing is judged here: whether the text
// is still whole and the finding gone afterwards is seen by trying (apply.h). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scan/ir/ir.h"
#include "scan/rules/rule.h"
#include "scan/syntax/tree.h"

namespace testgen::scan {

// Bytes of the text, and what to write in their place.
struct ByteEdit {
  std::uint32_t start = 0;
  std::uint32_t end = 0;
  std::string text;
};

// All that the finder's `edit` asks for, or nothing: where one of its parts does not fit what is
// written at the place, a person must look.
[[nodiscard]] std::vector<ByteEdit> propose_edits(const Tree& tree, const ir::Module& module,
                                                  const Finder& finder, ir::Id at);

}  // namespace testgen::scan
