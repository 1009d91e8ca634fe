#include "analysis/analysis.h"

#include <map>

#include "analysis/examples.h"
#include "analysis/instrument.h"
#include "analysis/mutants.h"
#include "analysis/python_model.h"
#include "analysis/strings_python.h"
#include "analysis/syntax_tree.h"

namespace testgen::analysis {

base::Result<model::ModuleModel> analyze(const model::SourceFile& source,
                                         const base::Clock& clock) {
  TG_ASSIGN(const SyntaxTree tree, parse_python(source.text, clock));
  TG_TRY(tree.check_syntax());
  model::ModuleModel model = build_model(tree);
  model.examples = collect_examples(model, docstring_of(tree, 0), source.module_name, clock);
  TG_ASSIGN(Instrumentation instrumentation, instrument(tree));
  model.mutation = find_mutants(tree, instrumentation, MutantGroup::Search);
  model.instrumented = std::move(instrumentation.text);
  model.goals = std::move(instrumentation.goals);
  model.compare_sites = std::move(instrumentation.compare_sites);
  std::map<std::string_view, std::uint32_t> branches;
  for (const model::Goal& goal : model.goals) {
    if (goal.is_branch) ++branches[goal.function];
  }
  for (model::FunctionModel& function : model.functions) {
    function.branch_count = branches[function.qualified_name];
  }
  return model;
}

}  // namespace testgen::analysis
