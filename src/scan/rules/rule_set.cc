#include "scan/rules/rule_set.h"

#include <algorithm>
#include <array>

namespace testgen::scan {
namespace {

constexpr auto kWordBytes = [] {
  std::array<bool, 256> out{};
  for (int c = 'a'; c <= 'z'; ++c) out[c] = true;
  for (int c = 'A'; c <= 'Z'; ++c) out[c] = true;
  for (int c = '0'; c <= '9'; ++c) out[c] = true;
  out['_'] = true;
  return out;
}();

bool is_word(char c) {
  return kWordBytes[static_cast<unsigned char>(c)];
}

}  // namespace

// Each identifier of the pattern must be in the file, whichever way the name comes about: through
// an import, an alias or in full. Parts that begin with $ are our own names for what an entry
// point is called with, and stand in no file.
void RuleSet::add_words(std::string_view pattern, Words& words) {
  bool ours = false;
  for (std::size_t i = 0; i < pattern.size();) {
    if (!is_word(pattern[i])) {
      ours = pattern[i] == '$';
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (i < pattern.size() && is_word(pattern[i])) ++i;
    if (ours) continue;
    const auto next = static_cast<std::uint32_t>(vocabulary_.size());
    words.push_back(vocabulary_.try_emplace(pattern.substr(begin, i - begin), next).first->second);
  }
}

void RuleSet::need(std::string_view pattern, const std::vector<std::string>& modules,
                   std::vector<Words>& into) {
  Words words;
  if (!is_expression(pattern)) add_words(pattern, words);
  if (modules.empty()) into.push_back(words);
  for (const std::string& module : modules) add_words(module, into.emplace_back(words));
}

RuleSet::RuleSet(const RuleFiles& files, Language language, bool audit)
    : queries(language), language_(language), kind_names_(&files.names.kinds()) {
  for (const Model& model : files.models) {
    if (!is_about(model.languages, language)) continue;
    for (const Model::Source& row : model.sources) {
      (row.carrier ? carriers : sources).add(row.name, &row);
      need(row.name, {}, origins_);
    }
    for (const Model::Sanitizer& row : model.sanitizers) {
      for (const std::string& name : row.names) sanitizers.add(name, &row);
    }
    for (const std::string& name : model.clean) clean.add(name, true);
    for (const std::string& name : model.pass) pass.add(name, true);
    for (const std::string& name : model.same) same.add(name, true);
    for (const std::string& name : model.exits) exits.add(name, true);
    for (const Model::Entry& row : model.entries) {
      for (const std::string& name : row.names) entries.add(name, &row);
    }
    for (const Model::Parameters& row : model.parameters) {
      for (const std::string& name : row.names) {
        parameters.add(name, &row);
        if (row.tainted) need(name, {}, origins_);
      }
    }
    for (const Model::Box& row : model.boxes) {
      for (const std::string& name : row.types) boxes.add(name, &row);
    }
    for (const Model::Fact& row : model.facts) {
      for (const std::string& name : row.names) facts.add(name, &row);
    }
    for (const Model::Fill& row : model.fills) {
      for (const std::string& name : row.names) {
        fills.add(name, &row);
        if (!row.from) need(name, {}, origins_);
      }
    }
    for (const Model::Guard& row : model.guards) {
      for (const std::string& name : row.names) guards.add(name, &row);
    }
    for (const Model::Type& row : model.types) {
      for (const std::string& name : row.names) {
        types.add(name, &row);
        auto& [given, implied] = implied_.emplace_back();
        if (!is_expression(name)) add_words(name, given);
        add_words(row.is, implied);
      }
    }
  }
  for (const Rule& rule : files.rules) {
    if (!is_about(rule.languages, language) || (rule.audit && !audit)) continue;
    ++rule_count_;
    for (const Finder& finder : rule.find) {
      const Hit hit{&rule, &finder};
      if (finder.what == Finder::What::Text) continue;
      if (finder.what == Finder::What::Query) {
        queries.add(hit);
        continue;
      }
      for (const std::string& name : finder.names) {
        switch (finder.what) {
          case Finder::What::Call:
            calls.add(name, hit);
            break;
          case Finder::What::Name:
            names.add(name, hit);
            break;
          case Finder::What::Assign:
            assigns.add(name, hit);
            break;
          case Finder::What::Return:
            returns.add(name, hit);
            break;
          case Finder::What::Import:
            imports.add(name, hit);
            break;
          case Finder::What::Decorator:
            decorators.add(name, hit);
            break;
          case Finder::What::Key:
            keys.add(name, hit);
            break;
          case Finder::What::Compare:
            compares.add(name, hit);
            break;
          case Finder::What::Text:
          case Finder::What::Query:
            break;
        }
        if (rule.tainted) {
          need(name, finder.imports, sinks_);
        } else if (is_expression(name)) {
          auto compiled = Pattern::compile(name.substr(1, name.size() - 2));
          if (compiled) expressions_.push_back(*std::move(compiled));
        } else {
          need(name, finder.imports, plain_);
        }
      }
    }
  }
}

bool RuleSet::may_find(std::string_view text) const {
  if (queries.may_find(text)) return true;
  // One search is quicker than looking up words, and costs more than many files to make: the first
  // file that words do not decide makes it.
  const bool made = search_ready_.load(std::memory_order_acquire);
  if (made && search_.found_in(text)) return true;
  if (has_words(text)) return true;
  if (made) return false;
  std::call_once(search_made_, [this] {
    std::vector<const Pattern*> all;
    for (const Pattern& one : expressions_) all.push_back(&one);
    search_ = NameSearch(all);
    search_ready_.store(true, std::memory_order_release);
  });
  return search_.found_in(text);
}

bool RuleSet::has_words(std::string_view text) const {
  std::vector<bool> there(vocabulary_.size(), false);
  for (std::size_t i = 0; i < text.size();) {
    if (!is_word(text[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (i < text.size() && is_word(text[i])) ++i;
    if (const auto found = vocabulary_.find(text.substr(begin, i - begin));
        found != vocabulary_.end()) {
      there[found->second] = true;
    }
  }
  const auto present = [&](const Words& words) {
    return std::all_of(words.begin(), words.end(), [&](std::uint32_t w) { return there[w]; });
  };
  // What a call returns goes by a name that need not stand in the file.
  for (bool more = true; more;) {
    more = false;
    for (const auto& [given, implied] : implied_) {
      if (present(implied) || !present(given)) continue;
      for (const std::uint32_t word : implied) there[word] = true;
      more = true;
    }
  }
  if (std::any_of(plain_.begin(), plain_.end(), present)) return true;
  return std::any_of(sinks_.begin(), sinks_.end(), present) &&
         std::any_of(origins_.begin(), origins_.end(), present);
}

}  // namespace testgen::scan
