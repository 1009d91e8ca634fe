#include "app/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/strings.h"
#include "config/values.h"
#include "emit/report_layout.h"

namespace testgen::app {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using pipeline::Definition;
using Names = std::vector<std::string>;

// "Cart" is Cart and all of Cart.total, Cart.add, …
bool covers(const std::string& outer, const std::string& inner) {
  return inner == outer || (inner.starts_with(outer) && inner[outer.size()] == '.');
}

Error unknown_symbol(const std::string& symbol, const std::vector<Names>& names,
                     const std::vector<fs::path>& files) {
  std::vector<std::string_view> known;
  for (const Names& of_file : names) known.insert(known.end(), of_file.begin(), of_file.end());
  std::string hint = config::did_you_mean(symbol, known);
  if (hint.empty()) {
    // Only its last part may be right: "total" for "Cart.total".
    for (const std::string_view name : known) {
      if (name.ends_with("." + symbol)) hint = fmt::format("did you mean \"{}\"?", name);
    }
  }
  return Error{ErrorCode::InvalidArgument,
               fmt::format("--symbol: no function or class is called \"{}\" in {}", symbol,
                           files.size() == 1 ? files.front().string()
                                             : fmt::format("these {} files", files.size())),
               hint.empty() ? "--dry-run lists what there is" : hint};
}

// Names in source order, each once.
Names names_of(const std::vector<Definition>& definitions) {
  Names out;
  for (const Definition& definition : definitions) out.push_back(definition.name);
  return out;
}

struct Outlined {
  std::optional<Error> error;
  std::vector<Definition> definitions;
};

std::vector<Outlined> outlines_of(const std::vector<fs::path>& files, const base::Clock& clock) {
  std::vector<Outlined> out;
  for (const fs::path& file : files) {
    auto found = pipeline::outline(file, clock);
    if (found) {
      out.push_back({std::nullopt, *std::move(found)});
    } else {
      out.push_back({std::move(found).error(), {}});
    }
  }
  return out;
}

base::Status check_symbols(const Names& symbols, const std::vector<Outlined>& outlines,
                           const std::vector<fs::path>& files) {
  std::vector<Names> names;
  const Error* broken = nullptr;
  for (const Outlined& outlined : outlines) {
    names.push_back(names_of(outlined.definitions));
    if (outlined.error && broken == nullptr) broken = &*outlined.error;
  }
  for (const std::string& symbol : symbols) {
    const bool known = std::any_of(outlines.begin(), outlines.end(), [&](const Outlined& outlined) {
      return !named(outlined.definitions, {symbol}).empty();
    });
    // It may stand in the file that cannot be read.
    if (!known && broken != nullptr && files.size() == 1) return *broken;
    if (!known) return unknown_symbol(symbol, names, files);
  }
  return {};
}

}  // namespace

Names named(const std::vector<Definition>& definitions, const Names& symbols) {
  Names out;
  for (const Definition& definition : definitions) {
    if (std::find(symbols.begin(), symbols.end(), definition.name) != symbols.end()) {
      out.push_back(definition.name);
    }
  }
  return out;
}

Names changed(const std::vector<Definition>& definitions, const source::FileChanges& changes) {
  if (changes.whole) return names_of(definitions);
  Names out;
  for (const Definition& definition : definitions) {
    if (!definition.is_class) {
      if (changes.touch(definition.first_line, definition.last_line))
        out.push_back(definition.name);
      continue;
    }
    // What lies between its methods: attributes, bases, decorators.
    std::uint32_t from = definition.first_line;
    bool touched = false;
    for (const Definition& inner : definitions) {
      if (inner.name == definition.name || !covers(definition.name, inner.name)) continue;
      if (inner.first_line > from) touched = touched || changes.touch(from, inner.first_line - 1);
      from = std::max(from, inner.last_line + 1);
    }
    if (from <= definition.last_line)
      touched = touched || changes.touch(from, definition.last_line);
    if (touched) out.push_back(definition.name);
  }
  return out;
}

Names in_both(const Names& a, const Names& b) {
  std::set<std::string> out;
  for (const std::string& x : a) {
    for (const std::string& y : b) {
      if (covers(x, y)) out.insert(y);
      if (covers(y, x)) out.insert(x);
    }
  }
  return {out.begin(), out.end()};
}

base::Result<std::vector<WorkItem>> select_work(const std::vector<fs::path>& files,
                                                const config::Settings& settings,
                                                const base::Clock& clock) {
  std::vector<WorkItem> out;
  if (settings.symbols.empty() && settings.diff.empty()) {
    for (const fs::path& file : files) out.push_back({file, {}});
    return out;
  }
  source::GitChanges git(settings.diff);
  std::vector<fs::path> candidates;
  std::vector<source::FileChanges> changes;
  for (const fs::path& file : files) {
    source::FileChanges of_file{.whole = true};
    if (!settings.diff.empty()) {
      TG_ASSIGN(of_file, git.of(file));
      // Symbols are looked for in every file, so that a wrong one is told from an unchanged one.
      if (of_file.none() && settings.symbols.empty()) continue;
    }
    candidates.push_back(file);
    changes.push_back(std::move(of_file));
  }
  const std::vector<Outlined> outlines = outlines_of(candidates, clock);
  TG_TRY(check_symbols(settings.symbols, outlines, candidates));
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto& [error, definitions] = outlines[i];
    if (error) {
      if (!changes[i].none() && settings.symbols.empty()) out.push_back({candidates[i], {}});
      continue;
    }
    Names chosen = changed(definitions, changes[i]);
    if (!settings.symbols.empty()) {
      const Names wanted = named(definitions, settings.symbols);
      chosen = settings.diff.empty() ? wanted : in_both(wanted, chosen);
    }
    if (!chosen.empty()) {
      const bool all = settings.symbols.empty() && changes[i].whole;
      out.push_back({candidates[i], all ? Names{} : std::move(chosen)});
    }
  }
  if (out.empty()) {
    return Error{ErrorCode::NothingToDo,
                 settings.symbols.empty()
                     ? "no function has changed since " + settings.diff
                     : "nothing of what --symbol names has changed since " + settings.diff,
                 ""};
  }
  return out;
}

std::string describe_work(const std::vector<WorkItem>& work, const base::Clock& clock) {
  std::string out;
  for (const WorkItem& item : work) {
    std::string what = base::join(item.symbols, ", ");
    if (item.symbols.empty()) {
      const auto found = pipeline::outline(item.file, clock);
      if (!found) {
        what = describe(found.error());
      } else {
        Names names;
        for (const Definition& definition : *found) {
          if (!definition.is_class) names.push_back(definition.name);
        }
        what = names.empty() ? "nothing to test in it" : base::join(names, ", ");
      }
    }
    out += fmt::format("{}: {}\n", emit::printable(item.file.string()), emit::printable(what));
  }
  return out;
}

}  // namespace testgen::app
