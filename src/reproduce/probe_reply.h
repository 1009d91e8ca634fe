// What the probe (languages/python/reproduce.py) said of each attempt. Code under test runs in its
// process, so every shape and size is checked, and nothing in it counts before a test shows it.
// Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testgen::reproduce {

// Where the marker was among the arguments of the recorder's calls.
struct Found {
  std::size_t call = 0;   // of the recorder's calls, from 0
  std::string way;        // ".args[0][2]", as an expression
  bool is_text = false;   // a str, and not something that prints as one
  bool is_bytes = false;  // then `text` has a character for each
  std::string text;       // what was there; may be cut short
};

struct Tried {
  bool ran = false;       // the probe said something of it
  std::size_t calls = 0;  // of the recorder
  std::string raised;     // "ValueError: …"; empty when the call came back
  bool ends = false;      // it ended its process, or did not end
  std::optional<Found> found;
};

struct ProbeReply {
  std::string problem;  // the module cannot be imported, and why
  std::vector<Tried> tried;
};

[[nodiscard]] ProbeReply read_probe_reply(std::string_view output, std::size_t attempts);

}  // namespace testgen::reproduce
