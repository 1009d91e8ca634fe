// Results by the content of what was asked: the same question is answered without working again.
// On disk, one file an entry, bounded in bytes, the longest unused leaving first; the hottest
// ones also in memory. A file that was cut short or altered is a miss, never a wrong answer, and
// a disk that fails costs only the cache. Thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "service/cache/lru.h"
#include "telemetry/telemetry.h"

namespace testgen::service {

struct CacheOptions {
  std::filesystem::path folder;
  std::uint64_t max_disk_bytes = 512ULL << 20U;
  std::uint64_t max_memory_bytes = 32ULL << 20U;
};

// The key of a question: everything that can change the answer goes in.
[[nodiscard]] std::string cache_key(std::string_view tool_version, std::string_view kind,
                                    std::string_view canonical_request);

class ResultCache {
 public:
  // Takes up what an earlier run left in the folder. `telemetry` is borrowed.
  [[nodiscard]] static base::Result<std::unique_ptr<ResultCache>> open(
      const CacheOptions& options, telemetry::Telemetry& telemetry);

  // The entry, or null; counts a hit or a miss.
  [[nodiscard]] std::shared_ptr<const std::string> get(const std::string& key,
                                                       const telemetry::SpanContext& parent);
  // Keeps the entry if it can.
  void put(const std::string& key, std::string value, const telemetry::SpanContext& parent);

 private:
  struct OnDisk {};
  using Text = std::shared_ptr<const std::string>;  // shared by the cache and those who send it

  ResultCache(const CacheOptions& options, telemetry::Telemetry& telemetry);
  [[nodiscard]] base::Status load_index();
  [[nodiscard]] std::filesystem::path file_of(const std::string& key) const;
  void remember(const std::string& key, std::uint64_t file_bytes);
  void forget(const std::string& key);
  [[nodiscard]] Text read(const std::string& key, const telemetry::SpanContext& parent);

  const CacheOptions options_;
  telemetry::Telemetry& telemetry_;
  std::mutex mutex_;  // held for the indexes only, never while a file is read or written
  Lru<OnDisk> disk_;
  Lru<Text> memory_;
};

}  // namespace testgen::service
