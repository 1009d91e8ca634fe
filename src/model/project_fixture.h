// A fixture of a project's own conftest.py, as seen in one run of the project's tests. Plain data
// from hostile ground.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace testgen::model {

// The project's conftest.py files that count for tests which lie elsewhere while they are verified.
struct Conftests {
  std::vector<std::filesystem::path> files;  // the outermost first
  std::filesystem::path import_root;         // of the module under test: they import it, too
};

struct ProjectFixture {
  std::string name;
  std::string conftest;  // the file that defines it, absolute
  std::string type;      // of its value: "shop.cart.Cart"
};

}  // namespace testgen::model
