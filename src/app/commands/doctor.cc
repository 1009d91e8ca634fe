// testgen doctor: tries what generate and serve rely on, and says what is missing.
#include <fmt/format.h>
#include <unistd.h>

#include "app/application.h"
#include "app/commands/commands.h"
#include "app/exit_codes.h"
#include "app/terminal.h"
#include "base/file_system.h"
#include "emit/report_layout.h"
#include "lang/language.h"

namespace testgen::app {
namespace {

// Prints one line a check and remembers whether a needed one failed.
class Checks {
 public:
  void good(std::string_view what, std::string_view detail) { line("ok", what, detail); }
  void weak(std::string_view what, std::string_view detail) { line("note", what, detail); }
  void bad(std::string_view what, const base::Error& error) {
    line("FAIL", what, error.message);
    if (!error.hint.empty()) line("", "", error.hint);
    failed_ = true;
  }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  static void line(std::string_view verdict, std::string_view what, std::string_view detail) {
    write_out(STDOUT_FILENO,
              fmt::format("{:<5} {:<12} {}\n", verdict, what, emit::printable(detail)));
  }
  bool failed_ = false;
};

void check_sandbox(Checks& checks, const config::Settings& settings) {
  const auto sandbox = make_sandbox(settings);
  if (auto usable = sandbox->check(); !usable) {
    checks.bad("sandbox", usable.error());
  } else if (settings.unsafe_no_sandbox) {
    checks.weak("sandbox", "none, as asked for; code under test runs as you");
  } else {
    checks.good("sandbox", sandbox->name() + " isolates programs here");
  }
}

void check_python(Checks& checks, const config::Settings& settings) {
  const base::SystemClock clock;
  lang::RuntimeRequest request = lang::RuntimeRequest::from_environment();
  request.explicit_path = settings.python;
  request.project = std::filesystem::current_path();
  const auto runtime = lang::find_language("python")->find_runtime(request, clock);
  if (!runtime) {
    checks.bad("python", runtime.error());
    return;
  }
  checks.good("python", fmt::format("{} at {} ({})", runtime->version, runtime->executable.string(),
                                    runtime->origin));
  checks.good("pytest", runtime->runner_version);
  if (runtime->coverage_version.empty()) {
    checks.weak("coverage.py",
                "not there, so coverage is not measured; "
                "apt-get install python3-coverage");
  } else {
    checks.good("coverage.py", runtime->coverage_version);
  }
}

void check_temporary_folder(Checks& checks) {
  const auto folder = base::TempDir::create("testgen-doctor");
  const auto written =
      folder ? base::write_file_atomic(folder->path() / "probe", "probe") : base::Status();
  if (!folder) {
    checks.bad("temporary", folder.error());
  } else if (!written) {
    checks.bad("temporary", written.error());
  } else {
    checks.good("temporary", folder->path().parent_path().string() + " can be written");
  }
}

}  // namespace

int doctor(const Doctor& action) {
  Checks checks;
  check_sandbox(checks, action.settings);
  check_python(checks, action.settings);
  check_temporary_folder(checks);
  return checks.failed() ? kEnvironment : kSuccess;
}

}  // namespace testgen::app
