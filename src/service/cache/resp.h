// RESP, the protocol of Redis, as far as a cache needs it: commands out, one reply in. Replies are
// read as hostile input: what is longer than the limit, or is no reply, is an error. Pure.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace testgen::service {

struct RedisReply {
  enum class Kind { Status, Error, Integer, Bulk, Nothing };
  Kind kind = Kind::Nothing;
  std::string text;  // of the first four
};

[[nodiscard]] std::string redis_command(std::initializer_list<std::string_view> words);

// The reply that the bytes begin with; nothing while it is not whole. Arrays are no reply to what
// we ask. `limit` bounds the value of a bulk.
[[nodiscard]] base::Result<std::optional<RedisReply>> read_reply(std::string_view bytes,
                                                                 std::size_t limit);

}  // namespace testgen::service
