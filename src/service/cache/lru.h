// Keys in order of last use, each with a weight in bytes, and what has to leave so that the sum
// stays under a bound. Not thread-safe: its owner locks.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace testgen::service {

template <class Value>
class Lru {
 public:
  explicit Lru(std::uint64_t max_bytes) : max_bytes_(max_bytes) {}

  // The value, now the most recently used; null when there is none. Valid until the next call.
  Value* find(const std::string& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->value;
  }

  // Puts or replaces, and gives the keys that had to leave: the longest unused first, and the
  // new one itself when it alone is over the bound.
  std::vector<std::string> put(const std::string& key, Value value, std::uint64_t bytes) {
    erase(key);
    entries_.push_front({key, std::move(value), bytes});
    index_.emplace(key, entries_.begin());
    bytes_ += bytes;
    std::vector<std::string> evicted;
    while (bytes_ > max_bytes_) {
      evicted.push_back(entries_.back().key);
      erase(evicted.back());
    }
    return evicted;
  }

  void erase(const std::string& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return;
    bytes_ -= found->second->bytes;
    entries_.erase(found->second);
    index_.erase(found);
  }

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return index_.size(); }

 private:
  struct Entry {
    std::string key;
    Value value;
    std::uint64_t bytes;
  };
  const std::uint64_t max_bytes_;
  std::uint64_t bytes_ = 0;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::string, typename std::list<Entry>::iterator> index_;
};

}  // namespace testgen::service
