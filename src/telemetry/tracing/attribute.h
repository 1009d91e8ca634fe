// One attribute of a span: 24 bytes, no ownership. Keys are constants of the code; a text value
// lies in the span record that holds the attribute. Plain data.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

namespace testgen::telemetry {

// A text that lives as long as the program: a literal, checked by the compiler, or one that the
// caller vouches for. So the hot path keeps a pointer and copies nothing.
class StaticText {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): span.set("tests.count", n) is the point.
  consteval StaticText(const char* literal) : text_(literal) {}
  [[nodiscard]] static constexpr StaticText forever(std::string_view text) {
    return StaticText(text);
  }
  [[nodiscard]] constexpr std::string_view view() const { return text_; }

 private:
  constexpr explicit StaticText(std::string_view text) : text_(text) {}
  std::string_view text_;
};

// Several texts as one value, each ended by a NUL, which no text of ours holds.
struct TextList {
  std::string_view joined;

  template <class Visit>
  void for_each(const Visit& visit) const {
    for (std::string_view rest = joined; !rest.empty();) {
      const std::size_t end = rest.find('\0');
      visit(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
  }
};

using AttributeValue = std::variant<bool, std::int64_t, double, std::string_view, TextList>;

class Attribute {
 public:
  Attribute() = default;
  Attribute(std::string_view key, bool value) : Attribute(key, Type::Bool) { data_.flag = value; }
  Attribute(std::string_view key, std::int64_t value) : Attribute(key, Type::Integer) {
    data_.integer = value;
  }
  Attribute(std::string_view key, double value) : Attribute(key, Type::Real) { data_.real = value; }
  // At most 65 535 bytes of text, which must outlive the attribute.
  Attribute(std::string_view key, std::string_view value) : Attribute(key, Type::Text) {
    data_.text = value.data();
    text_size_ = static_cast<std::uint16_t>(value.size());
  }
  Attribute(std::string_view key, TextList value) : Attribute(key, value.joined) {
    type_ = Type::List;
  }

  [[nodiscard]] std::string_view key() const { return {key_, key_size_}; }
  [[nodiscard]] AttributeValue value() const {
    switch (type_) {
      case Type::Bool:
        return data_.flag;
      case Type::Integer:
        return data_.integer;
      case Type::Real:
        return data_.real;
      case Type::List:
        return TextList{{data_.text, text_size_}};
      case Type::Text:
        break;
    }
    return std::string_view(data_.text, text_size_);
  }

 private:
  enum class Type : std::uint8_t { Bool, Integer, Real, Text, List };
  Attribute(std::string_view key, Type type)
      : key_(key.data()), key_size_(static_cast<std::uint16_t>(key.size())), type_(type) {}

  const char* key_ = nullptr;
  union {
    bool flag;
    std::int64_t integer;
    double real;
    const char* text;
  } data_{};
  std::uint16_t text_size_ = 0;
  std::uint16_t key_size_ = 0;
  Type type_ = Type::Bool;
};

static_assert(sizeof(Attribute) == 24);

}  // namespace testgen::telemetry
