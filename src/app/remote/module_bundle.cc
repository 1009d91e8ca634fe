#include "app/remote/module_bundle.h"

#include <algorithm>
#include <deque>
#include <set>

#include "base/file_system.h"
#include "base/strings.h"
#include "lang/python/module_name.h"

namespace testgen::app {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

// What is sent together; the service's own limit for a body is 1 MiB unless it was changed.
constexpr std::size_t kMaxBytes = 700U << 10U;
constexpr std::size_t kMaxFileBytes = 1U << 20U;

std::string without_continuations(std::string_view text) {
  return base::replace_all(std::string(text), "\\\n", " ");
}

std::string first_word(std::string_view text) {
  text = base::trim(text);
  return std::string(text.substr(0, text.find_first_of(" \t#;()")));
}

// "from .x import a" within package p.q: level 1 is p.q, 2 is p. Nothing above the root.
std::string resolve(std::string_view name, const std::string& package) {
  std::size_t dots = 0;
  while (dots < name.size() && name[dots] == '.') ++dots;
  if (dots == 0) return std::string(name);
  std::string base_name = package;
  for (std::size_t up = 1; up < dots; ++up) {
    const std::size_t dot = base_name.rfind('.');
    base_name = dot == std::string::npos ? "" : base_name.substr(0, dot);
  }
  const std::string rest(name.substr(dots));
  if (base_name.empty() || rest.empty()) return base_name + rest;
  return base_name + "." + rest;
}

void add_from(std::string_view statement, const std::string& package,
              std::vector<std::string>& names) {
  const std::size_t import = statement.find(" import");
  if (import == std::string_view::npos) return;
  const std::string from = resolve(base::trim(statement.substr(0, import)), package);
  if (!from.empty()) names.push_back(from);
  std::string list(statement.substr(import + 7));
  for (char& c : list) {
    if (c == '(' || c == ')') c = ' ';
  }
  for (const std::string& part : base::split(list, ',')) {
    const std::string name = first_word(part);
    if (!name.empty() && name != "*") names.push_back(from.empty() ? name : from + "." + name);
  }
}

// The folder that both paths lie in.
fs::path common_folder(const fs::path& a, const fs::path& b) {
  fs::path common;
  for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end() && *i == *j; ++i, ++j) {
    common /= *i;
  }
  return common;
}

class Bundler {
 public:
  Bundler(fs::path root, fs::path import_root)
      : root_(std::move(root)), imports_(std::move(import_root)) {}

  base::Status add_module(const fs::path& file) {
    TG_ASSIGN(std::string text, base::read_file(file, kMaxFileBytes));
    if (base::find_invalid_utf8(text) != std::string_view::npos) {
      return Error{ErrorCode::InvalidInput, file.string() + " is not UTF-8",
                   "a service takes UTF-8 only; without --server it can be worked on"};
    }
    seen_.insert(file);
    push(file, std::move(text), true);
    return {};
  }
  // A file that is only there to be imported. One that cannot be read or sent is left out: the
  // service says what is missing.
  void add_support(const fs::path& file) {
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored) || !seen_.insert(file).second) return;
    auto text = base::read_file(file, kMaxFileBytes);
    if (!text || base::find_invalid_utf8(*text) != std::string_view::npos) return;
    if (bytes_ + text->size() > kMaxBytes || files_.size() >= service::kMaxFiles) return;
    push(file, *std::move(text), false);
  }
  // Everything that what is in already imports, and what that imports.
  void follow_imports() {
    for (std::size_t next = 0; next < files_.size(); ++next) {
      const fs::path file = root_ / files_[next].path;
      if (file.extension() != ".py") continue;
      const std::string text = files_[next].content;
      for (const std::string& name : imported_names(text, package_of(file))) add_named(name);
    }
  }
  // Packages above the module, which importing it imports.
  void add_packages(const fs::path& file) {
    for (fs::path folder = file.parent_path(); folder != imports_ && folder != folder.root_path();
         folder = folder.parent_path()) {
      add_support(folder / "__init__.py");
    }
  }
  std::vector<service::InputFile> take() { return std::move(files_); }
  [[nodiscard]] std::string sent(const fs::path& path) const {
    return path.lexically_relative(root_).generic_string();
  }

 private:
  void push(const fs::path& file, std::string text, bool generate) {
    bytes_ += text.size();
    files_.push_back({sent(file), std::move(text), generate});
  }
  [[nodiscard]] std::string package_of(const fs::path& file) const {
    const fs::path folder = file.parent_path().lexically_relative(imports_);
    if (folder == "." || folder.string().starts_with("..")) return "";
    return base::replace_all(folder.generic_string(), "/", ".");
  }
  void add_named(const std::string& name) {
    fs::path at = imports_;
    for (const std::string& part : base::split(name, '.')) {
      if (!lang::python::is_identifier(part)) return;
      add_support(at / (part + ".py"));
      at /= part;
      add_support(at / "__init__.py");
    }
  }

  const fs::path root_;
  const fs::path imports_;
  std::set<fs::path> seen_;
  std::vector<service::InputFile> files_;
  std::size_t bytes_ = 0;
};

}  // namespace

std::vector<std::string> imported_names(std::string_view text, const std::string& package) {
  const std::string joined = without_continuations(text);
  std::vector<std::string> names;
  std::string open;  // an import whose parenthesis is not closed yet
  for (const std::string& raw : base::split(joined, '\n')) {
    std::string line = raw.substr(0, raw.find('#'));
    if (!open.empty()) {
      open += ' ' + line;
    } else {
      open = std::string(base::trim(line));
    }
    const bool unfinished = open.find('(') != std::string::npos &&
                            open.find(')') == std::string::npos && open.starts_with("from ");
    if (unfinished) continue;
    const std::string statement = std::exchange(open, "");
    if (statement.starts_with("from ")) {
      add_from(std::string_view(statement).substr(5), package, names);
    } else if (statement.starts_with("import ")) {
      for (const std::string& part : base::split(statement.substr(7), ',')) {
        const std::string name = first_word(part);
        if (!name.empty()) names.push_back(name);
      }
    }
  }
  return names;
}

base::Result<ModuleBundle> bundle_module(const fs::path& file, const fs::path& output) {
  const fs::path module = fs::absolute(file).lexically_normal();
  const fs::path tests = fs::absolute(output).lexically_normal();
  TG_ASSIGN(const std::string text, base::read_file(module, kMaxFileBytes));
  const auto located = lang::python::locate_module(module, text);
  const fs::path folder = tests.has_filename() ? tests : tests.parent_path();
  fs::path root = common_folder(located.import_root, folder);
  if (root == folder) root = folder.parent_path();  // the folder for tests needs a name
  Bundler bundler(root, located.import_root);
  TG_TRY(bundler.add_module(module));
  bundler.add_packages(module);
  bundler.follow_imports();
  bundler.add_support(folder /
                      ("test_" + base::replace_all(located.module_name, ".", "_") + ".py"));
  ModuleBundle bundle;
  bundle.path = bundler.sent(module);
  bundle.output = bundler.sent(folder);
  bundle.files = bundler.take();
  return bundle;
}

}  // namespace testgen::app
