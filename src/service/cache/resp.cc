#include "service/cache/resp.h"

#include <charconv>
#include <cstdint>

namespace testgen::service {
namespace {

constexpr std::size_t kLongestLine = 4096;

base::Error no_reply() {
  return {base::ErrorCode::Unavailable, "what answers does not speak the protocol of Redis",
          "is the address right?"};
}

}  // namespace

std::string redis_command(std::initializer_list<std::string_view> words) {
  std::string out = "*" + std::to_string(words.size()) + "\r\n";
  for (const std::string_view word : words) {
    out += "$" + std::to_string(word.size()) + "\r\n";
    out += word;
    out += "\r\n";
  }
  return out;
}

base::Result<std::optional<RedisReply>> read_reply(std::string_view bytes, std::size_t limit) {
  if (bytes.empty()) return std::optional<RedisReply>();
  const std::size_t end = bytes.find("\r\n");
  if (end == std::string_view::npos) {
    if (bytes.size() > kLongestLine) return no_reply();
    return std::optional<RedisReply>();
  }
  const std::string_view line = bytes.substr(1, end - 1);
  using Kind = RedisReply::Kind;
  switch (bytes.front()) {
    case '+':
      return std::optional(RedisReply{Kind::Status, std::string(line)});
    case '-':
      return std::optional(RedisReply{Kind::Error, std::string(line)});
    case ':':
      return std::optional(RedisReply{Kind::Integer, std::string(line)});
    case '$':
      break;
    default:
      return no_reply();
  }
  std::int64_t size = 0;
  const auto [stop, failed] = std::from_chars(line.data(), line.data() + line.size(), size);
  if (failed != std::errc() || stop != line.data() + line.size() || size < -1) return no_reply();
  if (size == -1) return std::optional(RedisReply{});
  if (static_cast<std::uint64_t>(size) > limit) {
    return base::Error{base::ErrorCode::ResourceExhausted, "Redis holds more than a result can be",
                       ""};
  }
  const std::string_view rest = bytes.substr(end + 2);
  const auto wanted = static_cast<std::size_t>(size);
  if (rest.size() < wanted + 2) return std::optional<RedisReply>();
  if (rest.substr(wanted, 2) != "\r\n") return no_reply();
  return std::optional(RedisReply{Kind::Bulk, std::string(rest.substr(0, wanted))});
}

}  // namespace testgen::service
