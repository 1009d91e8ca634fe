#include "lang/python/interpreter.h"

#include <unistd.h>

#include <set>

#include "base/file_system.h"
#include "base/paths.h"
#include "base/strings.h"
#include "lang/python/interpreter_probe.h"

namespace testgen::lang::python {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

constexpr std::string_view kInstallHint =
    "install pytest for one of them (Debian: python3-pytest), or name the Python to use";

struct Candidate {
  std::string executable;
  std::string environment;  // virtual environment, when it is not where the executable lies
  std::string origin;
};

// The base interpreter that pyvenv.cfg names, when it lies outside the environment's project: a
// cloned repository must not bring a program that we run.
std::string base_interpreter(const fs::path& environment) {
  const auto config = base::read_file(environment / "pyvenv.cfg", std::uint64_t{64} * 1024);
  if (!config) return {};
  std::string home;
  for (const std::string& line : base::split(*config, '\n')) {
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos) continue;
    if (base::to_lower(base::trim(line.substr(0, equals))) == "home") {
      home = std::string(base::trim(std::string_view(line).substr(equals + 1)));
    }
  }
  if (home.empty() || home[0] != '/') return {};
  std::error_code failure;
  const fs::path executable = fs::canonical(fs::path(home) / "python3", failure);
  if (failure) return {};
  const fs::path project = fs::weakly_canonical(environment.parent_path(), failure);
  if (failure || base::is_inside(executable, project)) return {};
  return (fs::path(home) / "python3").string();
}

// True for a file of the interpreter's own installation: its standard library and packages.
bool owns(const std::string& interpreter, const fs::path& file) {
  return !interpreter.empty() &&
         base::is_inside(file, fs::path(interpreter).parent_path().parent_path() / "lib");
}

std::vector<Candidate> candidates(const RuntimeRequest& request) {
  std::vector<Candidate> out;
  if (owns(request.system_default, request.project)) {
    out.push_back({request.system_default, "", "it owns the file"});
  }
  if (!request.virtual_environment.empty()) {
    out.push_back({request.virtual_environment + "/bin/python", "", "VIRTUAL_ENV"});
  }
  if (!request.project.empty()) {
    const fs::path environment = find_project_environment(request.project);
    if (!environment.empty()) {
      if (std::string executable = base_interpreter(environment); !executable.empty()) {
        out.push_back({std::move(executable), environment.string(), environment.string()});
      }
    }
  }
  if (!request.on_path.empty()) out.push_back({request.on_path, "", "python3 on PATH"});
  if (!request.system_default.empty()) {
    out.push_back({request.system_default, "", request.system_default});
  }
  return out;
}

}  // namespace

fs::path find_project_environment(const fs::path& project) {
  std::error_code ignored;
  fs::path folder = fs::weakly_canonical(fs::absolute(project, ignored), ignored);
  if (!fs::is_directory(folder, ignored)) folder = folder.parent_path();
  while (folder.has_relative_path()) {
    for (const char* name : {".venv", "venv"}) {
      if (fs::is_regular_file(folder / name / "pyvenv.cfg", ignored)) return folder / name;
    }
    if (fs::exists(folder / ".git", ignored) || fs::exists(folder / "pyproject.toml", ignored)) {
      break;
    }
    folder = folder.parent_path();
  }
  return {};
}

base::Result<Runtime> find_interpreter(const RuntimeRequest& request, const base::Clock& clock) {
  if (!request.explicit_path.empty()) {
    // It is asked in another folder than the caller's. Links stay: a virtual environment is one.
    const bool is_path = request.explicit_path.find('/') != std::string::npos;
    const std::string path = is_path
                                 ? fs::absolute(request.explicit_path).lexically_normal().string()
                                 : request.explicit_path;
    TG_ASSIGN(Runtime chosen, ask_interpreter(path, "", request.timeout, clock));
    if (chosen.runner_version.empty() && request.needs_runner) {
      return Error{ErrorCode::Environment,
                   request.explicit_path + " (Python " + chosen.version + ") has no pytest",
                   "install it there: " + chosen.executable.string() + " -m pip install pytest"};
    }
    chosen.origin = "chosen";
    return chosen;
  }
  std::vector<std::string> refused;
  std::set<std::pair<std::string, std::string>> asked;
  for (const Candidate& candidate : candidates(request)) {
    if (!asked.insert({candidate.executable, candidate.environment}).second) continue;
    if (::access(candidate.executable.c_str(), X_OK) != 0) {
      refused.push_back(candidate.executable + " is not there");
      continue;
    }
    auto answer =
        ask_interpreter(candidate.executable, candidate.environment, request.timeout, clock);
    if (!answer) {
      refused.push_back(answer.error().message);
    } else if (answer->runner_version.empty() && request.needs_runner) {
      refused.push_back(answer->executable.string() + " (Python " + answer->version +
                        ") has no pytest");
    } else {
      answer->origin = candidate.origin;
      return *std::move(answer);
    }
  }
  return Error{
      ErrorCode::Environment,
      refused.empty() ? "no Python interpreter was found"
                      : "no usable Python: " + base::join(refused, "; "),
      refused.empty() ? "install Debian's python3 and python3-pytest" : std::string(kInstallHint)};
}

}  // namespace testgen::lang::python
