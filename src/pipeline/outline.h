// What a module defines and where, without running anything: for choosing what to work on.
// Thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace testgen::pipeline {

struct Definition {
  std::string name;              // qualified: "Cart" or "Cart.total"
  std::uint32_t first_line = 0;  // of its first decorator, or of itself
  std::uint32_t last_line = 0;
  bool is_class = false;
};

// Classes and functions in source order. Errors as those of source::load and analysis::analyze.
[[nodiscard]] base::Result<std::vector<Definition>> outline(const std::filesystem::path& file,
                                                            const base::Clock& clock);

}  // namespace testgen::pipeline
