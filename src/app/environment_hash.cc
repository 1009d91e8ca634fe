#include "app/environment_hash.h"

#include <filesystem>

#include "base/hash.h"

namespace testgen::app {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kGoodFor{2};

// Installing, upgrading or removing a package changes the folder's time.
void add(std::string& text, const fs::path& path) {
  std::error_code code;
  const fs::path real = fs::canonical(path, code);
  const auto changed = fs::last_write_time(path, code).time_since_epoch().count();
  const auto size = fs::is_regular_file(path, code) ? fs::file_size(path, code) : 0;
  text += path.string() + '\n' + real.string() + '\n' + std::to_string(changed) + '\n' +
          std::to_string(size) + '\n';
}

}  // namespace

std::string hash_of(const lang::Runtime& runtime) {
  std::string text =
      runtime.version + '\n' + runtime.runner_version + '\n' + runtime.coverage_version + '\n';
  add(text, runtime.executable);
  for (const fs::path& folder : runtime.search_path) add(text, folder);
  return base::sha256_hex(text);
}

base::Result<std::string> EnvironmentHash::get(const std::string& name) {
  if (name.empty()) return usual();
  TG_ASSIGN(const service::Environment environment, environments_.find(name));
  return environment.build;
}

std::string EnvironmentHash::usual() {
  {
    const std::lock_guard lock(mutex_);
    const base::SteadyTime now = clock_.steady_now();
    if (!hash_.empty() && now < good_until_) return hash_;
    good_until_ = now + kGoodFor;  // one looks; the others go on with what they know
    if (hash_.empty()) return hash_ = compute();
  }
  std::string fresh = compute();
  const std::lock_guard lock(mutex_);
  return hash_ = std::move(fresh);
}

std::string EnvironmentHash::compute() {
  lang::RuntimeRequest request = lang::RuntimeRequest::from_environment();
  request.explicit_path = interpreter_;
  const auto runtime = runtimes_.find(*lang::find_language("python"), request, clock_);
  // The job will say what is missing.
  return runtime ? hash_of(*runtime) : "no runtime: " + runtime.error().message;
}

}  // namespace testgen::app
