// How a project's own tests call the functions of one module, as seen in one run of them. Plain
// data. Sources are text in the module's own language, with the alias that tests give the module;
// they come from hostile ground and are parsed before they are used.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/project_fixture.h"

namespace testgen::model {

struct TracedArgument {
  std::string name;                   // of the parameter
  std::optional<std::string> source;  // none when no test could write it down
  std::string type;                   // "builtins.int", "shop.cart.Cart"
  std::string fixture;                // of the project's, that gave this very object; or empty
};

struct TracedCall {
  std::size_t function = 0;  // index into ModuleModel::functions
  // Of a constructor the class of the object, which may be an heir; of a method the source of
  // what it was called on, when it has one.
  std::string made_class;
  std::optional<std::string> receiver;
  std::string receiver_fixture;  // that gave the object; or empty
  std::vector<TracedArgument> arguments;
  std::vector<std::optional<std::string>> starred;
  std::vector<std::pair<std::string, std::optional<std::string>>> keywords;
  std::vector<std::size_t> before;  // earlier calls of tests on the same object: smaller indices
};

using TracedCalls = std::vector<TracedCall>;

struct TracedTests {
  TracedCalls calls;
  std::vector<ProjectFixture> fixtures;  // whose values were given to one of the calls
};

}  // namespace testgen::model
