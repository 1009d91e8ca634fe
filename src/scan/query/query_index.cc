#include "scan/query/query_index.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

namespace testgen::scan {
namespace {

bool has(std::string_view text, const std::string& word) {
  return ::memmem(text.data(), text.size(), word.data(), word.size()) != nullptr;
}

}  // namespace

void QueryIndex::add(const Hit& hit) {
  auto entry = std::make_unique<Entry>();
  entry->hit = hit;
  entry->words = words_of_query(hit.finder->names.front());
  entries_.push_back(std::move(entry));
}

bool QueryIndex::Entry::may_find(std::string_view text) const {
  return std::any_of(words.begin(), words.end(), [&](const QueryWords& pattern) {
    return std::all_of(pattern.begin(), pattern.end(), [&](const auto& alternatives) {
      return std::any_of(alternatives.begin(), alternatives.end(),
                         [&](const std::string& word) { return has(text, word); });
    });
  });
}

bool QueryIndex::may_find(std::string_view text) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const auto& entry) { return entry->may_find(text); });
}

bool QueryIndex::find(const Tree& tree, const Report& found) const {
  bool whole = true;
  std::set<std::pair<const Rule*, std::uint32_t>> reported;
  std::vector<Query::Found> places;
  for (const auto& entry : entries_) {
    if (!entry->may_find(tree.text())) continue;
    // One that does not compile was refused when its rule was read.
    std::call_once(entry->compiled, [&] {
      QueryFault fault;
      entry->query = Query::compile(language_, entry->hit.finder->names.front(), fault);
    });
    if (!entry->query) continue;
    places.clear();
    whole = entry->query->find(tree, places) && whole;
    for (const Query::Found& place : places) {
      if (!reported.emplace(entry->hit.rule, place.start).second) continue;
      found(entry->hit, place.start, place.end);
    }
  }
  return whole;
}

}  // namespace testgen::scan
