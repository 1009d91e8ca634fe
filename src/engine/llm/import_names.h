// Which names a model's imports bind, and how a test file of ours says the same: it imports whole
// modules only, and the module under test by its alias. Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "analysis/syntax_tree.h"
#include "engine/llm/proposal.h"

namespace testgen::llm {

class ImportNames {
 public:
  explicit ImportNames(const Subject& subject);

  // Learns the import statements at the top level of a chunk.
  void learn(const analysis::SyntaxTree& tree);

  // The reply defines that name itself, by this code. It is then the reply's own, unless the code
  // is a copy of what is tested, as models like to show: then the tests are meant for the module.
  void learn_definition(const std::string& name, const analysis::SyntaxTree& code);

  // The text with names replaced: `Cart()` becomes `cart.Cart()`, `date(…)` `datetime.date(…)`.
  // Names that the text itself binds stay. Adds the modules it then needs.
  [[nodiscard]] std::string resolve(const analysis::SyntaxTree& tree,
                                    std::set<std::string>& modules) const;

 private:
  struct Meaning {
    std::string text;    // "cart.Cart", "datetime.date"
    std::string module;  // to import; empty: the module under test
    bool told = false;   // by an import of the reply, not guessed
  };
  void bind(const std::string& name, const std::string& dotted, const std::string& module);

  const Subject& subject_;
  std::map<std::string, Meaning> meanings_;
};

// Names that the code binds itself: parameters, assignments, loops, local imports, …
[[nodiscard]] std::set<std::string> bound_names(const analysis::SyntaxTree& tree);

}  // namespace testgen::llm
