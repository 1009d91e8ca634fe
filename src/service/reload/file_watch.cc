#include "service/reload/file_watch.h"

#include <sys/stat.h>

namespace testgen::service {

void FileWatch::add(std::vector<std::filesystem::path> files, std::function<void()> on_change) {
  std::vector<Stamp> seen = look_at(files);
  entries_.push_back({std::move(files), std::move(on_change), std::move(seen)});
}

void FileWatch::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void FileWatch::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

FileWatch::Stamp FileWatch::look_at(const std::filesystem::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return {};
  const auto nanoseconds = [](const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  };
  return {nanoseconds(info.st_mtim), nanoseconds(info.st_ctim), info.st_ino, info.st_size};
}

std::vector<FileWatch::Stamp> FileWatch::look_at(const std::vector<std::filesystem::path>& files) {
  std::vector<Stamp> stamps;
  for (const auto& file : files) stamps.push_back(look_at(file));
  return stamps;
}

void FileWatch::run(const std::stop_token& stop) {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, interval_, [] { return false; });
    }
    if (stop.stop_requested()) return;
    for (Entry& entry : entries_) {
      std::vector<Stamp> now = look_at(entry.files);
      if (now == entry.seen) continue;
      entry.seen = std::move(now);
      entry.on_change();
    }
  }
}

}  // namespace testgen::service
