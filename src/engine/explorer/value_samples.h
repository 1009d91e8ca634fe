// Ready-made values: objects of library classes, and functions that fit how they are called.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "engine/explorer/universe.h"
#include "engine/explorer/value.h"

namespace testgen::engine {

// An object of a builtin or library class by its dotted name ("int", "datetime.date",
// "collections.abc.Mapping"), or nothing when that class is not known.
[[nodiscard]] std::optional<Value> sample_object(const std::string& name, base::Random& random);

// All that is known for that class.
[[nodiscard]] std::vector<Value> sample_objects(const std::string& name);

// A lambda of the arity that the parameter is called with, whose results suit what is done with
// them.
[[nodiscard]] Value synthesised_callable(const ParameterInfo& parameter, base::Random& random);

}  // namespace testgen::engine
