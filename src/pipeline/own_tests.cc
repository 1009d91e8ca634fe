#include "pipeline/own_tests.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>

#include "base/file_system.h"
#include "emit/writer.h"
#include "pipeline/analyze.h"

namespace testgen::pipeline {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::size_t kMostFiles = 40;
constexpr std::size_t kMostFolders = 64;  // a service sees many
constexpr std::chrono::minutes kGoodFor{1};
constexpr std::uint64_t kMaxBytes = 4ULL << 20U;
// Of the budget, for one run of the tests that the project has.
constexpr double kLearningShare = 0.12;
constexpr milliseconds kLeastLearningTime{800};
constexpr milliseconds kMostLearningTime{20'000};

bool written_by_us(const fs::path& file) {
  const auto text = base::read_file(file, kMaxBytes);
  return text && emit::check_seal(*text) != emit::Seal::Absent;
}

// The folder of the outermost package that holds the module; the import root for a plain module.
fs::path package_folder(const model::SourceFile& module) {
  const std::size_t dot = module.module_name.find('.');
  const bool package = module.path.filename() == "__init__.py";
  if (dot == std::string::npos && !package) return module.import_root;
  return module.import_root / module.module_name.substr(0, dot);
}

}  // namespace

engine::TraceRequest one_run_of(const TestsOfModule& tests, std::optional<milliseconds> budget) {
  engine::TraceRequest out;
  out.root = tests.root;
  out.test_files = tests.files;
  out.read_only.push_back(tests.root);
  for (const fs::path& file : tests.files) out.read_only.push_back(file.parent_path());
  out.deadline = kMostLearningTime;
  if (budget) {
    const auto share = std::chrono::duration_cast<milliseconds>(*budget * kLearningShare);
    out.deadline = std::clamp(share, kLeastLearningTime, kMostLearningTime);
  }
  return out;
}

std::shared_ptr<const TestIndex> OwnTests::index_of(const fs::path& folder,
                                                    const base::Clock& clock) {
  const std::lock_guard lock(mutex_);
  const base::SteadyTime now = clock.steady_now();
  const auto known = folders_.find(folder);
  if (known != folders_.end() && now - known->second.read < kGoodFor) return known->second.index;
  if (folders_.size() >= kMostFolders) folders_.clear();
  auto index = TestIndex::read(folder, clock);
  auto shared = index ? std::make_shared<const TestIndex>(*std::move(index)) : nullptr;
  folders_[folder] = {shared, now};
  return shared;
}

TestsOfModule OwnTests::about(const model::SourceFile& module, bool installed,
                              const base::Clock& clock) {
  TestsOfModule out;
  const fs::path package = package_folder(module);
  out.root = installed ? package : project_root(module.import_root);
  std::set<fs::path> folders{package / "tests", package / "test"};
  if (!installed) {
    folders.insert({out.root / "tests", out.root / "test", module.import_root / "tests"});
  }
  std::error_code ignored;
  std::set<fs::path> files;
  for (const fs::path& folder : folders) {
    if (!fs::is_directory(folder, ignored)) continue;
    const auto index = index_of(folder, clock);
    if (!index) continue;
    for (const IndexedTestFile* file : index->about(module, clock)) files.insert(file->path);
  }
  const std::string stem = module.path.stem().string();
  for (const char* name : {"test_", "_test"}) {
    const fs::path beside =
        module.path.parent_path() / (name[0] == '_' ? stem + name + ".py" : name + stem + ".py");
    if (!installed && fs::is_regular_file(beside, ignored)) files.insert(beside);
  }
  for (const fs::path& file : files) {
    if (!written_by_us(file)) out.files.push_back(file);
  }
  std::stable_partition(out.files.begin(), out.files.end(), [&](const fs::path& file) {
    return file.stem().string().find(stem) != std::string::npos;
  });
  if (out.files.size() > kMostFiles) out.files.resize(kMostFiles);
  return out;
}

}  // namespace testgen::pipeline
