// Notices when files change, so that a new certificate or key needs no signal and no restart.
// Looks once in a while instead of using inotify, which does not see what happens behind a mount
// or a chain of links. One thread; the callbacks run on it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.h"

namespace testgen::service {

class FileWatch {
 public:
  explicit FileWatch(std::chrono::milliseconds interval = std::chrono::seconds(1))
      : interval_(interval) {}
  ~FileWatch() { stop(); }
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  // Before start(). The callback is called once for any number of changes of these files seen
  // together; files may appear and go.
  void add(std::vector<std::filesystem::path> files, std::function<void()> on_change);
  void start();
  // No callback is under way when it returns.
  void stop();

 private:
  // What tells a changed file from the same one, without reading it.
  struct Stamp {
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;
    std::uint64_t inode = 0;
    std::int64_t size = -1;  // -1: there is none
    bool operator==(const Stamp&) const = default;
  };
  struct Entry {
    std::vector<std::filesystem::path> files;
    std::function<void()> on_change;
    std::vector<Stamp> seen;
  };
  [[nodiscard]] static Stamp look_at(const std::filesystem::path& file);
  [[nodiscard]] static std::vector<Stamp> look_at(const std::vector<std::filesystem::path>& files);
  void run(const std::stop_token& stop);

  const std::chrono::milliseconds interval_;
  std::vector<Entry> entries_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace testgen::service
