// What a docstring says of a parameter's type, in the styles of Sphinx (`:param int x:`,
// `:type x: int`), NumPy (`x : int, optional`) and Google (`x (int): …`), and failing those the
// first words of its description. Pure.
#pragma once

#include <string>
#include <string_view>

namespace testgen::engine {

struct DocumentedType {
  std::string words;    // in the words of annotations; empty: nothing is said
  bool stated = false;  // given as its type; else only described
};

[[nodiscard]] DocumentedType documented_type(std::string_view docstring,
                                             std::string_view parameter);

}  // namespace testgen::engine
