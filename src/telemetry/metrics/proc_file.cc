#include "telemetry/metrics/proc_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>

#include "base/strings.h"
#include "base/unique_fd.h"

namespace testgen::telemetry {

std::optional<std::string> read_proc_file(const std::filesystem::path& path) {
  const base::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return std::nullopt;
  std::string text;
  std::size_t used = 0;
  while (used < (1U << 20U)) {
    if (used == text.size()) text.resize(text.size() + 4096);
    const ssize_t got = ::read(fd.get(), text.data() + used, text.size() - used);
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  text.resize(used);
  return text;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  text = base::trim(text);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> read_number(const std::filesystem::path& path) {
  const auto text = read_proc_file(path);
  return text ? parse_number(*text) : std::nullopt;
}

std::optional<std::uint64_t> read_keyed(const std::filesystem::path& path, std::string_view key) {
  const auto text = read_proc_file(path);
  if (!text) return std::nullopt;
  for (const std::string& line : base::split(*text, '\n')) {
    const std::string_view view(line);
    if (view.size() > key.size() && view.starts_with(key) && view[key.size()] == ' ') {
      return parse_number(view.substr(key.size()));
    }
  }
  return std::nullopt;
}

}  // namespace testgen::telemetry
