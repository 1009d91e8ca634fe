#include "sandbox/memory_file.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>
#include <string>

namespace testgen::sandbox {

base::Result<base::UniqueFd> memory_file(const char* name, std::string_view content) {
  const base::UniqueFd writable(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!writable) return base::system_error("cannot create a file in memory", errno);
  while (!content.empty()) {
    const ssize_t written = ::write(writable.get(), content.data(), content.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return base::system_error("cannot fill a file in memory", errno);
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  if (::fcntl(writable.get(), F_ADD_SEALS, seals) != 0) {
    return base::system_error("cannot seal a file in memory", errno);
  }
  // A second, read-only opening: a file that is open for writing cannot be executed.
  const std::string path = "/proc/self/fd/" + std::to_string(writable.get());
  base::UniqueFd read_only(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!read_only) return base::system_error("cannot open a file in memory", errno);
  return read_only;
}

}  // namespace testgen::sandbox
