#include "emit/python_suite.h"

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "base/strings.h"
#include "emit/python_body.h"
#include "emit/python_fixtures.h"
#include "emit/python_preamble.h"
#include "emit/python_source.h"
#include "emit/python_table.h"
#include "emit/unit_mark.h"

namespace testgen::emit {
namespace {

using model::Framework;
using model::SuiteLayout;

constexpr std::size_t kHashDigits = 16;
// "    " of the decorator's list and of its rows; what is left of a line is for the row.
constexpr std::size_t kRowIndent = 8;

// "split_string" → "SplitString".
std::string camel(const std::string& name) {
  std::string out;
  bool up = true;
  for (const char c : name) {
    if (c == '_') {
      up = true;
      continue;
    }
    out += up && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    up = false;
  }
  return out;
}

bool mentions(const model::TestCase& test, std::string_view name) {
  const auto in = [&](const std::string& source) { return uses_name(source, name); };
  if (test.verbatim && in(test.verbatim->text)) return true;
  return std::any_of(test.statements.begin(), test.statements.end(), in) ||
         std::any_of(test.definitions.begin(), test.definitions.end(), in) ||
         std::any_of(test.assertions.begin(), test.assertions.end(), [&](const auto& assertion) {
           return in(assertion.literal) || in(assertion.expression);
         });
}

// "test_get_with_default" of a table whose last argument is that: the one that another of the same
// function lacks, as a rule.
std::string with_last_argument(const TestGroup& group) {
  if (group.name.ends_with("_more")) return group.name;  // a part of the same table
  for (auto column = group.columns.rbegin(); column != group.columns.rend(); ++column) {
    if (*column != "message" && !column->starts_with("expected")) {
      return group.name + "_with_" + *column;
    }
  }
  return group.name;
}

// Tests of one function, or of one class: what stands under one heading.
struct Section {
  std::string class_name;  // of the test class; empty: functions at the file's top level
  struct Unit {
    std::string function;  // qualified name
    std::vector<std::size_t> tests;
  };
  std::vector<Unit> units;
};

class SuiteText {
 public:
  SuiteText(const SuiteContext& context, const std::vector<model::TestCase>& tests,
            SuiteLayout layout)
      : context_(context), tests_(tests), layout_(layout) {}

  model::RenderedSuite render() {
    for (const model::TestCase& test : tests_) {
      if (test.verbatim) kept_names_.insert(test.name);
    }
    arrange();
    for (const Section& section : sections_) add_section(section);
    model::RenderedSuite out;
    out.text = render_preamble(preamble()) + helpers() + body_;
    if (unittest()) out.text += "\n\nif __name__ == \"__main__\":\n    unittest.main()\n";
    out.items = std::move(items_);
    return out;
  }

 private:
  [[nodiscard]] bool unittest() const { return context_.framework == Framework::Unittest; }

  static std::string owner_of(const std::string& function) {
    const std::size_t dot = function.find('.');
    return dot == std::string::npos ? "" : function.substr(0, dot);
  }

  // unittest needs classes; under pytest a class with several tests gets one.
  [[nodiscard]] std::string section_name(const std::string& function) const {
    for (const model::TestCase& test : tests_) {
      if (!test.verbatim || test.function != function) continue;
      if (!unittest() || !test.verbatim->class_name.empty()) return test.verbatim->class_name;
    }
    const std::string owner = owner_of(function);
    if (!owner.empty()) {
      const auto count = std::count_if(tests_.begin(), tests_.end(), [&](const auto& test) {
        const bool outside = test.verbatim && test.verbatim->class_name.empty();
        return owner_of(test.function) == owner && !outside;
      });
      const std::string name = "Test" + camel(owner);
      for (const model::TestCase& test : tests_) {
        if (test.verbatim && test.verbatim->class_name == name) return name;
      }
      if (unittest() || count > 1) return name;
      return "";
    }
    return unittest() ? "Test" + camel(function) : "";
  }

  void arrange() {
    for (std::size_t i = 0; i < tests_.size(); ++i) {
      const std::string& function = tests_[i].function;
      const std::string name = section_name(function);
      auto section = std::find_if(sections_.begin(), sections_.end(), [&](const Section& s) {
        return s.class_name == name && (!name.empty() || s.units.front().function == function);
      });
      if (section == sections_.end()) section = sections_.insert(section, {name, {}});
      auto unit = std::find_if(section->units.begin(), section->units.end(),
                               [&](const auto& u) { return u.function == function; });
      if (unit == section->units.end()) unit = section->units.insert(unit, {function, {}});
      unit->tests.push_back(i);
    }
  }

  void add_section(const Section& section) {
    const bool in_class = !section.class_name.empty();
    std::set<std::string> used;
    std::string text;
    for (const Section::Unit& unit : section.units) {
      const std::string tests = unit_text(section, unit, in_class ? used : used_);
      if (tests.empty()) continue;
      if (!in_class) {
        body_ += "\n\n" + mark(unit.function, 0) + tests;
        continue;
      }
      text += (text.empty() ? "" : "\n") + mark(unit.function, 4) + tests;
    }
    if (text.empty()) return;
    body_ += "\n\nclass " + section.class_name + (unittest() ? "(unittest.TestCase)" : "") + ":\n" +
             text;
  }

