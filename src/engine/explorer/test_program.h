// A candidate test: a short sequence of statements over the universe's callables. The last
// statement is the act, earlier ones arrange. Programs are values: mutation copies and edits.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/explorer/harness.h"
#include "engine/explorer/universe.h"
#include "engine/explorer/value.h"

namespace testgen::engine {

struct Statement {
  // Arrange prepares the world: `source`, then the arguments and a bracket when there are any:
  // `monkeypatch.setenv("HOME", ` and "abc" make `monkeypatch.setenv("HOME", "abc")`.
  enum class Kind { Call, SetAttribute, Arrange };
  Kind kind = Kind::Call;
  std::size_t callable = 0;      // of a Call
  std::size_t receiver = npos;   // statement that made the object, for methods and attributes
  std::string member;            // enumeration member that stands for the receiver, if any
  std::vector<Value> arguments;  // positional
  // Of the act: values that the first argument, a Name, takes one after the other. The result is
  // the list of what the calls gave.
  std::vector<Value> sweep;
  std::vector<std::pair<std::string, Value>> keywords;
  std::string attribute;  // of a SetAttribute; of an Arrange: what it is about
  Value value;            // of a SetAttribute
  std::string source;     // of an Arrange: one line, whole or up to its arguments
  std::string stub;       // of an Arrange: expression of the stand-in it makes, if any
  std::vector<std::string> definitions;  // of an Arrange: helpers that its line needs
  std::vector<std::string> fixtures;     // of an Arrange: beyond those that its line names

  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
};

struct TestProgram {
  std::vector<Statement> statements;
  // Arguments of the act, a bit each, that are made on lines of their own and watched, so that the
  // test can say what became of them: `heap = [3, 1]`, `heapify(heap)`. Only what a call can
  // change gets a name.
  std::uint64_t named_arguments = 0;
};

struct NamedArgument {
  std::string name;
  std::uint64_t bit = 0;
};

// The program as source lines, one a statement, and the names that hold its objects.
struct RenderedProgram {
  std::vector<std::string> lines;
  std::vector<std::string> watch;        // the result first, then receivers, fixtures, arguments
  std::vector<NamedArgument> arguments;  // their names are the last of `watch`
  bool has_result = false;               // the first of `watch` is assigned by the last line
  std::vector<std::string> definitions;  // helpers, each once
  std::vector<std::string> fixtures;     // "tmp_path", "monkeypatch", the project's own, …
  std::vector<std::string> stubs;        // expressions of stand-ins
  std::string subject;                   // qualified name of the callable it is about

  [[nodiscard]] std::string source() const;
  [[nodiscard]] Candidate candidate() const {
    return {source(), watch, definitions, fixtures, stubs, subject};
  }
};

// Whether the name stands in the source, and not as a part of a longer one.
[[nodiscard]] bool holds_word(std::string_view source, std::string_view word);

// The fixtures of the runner that a line of source names: tmp_path, monkeypatch, capsys, caplog.
[[nodiscard]] std::vector<std::string> fixtures_named(std::string_view source);

// Of its source: an object that a fixture gives is not made by one.
[[nodiscard]] std::size_t line_count(const TestProgram& program, const Universe& universe);

// All that can have one get a name: how a program is run to be observed.
[[nodiscard]] TestProgram with_named_arguments(TestProgram program);

[[nodiscard]] RenderedProgram render_program(const TestProgram& program, const Universe& universe);

// Size that minimisation brings down: statements count most.
[[nodiscard]] std::size_t weight(const TestProgram& program);

// How odd the arguments' types look to a reader who knows the signatures; 0 for none.
[[nodiscard]] std::size_t oddity(const TestProgram& program, const Universe& universe);

// Removes statements that nothing after them needs, except those with an effect on an object
// (methods and attribute writes) unless their receiver is gone too.
[[nodiscard]] bool erase_statement(TestProgram& program, std::size_t index);

// The callable the program is about.
[[nodiscard]] inline std::size_t subject(const TestProgram& program) {
  return program.statements.back().callable;
}

}  // namespace testgen::engine
