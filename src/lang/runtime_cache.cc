#include "lang/runtime_cache.h"

namespace testgen::lang {
namespace {

constexpr std::chrono::seconds kLifetime{60};
constexpr std::size_t kMostEntries = 256;

std::string key_of(const Language& language, const RuntimeRequest& request) {
  std::string key = request.needs_runner ? "runner" : "";
  for (const std::string& part :
       {std::string(language.name()), request.explicit_path, request.virtual_environment,
        request.on_path, request.system_default, request.project.parent_path().string()}) {
    key += part;
    key += '\0';
  }
  return key;
}

}  // namespace

base::Result<Runtime> RuntimeCache::find(const Language& language, const RuntimeRequest& request,
                                         const base::Clock& clock) {
  const std::string key = key_of(language, request);
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    if (found != entries_.end() && clock.steady_now() - found->second.asked < kLifetime) {
      return found->second.runtime;
    }
  }
  // Asked without the lock: others must not wait for one slow interpreter.
  TG_ASSIGN(Runtime runtime, language.find_runtime(request, clock));
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= kMostEntries) entries_.clear();
  entries_[key] = {runtime, clock.steady_now()};
  return runtime;
}

}  // namespace testgen::lang