  [[nodiscard]] std::string mark(const std::string& function, std::size_t indent) const {
    if (layout_ != SuiteLayout::AsEmitted) return "";
    const auto hash = context_.units.find(function);
    const auto owner = context_.units.find(owner_of(function));
    if (hash == context_.units.end() && owner == context_.units.end()) return "";
    return std::string(indent, ' ') +
           unit_mark({function, hash != context_.units.end() ? hash->second : owner->second}) +
           "\n";
  }

  // Tests of a unit, one after the other, as they stand in the file.
  std::string unit_text(const Section& section, const Section::Unit& unit,
                        std::set<std::string>& used) {
    const bool in_class = !section.class_name.empty();
    const std::size_t indent = in_class ? 4 : 0;
    std::string text;
    for (const std::size_t index : unit.tests) {
      if (tests_[index].verbatim) add_verbatim(index, section.class_name, used, text);
    }
    std::vector<TestGroup> waiting = groups_of(unit, indent);
    std::reverse(waiting.begin(), waiting.end());
    while (!waiting.empty()) {
      TestGroup group = std::move(waiting.back());
      waiting.pop_back();
      if (unittest() && asks_the_project(group.pattern)) continue;
      if (in_class) {
        group.name = without_owner(group.name, unit.function);
        group.longer_name = without_owner(group.longer_name, unit.function);
      }
      const auto taken = [&](const std::string& name) {
        return used.contains(name) || kept_names_.contains(name);
      };
      if (taken(group.name) && !group.longer_name.empty()) group.name = group.longer_name;
      if (taken(group.name)) group.name = with_last_argument(group);
      const std::string wanted = group.name;
      for (int n = 2; taken(group.name); ++n) group.name = wanted + "_" + std::to_string(n);
      const auto function = test_function(group, {context_.framework, &context_.plan, indent});
      if (!function) {
        shorten(std::move(group), waiting);
        continue;
      }
      used.insert(group.name);
      if (!text.empty()) text += in_class ? "\n" : "\n\n";
      text += *function;
      note(group, section.class_name);
    }
    return text;
  }

  // As it stood, unless its place or its name is somebody else's now.
  void add_verbatim(std::size_t index, const std::string& class_name, std::set<std::string>& used,
                    std::string& text) {
    const model::TestCase& test = tests_[index];
    const model::Verbatim& old = *test.verbatim;
    if (old.class_name != class_name || !used.insert(test.name).second) return;
    const std::string padding(class_name.empty() ? 0 : 4, ' ');
    if (!text.empty()) text += class_name.empty() ? "\n\n" : "\n";
    for (const std::string& line : base::split(old.text, '\n')) {
      text += line.empty() ? "\n" : padding + line + "\n";
    }
    const std::string id =
        (class_name.empty() ? "" : class_name + (unittest() ? "." : "::")) + test.name;
    if (old.rows.empty()) items_.push_back({id, {index}});
    for (const std::string& row : old.rows) items_.push_back({id + "[" + row + "]", {index}});
    written_.push_back(index);
    needs_.pytest |= uses_name(old.text, "pytest");
    needs_.math |= uses_name(old.text, "math");
    needs_.temporary_folder |= uses_name(old.text, "temporary_folder");
    needs_.patches |= uses_name(old.text, "Patches");
    needs_.output |= uses_name(old.text, "Output");
  }

  // A test that is too long: a table is cut in two, another one asserts less.
  void shorten(TestGroup group, std::vector<TestGroup>& waiting) const {
    if (group.rows.size() > 2) {
      const auto middle = group.rows.begin() + static_cast<std::ptrdiff_t>(group.rows.size() / 2);
      TestGroup second = group;
      second.name += "_more";
      second.longer_name.clear();
      second.rows.assign(middle, group.rows.end());
      group.rows.erase(middle, group.rows.end());
      waiting.push_back(std::move(second));
      waiting.push_back(std::move(group));
    } else if (!group.columns.empty()) {
      for (auto row = group.rows.rbegin(); row != group.rows.rend(); ++row) {
        waiting.push_back(plain_group(tests_, row->test));
      }
    } else if (group.pattern.assertions.size() > 1) {
      group.pattern.assertions.pop_back();
      waiting.push_back(std::move(group));
    }
  }

  [[nodiscard]] std::vector<TestGroup> groups_of(const Section::Unit& unit,
                                                 std::size_t indent) const {
    TableRules rules{context_.plan.alias, context_.module, 88 - kRowIndent - indent};
    if (layout_ != SuiteLayout::AsEmitted) rules.most_rows = 0;
    std::vector<std::size_t> fresh;
    for (const std::size_t index : unit.tests) {
      if (!tests_[index].verbatim) fresh.push_back(index);
    }
    return group_cases(tests_, fresh, rules);
  }

