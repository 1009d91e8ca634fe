#include "telemetry/tracing/baggage.h"

#include <algorithm>
#include <optional>

#include "telemetry/text.h"

namespace testgen::telemetry {
namespace {

constexpr std::size_t kMaxMembers = 64;
constexpr std::size_t kMaxBytes = 8192;

std::string_view trim_ows(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// A token of RFC 9110.
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_octet(char c) {
  return c > 0x20 && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Nothing when the value has characters that baggage cannot have. A percent sign without two
// digits stands for itself.
std::optional<std::string> decode(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!is_octet(value[i])) return std::nullopt;
    if (value[i] == '%' && i + 2 < value.size() && hex_digit(value[i + 1]) >= 0 &&
        hex_digit(value[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(value[i + 1]) * 16 + hex_digit(value[i + 2]));
      i += 2;
    } else {
      out += value[i];
    }
  }
  return to_valid_utf8(out);
}

void append_encoded(std::string& out, std::string_view value) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : value) {
    if (is_octet(c) && c != '%') {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    }
  }
}

}  // namespace

std::vector<BaggageMember> parse_baggage(std::string_view header) {
  std::vector<BaggageMember> members;
  std::size_t used = 0;
  while (!header.empty() && members.size() < kMaxMembers) {
    const std::size_t comma = header.find(',');
    const std::string_view whole = header.substr(0, comma);
    header.remove_prefix(comma == std::string_view::npos ? header.size() : comma + 1);
    used += whole.size() + 1;
    if (used > kMaxBytes + 1) break;  // whole members only
    const std::size_t semicolon = whole.find(';');
    const std::string_view pair = whole.substr(0, semicolon);
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = trim_ows(pair.substr(0, equals));
    auto value = decode(trim_ows(pair.substr(equals + 1)));
    if (!is_token(key) || !value) continue;
    const std::string_view properties =
        semicolon == std::string_view::npos ? "" : trim_ows(whole.substr(semicolon + 1));
    members.push_back({std::string(key), *std::move(value), to_valid_utf8(properties)});
  }
  return members;
}

std::string format_baggage(const std::vector<BaggageMember>& members) {
  std::string out;
  std::size_t count = 0;
  for (const BaggageMember& member : members) {
    const bool clean = std::all_of(member.properties.begin(), member.properties.end(), [](char c) {
      return c == ';' || c == ' ' || c == '\t' || is_octet(c);
    });
    if (!is_token(member.key) || !clean) continue;
    std::string text = member.key + "=";
    append_encoded(text, member.value);
    if (!member.properties.empty()) text += ";" + member.properties;
    if (count == kMaxMembers || out.size() + text.size() + 1 > kMaxBytes) break;
    if (count++ > 0) out += ',';
    out += text;
  }
  return out;
}

}  // namespace testgen::telemetry
