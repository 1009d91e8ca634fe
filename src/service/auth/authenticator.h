// Who may call what, on one listener. Callers show an API key, or the one token of the
// configuration, which is an administrator's; while there is neither, only callers on this
// machine are served, and only those who are no web page in disguise. Thread-safe.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "base/result.h"
#include "service/auth/caller.h"
#include "service/auth/key_ring.h"
#include "service/http/listen_address.h"
#include "service/http/message.h"
#include "service/http/problem.h"
#include "service/http/router.h"

namespace testgen::service {

inline constexpr std::size_t kMinTokenBytes = 16;

// The first line of a file that holds a secret, without blanks around it; may be empty. Fails on a
// file of more bytes.
[[nodiscard]] base::Result<std::string> read_secret(const std::filesystem::path& file,
                                                    std::uint64_t max_bytes);
// The first line of the file. Fails on a token that is short or has blanks in it.
[[nodiscard]] base::Result<std::string> read_token_file(const std::filesystem::path& file);
[[nodiscard]] base::Status check_token(const std::string& token);

// Why a request is not let in: an answer for the caller, a word for the metrics, and whose key it
// was, where that is known.
struct Refusal : Problem {
  std::string_view
      reason;  // missing_token, wrong_token, … as testgen_authentication_failures_total
  Caller caller;
};
using Admission = std::variant<Caller, Refusal>;

class Authenticator {
 public:
  // Refuses to listen beyond this machine while nobody could come in. An empty token means none.
  // The ring and the clock are borrowed.
  [[nodiscard]] static base::Result<Authenticator> create(const ListenAddress& listen,
                                                          const std::string& token,
                                                          const KeyRing& keys,
                                                          const base::Clock& clock);

  // The caller when the request may have the permission; else 401 or 403 with the reason.
  [[nodiscard]] Admission admit(const Request& request, Permission permission) const;

  // True when callers must say who they are.
  [[nodiscard]] bool closed() const { return !token_hash_.empty() || keys_.any(); }

 private:
  Authenticator(bool loopback, std::string token_hash, const KeyRing& keys,
                const base::Clock& clock)
      : loopback_(loopback), token_hash_(std::move(token_hash)), keys_(keys), clock_(clock) {}
  [[nodiscard]] Admission admit_local(const Request& request) const;
  [[nodiscard]] Admission admit_bearer(const Request& request) const;
  [[nodiscard]] Admission admit_key(std::string_view key) const;

  bool loopback_;
  std::string token_hash_;  // SHA-256; the token itself is not kept. Empty: there is none.
  const KeyRing& keys_;
  const base::Clock& clock_;
};

}  // namespace testgen::service
