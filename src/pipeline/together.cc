#include "pipeline/together.h"

#include <algorithm>

#include "base/file_system.h"
#include "lang/language.h"
#include "pipeline/analyze.h"
#include "source/loader.h"
#include "verify/suite_run.h"

namespace testgen::pipeline {
namespace {

namespace fs = std::filesystem;

// pytest names a test "tests/test_cart.py::TestCart::test_total[row]", its file from the root or,
// when that is elsewhere, by way of "..".
void add_failure(const std::string& id, const std::vector<fs::path>& files, Together& out) {
  const std::size_t mark = id.find("::");
  if (mark == std::string::npos) return;
  const std::string name = fs::path(id.substr(0, mark)).filename().string();
  const auto file =
      std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.filename() == name; });
  if (file == files.end()) return;
  std::string test = id.substr(mark + 2);
  test = test.substr(0, test.find('['));
  if (const std::size_t in_class = test.find("::"); in_class != std::string::npos) {
    test.replace(in_class, 2, ".");
  }
  out.failed[*file].insert(test);
}

}  // namespace

base::Result<Together> run_together(sandbox::Sandbox& sandbox, lang::RuntimeCache& runtimes,
                                    const base::Clock& clock, const TogetherRequest& request,
                                    const std::stop_token& stop) {
  const lang::Language* python = lang::find_language("python");
  auto wanted = lang::RuntimeRequest::from_environment();
  wanted.explicit_path = request.interpreter;
  TG_ASSIGN(const lang::Runtime runtime, runtimes.find(*python, wanted, clock));
  TG_ASSIGN(const base::TempDir scratch, base::TempDir::create("testgen-together"));

  verify::SuiteRequest suite;
  suite.interpreter = runtime.executable.string();
  suite.folder = scratch.path();
  suite.deadline = request.deadline;
  const fs::path root = project_root(request.output);
  suite.project = {root, root};
  std::set<fs::path> shown{request.output, root};
  for (const fs::path& file : request.sources) {
    TG_ASSIGN(model::SourceFile source, source::load(file));
    python->locate(source);
    shown.insert(source.import_root);
  }
  suite.read_only = runtime.read_only_paths;
  suite.read_only.insert(suite.read_only.end(), shown.begin(), shown.end());

  suite.test_files = request.files;
  std::sort(suite.test_files.begin(), suite.test_files.end());
  Together out;
  for (int order = 0; order < 2 && out.problem.empty() && !stop.stop_requested(); ++order) {
    TG_ASSIGN(const verify::SuiteResult result, verify::run_suite(sandbox, suite, stop));
    out.problem = result.problem;
    for (const auto& [id, outcome] : result.outcomes) {
      if (outcome == "failed") add_failure(id, request.files, out);
    }
    std::reverse(suite.test_files.begin(), suite.test_files.end());
  }
  return out;
}

}  // namespace testgen::pipeline
