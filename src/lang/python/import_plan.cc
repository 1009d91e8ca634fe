#include "lang/python/import_plan.h"

#include <algorithm>
#include <array>

#include "lang/python/module_name.h"
#include "model/test_case.h"

namespace testgen::lang::python {
namespace {

// Names that the emitted file uses itself.
constexpr std::array<std::string_view, 12> kTaken{"result", "pytest", "os",     "sys",
                                                  "mock",   "Path",   "math",   "importlib",
                                                  "test",   "time",   "random", "tempfile"};

bool is_taken(const std::string& alias) {
  return std::find(kTaken.begin(), kTaken.end(), alias) != kTaken.end() ||
         std::find(std::begin(model::kTestModules), std::end(model::kTestModules), alias) !=
             std::end(model::kTestModules);
}

// "errors" of errors.py and errors.cpython-311-x86_64-linux-gnu.so, "shop" of the folder shop. A
// name too many does no harm: the import comes after the search path is set, and finds the same
// module there.
std::set<std::string> importable_names(const std::filesystem::path& folder) {
  std::set<std::string> names;
  std::error_code failed;
  for (std::filesystem::directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    const std::string extension = entry->path().extension().string();
    if (extension == ".py" || extension == ".so" || name.find('.') == std::string::npos) {
      names.insert(name.substr(0, name.find('.')));
    }
  }
  return names;
}

}  // namespace

model::ImportPlan plan_import(const model::SourceFile& source, const Runtime& runtime) {
  model::ImportPlan plan;
  plan.module_name = source.module_name;
  plan.source_path = source.path;
  plan.is_package = source.path.filename() == "__init__.py";
  plan.alias = source.module_name.substr(source.module_name.rfind('.') + 1);
  if (is_taken(plan.alias)) plan.alias += "_module";
  plan.by_path = !source.importable || shadows_standard_module(source, runtime);
  const bool always_found = source.import_root == runtime.standard_library ||
                            std::find(runtime.search_path.begin(), runtime.search_path.end(),
                                      source.import_root) != runtime.search_path.end();
  if (!always_found) {
    plan.search_path = source.import_root;
    plan.beside = importable_names(source.import_root);
  }
  return plan;
}

}  // namespace testgen::lang::python
