#include "service/environments/environments.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "base/capture.h"
#include "base/file_system.h"
#include "base/process.h"
#include "base/random.h"
#include "base/strings.h"
#include "base/unique_fd.h"
#include "service/auth/key_file.h"
#include "service/data_folder.h"

namespace testgen::service {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::ordered_json;

constexpr std::chrono::minutes kInstallTime{30};
constexpr std::chrono::minutes kShortTime{2};
constexpr std::uint64_t kMaxManifestBytes = 1U << 20U;
constexpr const char* kManifest = "environment.json";

std::vector<std::string> own_variables() {
  std::vector<std::string> out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    // Python's own would lead the new interpreter astray; pip's are for the administrator to set.
    if (std::string_view(*entry).substr(0, 6) != "PYTHON") out.emplace_back(*entry);
  }
  return out;
}

// The last lines of what a tool said: that is where it says what went wrong.
std::string last_words(const base::Captured& captured) {
  std::vector<std::string> lines = base::split(captured.errors, '\n');
  std::erase_if(lines, [](const std::string& line) { return base::trim(line).empty(); });
  const std::size_t from = lines.size() > 3 ? lines.size() - 3 : 0;
  return base::one_line(
      base::join({lines.begin() + static_cast<std::ptrdiff_t>(from), lines.end()}, "; "), 600);
}

Result<base::Captured> run(std::vector<std::string> argv, std::chrono::milliseconds timeout) {
  return base::capture(
      {.argv = std::move(argv), .environment = own_variables(), .timeout = timeout});
}

Result<std::string> find_python(const std::string& wanted) {
  if (wanted.find('/') != std::string::npos) return wanted;
  const bool is_version =
      !wanted.empty() && wanted.find_first_not_of("0123456789.") == std::string::npos;
  const std::string name = wanted.empty() ? "python3" : is_version ? "python" + wanted : wanted;
  if (auto found = base::find_executable(name)) return *found;
  return Error{ErrorCode::Environment, "there is no " + name + " on this machine",
               "install it, or give --python PATH"};
}

base::Status make_venv(const std::string& python, const fs::path& folder) {
  TG_ASSIGN(const base::Captured made, run({python, "-m", "venv", folder.string()}, kShortTime));
  if (made.exit_code == 0) return {};
  return Error{ErrorCode::Environment,
               "python -m venv failed: " + last_words({0, "", made.errors + made.output}),
               "Debian has it in a package of its own: python3-venv"};
}

base::Status install(const fs::path& folder, const fs::path& requirements) {
  // Paths in the file start where it lies.
  std::error_code failure;
  const fs::path file = fs::canonical(requirements, failure);
  if (failure) {
    return base::system_error("cannot read " + requirements.string(), failure.value());
  }
  const std::string script =
      "import os,sys; os.chdir(sys.argv[1]); "
      "os.execv(sys.executable, [sys.executable, '-m', 'pip', 'install', "
      "'--disable-pip-version-check', '--no-input', '--no-warn-script-location', "
      "'-r', sys.argv[2]])";
  TG_ASSIGN(const base::Captured done, run({(folder / "bin" / "python").string(), "-c", script,
                                            file.parent_path().string(), file.string()},
                                           kInstallTime));
  if (done.exit_code == 0) return {};
  return Error{ErrorCode::Environment, "pip could not install: " + last_words(done),
               "without a network name wheels by their paths, or set PIP_NO_INDEX and "
               "PIP_FIND_LINKS"};
}

bool has_runner(const fs::path& folder) {
  const auto tried =
      run({(folder / "bin" / "python").string(), "-I", "-c", "import pytest"}, kShortTime);
  return tried && tried->exit_code == 0;
}

// Lets it see the packages of the interpreter it was made from.
base::Status open_to_system(const fs::path& folder) {
  const fs::path file = folder / "pyvenv.cfg";
  TG_ASSIGN(const std::string text, base::read_file(file, kMaxManifestBytes));
  return base::write_file_atomic(file,
                                 base::replace_all(text, "include-system-site-packages = false",
                                                   "include-system-site-packages = true"));
}

// Its version and what was installed into it, as "name==version".
base::Status describe(Environment& environment) {
  constexpr const char* kScript =
      "import sys, json, site\n"
      "from importlib import metadata\n"
      "own = site.getsitepackages([sys.prefix])\n"
      "print(json.dumps({'python': '.'.join(map(str, sys.version_info[:3])),\n"
      "  'packages': sorted({d.metadata['Name'] + '==' + d.version\n"
      "                      for d in metadata.distributions(path=own)})}))\n";
  TG_ASSIGN(const base::Captured asked,
            run({environment.interpreter().string(), "-I", "-c", kScript}, kShortTime));
  const auto answer = ordered_json::parse(asked.output, nullptr, /*allow_exceptions=*/false);
  if (asked.exit_code != 0 || !answer.is_object()) {
    return Error{ErrorCode::Environment, "the new environment does not work: " + last_words(asked),
                 ""};
  }
  environment.python = answer.value("python", "");
  environment.packages = answer.value("packages", std::vector<std::string>{});
  return {};
}

std::string to_json(const Environment& environment) {
  const ordered_json document{
      {"name", environment.name},
      {"python", environment.python},
      {"packages", environment.packages},
      {"system_packages", environment.system_packages},
      {"created",
       std::chrono::floor<std::chrono::seconds>(environment.created.time_since_epoch()).count()},
      {"build", environment.build}};
  return document.dump(2) + "\n";
}

