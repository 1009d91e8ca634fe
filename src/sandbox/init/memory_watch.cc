#include "sandbox/init/memory_watch.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>

namespace testgen::sandbox {
namespace {

// The head of what getdents64 fills in; the name follows the type at once, up to a zero.
struct DirectoryEntry {
  std::uint64_t inode;
  std::int64_t offset;
  std::uint16_t length;
  std::uint8_t type;
};
constexpr std::size_t kNameOffset = offsetof(DirectoryEntry, type) + 1;

// The second number of /proc/<pid>/statm. Zero for a process that has just ended.
std::uint64_t resident_pages(int proc, const char* pid) {
  char path[64];
  ::snprintf(path, sizeof path, "%s/statm", pid);
  const int fd = ::openat(proc, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  char text[128] = {};
  const ssize_t got = ::read(fd, text, sizeof text - 1);
  ::close(fd);
  if (got <= 0) return 0;
  char* end = nullptr;
  ::strtoull(text, &end, 10);
  return ::strtoull(end, nullptr, 10);
}

}  // namespace

std::uint64_t resident_bytes() {
  const int proc = ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (proc < 0) return 0;
  std::uint64_t pages = 0;
  alignas(DirectoryEntry) char buffer[8192];
  long got = 0;
  while ((got = ::syscall(SYS_getdents64, proc, buffer, sizeof buffer)) > 0) {
    for (long at = 0; at < got;) {
      const auto* entry = reinterpret_cast<const DirectoryEntry*>(buffer + at);
      const char* name = buffer + at + kNameOffset;
      if (*name >= '1' && *name <= '9') pages += resident_pages(proc, name);
      at += entry->length;
    }
  }
  ::close(proc);
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace testgen::sandbox
