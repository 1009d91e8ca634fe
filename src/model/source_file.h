// One source file as read from disk: text, language, and how its module is imported.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace testgen::model {

struct SourceFile {
  std::filesystem::path path;         // absolute
  std::string language;               // "python"
  std::string text;                   // UTF-8, within the size limit
  std::filesystem::path import_root;  // the folder that must be importable, absolute
  std::string module_name;            // dotted: "shop.cart"
  bool importable = true;             // false: no import statement can name it; load it by path
};

}  // namespace testgen::model
