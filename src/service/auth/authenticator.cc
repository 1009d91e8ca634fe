#include "service/auth/authenticator.h"

#include <algorithm>

#include "base/file_system.h"
#include "base/hash.h"
#include "base/strings.h"
#include "service/auth/api_key.h"

namespace testgen::service {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::size_t kMaxTokenFileBytes = 64U << 10U;

constexpr std::string_view kWrongCredential = "Bearer realm=\"testgen\", error=\"invalid_token\"";

Refusal unauthenticated(std::string_view reason, std::string detail, std::string_view challenge,
                        std::string hint = "send the header Authorization: Bearer KEY") {
  Problem problem =
      Problem::from(Error{ErrorCode::Unauthenticated, std::move(detail), std::move(hint)});
  problem.challenge = std::string(challenge);
  return {std::move(problem), reason, {}};
}

Refusal forbidden(std::string_view reason, std::string detail, std::string hint) {
  return {Problem::from(Error{ErrorCode::PermissionDenied, std::move(detail), std::move(hint)}),
          reason,
          {}};
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

base::Result<std::string> read_secret(const std::filesystem::path& file, std::uint64_t max_bytes) {
  TG_ASSIGN(const std::string content, base::read_file(file, max_bytes));
  return std::string(base::trim(std::string_view(content).substr(0, content.find('\n'))));
}

base::Result<std::string> read_token_file(const std::filesystem::path& file) {
  TG_ASSIGN(std::string token, read_secret(file, kMaxTokenFileBytes));
  if (base::Status valid = check_token(token); !valid) {
    return valid.error().with_context(file.string());
  }
  return token;
}

base::Result<Authenticator> Authenticator::create(const ListenAddress& listen,
                                                  const std::string& token, const KeyRing& keys,
                                                  const base::Clock& clock) {
  if (!token.empty()) {
    TG_TRY(check_token(token));
    return Authenticator(listen.is_loopback(), base::sha256_hex(token), keys, clock);
  }
  if (!listen.is_loopback() && keys.usable(clock.wall_now()) == 0) {
    return Error{ErrorCode::InvalidArgument,
                 "listening on " + listen.to_string() +
                     " opens the service to other machines, and there is no API key",
                 "create one: testgen keys create NAME --role admin --data " +
                     keys.path().parent_path().string() + ", or listen on 127.0.0.1"};
  }
  return Authenticator(listen.is_loopback(), "", keys, clock);
}

Admission Authenticator::admit(const Request& request, Permission permission) const {
  if (permission == Permission::Public) return Caller{};
  if (permission == Permission::Metrics && loopback_) return Caller{};
  Admission admission = closed() ? admit_bearer(request) : admit_local(request);
  const auto* caller = std::get_if<Caller>(&admission);
  if (caller == nullptr || may(caller->role, permission)) return admission;
  Refusal refusal =
      forbidden("missing_role",
                "a key with the role " + std::string(to_string(caller->role)) + " may not do this",
                "it needs the role " + std::string(role_needed(permission)));
  refusal.caller = *caller;
  return refusal;
}

// A browser on this machine can be made to call a loopback port by any page it shows: directly
// (then Origin names that page) or through a name that page's owner points here (then Host does).
Admission Authenticator::admit_local(const Request& request) const {
  const std::string_view host = request.header("host");
  if (!is_loopback_host_header(host)) {
    return forbidden("foreign_host",
                     "without API keys only requests addressed to this machine by a loopback "
                     "name are served, not to '" +
                         std::string(host) + "'",
                     "call it as http://127.0.0.1, or create a key with: testgen keys create");
  }
  const Caller local{.key_id = {}, .tenant = {}, .role = Role::Admin, .requests_per_minute = 0};
  std::string_view origin = request.header("origin");
  if (origin.empty()) return local;
  const std::size_t scheme = origin.find("://");
  if (scheme != std::string_view::npos && is_loopback_host_header(origin.substr(scheme + 3))) {
    return local;
  }
  return forbidden("foreign_origin", "web pages of other origins may not use this service", "");
}

Admission Authenticator::admit_bearer(const Request& request) const {
  const std::string_view header = request.header("authorization");
  if (header.empty()) {
    return unauthenticated("missing_token", "this needs an API key", "Bearer realm=\"testgen\"");
  }
  const std::size_t space = header.find(' ');
  const std::string scheme = base::to_lower(header.substr(0, space));
  const std::string_view token =
      space == std::string_view::npos ? std::string_view() : base::trim(header.substr(space + 1));
  if (scheme == "bearer" && token.starts_with(kApiKeyPrefix)) return admit_key(token);
  // Hashes are compared, so neither the token's length nor where it differs shows in the time.
  if (scheme != "bearer" || token_hash_.empty() ||
      !base::equal_constant_time(base::sha256_hex(token), token_hash_)) {
    return unauthenticated("wrong_token", "the API key is wrong", kWrongCredential);
  }
  return Caller{.key_id = "token", .tenant = {}, .role = Role::Admin, .requests_per_minute = 0};
}

Admission Authenticator::admit_key(std::string_view key) const {
  if (!api_key_id(key)) {
    return unauthenticated("wrong_token", "the API key is not whole", kWrongCredential,
                           "it was cut or mistyped: its checksum does not fit");
  }
  KeyRing::Answer answer = keys_.judge(key, clock_.wall_now());
  if (answer.verdict == KeyRing::Verdict::Unknown) {
    return unauthenticated("wrong_token", "the API key is wrong", kWrongCredential);
  }
  KeyRecord& record = *answer.record;
  Caller caller{.key_id = record.id,
                .tenant = std::move(record.tenant),
                .role = record.role,
                .requests_per_minute = record.requests_per_minute};
  if (answer.verdict == KeyRing::Verdict::Good) return caller;
  const bool revoked = answer.verdict == KeyRing::Verdict::Revoked;
  Refusal refusal =
      unauthenticated(revoked ? "revoked_key" : "expired_key",
                      "the API key " + record.id + (revoked ? " was revoked" : " has expired"),
                      kWrongCredential, "ask the service's administrator for a new one");
  refusal.caller = std::move(caller);
  return refusal;
}

}  // namespace testgen::service
