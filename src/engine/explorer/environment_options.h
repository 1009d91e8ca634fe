// The ways in which one need of the world can be met, as lines of arrangement: which stand-in a
// clock, a process or a request gets, and what it returns. Pure functions of what they are given.
#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "engine/explorer/test_program.h"

namespace testgen::engine {

// Something outside the process that a callable was seen to reach for.
struct EnvironmentNeed {
  enum class Kind {
    Variable,
    Environment,  // all variables
    Call,
    Arguments,
    Input,
    TemporaryFiles,
    State,
    Constant,  // a global that holds a path
    Folder     // the current one
  };
  Kind kind = Kind::Call;
  std::string name;  // "HOME"; "time.time"; "_cache"; "CONFIG_FILE"; a relative path
  // Of a Call: how the module names it, "sp.run". Of State: the class. Of a Constant: the path
  // below it that was asked for.
  std::string place;
  std::string literal;   // of State: what it was at first; of a Constant: what it holds
  bool as_text = false;  // of a Constant: it holds a str and not a Path

  // Programs that have an arrangement with the same key need no other.
  [[nodiscard]] std::string key() const;
};

// What options draw from.
struct OptionContext {
  std::string alias;
  std::size_t callable = 0;             // the arrangement is made for
  std::vector<std::string> words;       // texts of the module, for variables and arguments
  std::vector<std::string> file_texts;  // what a file might hold
  base::Random* random = nullptr;
};

// One way is a few statements of arrangement, in order.
using Arrangement = std::vector<Statement>;

// All ways to meet the need, the plainest first; empty when there is none.
[[nodiscard]] std::vector<Arrangement> options_for(const EnvironmentNeed& need,
                                                   const OptionContext& context);

// A stand-in with the attributes and results that were used, from paths such as
// "().__enter__().read()". Leaves are drawn, so that calls differ.
[[nodiscard]] Value shaped_stand_in(const std::vector<std::string>& paths,
                                    const OptionContext& context);

// A line of arrangement: `source`, then the arguments and a bracket when there are any.
[[nodiscard]] Statement arrange_line(const OptionContext& context, const std::string& key,
                                     std::string source, std::vector<Value> arguments = {});

}  // namespace testgen::engine
