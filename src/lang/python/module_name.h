// How a Python file is imported: the folder that must be on sys.path and the dotted name.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "lang/language.h"

namespace testgen::lang::python {

struct ModuleLocation {
  std::filesystem::path import_root;
  std::string module_name;
  bool importable = true;  // false: the name was made into an identifier; load by path
};

// Walks up while __init__.py exists, and as far as imports in `text` reach that are relative or
// name a folder above (folders without __init__.py are packages too). `file` is absolute.
[[nodiscard]] ModuleLocation locate_module(const std::filesystem::path& file,
                                           std::string_view text);

// A user's module that would be imported in place of one of the standard library's.
[[nodiscard]] bool shadows_standard_module(const model::SourceFile& source, const Runtime& runtime);

[[nodiscard]] bool is_identifier(std::string_view name);

}  // namespace testgen::lang::python
