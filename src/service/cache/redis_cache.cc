#include "service/cache/redis_cache.h"

#include <mutex>
#include <utility>

#include "service/cache/redis_connection.h"

namespace testgen::service {
namespace {

using base::ErrorCode;
using base::Result;
using base::Status;

class RedisCache final : public SharedCache {
 public:
  RedisCache(RedisOptions options, const base::Clock& clock)
      : options_(std::move(options)), clock_(clock) {}

  Result<std::optional<std::string>> get(const std::string& key) override {
    const std::string name = options_.prefix + key;
    TG_ASSIGN(std::optional<RedisReply> reply, call({"GET", name}));
    if (!reply || reply->kind != RedisReply::Kind::Bulk) return std::optional<std::string>();
    return std::optional(std::move(reply->text));
  }

  Status put(const std::string& key, const std::string& value,
             std::chrono::milliseconds keep) override {
    const std::string name = options_.prefix + key;
    const std::string time = std::to_string(keep.count());
    TG_TRY(call({"SET", name, value, "PX", time}));
    return {};
  }

  Status remove(const std::string& key) override {
    const std::string name = options_.prefix + key;
    TG_TRY(call({"DEL", name}));
    return {};
  }

  // Not held back after a failure: this is how we learn that it is back.
  Status check(base::SteadyTime deadline) override {
    const std::lock_guard lock(mutex_);
    TG_TRY(call_now({"PING"}, deadline));
    return {};
  }

 private:
  // Nothing while Redis is left alone.
  Result<std::optional<RedisReply>> call(std::initializer_list<std::string_view> words) {
    const std::lock_guard lock(mutex_);
    if (clock_.steady_now() < rests_until_) return std::optional<RedisReply>();
    TG_ASSIGN(RedisReply reply,
              call_now(words, std::chrono::steady_clock::now() + options_.deadline));
    return std::optional(std::move(reply));
  }

  // A connection may have been closed since it was last used, by Redis or on the way: once more,
  // then.
  Result<RedisReply> call_now(std::initializer_list<std::string_view> words,
                              base::SteadyTime deadline) {
    const bool used = connection_.has_value();
    Result<RedisReply> reply = call_once(words, deadline);
    if (!reply && used && reply.error().code != ErrorCode::Timeout) {
      reply = call_once(words, deadline);
    }
    rests_until_ = reply ? base::SteadyTime{} : clock_.steady_now() + options_.pause;
    return reply;
  }

  Result<RedisReply> call_once(std::initializer_list<std::string_view> words,
                               base::SteadyTime deadline) {
    if (!connection_) {
      TG_ASSIGN(RedisConnection fresh,
                RedisConnection::open(options_.address, options_.password, deadline));
      connection_.emplace(std::move(fresh));
    }
    Result<RedisReply> reply = connection_->call(words, deadline);
    if (!reply) connection_.reset();
    return reply;
  }

  const RedisOptions options_;
  const base::Clock& clock_;
  std::mutex mutex_;  // held for one call, at most its deadline
  std::optional<RedisConnection> connection_;
  base::SteadyTime rests_until_{};
};

}  // namespace

std::shared_ptr<SharedCache> make_redis_cache(RedisOptions options, const base::Clock& clock) {
  return std::make_shared<RedisCache>(std::move(options), clock);
}

}  // namespace testgen::service
