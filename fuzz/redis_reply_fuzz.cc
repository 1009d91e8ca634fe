// Any bytes as what a Redis sends: a reply, an error or a wait for more. What is a reply stays the
// same reply when more bytes follow it, and no value is over the limit.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "service/cache/resp.h"

using namespace testgen::service;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kLimit = 64;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto read = read_reply(bytes, kLimit);
  if (!read || !*read) return 0;
  if ((*read)->kind == RedisReply::Kind::Bulk) TG_CHECK((*read)->text.size() <= kLimit);
  const auto again = read_reply(std::string(bytes) + "+OK\r\n", kLimit);
  TG_CHECK(again && *again);
  TG_CHECK((*again)->kind == (*read)->kind && (*again)->text == (*read)->text);
  return 0;
}
