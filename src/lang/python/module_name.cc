#include "lang/python/module_name.h"

#include <algorithm>
#include <array>
#include <vector>

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

// What follows `from` and `import` at the beginning of lines: ".sub", "company.team", "os".
struct Import {
  std::string_view module;
  std::string_view name;  // the first one that is taken from it; empty for a plain import
};

std::string_view word_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() &&
         (text[end] == '.' || is_word(static_cast<unsigned char>(text[end]), false))) {
    ++end;
  }
  return text.substr(at, end - at);
}

std::vector<Import> imports_of(std::string_view text) {
  std::vector<Import> out;
  for (std::size_t line = 0; line < text.size();) {
    const std::size_t end = std::min(text.find('\n', line), text.size());
    std::string_view rest = base::trim(text.substr(line, end - line));
    const bool from = rest.starts_with("from ");
    if (from || rest.starts_with("import ")) {
      rest = base::trim(rest.substr(rest.find(' ')));
      Import found{word_at(rest, 0), {}};
      rest = base::trim(rest.substr(found.module.size()));
      if (from && rest.starts_with("import ")) {
        rest = base::trim(rest.substr(7));
        found.name = word_at(rest, rest.starts_with("(") ? 1 : 0);
      }
      out.push_back(found);
    }
    line = end + 1;
  }
  return out;
}

// The most dots in front of a `from` import: the number of enclosing packages it needs.
std::size_t relative_depth(const std::vector<Import>& imports) {
  std::size_t deepest = 0;
  for (const Import& one : imports) {
    deepest = std::max(deepest, std::min(one.module.find_first_not_of('.'), one.module.size()));
  }
  return deepest;
}

bool is_module(const fs::path& stem) {
  std::error_code ignored;
  fs::path file = stem;
  file += ".py";
  return fs::is_directory(stem, ignored) || fs::is_regular_file(file, ignored);
}

// How many folders up the packages reach that the file names in full: company/team/tool.py with
// `from company.team import other` in it needs both, whether or not they have an __init__.py.
// Something has to be where the import says, so that a folder named like a library is none.
std::size_t absolute_depth(const std::vector<Import>& imports, fs::path folder) {
  std::size_t depth = 1;
  for (; folder.has_relative_path() && is_identifier(folder.filename().string()); ++depth) {
    const std::string package = folder.filename().string();
    for (const Import& one : imports) {
      const std::size_t dot = one.module.find('.');
      if (one.module.substr(0, dot) != package) continue;
      const std::string_view below =
          dot == std::string_view::npos ? one.name : one.module.substr(dot + 1);
      const std::string_view next = below.substr(0, below.find('.'));
      if (is_identifier(next) && is_module(folder / next)) return depth;
    }
    folder = folder.parent_path();
  }
  return 0;
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
  const std::vector<Import> imports = imports_of(text);
  const std::size_t inner = is_package ? 1 : 0;
  const std::size_t needed =
      std::max(relative_depth(imports), absolute_depth(imports, folder) + inner);
  std::size_t depth = inner;
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
