#include "service/cache/redis_address.h"

#include <charconv>

namespace testgen::service {
namespace {

base::Error wrong(std::string message, std::string hint) {
  return {base::ErrorCode::InvalidArgument, std::move(message), std::move(hint)};
}

constexpr const char* kForm = "write redis://[USER@]HOST[:PORT][/DATABASE]";

template <class Number>
bool whole_number(std::string_view text, Number& out) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc() && end == text.data() + text.size();
}

}  // namespace

base::Result<RedisAddress> parse_redis_address(std::string_view url) {
  constexpr std::string_view kScheme = "redis://";
  if (url.starts_with("rediss://")) {
    return wrong("Redis behind TLS is not spoken",
                 "reach it over a network that is your own, or through stunnel");
  }
  if (!url.starts_with(kScheme)) return wrong("this is no address of a Redis", kForm);
  std::string_view rest = url.substr(kScheme.size());
  RedisAddress out;
  if (const std::size_t slash = rest.find('/'); slash != std::string_view::npos) {
    const std::string_view database = rest.substr(slash + 1);
    if (!database.empty() && !whole_number(database, out.database)) {
      return wrong("a database of Redis has a number", kForm);
    }
    rest = rest.substr(0, slash);
  }
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    out.user = rest.substr(0, at);
    if (out.user.find(':') != std::string::npos) {
      return wrong("a password does not belong into the address of a Redis",
                   "put it into a file and give --redis-password-file");
    }
    rest = rest.substr(at + 1);
  }
  std::string_view port;
  if (rest.starts_with('[')) {
    const std::size_t close = rest.find(']');
    if (close == std::string_view::npos) return wrong("a bracket is open in the address", kForm);
    out.host = rest.substr(1, close - 1);
    port = rest.substr(close + 1);
  } else {
    const std::size_t colon = rest.find(':');
    out.host = rest.substr(0, colon);
    if (colon != std::string_view::npos) port = rest.substr(colon);
  }
  if (out.host.empty()) return wrong("the address of the Redis names no host", kForm);
  if (!port.empty() &&
      (port.front() != ':' || !whole_number(port.substr(1), out.port) || out.port == 0)) {
    return wrong("the port of the Redis is none", kForm);
  }
  return out;
}

}  // namespace testgen::service
