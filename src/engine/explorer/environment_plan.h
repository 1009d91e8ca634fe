// Learns from discarded programs what a callable needs of the world (a file, a variable, a clock
// that stands still, a stand-in for a process or a network) and arranges it in front of the act,
// with pytest's own fixtures. Not thread-safe; one a search. Borrows everything it is given.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "engine/explorer/environment_options.h"
#include "engine/explorer/test_program.h"
#include "engine/explorer/value_factory.h"

namespace testgen::engine {

class EnvironmentPlanner {
 public:
  EnvironmentPlanner(const Universe& universe, const model::ModuleModel& module,
                     ValueFactory& values, base::Random& random);

  // Adds to a fresh program what its callables are known to need, in one of the ways there are.
  void prepare(TestProgram& program);

  // What to try after a program that was discarded, or whose stand-ins were used in a way that
  // tells their shape. Empty when nothing can be done.
  [[nodiscard]] std::vector<TestProgram> respond(const TestProgram& program,
                                                 const CandidateResult& result);

 private:
  // A parameter that takes a path.
  struct PathNeed {
    std::string parameter;
    bool seen = false;  // a file was opened by that name; else only its name says so
    bool folder = false;
    bool text = false;  // annotated as str
    bool path = false;  // annotated as a path
  };
  struct Needs {
    std::vector<PathNeed> paths;
    std::vector<EnvironmentNeed> others;
  };

  void guess_paths();
  void find_callees();
  // What the callable and those it calls were seen to need.
  [[nodiscard]] std::vector<EnvironmentNeed> needs_of(std::size_t callable) const;
  [[nodiscard]] std::vector<TestProgram> respond_to_file(const TestProgram& program,
                                                         const std::vector<std::string>& touched);
  [[nodiscard]] std::vector<TestProgram> respond_to_shapes(const TestProgram& program,
                                                           const CandidateResult& result);
  [[nodiscard]] std::vector<TestProgram> arrange(const TestProgram& program,
                                                 const EnvironmentNeed& need);
  // Gives the parameter of one statement a path, and the path something to hold.
  bool give_path(TestProgram& program, std::size_t statement, const PathNeed& need, bool writes);
  [[nodiscard]] Value file_content(const Callable& callable);
  [[nodiscard]] OptionContext context(const TestProgram& program);

  const Universe& universe_;
  const model::ModuleModel& module_;
  ValueFactory& values_;
  base::Random& random_;
  std::vector<std::vector<std::size_t>> callees_;  // by callable, those it calls by name
  std::map<std::size_t, Needs> needs_;             // by callable
  std::map<std::pair<std::size_t, std::string>, int> answered_;  // by callable and need
  bool any_needs_ = false;                                       // other than paths
  std::set<std::string> shapes_;                                 // stand-in shapes already tried
};

}  // namespace testgen::engine
