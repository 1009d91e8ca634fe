#include "service/api/question_memo.h"

#include "service/cache/result_cache.h"

namespace testgen::service {
namespace {

constexpr std::uint64_t kBytesEach = 256;  // with both keys and the bookkeeping

}  // namespace

std::optional<std::string> QuestionMemo::find(std::string_view tenant, std::string_view body,
                                              base::SteadyTime now) {
  if (body.size() > kMaxBodyBytes) return std::nullopt;
  const std::string key = cache_key({tenant, body});
  const std::lock_guard lock(mutex_);
  const Question* known = questions_.find(key);
  if (known == nullptr || now - known->judged > kMoment) return std::nullopt;
  return known->content_key;
}

void QuestionMemo::put(std::string_view tenant, std::string_view body,
                       const std::string& content_key, base::SteadyTime now) {
  if (body.size() > kMaxBodyBytes) return;
  std::string key = cache_key({tenant, body});
  const std::lock_guard lock(mutex_);
  (void)questions_.put(key, {content_key, now}, kBytesEach);
}

}  // namespace testgen::service
