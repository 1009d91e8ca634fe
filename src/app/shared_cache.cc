#include "app/shared_cache.h"

#include "service/auth/authenticator.h"
#include "service/cache/redis_cache.h"

namespace testgen::app {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::uint64_t kMostPassword = 4096;

base::Result<std::string> read_password(const std::string& file) {
  TG_ASSIGN(std::string password, service::read_secret(file, kMostPassword));
  if (password.empty()) return Error{ErrorCode::InvalidArgument, file + " holds no password", ""};
  return password;
}

}  // namespace

base::Result<std::shared_ptr<service::SharedCache>> shared_cache(const config::Settings& settings,
                                                                 const base::Clock& clock) {
  if (settings.redis_url.empty()) {
    if (settings.redis_password_file.empty()) return std::shared_ptr<service::SharedCache>();
    return Error{ErrorCode::InvalidArgument,
                 "--redis-password-file is for a Redis that is not named",
                 "give --redis-url as well"};
  }
  service::RedisOptions options;
  auto address = service::parse_redis_address(settings.redis_url);
  if (!address) return std::move(address).error().with_context("--redis-url");
  options.address = *std::move(address);
  if (!settings.redis_password_file.empty()) {
    auto password = read_password(settings.redis_password_file);
    if (!password) return std::move(password).error().with_context("--redis-password-file");
    options.password = *std::move(password);
  } else if (!options.address.user.empty()) {
    return Error{ErrorCode::InvalidArgument, "--redis-url names a user and there is no password",
                 "put it into a file and give --redis-password-file"};
  }
  return service::make_redis_cache(std::move(options), clock);
}

}  // namespace testgen::app
