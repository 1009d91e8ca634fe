#include "lang/python/module_name.h"

#include <algorithm>
#include <array>

#include "base/strings.h"

namespace testgen::lang::python {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 35> kKeywords{
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};

bool is_word(unsigned char c, bool first) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80 ||
         (!first && c >= '0' && c <= '9');
}

std::string as_identifier(std::string_view name) {
  std::string out;
  for (const char c : name) out += is_word(static_cast<unsigned char>(c), false) ? c : '_';
  if (out.empty() || !is_word(static_cast<unsigned char>(out[0]), true)) out.insert(0, "_");
  if (!is_identifier(out)) out += '_';
  return out;
}

// The most dots in front of a `from` import: the number of enclosing packages it needs.
std::size_t relative_depth(std::string_view text) {
  std::size_t deepest = 0;
  for (std::size_t line = 0; line < text.size();) {
    std::size_t at = text.find_first_not_of(" \t", line);
    if (at != std::string_view::npos && text.substr(at, 5) == "from ") {
      at = text.find_first_not_of(" \t", at + 5);
      std::size_t dots = 0;
      while (at != std::string_view::npos && at + dots < text.size() && text[at + dots] == '.') {
        ++dots;
      }
      deepest = std::max(deepest, dots);
    }
    const std::size_t end = text.find('\n', line);
    if (end == std::string_view::npos) break;
    line = end + 1;
  }
  return deepest;
}

}  // namespace

bool is_identifier(std::string_view name) {
  if (name.empty() || std::find(kKeywords.begin(), kKeywords.end(), name) != kKeywords.end()) {
    return false;
  }
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!is_word(static_cast<unsigned char>(name[i]), i == 0)) return false;
  }
  return true;
}

ModuleLocation locate_module(const fs::path& file, std::string_view text) {
  ModuleLocation out;
  fs::path folder = file.parent_path();
  std::string stem = file.stem().string();
  const bool is_package = stem == "__init__";
  if (is_package) {
    stem = folder.filename().string();
    folder = folder.parent_path();
  }
  out.importable = is_identifier(stem);
  out.module_name = out.importable ? stem : as_identifier(stem);
  // A package's own relative imports begin one folder lower.
  const std::size_t needed = relative_depth(text);
  std::size_t depth = is_package ? 1 : 0;
  while (folder.has_relative_path()) {
    std::error_code ignored;
    const std::string package = folder.filename().string();
    const bool regular = fs::exists(folder / "__init__.py", ignored);
    if ((!regular && depth >= needed) || !is_identifier(package)) break;
    out.module_name.insert(0, package + ".");
    folder = folder.parent_path();
    ++depth;
  }
  out.import_root = folder;
  return out;
}

bool shadows_standard_module(const model::SourceFile& source, const Runtime& runtime) {
  if (source.import_root == runtime.standard_library) return false;
  const std::string top = source.module_name.substr(0, source.module_name.find('.'));
  return std::binary_search(runtime.standard_modules.begin(), runtime.standard_modules.end(), top);
}

}  // namespace testgen::lang::python
