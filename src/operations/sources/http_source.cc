#include "operations/sources/http_source.h"

#include <fmt/format.h>

#include "base/strings.h"

namespace testgen::operations {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::size_t kMaxAnswerBytes = std::size_t{64} << 20U;

}  // namespace

HttpSource::HttpSource(HttpSourceOptions options, net::HttpClient& client)
    : options_(std::move(options)), client_(client) {
  while (options_.url.ends_with('/')) options_.url.pop_back();
}

std::string HttpSource::shown_url() const {
  const std::size_t scheme = options_.url.find("://");
  if (scheme == std::string::npos) return options_.url;
  const std::size_t begin = scheme + 3;
  const std::size_t host = options_.url.substr(0, options_.url.find('/', begin)).rfind('@');
  if (host == std::string::npos || host < begin) return options_.url;
  return options_.url.substr(0, begin) + options_.url.substr(host + 1);
}

base::Result<net::HttpResponse> HttpSource::get(std::string_view path) const {
  net::HttpRequest request;
  request.url = options_.url + std::string(path);
  request.timeout = options_.timeout;
  request.max_response_bytes = kMaxAnswerBytes;
  request.tls.authorities = options_.authorities;
  if (!options_.bearer.empty()) {
    request.headers.emplace_back("Authorization", "Bearer " + options_.bearer);
  }
  auto answer = client_.send(request);
  if (answer) return answer;
  Error error = std::move(answer).error();
  // The client's message repeats the address, and with it a password.
  error.message = base::replace_all(error.message, ": " + request.url, "");
  error.message = base::replace_all(error.message, options_.url, shown_url());
  return error.with_context(fmt::format("{} at {}", options_.name, shown_url()));
}

base::Result<std::string> HttpSource::body(std::string_view path) const {
  TG_ASSIGN(net::HttpResponse answer, get(path));
  if (answer.status == 200) return std::move(answer.body);
  Error error{ErrorCode::Unavailable,
              fmt::format("{} at {} answered {}: {}", options_.name, shown_url(), answer.status,
                          base::one_line(answer.body, 200)),
              ""};
  if (answer.status == 401 || answer.status == 403) {
    error.code = ErrorCode::Unauthenticated;
    error.hint =
        "give --token-file or TESTGEN_API_TOKEN for the service; put user:password@ into "
        "the other addresses";
  }
  return error;
}

std::string with_parameters(std::string_view path, const Parameters& parameters) {
  std::string out(path);
  char separator = '?';
  for (const auto& [name, value] : parameters) {
    out += separator;
    out += name;
    out += '=';
    for (const char c : value) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
      if (plain) {
        out += c;
      } else {
        out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
      }
    }
    separator = '&';
  }
  return out;
}

}  // namespace testgen::operations
