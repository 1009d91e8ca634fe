// A test that the explorer kept: statements in the target language, what they were seen to do,
// and which goals they reach. Statements and assertions are source text, so that what is
// executed during the search is letter for letter what is written to the test file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace testgen::model {

// Modules that statements may name without saying so; a test file imports those it mentions.
inline constexpr const char* kTestModules[] = {"asyncio",   "collections", "datetime", "decimal",
                                               "fractions", "io",          "pathlib",  "re",
                                               "types",     "uuid"};

// `expression` was seen to equal `literal`; both are source text.
struct Assertion {
  std::string expression;
  std::string literal;
  enum class Kind { Equal, Identity, Approximate, Type } kind = Kind::Equal;
  bool operator==(const Assertion&) const = default;
};

struct ExpectedException {
  std::string type;         // "ValueError", or "semver.Foo" when the module defines it
  std::string module;       // where the type lives: "builtins", "json.decoder"
  std::string message;      // str(exception); empty when it is not stable
  bool documented = false;  // raised lexically in the module or named in its documentation
};

// How the emitted file is written.
enum class Framework { Pytest, Unittest };

// A test that is written down as it stood in an earlier file.
struct Verbatim {
  std::string text;                  // decorators and function, without indentation of its own
  std::string class_name;            // of the test class it stood in; or empty
  std::vector<std::string> rows;     // ids, when it is a table
  std::vector<std::string> modules;  // that it names and the file imported
  std::string unit_hash;             // of the function it is about, when it was written
};

struct TestCase {
  std::string name;                        // test_wrap_returns_empty_list_when_text_is_empty
  std::string function;                    // qualified name of the function it is about
  std::vector<std::string> fixtures;       // what the test asks its runner for: "tmp_path"
  std::vector<std::string> definitions;    // helpers it needs, each a whole def or class
  std::vector<std::string> statements;     // the last one is the act; earlier ones arrange
  std::optional<std::string> result_name;  // variable that holds the act's value
  std::vector<Assertion> assertions;
  std::optional<ExpectedException> exception;  // of the last statement
  std::vector<std::uint32_t> goals;            // ids covered, ascending
  // When set, statements and what follows them are empty: the text speaks for itself.
  std::optional<Verbatim> verbatim;
};

}  // namespace testgen::model
