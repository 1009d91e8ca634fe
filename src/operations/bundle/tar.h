// A tar archive of small text files, in the ustar format that every tar reads. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace testgen::operations {

struct TarFile {
  std::string name;  // relative, with / between folders; at most 99 bytes
  std::string content;
};

// `time` is the files', in seconds since the epoch.
[[nodiscard]] std::string tar(const std::vector<TarFile>& files, std::int64_t time);

}  // namespace testgen::operations
