// Named Python environments in the data folder, for posted code that imports packages the service
// itself does without. An administrator builds one, nobody changes it afterwards, and a request
// names it. Each is a virtual environment, complete once its manifest is there. Any number of
// processes may use them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace testgen::service {

struct Environment {
  std::string name;
  std::filesystem::path folder;
  std::string python;                 // "3.11.2"
  std::vector<std::string> packages;  // "attrs==22.2.0", of its own
  bool system_packages = false;       // sees the interpreter's packages, too
  base::WallTime created{};
  // The same only for the same build: results of one build are not taken for another's.
  std::string build;

  [[nodiscard]] std::filesystem::path interpreter() const { return folder / "bin" / "python"; }
};

struct NewEnvironment {
  std::string name;
  std::string python;                  // "3.11", a path, or empty for python3
  std::filesystem::path requirements;  // pip's file; empty: no packages
};

class Environments {
 public:
  explicit Environments(const std::filesystem::path& data_folder);

  // Builds it with venv and pip, which runs what the packages bring: for administrators. pip
  // reads its own configuration and variables. Conflict when the name is taken.
  [[nodiscard]] base::Result<Environment> create(const NewEnvironment& wanted,
                                                 base::WallTime now) const;
  [[nodiscard]] base::Result<std::vector<Environment>> list() const;
  // NotFound when there is none, or when it is not complete.
  [[nodiscard]] base::Result<Environment> find(const std::string& name) const;
  [[nodiscard]] base::Status remove(const std::string& name) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace testgen::service
