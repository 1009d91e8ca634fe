// Decides how a test imports the module it is about: by name when that finds this very file,
// by path when the name is no identifier or belongs to the standard library.
#pragma once

#include "lang/language.h"
#include "model/import_plan.h"

namespace testgen::lang::python {

[[nodiscard]] model::ImportPlan plan_import(const model::SourceFile& source,
                                            const Runtime& runtime);

}  // namespace testgen::lang::python
