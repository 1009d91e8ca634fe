#include "pipeline/hidden_files.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <set>

#include "analysis/syntax_tree.h"
#include "analysis/test_file.h"
#include "base/paths.h"
#include "pipeline/sendable.h"
#include "source/loader.h"

namespace testgen::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostHidden = 64;  // each is a mount, and a descriptor while it is made
constexpr std::size_t kMostEntries = 50'000;
constexpr std::size_t kMostModules = 500;

bool is_installed(const fs::path& path, const lang::Runtime& runtime) {
  if (base::is_inside(path, "/usr")) return true;
  if (!runtime.standard_library.empty() && base::is_inside(path, runtime.standard_library))
    return true;
  return std::any_of(path.begin(), path.end(), [](const fs::path& part) {
    return part == "site-packages" || part == "dist-packages" || part == "node_modules";
  });
}

// Those that are folders and not inside another.
std::vector<fs::path> outermost(std::vector<fs::path> folders, const lang::Runtime& runtime) {
  for (fs::path& folder : folders) {
    folder = folder.lexically_normal();
    if (!folder.has_filename()) folder = folder.parent_path();
  }
  std::sort(folders.begin(), folders.end());
  std::vector<fs::path> out;
  for (const fs::path& folder : folders) {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored) || is_installed(folder, runtime)) continue;
    if (out.empty() || !base::is_inside(folder, out.back())) out.push_back(folder);
  }
  return out;
}

class Search {
 public:
  Search(const std::vector<fs::path>& roots, const std::vector<std::string>& never_send,
         const lang::Runtime& runtime)
      : roots_(roots), never_send_(never_send), runtime_(runtime) {}

  // False when it did not come to the end.
  bool run() {
    return std::all_of(roots_.begin(), roots_.end(),
                       [this](const fs::path& root) { return look_through(root); });
  }

  [[nodiscard]] const std::set<fs::path>& found() const { return found_; }

 private:
  bool look_through(const fs::path& root) {
    std::error_code code;
    fs::recursive_directory_iterator it(root, fs::directory_options::skip_permission_denied, code);
    for (const fs::recursive_directory_iterator end; !code && it != end; it.increment(code)) {
      if (++entries_ > kMostEntries) return false;
      std::error_code ignored;
      const fs::path& path = it->path();
      if (it->is_directory(ignored)) {
        const bool skip = it->is_symlink(ignored) || is_installed(path.filename(), runtime_) ||
                          fs::exists(path / "pyvenv.cfg", ignored);
        if (skip) it.disable_recursion_pending();
      } else if (!denied_by(path, never_send_).empty()) {
        add(path);
      }
    }
    return !code;
  }

  // What a link leads to is hidden, where it can be seen.
  void add(const fs::path& path) {
    std::error_code code;
    if (!fs::is_regular_file(path, code)) return;
    if (!fs::is_symlink(path, code)) {
      found_.insert(path);
      return;
    }
    const fs::path target = fs::canonical(path, code);
    for (const fs::path& root : roots_) {
      const fs::path real = fs::canonical(root, code);
      if (!code && base::is_inside(target, real))
        found_.insert(root / target.lexically_relative(real));
    }
  }

  const std::vector<fs::path>& roots_;
  const std::vector<std::string>& never_send_;
  const lang::Runtime& runtime_;
  std::set<fs::path> found_;
  std::size_t entries_ = 0;
};

// The files of `names` and of the packages that they are in.
void add_files(const std::set<std::string>& names, const std::vector<fs::path>& roots,
               std::set<fs::path>& known, std::deque<std::pair<fs::path, std::string>>& next) {
  for (const std::string& name : names) {
    for (std::size_t dot = name.find('.');; dot = name.find('.', dot + 1)) {
      const std::string dotted = name.substr(0, dot);
      std::string relative = dotted;
      std::replace(relative.begin(), relative.end(), '.', '/');
      for (const fs::path& root : roots) {
        for (const fs::path& file : {root / (relative + ".py"), root / relative / "__init__.py"}) {
          std::error_code ignored;
          if (known.contains(file) || !fs::is_regular_file(file, ignored)) continue;
          known.insert(file);
          next.emplace_back(file, dotted);
        }
      }
      if (dot == std::string::npos) break;
    }
  }
}

// All files that the module's import statements reach; nothing when there are too many.
std::optional<std::set<fs::path>> imported_by(const model::SourceFile& module,
                                              const std::vector<fs::path>& roots,
                                              const base::Clock& clock) {
  std::set<fs::path> known{module.path};
  std::deque<std::pair<fs::path, std::string>> next;
  // A package's own __init__.py runs when one of its modules is imported.
  add_files({module.module_name}, roots, known, next);
  const auto follow = [&](const model::SourceFile& source) {
    const auto tree = analysis::parse_python(source.text, clock);
    if (tree) add_files(analysis::imported_names(*tree, source), roots, known, next);
  };
  for (follow(module); !next.empty(); next.pop_front()) {
    if (known.size() > kMostModules) return std::nullopt;
    auto source = source::load(next.front().first);
    if (!source) continue;
    source->module_name = next.front().second;
    follow(*source);
  }
  return known;
}

}  // namespace

HiddenFiles find_hidden(const model::SourceFile& module, const lang::Runtime& runtime,
                        std::vector<fs::path> more, const std::vector<std::string>& never_send,
                        const base::Clock& clock) {
  more.push_back(module.import_root);
  more.insert(more.end(), runtime.search_path.begin(), runtime.search_path.end());
  const std::vector<fs::path> roots = outermost(std::move(more), runtime);
  Search search(roots, never_send, runtime);
  HiddenFiles out{.files = {}, .complete = search.run()};
  out.files.assign(search.found().begin(), search.found().end());
  const auto is_module = [](const fs::path& file) { return file.extension() == ".py"; };
  if (std::any_of(out.files.begin(), out.files.end(), is_module)) {
    const auto needed = imported_by(module, roots, clock);
    const auto stays = std::erase_if(out.files, [&](const fs::path& file) {
      return needed ? needed->contains(file) : is_module(file);
    });
    if (stays > 0) out.complete = false;
  }
  if (out.files.size() > kMostHidden) {
    out.files.resize(kMostHidden);
    out.complete = false;
  }
  return out;
}

}  // namespace testgen::pipeline
