// The grammars that are compiled in, one for each language, with the names of their node kinds
// and fields as numbers. Constant data, made at first use; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct TSLanguage;

namespace testgen::scan {

enum class Language : std::uint8_t {
  Python,
  JavaScript,
  TypeScript,
  Tsx,
  Java,
  Go,
  CSharp,
  Rust,
  C,
  Cpp,
};
inline constexpr std::size_t kLanguages = 10;

// The name in rules and reports: tsx is "typescript".
[[nodiscard]] std::string_view to_string(Language language);
// By the ending of a file's name; nothing when no rule is about such files.
[[nodiscard]] std::optional<Language> language_of(std::string_view file_name);

// Names of fields that lowering asks for; others are None.
// clang-format off
#define TG_SCAN_FIELDS(X) \
  X(alias) X(alternative) X(argument) X(arguments) X(attribute) X(body) X(code) X(condition) \
  X(consequence) X(constructor) X(declaration) X(declarator) X(definition) X(dimensions) \
  X(element) X(field) X(finalizer) X(function) X(guard) X(handler) X(increment) X(index) \
  X(indices) X(init) X(initializer) X(interfaces) X(key) X(left) X(macro) X(module_name) \
  X(name) X(object) X(operand) X(operators) X(package_name) X(parameter) X(parameters) X(path) \
  X(pattern) X(property) X(receiver) X(resources) X(result) X(return_type) X(right) X(size) \
  X(source) X(subject) X(subscript) X(superclass) X(superclasses) X(tag) X(trait) X(type) \
  X(type_arguments) X(update) X(value) X(expression) X(label) X(list) X(start) X(end) \
  X(capacity) X(channel) X(scope) X(qualifier) X(communication) X(member) X(bases) X(returns) \
  X(accessors) X(default_value)
// clang-format on

enum class Field : std::uint8_t {
  None,
  operator_,  // the word itself is C++'s
#define TG_SCAN_FIELD(name) name,
  TG_SCAN_FIELDS(TG_SCAN_FIELD)
#undef TG_SCAN_FIELD
};

class Grammar {
 public:
  [[nodiscard]] static const Grammar& of(Language language);

  [[nodiscard]] Language language() const { return language_; }
  [[nodiscard]] const TSLanguage* handle() const { return handle_; }
  [[nodiscard]] std::string_view symbol_name(std::uint16_t symbol) const {
    return symbol < names_.size() ? names_[symbol] : std::string_view("ERROR");
  }
  [[nodiscard]] std::size_t symbol_count() const { return names_.size(); }
  [[nodiscard]] Field field(std::uint16_t id) const {
    return id < fields_.size() ? fields_[id] : Field::None;
  }

 private:
  explicit Grammar(Language language);
  Language language_;
  const TSLanguage* handle_;
  std::vector<std::string_view> names_;
  std::vector<Field> fields_;
};

}  // namespace testgen::scan
