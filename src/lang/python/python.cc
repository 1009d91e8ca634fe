#include "lang/python/python.h"

#include "lang/python/interpreter.h"
#include "lang/python/module_name.h"

namespace testgen::lang::python {
namespace {

class Python final : public Language {
 public:
  [[nodiscard]] std::string_view name() const override { return "python"; }

  void locate(model::SourceFile& source) const override {
    ModuleLocation location = locate_module(source.path, source.text);
    source.import_root = std::move(location.import_root);
    source.module_name = std::move(location.module_name);
    source.importable = location.importable;
  }

  [[nodiscard]] base::Result<Runtime> find_runtime(const RuntimeRequest& request,
                                                   const base::Clock& clock) const override {
    return find_interpreter(request, clock);
  }
};

}  // namespace

const Language& language() {
  static const Python python;
  return python;
}

}  // namespace testgen::lang::python
