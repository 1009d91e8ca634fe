// Values for the parameters that a test is not about: something that the function can work with,
// as far as its signature and what it does with them tell. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/module_model.h"
#include "reproduce/marker.h"

namespace testgen::reproduce {

// How often another combination is tried.
inline constexpr std::size_t kProfiles = 4;

// The expression for this parameter in one of the profiles; empty: it is left to its default.
[[nodiscard]] std::string plain_value(const model::FunctionModel& function,
                                      const model::Parameter& parameter, std::size_t profile);

// For an attribute of the object, by what methods do with it.
[[nodiscard]] std::string plain_attribute(const std::vector<std::string>& uses);

// What the marker is given as: the text itself, and where its uses say so as bytes, in a list or by
// key. Empty when the annotation says that it is no text.
[[nodiscard]] std::vector<std::string> carriers(const model::Parameter& parameter,
                                                const Marker& marker);

// The same for a mapping of names, **kwargs: those that the function writes down.
[[nodiscard]] std::vector<std::string> named_carriers(const model::FunctionModel& function,
                                                      const Marker& marker);

}  // namespace testgen::reproduce
