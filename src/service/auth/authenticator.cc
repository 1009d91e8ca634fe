#include "service/auth/authenticator.h"

#include <algorithm>

#include "base/file_system.h"
#include "base/hash.h"
#include "base/strings.h"

namespace testgen::service {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::size_t kMaxTokenFileBytes = 64U << 10U;

Refusal unauthenticated(std::string_view reason, std::string detail, std::string challenge) {
  Problem problem = Problem::from(Error{ErrorCode::Unauthenticated, std::move(detail),
                                        "send the header Authorization: Bearer TOKEN"});
  problem.challenge = std::move(challenge);
  return {std::move(problem), reason};
}

}  // namespace

base::Status check_token(const std::string& token) {
  const bool printable =
      std::all_of(token.begin(), token.end(), [](unsigned char c) { return c > ' ' && c < 0x7f; });
  if (!printable) {
    return Error{ErrorCode::InvalidArgument, "the API token has blanks or control characters in it",
                 "use letters, digits and punctuation only"};
  }
  if (token.size() < kMinTokenBytes) {
    return Error{ErrorCode::InvalidArgument,
                 "the API token is shorter than " + std::to_string(kMinTokenBytes) + " characters",
                 "make one with: openssl rand -hex 32"};
  }
  return {};
}

base::Result<std::string> read_token_file(const std::filesystem::path& file) {
  TG_ASSIGN(const std::string content, base::read_file(file, kMaxTokenFileBytes));
  std::string token(base::trim(content.substr(0, content.find('\n'))));
  if (base::Status valid = check_token(token); !valid) {
    return valid.error().with_context(file.string());
  }
  return token;
}

base::Result<Authenticator> Authenticator::create(const ListenAddress& listen,
                                                  const std::string& token) {
  if (token.empty()) {
    if (listen.is_loopback()) return Authenticator(true, "");
    return Error{ErrorCode::InvalidArgument,
                 "listening on " + listen.to_string() +
                     " opens the service to other machines, and no API token is set",
                 "give one with --token-file FILE or TESTGEN_API_TOKEN (make it with: openssl rand "
                 "-hex 32), or listen on 127.0.0.1"};
  }
  TG_TRY(check_token(token));
  return Authenticator(listen.is_loopback(), base::sha256_hex(token));
}

std::optional<Refusal> Authenticator::check(const Request& request, Permission permission) const {
  if (permission == Permission::Public) return std::nullopt;
  if (permission == Permission::Metrics && loopback_) return std::nullopt;
  return token_hash_.empty() ? check_local_caller(request) : check_bearer(request);
}

// A browser on this machine can be made to call a loopback port by any page it shows: directly
// (then Origin names that page) or through a name that page's owner points here (then Host does).
std::optional<Refusal> Authenticator::check_local_caller(const Request& request) const {
  const std::string_view host = request.header("host");
  if (!is_loopback_host_header(host)) {
    return Refusal{
        Problem::from(Error{ErrorCode::PermissionDenied,
                            "without an API token only requests addressed to this machine by a "
                            "loopback name are served, not to '" +
                                std::string(host) + "'",
                            "call it as http://127.0.0.1, or start it with --token-file"}),
        "foreign_host"};
  }
  std::string_view origin = request.header("origin");
  if (origin.empty()) return std::nullopt;
  const std::size_t scheme = origin.find("://");
  if (scheme != std::string_view::npos && is_loopback_host_header(origin.substr(scheme + 3))) {
    return std::nullopt;
  }
  return Refusal{Problem::from(Error{ErrorCode::PermissionDenied,
                                     "web pages of other origins may not use this service", ""}),
                 "foreign_origin"};
}

std::optional<Refusal> Authenticator::check_bearer(const Request& request) const {
  const std::string_view header = request.header("authorization");
  if (header.empty()) {
    return unauthenticated("missing_token", "this needs an API token", "Bearer realm=\"testgen\"");
  }
  const std::size_t space = header.find(' ');
  const std::string scheme = base::to_lower(header.substr(0, space));
  const std::string_view token =
      space == std::string_view::npos ? std::string_view() : base::trim(header.substr(space + 1));
  // Hashes are compared, so neither the token's length nor where it differs shows in the time.
  if (scheme != "bearer" || !base::equal_constant_time(base::sha256_hex(token), token_hash_)) {
    return unauthenticated("wrong_token", "the API token is wrong",
                           "Bearer realm=\"testgen\", error=\"invalid_token\"");
  }
  return std::nullopt;
}

}  // namespace testgen::service
