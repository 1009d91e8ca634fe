// Results by the content of what was asked: the same question is answered without working again.
// On disk, one file an entry, bounded in bytes and age, the longest unused leaving first; the
// hottest ones also in memory, and where there is one, all in a cache that several services share.
// A file that was cut short or altered is a miss, never a wrong answer, and a disk that fails costs
// only the cache. Thread-safe.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "service/cache/lru.h"
#include "service/cache/shared_cache.h"
#include "telemetry/telemetry.h"

namespace testgen::service {

struct CacheOptions {
  std::filesystem::path folder;
  std::uint64_t max_disk_bytes = 512ULL << 20U;
  std::uint64_t max_memory_bytes = 32ULL << 20U;
  std::chrono::milliseconds max_age{std::chrono::hours(24 * 30)};  // older ones are misses
  std::shared_ptr<SharedCache> shared;  // asked for what is not here; null: there is none
  std::function<bool()> lost;           // a drill: nothing is found while it says so; empty: never
};

// The key of a question: everything that can change the answer goes in.
[[nodiscard]] std::string cache_key(std::initializer_list<std::string_view> parts);

class ResultCache {
 public:
  // Takes up what an earlier run left in the folder. `telemetry` is borrowed.
  [[nodiscard]] static base::Result<std::unique_ptr<ResultCache>> open(
      const CacheOptions& options, telemetry::Telemetry& telemetry);

  // The entry, or null; counts a hit or a miss.
  [[nodiscard]] std::shared_ptr<const std::string> get(const std::string& key,
                                                       const telemetry::SpanContext& parent);
  // The same for an entry in memory, which counts as a hit; null, uncounted, for any other.
  [[nodiscard]] std::shared_ptr<const std::string> get_at_once(
      const std::string& key, const telemetry::SpanContext& parent);
  // Keeps the entry if it can.
  void put(const std::string& key, std::string value, const telemetry::SpanContext& parent);
  // Forgets the entry, if there is one, here and in the shared cache.
  void remove(const std::string& key);

 private:
  struct OnDisk {};
  using Text = std::shared_ptr<const std::string>;  // shared by the cache and those who send it
  struct InMemory {
    Text text;
    base::WallTime made{};
  };

  ResultCache(const CacheOptions& options, telemetry::Telemetry& telemetry);
  [[nodiscard]] base::Status load_index();
  [[nodiscard]] std::filesystem::path file_of(const std::string& key) const;
  void forget(const std::string& key);  // here only
  [[nodiscard]] Text read_shared(const std::string& key, const telemetry::SpanContext& parent);
  [[nodiscard]] base::Status store(const std::string& key, const std::string& file,
                                   const Text& text, base::WallTime made);
  // Runs one command of the shared cache as a span; its failures are counted.
  template <class Command>
  auto observed(std::string_view operation, const telemetry::SpanContext& parent,
                const Command& command);
  void remember(const std::string& key, std::uint64_t file_bytes);
  [[nodiscard]] bool too_old(base::WallTime made) const;
  [[nodiscard]] Text read(const std::string& key, const telemetry::SpanContext& parent);
  void count(const std::string& key, telemetry::Span& span, bool hit);

  const CacheOptions options_;
  telemetry::Telemetry& telemetry_;
  std::mutex mutex_;  // held for the indexes only, never while a file is read or written
  Lru<OnDisk> disk_;
  Lru<InMemory> memory_;
};

}  // namespace testgen::service
