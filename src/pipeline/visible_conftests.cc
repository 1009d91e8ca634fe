#include "pipeline/visible_conftests.h"

#include <algorithm>

#include "base/file_system.h"

namespace testgen::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxBytes = 1U << 20U;

}  // namespace

std::vector<fs::path> visible_conftests(const fs::path& tests, const fs::path& root) {
  std::vector<fs::path> out;
  std::error_code ignored;
  const fs::path inner = fs::weakly_canonical(tests, ignored);
  const fs::path outer = fs::weakly_canonical(root, ignored);
  if (outer.empty() || inner.empty()) return out;
  for (fs::path folder = inner;; folder = folder.parent_path()) {
    if (fs::is_regular_file(folder / "conftest.py", ignored)) out.push_back(folder / "conftest.py");
    if (folder == outer) break;
    if (!folder.has_relative_path()) return {};
  }
  std::reverse(out.begin(), out.end());
  return out;
}

std::vector<model::Omission> leave_out_of_reach(std::vector<model::ProjectFixture>& fixtures,
                                                const std::vector<fs::path>& conftests,
                                                const fs::path& tests) {
  std::vector<model::Omission> out;
  std::erase_if(fixtures, [&](const model::ProjectFixture& fixture) {
    if (std::find(conftests.begin(), conftests.end(), fixture.conftest) != conftests.end()) {
      return false;
    }
    out.push_back({"fixture " + fixture.name, "tests in " + tests.string() +
                                                  " cannot ask for it: it is defined in " +
                                                  fixture.conftest});
    return true;
  });
  return out;
}

bool defines(const std::vector<fs::path>& conftests, const std::string& name) {
  return std::any_of(conftests.begin(), conftests.end(), [&](const fs::path& path) {
    const auto text = base::read_file(path, kMaxBytes);
    return text && text->find("def " + name + "(") != std::string::npos;
  });
}

}  // namespace testgen::pipeline
