#include "scan/ir/lowering.h"

namespace testgen::scan::ir {

Module lower(const Tree& tree) {
  Module module;
  module.language = tree.grammar().language();
  module.nodes.reserve(tree.size() / 2);
  module.kids.reserve(tree.size() / 2);
  Builder builder(tree, module);
  switch (module.language) {
    case Language::Python:
      lower_python(builder);
      break;
    case Language::JavaScript:
    case Language::TypeScript:
    case Language::Tsx:
      lower_javascript(builder);
      break;
    case Language::Java:
      lower_java(builder);
      break;
    case Language::Go:
      lower_go(builder);
      break;
    case Language::CSharp:
      lower_csharp(builder);
      break;
    case Language::Rust:
      lower_rust(builder);
      break;
    case Language::C:
    case Language::Cpp:
      lower_c(builder);
      break;
  }
  return module;
}

}  // namespace testgen::scan::ir
