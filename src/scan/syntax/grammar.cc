#include "scan/syntax/grammar.h"

#include <tree_sitter/api.h>

#include <array>
#include <utility>

#include "base/strings.h"

extern "C" {
const TSLanguage* tree_sitter_python();
const TSLanguage* tree_sitter_javascript();
const TSLanguage* tree_sitter_typescript();
const TSLanguage* tree_sitter_tsx();
const TSLanguage* tree_sitter_java();
const TSLanguage* tree_sitter_go();
const TSLanguage* tree_sitter_c_sharp();
const TSLanguage* tree_sitter_rust();
const TSLanguage* tree_sitter_c();
const TSLanguage* tree_sitter_cpp();
}

namespace testgen::scan {
namespace {

using Entry = std::pair<std::string_view, Language>;
constexpr std::array kEndings{
    Entry{".py", Language::Python},
    Entry{".pyw", Language::Python},
    Entry{".js", Language::JavaScript},
    Entry{".jsx", Language::JavaScript},
    Entry{".mjs", Language::JavaScript},
    Entry{".cjs", Language::JavaScript},
    Entry{".ts", Language::TypeScript},
    Entry{".mts", Language::TypeScript},
    Entry{".cts", Language::TypeScript},
    Entry{".tsx", Language::Tsx},
    Entry{".java", Language::Java},
    Entry{".go", Language::Go},
    Entry{".cs", Language::CSharp},
    Entry{".rs", Language::Rust},
    Entry{".c", Language::C},
    Entry{".h", Language::C},
    Entry{".cc", Language::Cpp},
    Entry{".cpp", Language::Cpp},
    Entry{".cxx", Language::Cpp},
    Entry{".hh", Language::Cpp},
    Entry{".hpp", Language::Cpp},
    Entry{".hxx", Language::Cpp},
};

const TSLanguage* handle_of(Language language) {
  switch (language) {
    case Language::Python:
      return tree_sitter_python();
    case Language::JavaScript:
      return tree_sitter_javascript();
    case Language::TypeScript:
      return tree_sitter_typescript();
    case Language::Tsx:
      return tree_sitter_tsx();
    case Language::Java:
      return tree_sitter_java();
    case Language::Go:
      return tree_sitter_go();
    case Language::CSharp:
      return tree_sitter_c_sharp();
    case Language::Rust:
      return tree_sitter_rust();
    case Language::C:
      return tree_sitter_c();
    case Language::Cpp:
      return tree_sitter_cpp();
  }
  return tree_sitter_python();
}

Field field_named(std::string_view name) {
  if (name == "operator") return Field::operator_;
#define TG_SCAN_FIELD(known) \
  if (name == #known) return Field::known;
  TG_SCAN_FIELDS(TG_SCAN_FIELD)
#undef TG_SCAN_FIELD
  return Field::None;
}

}  // namespace

std::string_view to_string(Language language) {
  switch (language) {
    case Language::Python:
      return "python";
    case Language::JavaScript:
      return "javascript";
    case Language::TypeScript:
    case Language::Tsx:
      return "typescript";
    case Language::Java:
      return "java";
    case Language::Go:
      return "go";
    case Language::CSharp:
      return "csharp";
    case Language::Rust:
      return "rust";
    case Language::C:
      return "c";
    case Language::Cpp:
      return "cpp";
  }
  return "";
}

std::optional<Language> language_of(std::string_view file_name) {
  const std::size_t dot = file_name.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string ending = base::to_lower(file_name.substr(dot));
  for (const auto& [known, language] : kEndings) {
    if (ending == known) return language;
  }
  return std::nullopt;
}

Grammar::Grammar(Language language) : language_(language), handle_(handle_of(language)) {
  names_.resize(ts_language_symbol_count(handle_));
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const char* const name = ts_language_symbol_name(handle_, static_cast<TSSymbol>(i));
    if (name != nullptr) names_[i] = name;
  }
  fields_.resize(ts_language_field_count(handle_) + 1, Field::None);
  for (std::size_t i = 1; i < fields_.size(); ++i) {
    const char* const name = ts_language_field_name_for_id(handle_, static_cast<TSFieldId>(i));
    if (name != nullptr) fields_[i] = field_named(name);
  }
}

const Grammar& Grammar::of(Language language) {
  static const std::array<Grammar, kLanguages> all{
      Grammar(Language::Python), Grammar(Language::JavaScript), Grammar(Language::TypeScript),
      Grammar(Language::Tsx),    Grammar(Language::Java),       Grammar(Language::Go),
      Grammar(Language::CSharp), Grammar(Language::Rust),       Grammar(Language::C),
      Grammar(Language::Cpp)};
  return all[static_cast<std::size_t>(language)];
}

}  // namespace testgen::scan
