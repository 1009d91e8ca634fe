#include "pipeline/test_index.h"

#include <algorithm>

#include "lang/language.h"
#include "source/discovery.h"
#include "source/loader.h"

namespace testgen::pipeline {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

constexpr std::size_t kMostFiles = 20'000;

bool is_skipped(const fs::path& folder) {
  const std::string name = folder.filename().string();
  std::error_code ignored;
  return name.starts_with(".") || name == "__pycache__" || name == "node_modules" ||
         name == "site-packages" || fs::exists(folder / "pyvenv.cfg", ignored);
}

base::Result<std::vector<fs::path>> find_test_files(const fs::path& tests) {
  std::error_code failure;
  const fs::file_status status = fs::status(tests, failure);
  if (status.type() == fs::file_type::not_found) {
    return Error{ErrorCode::NotFound, tests.string() + " does not exist",
                 "--tests names the folder or file with the tests"};
  }
  if (status.type() != fs::file_type::directory) return std::vector<fs::path>{tests};
  std::vector<fs::path> out;
  fs::recursive_directory_iterator it(tests, fs::directory_options::skip_permission_denied,
                                      failure);
  if (failure) return base::system_error("cannot read " + tests.string(), failure.value());
  for (const fs::recursive_directory_iterator end; it != end; it.increment(failure)) {
    if (failure) return base::system_error("cannot read " + tests.string(), failure.value());
    std::error_code ignored;
    if (it->is_directory(ignored)) {
      if (it->is_symlink(ignored) || is_skipped(it->path())) it.disable_recursion_pending();
      continue;
    }
    const fs::path& file = it->path();
    if (file.extension() != ".py" || !source::is_test_file(file) ||
        file.filename() == "conftest.py" || !it->is_regular_file(ignored)) {
      continue;
    }
    out.push_back(file);
    if (out.size() > kMostFiles) {
      return Error{ErrorCode::TooLarge,
                   tests.string() + " holds more than " + std::to_string(kMostFiles) + " tests",
                   "name a smaller folder"};
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

// Packages around the module whose own code imports it: `from shop import Cart` reaches
// shop.cart when shop/__init__.py has it.
std::vector<std::string> packages_importing(const model::SourceFile& module,
                                            const base::Clock& clock) {
  std::vector<std::string> out;
  std::string name = module.module_name;
  for (std::size_t dot = name.rfind('.'); dot != std::string::npos; dot = name.rfind('.')) {
    name.resize(dot);
    fs::path file = module.import_root;
    for (std::size_t at = 0; at <= name.size();) {
      const std::size_t end = std::min(name.find('.', at), name.size());
      file /= name.substr(at, end - at);
      at = end + 1;
    }
    auto package = source::load(file / "__init__.py");
    if (!package) continue;
    package->module_name = name;
    const auto tree = analysis::parse_python(package->text, clock);
    if (tree && analysis::imported_names(*tree, *package).contains(module.module_name)) {
      out.push_back(name);
    }
  }
  return out;
}

}  // namespace

base::Result<TestIndex> TestIndex::read(const fs::path& tests, const base::Clock& clock) {
  TestIndex out;
  const fs::path absolute = fs::absolute(tests).lexically_normal();
  TG_ASSIGN(const std::vector<fs::path> files, find_test_files(absolute));
  out.folder_ = fs::is_directory(absolute) ? absolute : absolute.parent_path();
  if (out.folder_.filename().empty()) out.folder_ = out.folder_.parent_path();
  for (const fs::path& file : files) {
    auto source = source::load(file);
    if (!source) continue;
    const lang::Language* language = lang::find_language(source->language);
    if (language == nullptr) continue;
    language->locate(*source);
    auto content = analysis::read_test_file(*source, clock);
    if (content) out.files_.push_back({source->path, *std::move(content)});
  }
  if (out.files_.empty()) {
    return Error{ErrorCode::NothingToDo, "there are no tests in " + tests.string(),
                 "files such as test_x.py and x_test.py are looked for"};
  }
  return out;
}

std::vector<const IndexedTestFile*> TestIndex::about(const model::SourceFile& module,
                                                     const base::Clock& clock) const {
  std::vector<std::string> names = packages_importing(module, clock);
  names.push_back(module.module_name);
  const std::string file = module.path.filename().string();
  const auto names_it = [&](const IndexedTestFile& test) {
    const auto& [tests, imports, texts] = test.content;
    return std::any_of(names.begin(), names.end(),
                       [&, &known = imports](const auto& name) { return known.contains(name); }) ||
           std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
             return text == module.module_name || text == file || text.ends_with("/" + file);
           });
  };
  std::vector<const IndexedTestFile*> out;
  for (const IndexedTestFile& test : files_) {
    if (names_it(test)) out.push_back(&test);
  }
  return out;
}

}  // namespace testgen::pipeline
