// Tests that reproduce security findings in one Python file: where a marker can be brought from an
// argument to the dangerous call, a test that shows it, proven by the verifier in fresh processes
// as every other test is. Knows no scanner: a suspect is a place.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "lang/runtime_cache.h"
#include "reproduce/suspect.h"
#include "sandbox/sandbox.h"

namespace testgen::reproduce {

struct Options {
  std::filesystem::path output;  // where the test file will lie; paths in it start there
  std::string interpreter;       // empty: found for each project
  std::function<void(double)> progress = [](double) {};  // gets 0 to 1 of a file
};

struct FileTests {
  std::vector<Reproduction> of;  // one for each suspect, in their order
  std::string file_name;         // of the test file, and its text; empty when no test was kept
  std::string text;
  std::string file_kind;  // see emit/writer.h
};

// Borrows all; thread-safe.
class Reproducer {
 public:
  Reproducer(sandbox::Sandbox& sandbox, const base::Clock& clock)
      : sandbox_(sandbox), clock_(clock) {}

  // Whether text that reaches the call is what this weakness is about.
  [[nodiscard]] static bool is_about_text(std::uint32_t cwe);

  // An Error means that nothing of this file can be tried: no Python, no sandbox, not readable.
  // Nothing is written.
  [[nodiscard]] base::Result<FileTests> reproduce(const std::filesystem::path& file,
                                                  const std::vector<Suspect>& suspects,
                                                  const Options& options,
                                                  const std::stop_token& stop) const;

 private:
  sandbox::Sandbox& sandbox_;
  const base::Clock& clock_;
  mutable lang::RuntimeCache runtimes_;
};

}  // namespace testgen::reproduce
