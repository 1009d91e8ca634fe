// Reports of files that a service has scanned, by their text and name, by the rules, and by whose
// they are: of a posted project in which one file changed, one file is scanned. Kept in memory and
// bounded in bytes; whole answers have the service's own cache. Thread-safe.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "scan/scan.h"
#include "service/cache/lru.h"

namespace testgen::app {

class ScannedFiles {
 public:
  static constexpr std::uint64_t kMaxBytes = std::uint64_t{32} << 20U;

  explicit ScannedFiles(std::uint64_t max_bytes = kMaxBytes) : kept_(max_bytes) {}

  // The report that is known, which then says that it is cached, or that of a scan. What one tenant
  // posted is never known for another: how long an answer takes would tell of it.
  [[nodiscard]] scan::FileReport scan(const scan::Rules& rules, std::string_view tenant,
                                      std::string_view name, std::string_view text);

 private:
  std::mutex mutex_;
  service::Lru<std::string> kept_;  // encoded; of files without an error
};

}  // namespace testgen::app
