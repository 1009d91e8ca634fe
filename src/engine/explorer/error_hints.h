// Reads CPython's error messages as hints: what type was asked for, which key is missing, how
// many values were to be unpacked. From a hint follow changed programs. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "engine/explorer/test_program.h"
#include "engine/explorer/value_factory.h"

namespace testgen::engine {

struct TypeComplaint {
  std::optional<TypeTag> wanted;  // what would have been taken
  std::string given;              // the type that was not: "int"; empty when it does not say
};

// Nothing when the message is not about types.
[[nodiscard]] std::optional<TypeComplaint> read_type_complaint(std::string_view message);

// Whether a value is of the type with that name: "NoneType", "function".
[[nodiscard]] bool is_of_type(const Value& value, std::string_view name);

// Programs that take the hint of an exception, at most `limit`.
[[nodiscard]] std::vector<TestProgram> follow_exception(const TestProgram& program,
                                                        const RaisedException& raised,
                                                        const Universe& universe,
                                                        ValueFactory& values, base::Random& random,
                                                        std::size_t limit);

}  // namespace testgen::engine
