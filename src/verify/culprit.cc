#include "verify/culprit.h"

#include <algorithm>

namespace testgen::verify {

std::optional<std::string> culprit(const Tests& begun,
                                   const std::function<bool(const Tests&)>& ends_runner) {
  const auto do_it = [&](std::size_t begin, std::size_t end) {
    return ends_runner(Tests(begun.begin() + static_cast<std::ptrdiff_t>(begin),
                             begun.begin() + static_cast<std::ptrdiff_t>(end)));
  };
  std::size_t end = begun.size();
  for (std::size_t size = 1; end > 0; size *= 2) {
    std::size_t begin = end - std::min(size, end);
    if (!do_it(begin, end)) {
      end = begin;
      continue;
    }
    while (end - begin > 1) {
      const std::size_t middle = begin + (end - begin) / 2;
      (do_it(middle, end) ? begin : end) = middle;
    }
    return begun[begin];
  }
  return std::nullopt;
}

}  // namespace testgen::verify
