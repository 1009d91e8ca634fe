#include "telemetry/export/otlp_response.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "telemetry/text.h"

namespace testgen::telemetry {
namespace {

std::optional<PartialSuccess> from_protobuf(std::string_view body) {
  ProtoReader response(body);
  while (const auto field = response.next()) {
    if (field->number != 1 || field->bytes.data() == nullptr) continue;
    PartialSuccess result;
    ProtoReader partial(field->bytes);
    while (const auto part = partial.next()) {
      if (part->number == 1) result.rejected = static_cast<std::int64_t>(part->value);
      if (part->number == 2) result.message = to_valid_utf8(part->bytes);
    }
    return result;
  }
  return std::nullopt;
}

std::optional<PartialSuccess> from_json(std::string_view body) {
  const auto response = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!response.is_object() || !response.contains("partialSuccess")) return std::nullopt;
  const auto& partial = response["partialSuccess"];
  if (!partial.is_object()) return std::nullopt;
  PartialSuccess result;
  for (const char* name : {"rejectedSpans", "rejectedDataPoints", "rejectedLogRecords"}) {
    const auto found = partial.find(name);
    if (found == partial.end()) continue;
    if (found->is_number_integer()) result.rejected = found->get<std::int64_t>();
    if (found->is_string()) {
      const auto& digits = found->get_ref<const std::string&>();
      (void)std::from_chars(digits.data(), digits.data() + digits.size(), result.rejected);
    }
  }
  if (const auto found = partial.find("errorMessage"); found != partial.end()) {
    if (found->is_string()) result.message = to_valid_utf8(found->get_ref<const std::string&>());
  }
  return result;
}

}  // namespace

std::optional<PartialSuccess> parse_partial_success(OtlpProtocol protocol, std::string_view body) {
  return protocol == OtlpProtocol::HttpJson ? from_json(body) : from_protobuf(body);
}

}  // namespace testgen::telemetry
