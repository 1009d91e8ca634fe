#include "emit/python_table.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/strings.h"
#include "emit/python_source.h"

namespace testgen::emit {
namespace {

constexpr std::size_t kMostColumns = 6;
constexpr std::size_t kLongestId = 40;
constexpr std::size_t kShortestId = 6;

// A case taken apart: skeletons that must agree, and the values that may differ.
struct Pieces {
  std::size_t test = 0;
  std::vector<SlottedStatement> statements;
  std::string key;
  std::vector<std::string> values;  // of the slots, then of the assertions, then the message
};

// `heap = [3, 1]`, for the test to look at once it was given away.
bool makes_container(const std::string& statement, const model::TestCase& test) {
  const std::string name = assigned_name(statement);
  if (name.empty() || name == test.result_name) return false;
  const std::string_view made = std::string_view(statement).substr(name.size() + 3);
  return made.starts_with("[") || made.starts_with("{") || made.starts_with("set(");
}

Pieces take_apart(const std::vector<model::TestCase>& tests, std::size_t index,
                  const std::string& alias) {
  const model::TestCase& test = tests[index];
  Pieces out;
  out.test = index;
  for (const std::string& statement : test.statements) {
    out.statements.push_back(take_values_out(statement, alias));
    out.key += out.statements.back().skeleton() + "\n";
    // A row's values are made once: one that the test changes must be made in the test.
    if (makes_container(statement, test)) out.key += statement + "\n";
    for (const Slot& slot : out.statements.back().slots) out.values.push_back(slot.value);
  }
  for (const std::string& fixture : test.fixtures) out.key += fixture + ",";
  for (const model::Assertion& assertion : test.assertions) {
    // Unlike forms do not share a line; a literal that is no plain value stays in the key.
    const bool plain = is_plain_value(assertion.literal, alias);
    const bool identity = assertion.kind == model::Assertion::Kind::Identity;
    out.key += "\n" + assertion.expression + "\x02" + std::to_string(int(assertion.kind)) +
               (plain && !(identity && assertion.literal == "None") ? "" : assertion.literal);
    out.values.push_back(assertion.literal);
  }
  if (test.exception) {
    out.key += "\nraises " + test.exception->module + "." + test.exception->type +
               (test.exception->message.empty() ? " anything" : "");
    out.values.push_back(python_string(test.exception->message));
  }
  return out;
}

// At most `most` bytes, whole words if the first one fits.
std::string cut_at_word(std::string words, std::size_t most) {
  if (words.size() <= most) return words;
  const std::size_t at = words.rfind('_', most);
  words.resize(at == std::string::npos || at == 0 ? most : at);
  return words;
}

std::set<std::string> taken_names(const model::TestCase& test, const std::string& alias) {
  std::set<std::string> out{alias, "expected", "result", "self", "pytest", "mock", "message"};
  for (const std::string& fixture : test.fixtures) out.insert(fixture);
  for (const std::string& statement : test.statements) out.insert(assigned_name(statement));
  return out;
}

// "percent_space" for "% ": a text of a few signs, which has no words of its own.
std::string sign_words(std::string_view literal) {
  static const std::map<char, std::string_view> kSigns{
      {' ', "space"},       {'!', "exclamation"}, {'"', "quote"},      {'#', "hash"},
      {'$', "dollar"},      {'%', "percent"},     {'&', "ampersand"},  {'\'', "apostrophe"},
      {'(', "parenthesis"}, {')', "parenthesis"}, {'*', "star"},       {'+', "plus"},
      {',', "comma"},       {'-', "dash"},        {'.', "dot"},        {'/', "slash"},
      {':', "colon"},       {';', "semicolon"},   {'<', "less"},       {'=', "equals"},
      {'>', "greater"},     {'?', "question"},    {'@', "at"},         {'[', "bracket"},
      {']', "bracket"},     {'^', "caret"},       {'_', "underscore"}, {'`', "backtick"},
      {'{', "brace"},       {'|', "bar"},         {'}', "brace"},      {'~', "tilde"}};
  constexpr std::size_t kMostSigns = 4;
  if (literal.size() < 3 || (literal[0] != '"' && literal[0] != '\'')) return {};
  const std::string_view inside = literal.substr(1, literal.size() - 2);
  if (inside.size() > kMostSigns || inside.find('\\') != std::string_view::npos) return {};
  std::vector<std::string> out;
  for (const char c : inside) {
    const auto found = kSigns.find(c);
    if (found == kSigns.end()) return {};
    out.emplace_back(found->second);
  }
  return base::join(out, "_");
}

bool is_keyword_or_builtin(const std::string& name) {
  static const std::set<std::string> kNames{
      "and",  "as",    "assert", "async",    "await",  "class", "def",    "del",    "elif",
      "else", "for",   "from",   "if",       "import", "in",    "is",     "lambda", "not",
      "or",   "pass",  "raise",  "return",   "try",    "while", "with",   "yield",  "None",
      "True", "False", "list",   "len",      "str",    "int",   "float",  "bool",   "dict",
      "set",  "tuple", "bytes",  "type",     "object", "iter",  "next",   "repr",   "hash",
      "zip",  "range", "sorted", "reversed", "io",     "abs",   "global", "except"};
  return kNames.contains(name);
}

// The parameter that a positional argument goes to; empty when it is not known.
std::string parameter_name(const Slot& slot, const model::TestCase& test,
                           const model::ModuleModel* module) {
  if (!slot.keyword.empty()) return slot.keyword;
  if (slot.subscript) return "key";
  if (module == nullptr || slot.callee.empty()) return {};
  const std::string last = slot.callee.substr(slot.callee.rfind('.') + 1);
  const std::string owner = test.function.substr(0, test.function.find('.'));
  const model::FunctionModel* found = nullptr;
  for (const auto& function : module->functions) {
    const bool constructs = function.name == "__init__" && function.class_name == last;
    if (function.name != last && !constructs) continue;
    // The method of the class that the test is about, before one of the same name elsewhere.
    if (found == nullptr || function.class_name == owner ||
        function.qualified_name == test.function) {
      found = &function;
    }
  }
  if (found == nullptr) return {};
  std::size_t position = slot.position;
  for (const auto& parameter : found->parameters) {
    if (parameter.kind == model::ParameterKind::VarPositional) {
      return parameter.name + "_" + std::to_string(position + 1);
    }
    if (parameter.kind != model::ParameterKind::Positional &&
        parameter.kind != model::ParameterKind::PositionalOnly) {
      break;
    }
    if (position-- == 0) return parameter.name;
  }
  return {};
}

class TableMaker {
 public:
  TableMaker(const std::vector<model::TestCase>& tests, const TableRules& rules)
      : tests_(tests), rules_(rules) {}