// For everybody to read, since sandboxed code runs as somebody else, and for nobody to change.
base::Status close_to_writing(const fs::path& folder) {
  std::error_code failure;
  for (auto entry = fs::recursive_directory_iterator(folder, failure);
       !failure && entry != fs::recursive_directory_iterator(); entry.increment(failure)) {
    struct stat info {};
    if (::lstat(entry->path().c_str(), &info) != 0 || S_ISLNK(info.st_mode)) continue;
    const mode_t execute = (info.st_mode & S_IXUSR) != 0 ? 0111 : 0;
    if (::chmod(entry->path().c_str(), 0444 | execute) != 0) {
      return base::system_error("cannot protect " + entry->path().string(), errno);
    }
  }
  if (failure) return base::system_error("cannot protect " + folder.string(), failure.value());
  if (::chmod(folder.c_str(), 0555) != 0) {
    return base::system_error("cannot protect " + folder.string(), errno);
  }
  return {};
}

base::Status erase(const fs::path& folder) {
  std::error_code failure;
  // Who is not root cannot take files out of a folder that is closed to writing.
  ::chmod(folder.c_str(), 0700);
  for (auto entry = fs::recursive_directory_iterator(folder, failure);
       !failure && entry != fs::recursive_directory_iterator(); entry.increment(failure)) {
    if (entry->is_directory() && !entry->is_symlink()) ::chmod(entry->path().c_str(), 0700);
  }
  failure.clear();
  fs::remove_all(folder, failure);
  if (failure) return base::system_error("cannot remove " + folder.string(), failure.value());
  return {};
}

Result<base::UniqueFd> lock(const fs::path& folder) {
  const fs::path file = folder / ".lock";
  base::UniqueFd held(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!held) return base::system_error("cannot open " + file.string(), errno);
  if (::flock(held.get(), LOCK_EX | LOCK_NB) != 0) {
    return Error{ErrorCode::Conflict, "another command is changing the environments",
                 "wait until it has ended"};
  }
  return held;
}

}  // namespace

Environments::Environments(const fs::path& data_folder)
    : folder_(fs::absolute(data_folder).lexically_normal() / "environments") {}

Result<Environment> Environments::find(const std::string& name) const {
  TG_TRY(check_key_name(name, "an environment"));
  const fs::path folder = folder_ / name;
  const auto text = base::read_file(folder / kManifest, kMaxManifestBytes);
  const auto document =
      text ? ordered_json::parse(*text, nullptr, /*allow_exceptions=*/false) : ordered_json();
  if (!document.is_object()) {
    return Error{ErrorCode::NotFound, "there is no environment \"" + name + "\"",
                 "an administrator builds one: testgen env create " + name};
  }
  Environment found{.name = name, .folder = folder};
  found.python = document.value("python", "");
  found.packages = document.value("packages", std::vector<std::string>{});
  found.system_packages = document.value("system_packages", false);
  found.created = base::WallTime(std::chrono::seconds(document.value("created", std::int64_t{0})));
  found.build = document.value("build", "");
  return found;
}

Result<std::vector<Environment>> Environments::list() const {
  std::vector<Environment> all;
  std::error_code failure;
  if (!fs::exists(folder_, failure)) return all;
  for (const auto& entry : fs::directory_iterator(folder_, failure)) {
    if (auto found = find(entry.path().filename().string())) all.push_back(*std::move(found));
  }
  if (failure) return base::system_error("cannot read " + folder_.string(), failure.value());
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

Result<Environment> Environments::create(const NewEnvironment& wanted, base::WallTime now) const {
  TG_TRY(check_key_name(wanted.name, "an environment"));
  TG_ASSIGN(const std::string python, find_python(wanted.python));
  TG_TRY(make_data_folder(folder_.parent_path()));
  std::error_code failure;
  fs::create_directories(folder_, failure);
  if (failure) return base::system_error("cannot create " + folder_.string(), failure.value());
  TG_TRY(give_to_owner(folder_.parent_path(), folder_));
  TG_ASSIGN(const base::UniqueFd held, lock(folder_));
  if (find(wanted.name)) {
    return Error{ErrorCode::Conflict, "there is an environment \"" + wanted.name + "\" already",
                 "remove it first: testgen env remove " + wanted.name};
  }
  Environment made{.name = wanted.name, .folder = folder_ / wanted.name, .created = now};
  // What a command that was stopped left behind.
  if (fs::exists(made.folder, failure)) TG_TRY(erase(made.folder));
  const auto build = [&]() -> base::Status {
    TG_TRY(make_venv(python, made.folder));
    if (!wanted.requirements.empty()) TG_TRY(install(made.folder, wanted.requirements));
    if (!has_runner(made.folder)) {
      made.system_packages = true;
      TG_TRY(open_to_system(made.folder));
      if (!has_runner(made.folder)) {
        return Error{ErrorCode::Environment,
                     "neither the environment nor " + python + " has pytest",
                     "add pytest to the requirements, or install Debian's python3-pytest"};
      }
    }
    TG_TRY(describe(made));
    made.build = base::random_hex(16);
    TG_TRY(base::write_file_atomic(made.folder / kManifest, to_json(made)));
    return close_to_writing(made.folder);
  };
  if (const base::Status built = build(); !built) {
    const base::Status erased = erase(made.folder);
    return erased ? built.error() : erased.error();
  }
  return made;
}

base::Status Environments::remove(const std::string& name) const {
  TG_ASSIGN(const Environment found, find(name));
  TG_ASSIGN(const base::UniqueFd held, lock(folder_));
  return erase(found.folder);
}

}  // namespace testgen::service
