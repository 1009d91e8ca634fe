// Remembers which runtime a folder's files use, so that it is asked for once a folder and not
// once a file: asking starts a process. An answer is good for a minute, since packages may be
// installed while a service runs. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "lang/language.h"

namespace testgen::lang {

class RuntimeCache {
 public:
  // As Language::find_runtime. Errors are not remembered.
  [[nodiscard]] base::Result<Runtime> find(const Language& language, const RuntimeRequest& request,
                                           const base::Clock& clock);

 private:
  struct Entry {
    Runtime runtime;
    base::SteadyTime asked;
  };
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

}  // namespace testgen::lang
