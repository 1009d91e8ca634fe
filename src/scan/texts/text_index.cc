#include "scan/texts/text_index.h"

#include "base/strings.h"

namespace testgen::scan {
namespace {

constexpr std::size_t kMaxMatch = 1000;  // bytes: keeps long lines linear
constexpr std::size_t kMaxCode = 300;

bool is_about(const Rule& rule, std::optional<Language> language) {
  return rule.languages.empty() || (language && is_about(rule.languages, *language));
}

}  // namespace

TextIndex::TextIndex(const std::vector<Rule>& rules, bool audit) {
  for (const Rule& rule : rules) {
    if (rule.audit && !audit) continue;
    for (const Finder& finder : rule.find) {
      if (finder.what != Finder::What::Text || !finder.pattern) continue;
      entries_.push_back({&rule, &finder, finder.pattern->first_bytes()});
      for (std::size_t byte = 0; byte < begins_.size(); ++byte) {
        begins_[byte] = begins_[byte] || entries_.back().begins[byte];
      }
    }
  }
}

void TextIndex::find(std::string_view text, std::optional<Language> language,
                     const LineTable& lines, std::vector<Finding>& findings) const {
  if (entries_.empty()) return;
  std::vector<std::uint32_t> last(entries_.size(), 0);  // line of an entry's last match
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (!begins_[byte]) continue;
    const std::uint32_t number = lines.line_of(static_cast<std::uint32_t>(at));
    const std::string_view line = lines.line(number);
    const auto offset = static_cast<std::size_t>(text.data() + at - line.data());
    if (offset >= line.size()) continue;  // its end
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const Entry& entry = entries_[i];
      Pattern::Match match;
      if (last[i] == number || !entry.begins[byte] || !is_about(*entry.rule, language) ||
          !entry.finder->pattern->match_at(line.substr(0, offset + kMaxMatch), offset, match)) {
        continue;
      }
      last[i] = number;
      Finding found = finding_by(*entry.rule);
      found.severity = entry.finder->severity.value_or(entry.rule->severity);
      found.confidence = entry.finder->confidence.value_or(entry.rule->confidence);
      const std::size_t start = at - offset;
      found.place = lines.place(static_cast<std::uint32_t>(start + match.start),
                                static_cast<std::uint32_t>(start + match.end));
      found.code = base::one_line(line, kMaxCode);
      findings.push_back(std::move(found));
    }
  }
}

}  // namespace testgen::scan
