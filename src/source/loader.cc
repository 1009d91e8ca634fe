#include "source/loader.h"

#include "base/file_system.h"
#include "base/strings.h"
#include "source/encoding.h"
#include "source/language_id.h"

namespace testgen::source {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

// A file beside the missing one whose name is a slip of the finger away.
std::string suggestion(const fs::path& missing) {
  std::error_code ignored;
  const fs::path folder = missing.has_parent_path() ? missing.parent_path() : fs::path(".");
  std::string best;
  std::size_t best_distance = 3;
  for (fs::directory_iterator it(folder, ignored), end; !ignored && it != end;
       it.increment(ignored)) {
    const std::string name = it->path().filename().string();
    const std::size_t distance = base::edit_distance(name, missing.filename().string());
    if (distance < best_distance) {
      best_distance = distance;
      best = name;
    }
  }
  return best.empty() ? "" : "did you mean " + best + "?";
}

}  // namespace

base::Result<model::SourceFile> load(const fs::path& path, const LoadLimits& limits) {
  std::error_code failure;
  const fs::file_status status = fs::status(path, failure);
  if (status.type() == fs::file_type::not_found) {
    return Error{ErrorCode::NotFound, path.string() + " does not exist", suggestion(path)};
  }
  const std::optional<std::string> language = detect_language(path);
  if (!language && status.type() == fs::file_type::regular) {
    return Error{ErrorCode::Unsupported, path.string() + " is not in a supported language",
                 "files with these endings are: " + supported_endings()};
  }
  auto bytes = base::read_file(path, limits.max_bytes);
  if (!bytes) return std::move(bytes).error();
  auto text = decode_python(*bytes);
  if (!text) return text.error().with_context(path.string());
  if (base::trim(*text).empty()) {
    return Error{ErrorCode::NothingToDo, path.string() + " is empty", ""};
  }
  model::SourceFile out;
  out.path = fs::weakly_canonical(fs::absolute(path, failure), failure);
  if (failure) return base::system_error("cannot resolve " + path.string(), failure.value());
  out.language = language.value_or("");
  out.text = *std::move(text);
  return out;
}

}  // namespace testgen::source
