#include "telemetry/tracing/trace_context.h"

#include <algorithm>
#include <vector>

namespace testgen::telemetry {
namespace {

constexpr std::size_t kVersion00Length = 55;
constexpr std::size_t kMaxMembers = 32;
constexpr std::size_t kMaxPart = 256;  // of a key or a value
constexpr std::size_t kMaxTracestate = 512;
constexpr std::size_t kLongMember = 128;

bool is_lower_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

unsigned hex_byte(std::string_view two) {
  const auto digit = [](char c) {
    return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
  };
  return digit(two[0]) * 16 + digit(two[1]);
}

bool valid_key(std::string_view key) {
  if (key.empty() || key.size() > kMaxPart) return false;
  const auto lower_or_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  if (!lower_or_digit(key[0])) return false;
  return std::all_of(key.begin(), key.end(), [&](char c) {
    return lower_or_digit(c) || c == '_' || c == '-' || c == '*' || c == '/' || c == '@';
  });
}

bool valid_value(std::string_view value) {
  if (value.empty() || value.size() > kMaxPart || value.back() == ' ') return false;
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return c >= 0x20 && c <= 0x7e && c != ',' && c != '='; });
}

// Whitespace as HTTP lists allow it around members.
std::string_view trim_ows(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::size_t joined_length(const std::vector<std::string_view>& members) {
  std::size_t length = members.empty() ? 0 : members.size() - 1;
  for (const auto member : members) length += member.size();
  return length;
}

}  // namespace

SpanContext parse_trace_context(std::string_view traceparent, std::string_view tracestate) {
  const std::string_view text = trim_ows(traceparent);
  if (text.size() < kVersion00Length) return {};
  if (!is_lower_hex(text[0]) || !is_lower_hex(text[1])) return {};
  const unsigned version = hex_byte(text.substr(0, 2));
  if (version == 0xff) return {};
  // A later version may append fields; what is known of it is read the same way.
  if (version == 0 && text.size() != kVersion00Length) return {};
  if (text.size() > kVersion00Length && text[kVersion00Length] != '-') return {};
  if (text[2] != '-' || text[35] != '-' || text[52] != '-') return {};
  if (!is_lower_hex(text[53]) || !is_lower_hex(text[54])) return {};
  const auto trace_id = TraceId::from_hex(text.substr(3, 32));
  const auto span_id = SpanId::from_hex(text.substr(36, 16));
  if (!trace_id || !span_id || !trace_id->valid() || !span_id->valid()) return {};
  SpanContext context;
  context.trace_id = *trace_id;
  context.span_id = *span_id;
  context.flags =
      static_cast<std::uint8_t>(hex_byte(text.substr(53, 2)) & (kFlagSampled | kFlagRandom));
  if (std::string state = normalize_tracestate(tracestate); !state.empty()) {
    context.carried = std::make_shared<Carried>(Carried{std::move(state), {}});
  }
  return context;
}

std::string format_traceparent(const SpanContext& context) {
  if (!context.valid()) return {};
  std::string text(kVersion00Length, '-');
  text[0] = text[1] = '0';
  write_hex(context.trace_id.bytes.data(), 16, &text[3]);
  write_hex(context.span_id.bytes.data(), 8, &text[36]);
  const std::uint8_t flags = context.flags & (kFlagSampled | kFlagRandom);
  write_hex(&flags, 1, &text[53]);
  return text;
}

std::string normalize_tracestate(std::string_view header) {
  std::vector<std::string_view> members;
  while (!header.empty()) {
    const std::size_t comma = header.find(',');
    const std::string_view member = trim_ows(header.substr(0, comma));
    header.remove_prefix(comma == std::string_view::npos ? header.size() : comma + 1);
    if (member.empty()) continue;  // empty members are allowed and mean nothing
    const std::size_t equals = member.find('=');
    if (equals == std::string_view::npos || !valid_key(member.substr(0, equals)) ||
        !valid_value(member.substr(equals + 1)) || members.size() == kMaxMembers) {
      return {};
    }
    // Of a duplicate key the left-most, most recent one is kept.
    const std::string_view key_and_equals = member.substr(0, equals + 1);
    if (std::none_of(members.begin(), members.end(),
                     [&](auto seen) { return seen.starts_with(key_and_equals); })) {
      members.push_back(member);
    }
  }
  for (std::size_t i = members.size(); i-- > 0 && joined_length(members) > kMaxTracestate;) {
    if (members[i].size() > kLongMember) members.erase(members.begin() + static_cast<long>(i));
  }
  while (joined_length(members) > kMaxTracestate) members.pop_back();
  std::string out;
  for (const auto member : members) {
    if (!out.empty()) out += ',';
    out += member;
  }
  return out;
}

}  // namespace testgen::telemetry
