// What is asked of this room, and what it answers: a place in a Python file that may hand what it
// is given to something dangerous, and the test that shows it or why there is none. Plain data.
// Lines and columns count from 1; columns are code points.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace testgen::reproduce {

struct Span {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;
};

struct Suspect {
  std::string rule;  // its id, which the test names
  std::uint32_t cwe = 0;
  Span sink;                   // the dangerous call
  std::optional<Span> source;  // where input is read, when it was followed from there
  std::string input;           // what that is: "sys.argv"; or empty
};

// One of the two is empty.
struct Reproduction {
  std::string test;     // name of the test function
  std::string why_not;  // half a sentence: "no call got as far as os.system"
};

}  // namespace testgen::reproduce
