#include "emit/writer.h"

#include "base/file_system.h"
#include "base/hash.h"

namespace testgen::emit {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

constexpr std::string_view kMark = " testgen: sha256=";
constexpr std::string_view kKind = " kind=";
constexpr std::size_t kHashDigits = 64;
constexpr std::uint64_t kMaxExistingBytes = 16ULL << 20U;  // nothing of ours is larger
constexpr int kMaxNames = 99;

std::string_view comment_for(const fs::path& path) {
  const std::string ending = path.extension().string();
  return ending == ".py" || ending == ".rb" || ending == ".toml" ? "#" : "//";
}

// What stands at a path, as far as replacing it is concerned.
enum class Occupant { Nothing, OursIntact, OursEdited, OfAnotherKind, SomebodyElses };

// Of a sealed text.
std::string_view kind_of(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  const std::size_t at = line.find(kKind);
  return at == std::string_view::npos ? std::string_view() : line.substr(at + kKind.size());
}

Occupant occupant_of(const fs::path& path, std::string_view kind, std::string& text) {
  std::error_code code;
  const fs::file_status status = fs::symlink_status(path, code);
  if (status.type() == fs::file_type::not_found) return Occupant::Nothing;
  // A link may lead to a file that others use; following it could destroy that.
  if (status.type() != fs::file_type::regular) return Occupant::SomebodyElses;
  auto content = base::read_file(path, kMaxExistingBytes);
  if (!content) return Occupant::SomebodyElses;
  text = *std::move(content);
  switch (check_seal(text)) {
    case Seal::Intact:
      return kind_of(text) == kind ? Occupant::OursIntact : Occupant::OfAnotherKind;
    case Seal::Broken:
      return Occupant::OursEdited;
    case Seal::Absent:
      return Occupant::SomebodyElses;
  }
  return Occupant::SomebodyElses;
}

fs::path numbered(const fs::path& path, int number) {
  const std::string suffix = number == 1 ? "_testgen" : "_testgen" + std::to_string(number);
  return path.parent_path() / (path.stem().string() + suffix + path.extension().string());
}

std::string_view why_left(Occupant occupant) {
  switch (occupant) {
    case Occupant::OursEdited:
      return " was edited, so it was left alone";
    case Occupant::OfAnotherKind:
      return " holds other tests of ours, so it was left alone";
    default:
      return " is not one of ours, so it was left alone";
  }
}

bool is_safe(const fs::path& relative) {
  if (relative.empty() || relative.is_absolute() || !relative.has_filename()) return false;
  for (const fs::path& part : relative) {
    if (part == ".." || part == ".") return false;
  }
  return true;
}

}  // namespace

std::string_view to_string(WriteOutcome outcome) {
  switch (outcome) {
    case WriteOutcome::Created:
      return "created";
    case WriteOutcome::Replaced:
      return "replaced";
    case WriteOutcome::Unchanged:
      return "unchanged";
    case WriteOutcome::Beside:
      return "beside";
  }
  return "created";
}

std::optional<std::string> intact_text(const fs::path& folder, const fs::path& relative,
                                       std::string_view kind) {
  for (int number = 0; number <= kMaxNames; ++number) {
    std::string text;
    const fs::path path = folder / (number == 0 ? relative : numbered(relative, number));
    switch (occupant_of(path, kind, text)) {
      case Occupant::Nothing:
        return std::nullopt;
      case Occupant::OursIntact:
        return text;
      case Occupant::OursEdited:
      case Occupant::OfAnotherKind:
      case Occupant::SomebodyElses:
        break;
    }
  }
  return std::nullopt;
}

std::string seal(std::string_view content, std::string_view comment, std::string_view tool_version,
                 std::string_view kind) {
  std::string out = std::string(comment) + std::string(kMark) + base::sha256_hex(content) +
                    " version=" + std::string(tool_version);
  if (!kind.empty()) out += std::string(kKind) + std::string(kind);
  return out + "\n" + std::string(content);
}

Seal check_seal(std::string_view text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  const std::size_t mark = line.find(kMark);
  if (end == std::string_view::npos || mark == std::string_view::npos || mark > 2) {
    return Seal::Absent;
  }
  const std::string_view hash = line.substr(mark + kMark.size()).substr(0, kHashDigits);
  return base::sha256_hex(text.substr(end + 1)) == hash ? Seal::Intact : Seal::Broken;
}

base::Result<WrittenFile> Writer::write(const model::GeneratedFile& file, std::string_view kind) {
  const fs::path relative(file.path);
  if (!is_safe(relative)) {
    return Error{ErrorCode::Internal,
                 "\"" + file.path + "\" is not a path inside the output folder", ""};
  }
  const std::string sealed = seal(file.content, comment_for(relative), tool_version_, kind);
  const std::lock_guard lock(mutex_);
  std::string note;
  for (int number = 0; number <= kMaxNames; ++number) {
    const fs::path path = folder_ / (number == 0 ? relative : numbered(relative, number));
    if (taken_.contains(path)) {
      if (note.empty()) note = path.filename().string() + " belongs to another module of this run";
      continue;
    }
    std::string existing;
    const Occupant occupant = occupant_of(path, kind, existing);
    if (occupant != Occupant::Nothing && occupant != Occupant::OursIntact) {
      if (note.empty()) note = path.filename().string() + std::string(why_left(occupant));
      continue;
    }
    WrittenFile written{path, WriteOutcome::Created, note};
    if (occupant == Occupant::OursIntact) {
      written.outcome = existing == sealed ? WriteOutcome::Unchanged : WriteOutcome::Replaced;
    }
    if (written.outcome != WriteOutcome::Unchanged) {
      if (auto stored = base::write_file_atomic(path, sealed); !stored) {
        Error error = std::move(stored).error();
        if (error.hint.empty()) error.hint = "choose another folder with --output";
        return error;
      }
    }
    if (number > 0) written.outcome = WriteOutcome::Beside;
    taken_.insert(path);
    return written;
  }
  return Error{ErrorCode::Conflict,
               "every name near " + (folder_ / relative).string() + " is taken",
               "move old files away or choose another folder with --output"};
}

base::Status Writer::rewrite(const fs::path& path, std::string_view content) {
  const std::lock_guard lock(mutex_);
  std::string existing;
  if (!taken_.contains(path) || occupant_of(path, "", existing) != Occupant::OursIntact) {
    return Error{ErrorCode::Conflict, path.string() + " is not as this run has written it", ""};
  }
  if (content.empty()) {
    std::error_code failed;
    fs::remove(path, failed);
    if (failed)
      return Error{ErrorCode::Io, "cannot remove " + path.string() + ": " + failed.message(), ""};
    return {};
  }
  return base::write_file_atomic(path, seal(content, comment_for(path), tool_version_));
}

}  // namespace testgen::emit
