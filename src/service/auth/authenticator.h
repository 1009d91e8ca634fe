// Who may call what. One bearer token opens everything; without one, only callers on this
// machine are served, and only those who are no web page in disguise. Thread-safe.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"
#include "service/http/listen_address.h"
#include "service/http/message.h"
#include "service/http/problem.h"
#include "service/http/router.h"

namespace testgen::service {

inline constexpr std::size_t kMinTokenBytes = 16;

// The first line of the file. Fails on a token that is short or has blanks in it.
[[nodiscard]] base::Result<std::string> read_token_file(const std::filesystem::path& file);
[[nodiscard]] base::Status check_token(const std::string& token);

// Why a request is not let in: an answer for the caller, a word for the metrics.
struct Refusal : Problem {
  std::string_view reason;  // missing_token, wrong_token, foreign_host, foreign_origin
};

class Authenticator {
 public:
  // Refuses to listen beyond this machine without a token. An empty token means none.
  [[nodiscard]] static base::Result<Authenticator> create(const ListenAddress& listen,
                                                          const std::string& token);

  // Nothing when the request may have the permission; else 401 or 403 with the reason.
  [[nodiscard]] std::optional<Refusal> check(const Request& request, Permission permission) const;

 private:
  Authenticator(bool loopback, std::string token_hash)
      : loopback_(loopback), token_hash_(std::move(token_hash)) {}
  [[nodiscard]] std::optional<Refusal> check_local_caller(const Request& request) const;
  [[nodiscard]] std::optional<Refusal> check_bearer(const Request& request) const;

  bool loopback_;
  std::string token_hash_;  // SHA-256; the token itself is not kept. Empty: none is needed.
};

}  // namespace testgen::service
