#include "service/queue/job_events.h"

namespace testgen::service {

std::uint64_t JobEvents::watch(const std::string& job_id, Watcher watcher) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t id = next_id_++;
  watchers_.emplace(job_id, Entry{id, std::make_shared<Watcher>(std::move(watcher))});
  return id;
}

void JobEvents::stop_watching(std::uint64_t id) {
  std::shared_ptr<Watcher> released;  // destroyed outside the lock
  const std::lock_guard lock(mutex_);
  for (auto entry = watchers_.begin(); entry != watchers_.end(); ++entry) {
    if (entry->second.id != id) continue;
    released = std::move(entry->second.watcher);
    watchers_.erase(entry);
    return;
  }
}

void JobEvents::tell(const std::string& job_id, const JobEvent& event) {
  std::vector<Entry> told;
  {
    const std::lock_guard lock(mutex_);
    const auto [first, last] = watchers_.equal_range(job_id);
    for (auto entry = first; entry != last; ++entry) told.push_back(entry->second);
    if (event.name == "end") watchers_.erase(first, last);
  }
  for (const Entry& entry : told) {
    if (!(*entry.watcher)(event)) stop_watching(entry.id);
  }
}

void JobEvents::forget_all() {
  std::multimap<std::string, Entry> released;
  const std::lock_guard lock(mutex_);
  released.swap(watchers_);
}

bool JobEvents::anyone(const std::string& job_id) const {
  const std::lock_guard lock(mutex_);
  return watchers_.contains(job_id);
}

}  // namespace testgen::service
