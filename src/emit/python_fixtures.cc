#include "emit/python_fixtures.h"

#include <algorithm>
#include <string_view>

#include "base/strings.h"
#include "emit/python_source.h"

namespace testgen::emit {
namespace {

constexpr std::string_view kRunnersOwn[] = {"tmp_path", "monkeypatch", "capsys", "caplog",
                                            "recwarn"};

bool is_runners_own(std::string_view name) {
  return std::find(std::begin(kRunnersOwn), std::end(kRunnersOwn), name) != std::end(kRunnersOwn);
}

// What stands between the first quotes after a mark: "a, b" of `parametrize(\n    "a, b", …`.
std::string_view first_string_after(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  const std::size_t open = at == std::string_view::npos ? at : text.find('"', at);
  const std::size_t close = open == std::string_view::npos ? open : text.find('"', open + 1);
  return close == std::string_view::npos ? std::string_view{}
                                         : text.substr(open + 1, close - open - 1);
}

// The parameters of the first function that a table does not fill.
std::vector<std::string> asked_by(std::string_view text) {
  std::vector<std::string> out;
  const std::size_t def = text.find("def test");
  const std::size_t open = def == std::string_view::npos ? def : text.find('(', def);
  const std::size_t close = open == std::string_view::npos ? open : closing_bracket(text, open);
  if (close == std::string_view::npos) return out;
  const auto columns =
      comma_separated(first_string_after(text.substr(0, def), "mark.parametrize("));
  for (const std::string_view name : comma_separated(text.substr(open + 1, close - open - 1))) {
    const bool column = std::find(columns.begin(), columns.end(), name) != columns.end();
    if (name != "self" && !column) out.emplace_back(name);
  }
  return out;
}

}  // namespace

std::vector<std::string> fixtures_of(const model::TestCase& test) {
  std::vector<std::string> fixtures = test.fixtures;
  for (const model::Assertion& assertion : test.assertions) {
    // Its own folder may be one that a fixture has filled.
    for (const char* fixture : {"capsys", "caplog", "recwarn", "tmp_path"}) {
      if (uses_name(assertion.expression, fixture)) fixtures.emplace_back(fixture);
    }
  }
  std::sort(fixtures.begin(), fixtures.end());
  fixtures.erase(std::unique(fixtures.begin(), fixtures.end()), fixtures.end());
  return fixtures;
}

bool asks_the_project(const model::TestCase& test) {
  const auto names = test.verbatim ? asked_by(test.verbatim->text) : fixtures_of(test);
  return !std::all_of(names.begin(), names.end(), is_runners_own);
}

}  // namespace testgen::emit
