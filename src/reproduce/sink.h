// The dangerous call of a suspect as a test can record it: which function a test calls, and what
// it replaces so that nothing dangerous happens and the arguments are seen. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "analysis/syntax_tree.h"
#include "base/result.h"
#include "model/module_model.h"
#include "reproduce/chain.h"
#include "reproduce/suspect.h"

namespace testgen::reproduce {

// What mock.patch puts a stand-in in the place of.
struct Patch {
  std::string object;     // "net.os"; empty: `attribute` is a dotted name that is imported
  std::string attribute;  // "system", or "subprocess.run"
  bool create = false;    // it hides a built-in function
};

// What the function compares an attribute of a stand-in with: ".method" and "\"POST\"".
struct Compared {
  std::string path;
  std::vector<std::string> literals;  // source texts
};

struct Sink {
  std::size_t function = 0;                        // index into ModuleModel::functions
  analysis::Index definition = analysis::kNoNode;  // of that function
  analysis::Index call = analysis::kNoNode;        // the dangerous one
  std::vector<analysis::Index> bound;              // expressions that its callee goes through
  std::string callee;                              // as it is written: "os.system"
  // Where the stand-in is put: one of the three.
  std::optional<Patch> patch;
  std::string parameter;  // it is the value of this one
  std::string attribute;  // of self
  std::string rest;       // what the call is of the stand-in: ".return_value.execute", or ""
  bool awaited = false;
  std::vector<std::string> waits;  // of the stand-in, calls before that whose results are awaited
  std::vector<Compared> compared;  // of the parameter
};

// Where the input is read, when that can be replaced: a parameter's or a global's chain.
struct Source {
  std::string parameter;           // or empty
  std::optional<Patch> patch;      // or nothing
  std::string name;                // of the stand-in
  std::string rest;                // of it, that gives the marker: ".args.__getitem__.return_value"
  std::string shown;               // "request.args[]"
  std::vector<std::string> waits;  // as of a sink
  std::vector<Compared> compared;
};

// The innermost call, attribute, item or name that holds the whole place; kNoNode when none does.
[[nodiscard]] analysis::Index innermost_at(const analysis::SyntaxTree& tree, const Span& place);

// An error's message is half a sentence that says why no test can show it.
[[nodiscard]] base::Result<Sink> find_sink(const analysis::SyntaxTree& tree,
                                           const model::ModuleModel& module,
                                           const std::string& alias, const Span& place);

[[nodiscard]] std::optional<Source> find_source(const analysis::SyntaxTree& tree,
                                                const model::ModuleModel& module,
                                                const std::string& alias, const Sink& sink,
                                                const Span& place);

}  // namespace testgen::reproduce