  // The cases share a key. Empty when they make no table.
  std::vector<TestGroup> make(const std::vector<Pieces>& cases) {
    std::vector<TestGroup> out;
    find_columns(cases);
    if (columns_.empty() || columns_.size() > kMostColumns) return out;
    TestGroup table;
    for (const Pieces& piece : cases) {
      TableRow row{piece.test, {}, ""};
      for (const std::size_t column : columns_) row.values.push_back(piece.values[column]);
      if (row_source(row).size() + kShortestId <= rules_.row_width) table.rows.push_back(row);
    }
    if (table.rows.size() < 2) return out;
    name_columns(cases.front(), table);
    name_rows(table);
    fill_pattern(cases.front(), table);
    for (std::size_t at = 0; at < table.rows.size(); at += rules_.most_rows) {
      TestGroup part = table;
      const std::size_t end = std::min(at + rules_.most_rows, table.rows.size());
      part.rows.assign(table.rows.begin() + static_cast<std::ptrdiff_t>(at),
                       table.rows.begin() + static_cast<std::ptrdiff_t>(end));
      if (at > 0) {
        part.name += "_more";
        part.longer_name.clear();
      }
      out.push_back(std::move(part));
    }
    return out;
  }

 private:
  void find_columns(const std::vector<Pieces>& cases) {
    for (std::size_t v = 0; v < cases.front().values.size(); ++v) {
      const bool differs = std::any_of(cases.begin(), cases.end(), [&](const Pieces& piece) {
        return piece.values[v] != cases.front().values[v];
      });
      if (differs) columns_.push_back(v);
    }
  }

