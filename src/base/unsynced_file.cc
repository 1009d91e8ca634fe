#include "base/unsynced_file.h"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <string>

#include "base/random.h"

namespace testgen::base {

Status write_file_unsynced(const std::filesystem::path& path, std::string_view content) {
  std::error_code code;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), code);
  if (code) {
    return system_error("cannot create the folder " + path.parent_path().string(), code.value());
  }
  const std::filesystem::path temporary =
      path.parent_path() / ("." + path.filename().string() + "." + random_hex(6) + ".tmp");
  errno = 0;
  std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  if (!file || std::rename(temporary.c_str(), path.c_str()) != 0) {
    const int why = errno;
    (void)std::remove(temporary.c_str());
    return system_error("cannot write " + path.string(), why);
  }
  return {};
}

}  // namespace testgen::base
