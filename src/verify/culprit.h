// Which test took the runner down. The one that was running when that was noticed need not have
// done it: a process that has lost its parent goes on with other tests until it is ended, too.
// Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace testgen::verify {

using Tests = std::vector<std::string>;

// Of the tests in the order in which they were begun. `ends_runner` runs some of them, in that
// order, and tells whether the runner was taken down again. It is asked about the last test, then
// about the two before it, the four before those and so on; of the first group that does it,
// halves are asked about. Nothing when no group does.
[[nodiscard]] std::optional<std::string> culprit(
    const Tests& begun, const std::function<bool(const Tests&)>& ends_runner);

}  // namespace testgen::verify
