// W3C Baggage: the `baggage` header, and what OpenTelemetry's variables for headers and resource
// attributes are written like. Headers are hostile input: a malformed member is left out, the
// rest counts. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace testgen::telemetry {

struct BaggageMember {
  std::string key;
  std::string value;       // percent-decoded, valid UTF-8
  std::string properties;  // as received, without the leading ';'
};

// At most 64 members and 8192 bytes are looked at, as the specification's limits have it.
[[nodiscard]] std::vector<BaggageMember> parse_baggage(std::string_view header);

// The header again; members that are no valid baggage are left out.
[[nodiscard]] std::string format_baggage(const std::vector<BaggageMember>& members);

}  // namespace testgen::telemetry
