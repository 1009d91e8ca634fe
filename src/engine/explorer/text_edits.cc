#include "engine/explorer/text_edits.h"

#include <algorithm>

#include "base/strings.h"

namespace testgen::engine {
namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) out += (i == 0 ? "" : "\n") + lines[i];
  return out;
}

}  // namespace

std::vector<std::size_t> character_starts(const std::string& text) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) out.push_back(i);
  }
  out.push_back(text.size());
  return out;
}

std::string recombine(const std::string& text, const std::string& other, base::Random& random) {
  const auto own = character_starts(text);
  const auto given = character_starts(other);
  const std::size_t at = own[random.below(own.size())];
  std::size_t from = random.below(given.size());
  std::size_t to = random.below(given.size());
  switch (random.below(3)) {
    case 0:
      return text.substr(0, at) + other.substr(given[from]);
    case 1:
      return other.substr(0, given[from]) + text.substr(at);
    default:
      if (from > to) std::swap(from, to);
      return text.substr(0, at) + other.substr(given[from], given[to] - given[from]) +
             text.substr(at);
  }
}

std::string edit_lines(const std::string& text, const std::string& other, base::Random& random) {
  auto lines = base::split(text, '\n');
  const auto donors = base::split(other, '\n');
  if (lines.empty()) return other;
  const std::size_t i = random.below(lines.size());
  const auto place = [&](std::size_t index) {
    return lines.begin() + static_cast<std::ptrdiff_t>(index);
  };
  const auto donor = [&] { return donors.empty() ? std::string() : random.pick(donors); };
  switch (random.below(8)) {
    case 0:
    case 1:
      lines.insert(place(random.below(lines.size() + 1)), donor());
      break;
    case 2:  // continues the line above it
      lines.insert(place(i + 1), (random.chance(0.7) ? "  " : "\t") + donor());
      break;
    case 3:
      lines.insert(place(i + 1), std::string(lines[i]));
      break;
    case 4:
      if (lines.size() > 1) lines.erase(place(i));
      break;
    case 5:
      if (lines[i].starts_with("  ")) {
        lines[i].erase(0, 2);
      } else {
        lines[i].insert(0, "  ");
      }
      break;
    case 6:
      lines.insert(place(i + 1), std::string());
      break;
    default:
      std::swap(lines[i], lines[random.below(lines.size())]);
  }
  return joined(lines);
}

std::string cut_out(const std::string& text, base::Random& random) {
  const auto starts = character_starts(text);
  std::size_t from = random.below(starts.size());
  std::size_t to = random.below(starts.size());
  if (from > to) std::swap(from, to);
  return text.substr(0, starts[from]) + text.substr(starts[to]);
}

}  // namespace testgen::engine
