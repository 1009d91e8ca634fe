// Remembers for a moment which cached result a body asked for, so that the same bytes need not be
// read and judged again while many ask alike. Only for a moment: what a result depends on besides
// the body is looked at again after it. Bounded; thread-safe; quick enough for the I/O thread.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "service/cache/lru.h"

namespace testgen::service {

class QuestionMemo {
 public:
  static constexpr std::chrono::seconds kMoment{2};
  // Longer bodies are not remembered: their hash would hold up the I/O thread.
  static constexpr std::size_t kMaxBodyBytes = 64U << 10U;

  // The content key, if this tenant's body was judged within the last moment.
  [[nodiscard]] std::optional<std::string> find(std::string_view tenant, std::string_view body,
                                                base::SteadyTime now);
  void put(std::string_view tenant, std::string_view body, const std::string& content_key,
           base::SteadyTime now);

 private:
  struct Question {
    std::string content_key;
    base::SteadyTime judged;
  };
  std::mutex mutex_;
  Lru<Question> questions_{1U << 20U};
};

}  // namespace testgen::service
