#include "sandbox/folders.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <set>

#include "base/paths.h"

namespace testgen::sandbox {
namespace {

namespace fs = std::filesystem;

// Each entry is a mount of its own; bubblewrap's time grows with the square of their number.
constexpr std::size_t kMaxEntries = 512;

// Shown by policy, or never shown.
constexpr std::array kForbidden = {"/proc", "/sys", "/dev", "/run", "/boot"};
constexpr std::array kNeverWritable = {"/usr", "/etc", "/bin", "/sbin", "/lib", "/lib64"};

base::Status check_allowed(const fs::path& path, bool writable) {
  const auto refuse = [&path](const char* why) {
    return base::Error{base::ErrorCode::InvalidArgument,
                       "the sandbox cannot show " + path.string() + ": " + why, ""};
  };
  if (!path.is_absolute()) return refuse("the path is not absolute");
  if (path == "/") return refuse("it is the whole file system");
  for (const char* folder : kForbidden) {
    if (base::is_inside(path, folder)) return refuse("it belongs to the system");
  }
  if (!writable) return {};
  if (path.parent_path() == "/") return refuse("a top folder must not be writable");
  for (const char* folder : kNeverWritable) {
    if (base::is_inside(path, folder)) return refuse("system files must not be writable");
  }
  return {};
}

fs::path normal(const fs::path& path) {
  fs::path out = path.lexically_normal();
  return out.has_filename() || out == "/" ? out : out.parent_path();
}

// Whether the id may list and enter it, going by the mode alone.
bool open_to(const struct stat& info, const UidLease& id) {
  const mode_t needed = S_ISDIR(info.st_mode) ? 05U : 04U;
  mode_t granted = info.st_mode;
  if (info.st_uid == id.uid()) {
    granted = info.st_mode >> 6U;
  } else if (info.st_gid == id.gid()) {
    granted = info.st_mode >> 3U;
  }
  return (granted & needed) == needed;
}

// Gives what the caller, or an earlier run's id, owns to this run's id. Links are not followed,
// and nothing runs in the folder meanwhile.
base::Status hand_over(const fs::path& root, const UidLease& id) {
  const auto give = [&id](const fs::path& path) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) return errno == ENOENT;
    if (info.st_uid == id.uid()) return true;
    if (info.st_uid != ::geteuid() && !is_leasable(info.st_uid)) return true;
    if (S_ISREG(info.st_mode) && info.st_nlink > 1) return true;  // known elsewhere too
    return ::lchown(path.c_str(), id.uid(), id.gid()) == 0;
  };
  bool good = give(root);
  std::error_code code;
  for (auto entry = fs::recursive_directory_iterator(root, code);
       good && !code && entry != fs::recursive_directory_iterator(); entry.increment(code)) {
    good = give(entry->path());
  }
  if (!good) {
    return base::system_error("cannot hand " + root.string() + " to the sandbox's user", errno);
  }
  return {};
}

class Planner {
 public:
  explicit Planner(const UidLease* runner) : runner_(runner) {}

  base::Status add(const fs::path& path, bool writable) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
      return base::system_error("cannot show " + path.string() + " in the sandbox", errno);
    }
    add_parents(path);
    if (writable) {
      if (runner_ != nullptr) TG_TRY(hand_over(path, *runner_));
      steps_.push_back({FolderStep::Kind::Writable, path, ""});
      return {};
    }
    // The private /tmp must stay writable, so a project that is /tmp itself is shown in pieces.
    const bool closed = runner_ != nullptr && S_ISDIR(info.st_mode) && !open_to(info, *runner_);
    if (closed || path == "/tmp") return add_entries(path);
    steps_.push_back({FolderStep::Kind::ReadOnly, path, ""});
    return {};
  }

  // What is not shown, or not there, needs no cover.
  void hide(const fs::path& path) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return;
    const bool shown = std::any_of(steps_.begin(), steps_.end(), [&](const FolderStep& step) {
      return (step.kind == FolderStep::Kind::ReadOnly || step.kind == FolderStep::Kind::Writable) &&
             base::is_inside(path, step.path);
    });
    if (shown) steps_.push_back({FolderStep::Kind::Empty, path, ""});
  }

  std::vector<FolderStep> steps() && { return std::move(steps_); }

 private:
  void add_parents(const fs::path& path) {
    fs::path parent;
    for (const auto& part : path.parent_path()) {
      parent /= part;
      if (parent != "/" && made_.insert(parent).second) {
        steps_.push_back({FolderStep::Kind::Folder, parent, ""});
      }
    }
  }

  base::Status add_entries(const fs::path& path) {
    if (made_.insert(path).second) steps_.push_back({FolderStep::Kind::Folder, path, ""});
    std::error_code code;
    std::size_t count = 0;
    for (auto entry = fs::directory_iterator(path, code);
         !code && entry != fs::directory_iterator(); entry.increment(code)) {
      struct stat info {};
      if (::lstat(entry->path().c_str(), &info) != 0) continue;
      if (S_ISLNK(info.st_mode)) {
        std::error_code ignored;
        const auto target = fs::read_symlink(entry->path(), ignored).string();
        if (!target.empty()) steps_.push_back({FolderStep::Kind::Symlink, entry->path(), target});
      } else if ((S_ISREG(info.st_mode) || S_ISDIR(info.st_mode)) &&
                 (runner_ == nullptr || open_to(info, *runner_))) {
        steps_.push_back({FolderStep::Kind::ReadOnly, entry->path(), ""});
      } else {
        continue;  // sockets, devices, and what the program could not read anyway
      }
      if (++count > kMaxEntries) {
        return base::Error{base::ErrorCode::TooLarge,
                           path.string() + " has too many entries to be shown one by one",
                           "move the code to a folder of its own that everyone may read"};
      }
    }
    if (code) return base::system_error("cannot list " + path.string(), code.value());
    return {};
  }

  const UidLease* runner_;
  std::set<fs::path> made_;
  std::vector<FolderStep> steps_;
};

}  // namespace

base::Result<std::vector<FolderStep>> plan_folders(const Request& request, const UidLease* runner) {
  std::map<fs::path, bool> writable_by_path;  // sorted: parents first
  for (const auto& path : request.read_only) writable_by_path.emplace(normal(path), false);
  for (const auto& path : request.writable) writable_by_path[normal(path)] = true;
  Planner planner(runner);
  for (const auto& [path, writable] : writable_by_path) {
    TG_TRY(check_allowed(path, writable));
    TG_TRY(planner.add(path, writable));
  }
  for (const auto& path : request.hidden) planner.hide(path);
  return std::move(planner).steps();
}

}  // namespace testgen::sandbox
