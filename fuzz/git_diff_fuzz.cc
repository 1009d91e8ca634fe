// Any bytes in place of git's diff: ranges are bounded, and whether lines are touched can be
// asked of any.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "source/git_diff.h"

using namespace testgen;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto ranges =
      source::parse_hunks(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!ranges) {
    TG_CHECK(!ranges.error().message.empty());
    return 0;
  }
  const source::FileChanges changes{.lines = *ranges};
  for (const auto& range : *ranges) {
    TG_CHECK(range.first <= (1U << 24U) && range.count <= (1U << 24U));
    if (range.count > 0) TG_CHECK(changes.touch(range.first, range.first));
  }
  TG_CHECK(changes.none() == ranges->empty());
  return 0;
}
