// How a test imports the module it is about, decided once and used alike by the harness, the
// emitted file and verification.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace testgen::model {

struct ImportPlan {
  std::string module_name;            // dotted: "shop.cart"
  std::string alias;                  // what tests call it: "cart"
  std::filesystem::path source_path;  // the file, absolute
  std::filesystem::path search_path;  // must be on sys.path; empty when it always is
  std::set<std::string> beside;       // what lies in search_path, by the names that an import uses
  bool by_path = false;               // loaded from its file: the name is taken or no identifier
  bool is_package = false;            // the file is an __init__.py
  // C accelerators that replace functions of this file; tests import it without them.
  std::vector<std::string> blocked;
};

}  // namespace testgen::model
