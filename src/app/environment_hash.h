// What a result depends on besides the request: the interpreter that runs the code, and what is
// installed for it. Another package, another hash. Asks the disk at most every few seconds,
// on one of the threads that want to know. Thread-safe.
#pragma once

#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "lang/runtime_cache.h"
#include "service/environments/environments.h"

namespace testgen::app {

class EnvironmentHash {
 public:
  // `interpreter` as in pipeline::GenerateOptions; the others are borrowed.
  EnvironmentHash(std::string interpreter, const service::Environments& environments,
                  const base::Clock& clock)
      : interpreter_(std::move(interpreter)), environments_(environments), clock_(clock) {}

  // Of a named environment, or of the usual interpreter. NotFound for a name that is not there.
  [[nodiscard]] base::Result<std::string> get(const std::string& name);

 private:
  [[nodiscard]] std::string usual();
  [[nodiscard]] std::string compute();

  const std::string interpreter_;
  const service::Environments& environments_;
  const base::Clock& clock_;
  lang::RuntimeCache runtimes_;
  std::mutex mutex_;
  base::SteadyTime good_until_{};
  std::string hash_;
};

// Of one runtime: its version, its executable and the folders of its packages, as they are now.
[[nodiscard]] std::string hash_of(const lang::Runtime& runtime);

}  // namespace testgen::app
