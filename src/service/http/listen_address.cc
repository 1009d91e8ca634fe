#include "service/http/listen_address.h"

#include <arpa/inet.h>

#include <charconv>

#include "base/strings.h"

namespace testgen::service {
namespace {

using base::Error;
using base::ErrorCode;

bool is_ipv4(const std::string& host) {
  in_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1;
}

bool is_ipv6(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

Error bad_address(std::string_view text) {
  return Error{ErrorCode::InvalidArgument,
               "'" + std::string(text) + "' is not an address to listen on",
               "use ADDRESS:PORT with a numeric address, such as 127.0.0.1:8000, [::1]:8000 or "
               "0.0.0.0:8000"};
}

}  // namespace

base::Result<ListenAddress> ListenAddress::parse(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad_address(text);
  const std::string_view port_text = text.substr(colon + 1);
  ListenAddress address;
  const auto [end, error] =
      std::from_chars(port_text.data(), port_text.data() + port_text.size(), address.port);
  if (error != std::errc() || end != port_text.data() + port_text.size()) return bad_address(text);

  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  address.host = host == "localhost" ? "127.0.0.1" : std::string(host);
  const bool valid = bracketed ? is_ipv6(address.host) : is_ipv4(address.host);
  if (!valid) return bad_address(text);
  return address;
}

bool ListenAddress::is_loopback() const {
  if (host.starts_with("127.") && is_ipv4(host)) return true;
  in6_addr address{};
  return inet_pton(AF_INET6, host.c_str(), &address) == 1 && IN6_IS_ADDR_LOOPBACK(&address);
}

std::string ListenAddress::to_string() const {
  const std::string shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return shown + ":" + std::to_string(port);
}

bool is_loopback_host_header(std::string_view host) {
  if (host.starts_with('[')) {
    const std::size_t close = host.find(']');
    if (close == std::string_view::npos) return false;
    return ListenAddress{std::string(host.substr(1, close - 1)), 0}.is_loopback();
  }
  const std::string name = base::to_lower(host.substr(0, host.find(':')));
  return name == "localhost" || name.ends_with(".localhost") ||
         ListenAddress{name, 0}.is_loopback();
}

}  // namespace testgen::service
