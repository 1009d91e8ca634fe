#include "service/http/wire.h"

#include <array>
#include <ctime>

#include "base/strings.h"

namespace testgen::service {
namespace {

// IMF-fixdate of RFC 9110; strftime would follow the locale.
std::string http_date(base::WallTime time) {
  constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                parts.tm_hour, parts.tm_min, parts.tm_sec);
  return text.data();
}

void append_header(std::string& head, std::string_view name, std::string_view value) {
  head += name;
  head += ": ";
  for (const char c : value) {
    if (c != '\r' && c != '\n' && c != '\0') head += c;
  }
  head += "\r\n";
}

}  // namespace

std::string response_head(const Response& response, const HeadOptions& options) {
  std::string head;
  head.reserve(256);
  head += "HTTP/1.1 ";
  head += std::to_string(response.status);
  head += ' ';
  head += reason_phrase(response.status);
  head += "\r\n";
  append_header(head, "date", http_date(options.now));
  if (response.status != 204) {
    append_header(head, "content-type", response.content_type);
    if (options.chunked) {
      append_header(head, "transfer-encoding", "chunked");
    } else if (response.stream == nullptr) {
      append_header(head, "content-length", std::to_string(response.body.size()));
    }
  }
  append_header(head, "connection", options.keep_alive ? "keep-alive" : "close");
  for (const Header& header : response.headers) append_header(head, header.name, header.value);
  head += "\r\n";
  return head;
}

std::string chunk_head(std::size_t bytes) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%zx\r\n", bytes);
  return text.data();
}

void split_target(Request& request) {
  std::string_view target = request.target;
  if (!target.starts_with('/')) {
    const std::size_t scheme = target.find("://");
    if (scheme != std::string_view::npos) {
      const std::size_t slash = target.find('/', scheme + 3);
      target = slash == std::string_view::npos ? "/" : target.substr(slash);
    }
  }
  const std::size_t question = target.find('?');
  request.path = std::string(target.substr(0, question));
  if (question != std::string_view::npos) request.query = std::string(target.substr(question + 1));
}

std::optional<std::string> framing_fault(std::size_t host_count, unsigned version,
                                         std::size_t coding_count,
                                         std::string_view transfer_coding) {
  if (host_count > 1 || (host_count == 0 && version >= 11)) {
    return "a request needs exactly one Host header";
  }
  if (coding_count == 0) return std::nullopt;
  if (coding_count > 1 || version < 11 ||
      base::to_lower(base::trim(transfer_coding)) != "chunked") {
    return "the only transfer coding understood is chunked";
  }
  return std::nullopt;
}

}  // namespace testgen::service