  void name_columns(const Pieces& piece, TestGroup& table) {
    const model::TestCase& test = tests_[piece.test];
    std::set<std::string> taken = taken_names(test, rules_.alias);
    std::size_t value = 0;
    const auto is_column = [&](std::size_t v) {
      return std::find(columns_.begin(), columns_.end(), v) != columns_.end();
    };
    const auto add = [&](std::string name, bool reserved_is_fine) {
      if (name.empty() || !std::islower(static_cast<unsigned char>(name[0]))) name = "value";
      if (is_keyword_or_builtin(name) || (!reserved_is_fine && taken.contains(name))) {
        name += "_value";
      }
      const std::string base = name;
      for (int n = 2; std::count(table.columns.begin(), table.columns.end(), name) > 0; ++n) {
        name = base + "_" + std::to_string(n);
      }
      table.columns.push_back(name);
    };
    for (const SlottedStatement& statement : piece.statements) {
      for (const Slot& slot : statement.slots) {
        if (is_column(value)) add(snake_words(parameter_name(slot, test, rules_.module)), false);
        ++value;
      }
    }
    for (const model::Assertion& assertion : test.assertions) {
      const bool whole = test.result_name && assertion.expression == *test.result_name;
      const std::string part = assertion.expression.substr(assertion.expression.rfind('.') + 1);
      const bool attribute = part.size() < assertion.expression.size() && snake_words(part) == part;
      if (is_column(value)) add(whole || !attribute ? "expected" : "expected_" + part, true);
      ++value;
    }
    if (test.exception && is_column(value)) add("message", true);
  }

  // "test_wrap_when_text_is_empty_returns_empty_list" and its like: what all share names the
  // table, what is left names the rows.
  void name_rows(TestGroup& table) {
    std::vector<std::vector<std::string>> words;
    for (const TableRow& row : table.rows) words.push_back(base::split(tests_[row.test].name, '_'));
    const auto& first = words.front();
    std::size_t shortest = first.size();
    for (const auto& other : words) shortest = std::min(shortest, other.size());
    std::size_t front = 0;
    const auto same_front = [&](const auto& other) { return other[front] == first[front]; };
    while (front < shortest && std::all_of(words.begin(), words.end(), same_front)) ++front;
    std::size_t back = 0;
    const auto same_back = [&](const auto& other) {
      return other[other.size() - 1 - back] == first[first.size() - 1 - back];
    };
    while (front + back < shortest && std::all_of(words.begin(), words.end(), same_back)) ++back;
    // The end counts only as a whole: "raises_value_error", "returns_none".
    while (back > 0 && first[first.size() - back] != "raises" &&
           first[first.size() - back] != "returns") {
      --back;
    }
    std::size_t named = front;
    for (std::size_t i = 1; i < front; ++i) {
      if (first[i] == "when" || first[i] == "raises" || first[i] == "returns" ||
          first[i] == "with" || first[i] == "after") {
        named = i;
        break;
      }
    }
    // Conditions that all share are worth keeping when they are complete.
    table.name =
        base::join({first.begin(), first.begin() + static_cast<std::ptrdiff_t>(named)}, "_");
    if (back > 0) {
      table.name +=
          "_" + base::join({first.end() - static_cast<std::ptrdiff_t>(back), first.end()}, "_");
    }
    table.longer_name = base::join(
        without_joints({first.begin(), first.begin() + static_cast<std::ptrdiff_t>(front)}), "_");
    std::set<std::string> used;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const auto& all = words[i];
      std::string id = base::join({all.begin() + static_cast<std::ptrdiff_t>(front),
                                   all.end() - static_cast<std::ptrdiff_t>(back)},
                                  "_");
      for (const std::string_view lead : {"when_", "with_", "and_"}) {
        if (id.starts_with(lead)) id.erase(0, lead.size());
      }
      // The table shows what is expected; the condition or the value names the row.
      id.resize(std::min(id.find("_returns_"), id.size()));
      const bool mute = id.find_first_not_of("0123456789_") == std::string::npos;
      if (mute || id.starts_with("returns_")) id = value_words(table, i);
      TableRow& row = table.rows[i];
      const std::size_t room = rules_.row_width - row_source(row).size();
      id = cut_at_word(id, std::min(kLongestId, room));
      std::string unique = id;
      for (int n = 2; !used.insert(unique).second; ++n) {
        const std::string suffix = "_" + std::to_string(n);
        unique =
            id.substr(0, std::min(id.size(), std::max(room, kShortestId) - suffix.size())) + suffix;
      }
      row.id = unique;
    }
  }

