// Heirs that a test file defines: of abstract classes, so that there are objects at all; of
// classes with empty hooks, so that what the hooks are given can be asserted; of classes that
// find methods by name (`getattr(self, "do_" + word)`), so that they find some.
#pragma once

#include "engine/explorer/harness.h"
#include "engine/explorer/universe.h"
#include "model/module_model.h"

namespace testgen::engine {

// Adds their classes and constructors to the universe, whose own classes are complete but whose
// methods are not linked yet.
void add_helper_classes(const model::ModuleModel& module, const RuntimeSymbols& symbols,
                        Universe& universe);

}  // namespace testgen::engine
