#include "telemetry/export/otlp_values.h"

#include <cmath>

#include "base/strings.h"
#include "telemetry/metrics/number.h"
#include "telemetry/text.h"

namespace testgen::telemetry {
namespace {

// Valid UTF-8: the text itself, borrowed, where it is valid already.
class ValidText {
 public:
  explicit ValidText(std::string_view text) : view_(text) {
    if (base::find_invalid_utf8(text) >= text.size()) return;
    copy_ = to_valid_utf8(text);
    view_ = copy_;
  }
  ValidText(const ValidText&) = delete;
  ValidText& operator=(const ValidText&) = delete;
  [[nodiscard]] std::string_view view() const { return view_; }

 private:
  std::string copy_;
  std::string_view view_;
};

ProtoWriter list_value(const TextList& list) {
  ProtoWriter values;
  list.for_each([&](std::string_view item) {
    const ValidText text(item);
    values.begin_message(1, ProtoWriter::bytes_size(text.view().size()));
    values.bytes(1, text.view());
  });
  return values;
}

}  // namespace

void put_key_value(ProtoWriter& out, std::uint32_t field, std::string_view key,
                   const AttributeValue& value) {
  const auto pair = [&](std::size_t value_size) {
    out.begin_message(field,
                      ProtoWriter::bytes_size(key.size()) + ProtoWriter::bytes_size(value_size));
    out.bytes(1, key);
    out.begin_message(2, value_size);
  };
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    const ValidText valid(*text);
    pair(ProtoWriter::bytes_size(valid.view().size()));
    out.bytes(1, valid.view());
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    pair(2);
    out.varint(2, *flag ? 1 : 0);
  } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    const auto bits = static_cast<std::uint64_t>(*integer);
    pair(1 + ProtoWriter::varint_size(bits));
    out.varint(3, bits);
  } else if (const auto* real = std::get_if<double>(&value)) {
    pair(9);
    out.real(4, *real);
  } else if (const auto* list = std::get_if<TextList>(&value)) {
    ProtoWriter any;
    any.message(5, list_value(*list));
    const std::string bytes = any.take();
    out.begin_message(field,
                      ProtoWriter::bytes_size(key.size()) + ProtoWriter::bytes_size(bytes.size()));
    out.bytes(1, key);
    out.bytes(2, bytes);
  }
}

ProtoWriter resource_message(const Resource& resource) {
  ProtoWriter out;
  for (const auto& [key, value] : resource) {
    put_key_value(out, 1, ValidText(key).view(), std::string_view(value));
  }
  return out;
}

ProtoWriter scope_message() {
  ProtoWriter out;
  out.bytes(1, kScope);
  return out;
}

std::string request_message(const Resource& resource, std::string_view items) {
  ProtoWriter scope;
  scope.message(1, scope_message());
  ProtoWriter about;
  about.message(1, resource_message(resource));
  const std::size_t scoped = scope.view().size() + items.size();
  ProtoWriter head;
  head.begin_message(1, about.view().size() + ProtoWriter::bytes_size(scoped));
  head.append(about.view());
  head.begin_message(2, scoped);
  head.append(scope.view());
  std::string request;
  request.reserve(head.view().size() + items.size());
  request += head.view();
  request += items;
  return request;
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
