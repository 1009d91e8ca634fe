// Questions about paths that look at their text alone. Pure.
#pragma once

#include <filesystem>

namespace testgen::base {

// Whether the path is the folder or lies in it, part by part: "/ab" is not in "/a". Neither may
// hold ".." or end in a slash.
[[nodiscard]] bool is_inside(const std::filesystem::path& path,
                             const std::filesystem::path& folder);

}  // namespace testgen::base
