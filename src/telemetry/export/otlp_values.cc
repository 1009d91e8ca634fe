#include "telemetry/export/otlp_values.h"

#include <cmath>

#include "telemetry/metrics/number.h"
#include "telemetry/text.h"

namespace testgen::telemetry {
namespace {

ProtoWriter any_value(const AttributeValue& value) {
  ProtoWriter out;
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    out.bytes(1, to_valid_utf8(*text));
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    out.varint(2, *flag ? 1 : 0);
  } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    out.varint(3, static_cast<std::uint64_t>(*integer));
  } else if (const auto* real = std::get_if<double>(&value)) {
    out.real(4, *real);
  } else if (const auto* list = std::get_if<TextList>(&value)) {
    ProtoWriter values;
    list->for_each([&](std::string_view item) { values.message(1, any_value(item)); });
    out.message(5, values);
  }
  return out;
}

}  // namespace

void put_key_value(ProtoWriter& out, std::uint32_t field, std::string_view key,
                   const AttributeValue& value) {
  ProtoWriter pair;
  pair.bytes(1, to_valid_utf8(key));
  pair.message(2, any_value(value));
  out.message(field, pair);
}

ProtoWriter resource_message(const Resource& resource) {
  ProtoWriter out;
  for (const auto& [key, value] : resource) put_key_value(out, 1, key, std::string_view(value));
  return out;
}

ProtoWriter scope_message() {
  ProtoWriter out;
  out.bytes(1, kScope);
  return out;
}

void append_quoted(std::string& out, std::int64_t value) {
  out += '"';
  out += std::to_string(value);
  out += '"';
}

void append_quoted(std::string& out, std::uint64_t value) {
  out += '"';
  out += std::to_string(value);
  out += '"';
}

void append_double(std::string& out, double value) {
  if (std::isfinite(value)) {
    append_number(out, value);
  } else {
    out += std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  }
}

void append_any_value(std::string& out, const AttributeValue& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    out += "{\"stringValue\":";
    append_json_string(out, *text);
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    out += *flag ? "{\"boolValue\":true" : "{\"boolValue\":false";
  } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    out += "{\"intValue\":";
    append_quoted(out, *integer);
  } else if (const auto* real = std::get_if<double>(&value)) {
    out += "{\"doubleValue\":";
    append_double(out, *real);
  } else if (const auto* list = std::get_if<TextList>(&value)) {
    out += "{\"arrayValue\":{\"values\":[";
    list->for_each([&](std::string_view item) {
      if (out.back() == '}') out += ',';
      append_any_value(out, item);
    });
    out += "]}";
  }
  out += '}';
}

void append_key_value(std::string& out, std::string_view key, const AttributeValue& value) {
  out += "{\"key\":";
  append_json_string(out, key);
  out += ",\"value\":";
  append_any_value(out, value);
  out += '}';
}

void append_resource(std::string& out, const Resource& resource) {
  out += "{\"attributes\":";
  append_list(out, resource, [&](const auto& each) {
    append_key_value(out, each.first, std::string_view(each.second));
  });
  out += '}';
}

std::string json_scope() {
  return R"({"name":")" + std::string(kScope) + "\"}";
}

}  // namespace testgen::telemetry
