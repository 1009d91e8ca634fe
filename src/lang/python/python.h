// Python as a Language.
#pragma once

#include "lang/language.h"

namespace testgen::lang::python {

[[nodiscard]] const Language& language();

}  // namespace testgen::lang::python
