#include "pipeline/preview.h"

#include "analysis/analysis.h"
#include "lang/language.h"
#include "lang/python/import_plan.h"
#include "pipeline/ask_model.h"
#include "pipeline/sendable.h"
#include "source/loader.h"

namespace testgen::pipeline {

base::Result<std::string> preview(const std::filesystem::path& file,
                                  const std::vector<std::string>& symbols,
                                  model::Framework framework, const ModelOptions& options,
                                  const base::Clock& clock) {
  TG_ASSIGN(model::SourceFile source, source::load(file));
  const std::string pattern = denied_by(source.path, options.never_send);
  if (!pattern.empty()) return "--- nothing: its code is not sent to a model: " + pattern + "\n";
  const lang::Language* language = lang::find_language(source.language);
  if (language == nullptr) {
    return base::Error{base::ErrorCode::Unsupported,
                       "tests for " + source.language + " are not generated yet",
                       "Python is supported"};
  }
  language->locate(source);
  TG_ASSIGN(const model::ModuleModel module, analysis::analyze(source, clock));
  // The interpreter decides only how the module is found, which no request mentions.
  const model::ImportPlan plan = lang::python::plan_import(source, lang::Runtime{});
  return preview_requests({&module, &plan, source.text, framework}, symbols, options);
}

}  // namespace testgen::pipeline
