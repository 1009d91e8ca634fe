#include "pipeline/outline.h"

#include <algorithm>

#include "analysis/analysis.h"
#include "base/strings.h"
#include "lang/language.h"
#include "source/loader.h"

namespace testgen::pipeline {
namespace {

constexpr std::uint32_t kMostDecoratorLines = 200;

// The line of the topmost of `count` decorators above line `defined`.
std::uint32_t first_decorator(const std::vector<std::string>& lines, std::uint32_t defined,
                              std::size_t count) {
  std::uint32_t found = defined;
  for (std::uint32_t up = 1; up < defined && up <= kMostDecoratorLines && count > 0; ++up) {
    const std::uint32_t line = defined - up;
    if (line > lines.size() || !base::trim(lines[line - 1]).starts_with('@')) continue;
    found = line;
    --count;
  }
  return found;
}

}  // namespace

base::Result<std::vector<Definition>> outline(const std::filesystem::path& file,
                                              const base::Clock& clock) {
  TG_ASSIGN(model::SourceFile source, source::load(file));
  const lang::Language* language = lang::find_language(source.language);
  if (language == nullptr) {
    return base::Error{base::ErrorCode::Unsupported,
                       "tests for " + source.language + " are not generated yet",
                       "Python is supported"};
  }
  language->locate(source);
  TG_ASSIGN(const model::ModuleModel module, analysis::analyze(source, clock));
  const std::vector<std::string> lines = base::split(source.text, '\n');
  std::vector<Definition> out;
  for (const model::ClassModel& kind : module.classes) {
    out.push_back({kind.name, first_decorator(lines, kind.first_line, kind.decorators.size()),
                   kind.last_line, true});
  }
  for (const model::FunctionModel& function : module.functions) {
    out.push_back({function.qualified_name,
                   first_decorator(lines, function.first_line, function.decorators.size()),
                   function.last_line, false});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.first_line < b.first_line; });
  return out;
}

}  // namespace testgen::pipeline
