#include "pipeline/neighbours.h"

#include <algorithm>

#include "analysis/analysis.h"
#include "base/paths.h"
#include "base/strings.h"
#include "pipeline/sendable.h"
#include "source/loader.h"

namespace testgen::pipeline {
namespace {

namespace fs = std::filesystem;
using llm::LookUpOutcome;

constexpr std::uint64_t kMaxFile = 512 * 1024;

std::string parent_of(const std::string& dotted) {
  const std::size_t dot = dotted.rfind('.');
  return dot == std::string::npos ? std::string() : dotted.substr(0, dot);
}

// "..prices" in shop.cart.lines → "shop.prices".
std::string absolute(std::string_view from, std::string package) {
  std::size_t dots = 0;
  while (dots < from.size() && from[dots] == '.') ++dots;
  if (dots == 0) return std::string(from);
  for (std::size_t i = 1; i < dots; ++i) package = parent_of(package);
  const std::string_view rest = from.substr(dots);
  if (package.empty()) return std::string(rest);
  return rest.empty() ? package : package + "." + std::string(rest);
}

}  // namespace

Neighbours::Neighbours(const model::SourceFile& source, const llm::Subject& subject,
                       const ModelOptions& options, const base::Clock& clock)
    : source_(source), subject_(subject), options_(options), clock_(clock) {
  const bool package = source.path.filename() == "__init__.py";
  const std::size_t dot = source.module_name.find('.');
  if (dot != std::string::npos || package) top_ = source.module_name.substr(0, dot);
  if (!top_.empty()) learn_imports();
}

// `from X import a, b as c`, on one line or in brackets. A guess that is wrong finds nothing.
void Neighbours::learn_imports() {
  const std::string package = source_.path.filename() == "__init__.py"
                                  ? source_.module_name
                                  : parent_of(source_.module_name);
  const auto lines = base::split(source_.text, '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string line(base::trim(lines[i]));
    if (!line.starts_with("from ")) continue;
    const std::size_t import = line.find(" import ");
    if (import == std::string::npos) continue;
    const bool bracket = line.find('(', import) != std::string::npos;
    for (std::size_t more = i + 1;
         bracket && line.find(')') == std::string::npos && more < lines.size() && more < i + 50;
         ++more) {
      line += lines[more].substr(0, lines[more].find('#'));
    }
    const std::string module = absolute(base::trim(line.substr(5, import - 5)), package);
    std::string names = line.substr(import + 8);
    names.erase(
        std::remove_if(names.begin(), names.end(), [](char c) { return c == '(' || c == ')'; }),
        names.end());
    for (const std::string& item : base::split(names.substr(0, names.find('#')), ',')) {
      const std::string_view name = base::trim(item);
      const std::size_t as = name.find(" as ");
      const std::string original(base::trim(name.substr(0, as)));
      const std::string mine(
          as == std::string_view::npos ? original : std::string(base::trim(name.substr(as + 4))));
      if (!original.empty()) imported_[mine] = module + "." + original;
    }
  }
}

// The ways to read a dotted name: which part of it is the module.
std::vector<Neighbours::Place> Neighbours::places_of(const std::string& symbol) const {
  std::string dotted = symbol;
  const std::string first = dotted.substr(0, dotted.find('.'));
  if (const auto known = imported_.find(first); known != imported_.end()) {
    dotted = known->second + dotted.substr(first.size());
  }
  std::vector<Place> out;
  if (top_.empty() || !(dotted == top_ || dotted.starts_with(top_ + "."))) return out;
  for (std::size_t dot = dotted.rfind('.'); dot != std::string::npos && dot > 0;
       dot = dotted.rfind('.', dot - 1)) {
    out.push_back({dotted.substr(0, dot), dotted.substr(dot + 1)});
  }
  return out;
}

// Nothing for a file that is not there, or that a link leads out of the package to.
std::optional<fs::path> Neighbours::file_of(const std::string& module) const {
  std::error_code error;
  const fs::path package = fs::canonical(source_.import_root / top_, error);
  if (error) return std::nullopt;
  fs::path path = source_.import_root;
  for (const std::string& part : base::split(module, '.')) {
    if (part.empty()) return std::nullopt;
    path /= part;
  }
  for (const fs::path& candidate : {fs::path(path.string() + ".py"), path / "__init__.py"}) {
    const fs::path real = fs::canonical(candidate, error);
    if (!error && fs::is_regular_file(real, error) && base::is_inside(real, package)) return real;
  }
  return std::nullopt;
}

llm::LookedUp Neighbours::find_in(const Place& place) const {
  const auto file = file_of(place.module);
  if (!file) return {};
  if (std::string pattern = denied_by(*file, options_.never_send); !pattern.empty()) {
    return {LookUpOutcome::Denied, "", std::move(pattern)};
  }
  const auto source = source::load(*file, {.max_bytes = kMaxFile});
  if (!source || source->language != source_.language) return {};
  const auto module = analysis::analyze(*source, clock_);
  if (!module) return {};
  std::string code = llm::source_of_symbol(*module, source->text, place.symbol);
  if (code.empty()) return {};
  return {LookUpOutcome::Answered, std::move(code), ""};
}

llm::LookedUp Neighbours::find(std::string_view symbol) const {
  std::string own(symbol);
  for (const std::string& prefix : {source_.module_name + ".", subject_.plan->alias + "."}) {
    if (own.starts_with(prefix)) {
      own = own.substr(prefix.size());
      break;
    }
  }
  std::string code = llm::source_of_symbol(*subject_.module, subject_.source, own);
  if (!code.empty()) return {LookUpOutcome::Answered, std::move(code), ""};
  if (options_.look_up != LookUpReach::Package) return {};
  for (const Place& place : places_of(std::string(symbol))) {
    llm::LookedUp found = find_in(place);
    if (found.outcome != LookUpOutcome::Unknown) return found;
  }
  return {};
}

}  // namespace testgen::pipeline