  // "baa" for the text "baa", "width_3" for the number 3, "width_minus_3" for -3.
  static std::string value_words(const TestGroup& table, std::size_t row) {
    const std::string& value = table.rows[row].values[0];
    const std::string words = snake_words(std::string_view(value).substr(0, 24));
    if (words.empty()) {
      const std::string signs = sign_words(value);
      return signs.empty() ? "case_" + std::to_string(row + 1) : signs;
    }
    const bool number = words.find_first_not_of("0123456789_") == std::string::npos;
    if (!number) return words;
    return table.columns[0] + (value.starts_with("-") ? "_minus_" : "_") + words;
  }

  // Without words at the end that lead to something.
  static std::vector<std::string> without_joints(std::vector<std::string> words) {
    const auto leads_on = [](const std::string& word) {
      for (const char* joint : {"when", "and", "is", "has", "after", "unless", "returns", "raises",
                                "with", "of", "not"}) {
        if (word == joint) return true;
      }
      return false;
    };
    while (words.size() > 2 && leads_on(words.back())) words.pop_back();
    return words;
  }

  void fill_pattern(const Pieces& piece, TestGroup& table) {
    const model::TestCase& test = tests_[piece.test];
    table.pattern = test;
    std::size_t value = 0;
    const auto column_name = [&](std::size_t v) -> const std::string* {
      const auto found = std::find(columns_.begin(), columns_.end(), v);
      return found == columns_.end()
                 ? nullptr
                 : &table.columns[static_cast<std::size_t>(found - columns_.begin())];
    };
    for (std::size_t s = 0; s < piece.statements.size(); ++s) {
      std::vector<std::string> values;
      for (const Slot& slot : piece.statements[s].slots) {
        const std::string* name = column_name(value++);
        values.push_back(name != nullptr ? *name : slot.value);
      }
      table.pattern.statements[s] = piece.statements[s].filled(values);
    }
    table.literal_is_column.assign(test.assertions.size(), false);
    for (std::size_t a = 0; a < test.assertions.size(); ++a) {
      if (const std::string* name = column_name(value++)) {
        table.pattern.assertions[a].literal = *name;
        table.literal_is_column[a] = true;
      }
    }
    if (test.exception && column_name(value) != nullptr) table.message_is_column = true;
  }

  const std::vector<model::TestCase>& tests_;
  const TableRules& rules_;
  std::vector<std::size_t> columns_;  // indices into Pieces::values
};

}  // namespace

TestGroup plain_group(const std::vector<model::TestCase>& tests, std::size_t index) {
  TestGroup out;
  out.name = tests[index].name;
  out.rows = {{index, {}, ""}};
  out.pattern = tests[index];
  out.literal_is_column.assign(tests[index].assertions.size(), false);
  return out;
}

std::string row_source(const TableRow& row) {
  return "pytest.param(" + base::join(row.values, ", ") + ", id=\"" + row.id + "\"),";
}

std::vector<TestGroup> group_cases(const std::vector<model::TestCase>& tests,
                                   const std::vector<std::size_t>& indices,
                                   const TableRules& rules) {
  std::map<std::string, std::vector<Pieces>> alike;
  std::vector<std::string> order;
  for (const std::size_t index : indices) {
    Pieces pieces = take_apart(tests, index, rules.alias);
    auto& cases = alike[pieces.key];
    if (cases.empty()) order.push_back(pieces.key);
    cases.push_back(std::move(pieces));
  }
  std::vector<TestGroup> out;
  for (const std::string& key : order) {
    const auto& cases = alike[key];
    std::set<std::size_t> in_tables;
    if (cases.size() >= 2 && rules.most_rows > 0) {
      for (TestGroup& table : TableMaker(tests, rules).make(cases)) {
        for (const TableRow& row : table.rows) in_tables.insert(row.test);
        out.push_back(std::move(table));
      }
    }
    for (const Pieces& piece : cases) {
      if (!in_tables.contains(piece.test)) out.push_back(plain_group(tests, piece.test));
    }
  }
  return out;
}

}  // namespace testgen::emit
