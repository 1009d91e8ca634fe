// The parts that OTLP's traces, metrics and logs share, in both encodings: attributes and the
// resource they are about. JSON follows OTLP's rules: 64-bit integers as strings, numbers that
// JSON does not have as proto3 names them. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "telemetry/export/protobuf.h"
#include "telemetry/tracing/attribute.h"

namespace testgen::telemetry {

enum class OtlpProtocol { HttpProtobuf, HttpJson };

// service.name, service.version and what the operator adds.
using Resource = std::vector<std::pair<std::string, std::string>>;

// The name of the instrumentation scope.
inline constexpr std::string_view kScope = "testgen";

// --- protobuf -----------------------------------------------------------------------------------

// `key` is valid UTF-8 and `field` below 16.
void put_key_value(ProtoWriter& out, std::uint32_t field, std::string_view key,
                   const AttributeValue& value);
// The bytes of a trace's or a span's id, borrowed.
[[nodiscard]] inline std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
[[nodiscard]] ProtoWriter resource_message(const Resource& resource);
[[nodiscard]] ProtoWriter scope_message();
// ExportTraceServiceRequest and its sister for logs, around a list of one scope that is encoded
// already as fields 2.
[[nodiscard]] std::string request_message(const Resource& resource, std::string_view items);

// --- JSON ---------------------------------------------------------------------------------------

void append_quoted(std::string& out, std::int64_t value);
void append_quoted(std::string& out, std::uint64_t value);
void append_double(std::string& out, double value);
void append_any_value(std::string& out, const AttributeValue& value);
void append_key_value(std::string& out, std::string_view key, const AttributeValue& value);
void append_resource(std::string& out, const Resource& resource);  // {"attributes":[…]}
[[nodiscard]] std::string json_scope();                            // {"name":"testgen"}

// [item,item,…] of anything.
template <class Items, class Append>
void append_list(std::string& out, const Items& items, Append append) {
  out += '[';
  bool first = true;
  for (const auto& item : items) {
    if (!first) out += ',';
    first = false;
    append(item);
  }
  out += ']';
}

}  // namespace testgen::telemetry
