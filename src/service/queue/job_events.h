// Tells those who watch a job what becomes of it: each change of its state and how far its run
// is. A watcher is a callback; one that says it is gone is forgotten. Nothing is kept for those
// who come later: they read the job first. Thread-safe; callbacks run on the thread that tells.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace testgen::service {

struct JobEvent {
  std::string_view name;  // "state", "progress" or "end"; a constant
  std::string data;       // JSON
};

class JobEvents {
 public:
  // False: nobody listens any more.
  using Watcher = std::function<bool(const JobEvent& event)>;

  // Forgotten after "end", or by stop_watching().
  std::uint64_t watch(const std::string& job_id, Watcher watcher);
  void stop_watching(std::uint64_t id);

  void tell(const std::string& job_id, const JobEvent& event);
  // Forgets everyone: whatever their callbacks hold is let go.
  void forget_all();

  [[nodiscard]] bool anyone(const std::string& job_id) const;

 private:
  struct Entry {
    std::uint64_t id;
    std::shared_ptr<Watcher> watcher;  // shared with a tell() that is under way
  };
  mutable std::mutex mutex_;
  std::uint64_t next_id_ = 1;
  std::multimap<std::string, Entry> watchers_;  // by job id
};

}  // namespace testgen::service