  // In class TestCart, test_cart_total_returns_3 is test_total_returns_3.
  static std::string without_owner(const std::string& name, const std::string& function) {
    const std::string owner = owner_of(function);
    const std::string head = "test_" + snake_words(owner);
    if (owner.empty() || !name.starts_with(head + "_")) return name;
    const std::string rest = name.substr(head.size() + 1);
    const bool constructor = function == owner + ".__init__";
    return (constructor ? "test_init_" : "test_") + rest;
  }

  void note(const TestGroup& group, const std::string& class_name) {
    add_needs(group, context_.framework, needs_);
    const std::string id =
        (class_name.empty() ? "" : class_name + (unittest() ? "." : "::")) + group.name;
    const bool table = !group.columns.empty();
    if (table && unittest()) items_.push_back({id, {}});
    for (const TableRow& row : group.rows) {
      written_.push_back(row.test);
      if (table && unittest()) {
        items_.back().tests.push_back(row.test);
      } else {
        items_.push_back({table ? id + "[" + row.id + "]" : id, {row.test}});
      }
    }
  }

  [[nodiscard]] Preamble preamble() const {
    Preamble out;
    out.plan = &context_.plan;
    out.folder = context_.folder;
    out.framework = context_.framework;
    out.needs = needs_;
    out.docstring = "Tests for " + context_.plan.module_name + ", generated by testgen " +
                    context_.tool_version +
                    ".\n\nEach test pins what the code did when it was generated (engine " +
                    context_.engine + ", seed " + std::to_string(context_.seed) + ").\n";
    for (const std::size_t index : written_) {
      const model::TestCase& test = tests_[index];
      for (const char* module : model::kTestModules) {
        if (mentions(test, module)) out.modules.insert(module);
      }
      for (const char* module : {"random", "sys", "time"}) {
        if (mentions(test, module)) out.modules.insert(module);
      }
      out.names_mock |= mentions(test, "mock");
      if (test.verbatim) {
        out.modules.insert(test.verbatim->modules.begin(), test.verbatim->modules.end());
      }
      if (test.exception && test.exception->module != "builtins" &&
          test.exception->module != context_.plan.module_name) {
        out.modules.insert(test.exception->module);
      }
    }
    for (const std::string& own :
         {context_.plan.alias, context_.plan.module_name, std::string("pytest"),
          std::string("unittest"), std::string("importlib")}) {
      out.modules.erase(own);
    }
    return out;
  }

  // Each once, in the order in which tests ask for them.
  [[nodiscard]] std::string helpers() const {
    std::string out;
    std::set<std::string> defined;
    for (const std::size_t index : written_) {
      for (const std::string& definition : tests_[index].definitions) {
        if (defined.insert(definition).second) out += "\n\n" + definition + "\n";
      }
    }
    return out;
  }

  const SuiteContext& context_;
  const std::vector<model::TestCase>& tests_;
  SuiteLayout layout_;
  std::vector<Section> sections_;
  std::set<std::string> used_;        // names at the file's top level
  std::set<std::string> kept_names_;  // of tests that stay as they stood
  std::vector<model::SuiteItem> items_;
  std::vector<std::size_t> written_;
  BodyNeeds needs_;
  std::string body_;
};

std::string hash_of(const std::vector<std::string>& lines, std::uint32_t first,
                    std::uint32_t last) {
  std::string text;
  for (std::size_t n = first; n >= 1 && n <= last && n <= lines.size(); ++n) {
    std::string_view line = lines[n - 1];
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) {
      line.remove_suffix(1);
    }
    if (!line.empty()) text += std::string(line) + "\n";
  }
  return base::sha256_hex(text).substr(0, kHashDigits);
}

}  // namespace

std::string test_class_name(const std::string& function) {
  return "Test" + camel(function.substr(0, function.find('.')));
}

std::string suite_file_name(const model::ImportPlan& plan) {
  return "test_" + base::replace_all(plan.module_name, ".", "_") + ".py";
}

model::RenderedSuite render_suite(const SuiteContext& context,
                                  const std::vector<model::TestCase>& tests, SuiteLayout layout) {
  return SuiteText(context, tests, layout).render();
}

std::map<std::string, std::string> unit_hashes(std::string_view source,
                                               const model::ModuleModel& module) {
  std::map<std::string, std::string> out;
  const auto lines = base::split(source, '\n');
  for (const auto& kind : module.classes) {
    out[kind.name] = hash_of(lines, kind.first_line, kind.last_line);
  }
  for (const auto& table : module.tables) {
    out[table.name] = hash_of(lines, table.first_line, table.last_line);
  }
  for (const auto& function : module.functions) {
    out[function.qualified_name] = hash_of(lines, function.first_line, function.last_line);
  }
  return out;
}

}  // namespace testgen::emit
