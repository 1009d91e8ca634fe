// What a test file that a person wrote holds, without running it: its tests, whether each of
// them asserts anything, and which modules it imports. Pure but for the clock that bounds
// parsing.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "analysis/syntax_tree.h"
#include "base/clock.h"
#include "base/result.h"
#include "model/source_file.h"

namespace testgen::analysis {

struct TestFunction {
  std::string id;  // "TestCart::test_total", as pytest names it within the file
  std::uint32_t line = 0;
  // An assert, a raise of AssertionError, a call such as assertEqual, raises or fail, or a call
  // of a function of the same file that has one.
  bool asserts = false;
};

struct TestFile {
  std::vector<TestFunction> tests;
  // Dotted names, absolute, that the file asks for: `from a import b` gives a and a.b, and
  // `import a.b` gives both too, for it binds a.
  std::set<std::string> imports;
  // Short text literals: a module may be named by one, or its file.
  std::set<std::string> texts;
};

// `source` must have its module_name. Fails as analyze() does.
[[nodiscard]] base::Result<TestFile> read_test_file(const model::SourceFile& source,
                                                    const base::Clock& clock);

// The absolute dotted names that the file's import statements ask for.
[[nodiscard]] std::set<std::string> imported_names(const SyntaxTree& tree,
                                                   const model::SourceFile& source);

}  // namespace testgen::analysis
