#include "base/paths.h"

#include <algorithm>

namespace testgen::base {

bool is_inside(const std::filesystem::path& path, const std::filesystem::path& folder) {
  const auto [rest, unused] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return rest == folder.end();
}

}  // namespace testgen::base
