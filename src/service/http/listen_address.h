// Where a server listens: an IP address and a port, read from "127.0.0.1:8000", "[::1]:8000" or
// "localhost:8000". Names other than localhost are refused: what they mean can change between
// the check for loopback and the bind.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace testgen::service {

struct ListenAddress {
  std::string host = "127.0.0.1";  // numeric, without brackets
  std::uint16_t port = 8000;       // 0: any free one

  [[nodiscard]] static base::Result<ListenAddress> parse(std::string_view text);
  // Only this machine can reach it.
  [[nodiscard]] bool is_loopback() const;
  // "127.0.0.1:8000" or "[::1]:8000".
  [[nodiscard]] std::string to_string() const;
};

// True for "127.0.0.1", "[::1]:8000", "localhost" …: the Host headers that a client on this
// machine sends. Anything else at a loopback listener came through a name somebody else controls.
[[nodiscard]] bool is_loopback_host_header(std::string_view host);

}  // namespace testgen::service
