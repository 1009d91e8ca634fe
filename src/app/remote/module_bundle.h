// What a service needs in order to make one module's tests: the module, the modules of the same
// project that it imports, and the tests that an earlier run wrote. Reads files, runs nothing.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "service/api/generate_input.h"

namespace testgen::app {

struct ModuleBundle {
  std::string path;    // of the module, as sent
  std::string output;  // of the folder for tests, as sent
  std::vector<service::InputFile> files;
};

// Paths are sent relative to the lowest folder that holds the project and `output`, so that the
// tests find the module from where they will lie. InvalidInput for a module that is not UTF-8.
[[nodiscard]] base::Result<ModuleBundle> bundle_module(const std::filesystem::path& file,
                                                       const std::filesystem::path& output);

// Dotted names that a Python text imports, relative ones resolved against `package` ("" at the top
// level): "import a.b" gives a.b; "from a import b" gives a and a.b. By its lines, so that a text
// inside a string may give too much, never too little. Pure.
[[nodiscard]] std::vector<std::string> imported_names(std::string_view text,
                                                      const std::string& package);

}  // namespace testgen::app
