#include "emit/python_body.h"

#include <algorithm>

#include "base/strings.h"
#include "emit/python_fixtures.h"
#include "emit/python_layout.h"
#include "emit/python_source.h"

namespace testgen::emit {
namespace {

using model::Assertion;
using model::Framework;

constexpr std::size_t kStep = 4;

bool matches_literally(const std::string& message) {
  return message.find_first_of("\\^$.|?*+()[]{}") == std::string::npos;
}

bool is_float_sequence(const std::string& literal) {
  return literal.starts_with("[") || literal.starts_with("(");
}

// What can stand on the left of `==` without brackets.
bool is_simple_expression(std::string_view text) {
  if (text.empty() || text[0] == '-' || text.starts_with("lambda")) return false;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"' || c == '\'') {
      i = skip_string(text, i);
    } else if (c == '(' || c == '[') {
      const std::size_t close = closing_bracket(text, i);
      if (close == std::string_view::npos) return false;
      i = close + 1;
    } else if (c == ' ' || c == '{') {
      return false;
    } else {
      ++i;
    }
  }
  return true;
}

class Body {
 public:
  Body(const TestGroup& group, const BodyStyle& style)
      : group_(group), test_(group.pattern), style_(style) {}

  // Empty when it has to be packed and was not.
  std::string render(Filling filling) {
    filling_ = filling;
    out_.clear();
    std::size_t inside = style_.indent + kStep;
    const bool table = !group_.columns.empty();
    if (table && style_.framework == Framework::Pytest) add_decorator();
    add_signature();
    if (style_.framework == Framework::Unittest) {
      add_stand_ins(inside);
      if (table) inside = add_loop(inside);
    }
    add_statements(inside);
    return out_;
  }

 private:
  void line(std::string_view text, std::size_t indent) {
    out_ += wrap_line(text, indent, kWidth, filling_);
    out_ += '\n';
  }

  void add_decorator() {
    const std::string padding(style_.indent, ' ');
    const std::string names = base::join(group_.columns, ", ");
    out_ += padding + "@pytest.mark.parametrize(\n";
    out_ += padding + "    \"" + names + "\",\n" + padding + "    [\n";
    for (const TableRow& row : group_.rows) {
      out_ += padding + "        " + row_source(row) + "\n";
    }
    out_ += padding + "    ],\n" + padding + ")\n";
  }

  void add_signature() {
    std::vector<std::string> parameters;
    if (style_.indent > 0) parameters.emplace_back("self");
    if (style_.framework == Framework::Pytest) {
      for (std::string& fixture : fixtures_of(test_)) parameters.push_back(std::move(fixture));
      parameters.insert(parameters.end(), group_.columns.begin(), group_.columns.end());
    }
    line("def " + group_.name + "(" + base::join(parameters, ", ") + "):", style_.indent);
  }

  void add_stand_ins(std::size_t indent) {
    for (const std::string& fixture : fixtures_of(test_)) {
      if (fixture == "tmp_path") line("tmp_path = temporary_folder(self)", indent);
      if (fixture == "monkeypatch") line("monkeypatch = Patches(self)", indent);
      if (fixture == "capsys") line("capsys = Output(self)", indent);
      if (fixture == "caplog") line("caplog = Log(self)", indent);
      if (fixture == "recwarn") line("recwarn = caught_warnings(self)", indent);
    }
  }

  std::size_t add_loop(std::size_t indent) {
    const std::string padding(indent, ' ');
    const bool one = group_.columns.size() == 1;
    out_ += padding + "cases = [\n";
    for (const TableRow& row : group_.rows) {
      const std::string values = base::join(row.values, ", ");
      out_ += padding + "    " + (one ? values : "(" + values + ")") + ",\n";
    }
    out_ += padding + "]\n";
    line("for " + base::join(group_.columns, ", ") + " in cases:", indent);
    std::string shown;
    for (const std::string& column : group_.columns) {
      if (column.starts_with("expected") && group_.columns.size() > 1) continue;
      shown += (shown.empty() ? "" : ", ") + column + "=" + column;
    }
    line("with self.subTest(" + shown + "):", indent + kStep);
    return indent + 2 * kStep;
  }

  void add_statements(std::size_t indent) {
    const std::size_t last = test_.statements.size() - 1;
    for (std::size_t i = 0; i < last; ++i) line(test_.statements[i], indent);
    std::string act = test_.statements[last];
    const std::string head = test_.result_name ? *test_.result_name + " = " : "";
    const bool assigns = !head.empty() && act.starts_with(head);
    const std::string value = assigns ? act.substr(head.size()) : act;
    if (test_.exception) {
      line(raises(), indent);
      line(value, indent + kStep);
      return;
    }
    if (assigns && add_inline(value, indent)) return;
    const bool read = std::any_of(test_.assertions.begin(), test_.assertions.end(),
                                  [&](const Assertion& assertion) {
                                    return uses_name(assertion.expression, *test_.result_name);
                                  });
    line(assigns && !read ? value : act, indent);
    for (std::size_t a = 0; a < test_.assertions.size(); ++a) {
      line(assertion(test_.assertions[a], test_.assertions[a].expression, a), indent);
    }
  }

  // One assertion about what a call returned reads best in one line.
  bool add_inline(const std::string& value, std::size_t indent) {
    if (test_.assertions.size() != 1 || !is_simple_expression(value)) return false;
    const Assertion& only = test_.assertions.front();
    if (only.expression != *test_.result_name) return false;
    const std::string text = assertion(only, value, 0);
    if (indent + text.size() > kWidth) return false;
    line(text, indent);
    return true;
  }

  [[nodiscard]] std::string raises() const {
    const std::string type = exception_expression(*test_.exception, *style_.plan);
    const std::string& message = test_.exception->message;
    std::string pattern;
    if (group_.message_is_column) {
      pattern = "re.escape(message)";
    } else if (!message.empty()) {
      pattern = matches_literally(message) ? python_string(message)
                                           : "re.escape(" + python_string(message) + ")";
    }
    if (style_.framework == Framework::Unittest) {
      return pattern.empty() ? "with self.assertRaises(" + type + "):"
                             : "with self.assertRaisesRegex(" + type + ", " + pattern + "):";
    }
    return "with pytest.raises(" + type + (pattern.empty() ? "" : ", match=" + pattern) + "):";
  }

  [[nodiscard]] std::string assertion(const Assertion& what, const std::string& expression,
                                      std::size_t number) const {
    const std::string& literal = what.literal;
    const bool plain = style_.framework == Framework::Pytest;
    switch (what.kind) {
      case Assertion::Kind::Identity:
        if (plain) return "assert " + expression + " is " + literal;
        if (literal == "None") return "self.assertIsNone(" + expression + ")";
        return "self.assertIs(" + expression + ", " + literal + ")";
      case Assertion::Kind::Approximate: {
        if (plain) return "assert " + expression + " == pytest.approx(" + literal + ")";
        const bool several =
            is_float_sequence(group_.literal_is_column[number] ? first_value(literal) : literal);
        if (several)
          return "self.assertTrue(all(map(math.isclose, " + expression + ", " + literal + ")))";
        return "self.assertTrue(math.isclose(" + expression + ", " + literal + "))";
      }
      case Assertion::Kind::Equal:
      case Assertion::Kind::Type:
        break;
    }
    if (plain) return "assert " + expression + " == " + literal;
    return "self.assertEqual(" + expression + ", " + literal + ")";
  }

  [[nodiscard]] const std::string& first_value(const std::string& column) const {
    const auto found = std::find(group_.columns.begin(), group_.columns.end(), column);
    return group_.rows.front().values[static_cast<std::size_t>(found - group_.columns.begin())];
  }

  const TestGroup& group_;
  const model::TestCase& test_;
  const BodyStyle& style_;
  Filling filling_ = Filling::OneALine;
  std::string out_;
};

std::size_t count_lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

std::optional<std::string> test_function(const TestGroup& group, const BodyStyle& style) {
  for (const Filling filling : {Filling::OneALine, Filling::Packed}) {
    std::string text = Body(group, style).render(filling);
    if (count_lines(text) <= kMostLines) return text;
  }
  return std::nullopt;
}

void add_needs(const TestGroup& group, Framework framework, BodyNeeds& needs) {
  const model::TestCase& test = group.pattern;
  const bool pytest = framework == Framework::Pytest;
  if (test.exception) {
    needs.pytest |= pytest;
    needs.re |= group.message_is_column || !matches_literally(test.exception->message);
  }
  needs.pytest |= pytest && !group.columns.empty();
  for (const Assertion& assertion : test.assertions) {
    if (assertion.kind != Assertion::Kind::Approximate) continue;
    (pytest ? needs.pytest : needs.math) = true;
  }
  if (pytest) return;
  for (const std::string& fixture : fixtures_of(test)) {
    needs.temporary_folder |= fixture == "tmp_path";
    needs.patches |= fixture == "monkeypatch";
    needs.output |= fixture == "capsys";
    needs.log |= fixture == "caplog";
    needs.warnings |= fixture == "recwarn";
  }
}

std::string exception_expression(const model::ExpectedException& exception,
                                 const model::ImportPlan& plan) {
  if (exception.module == "builtins") return exception.type;
  if (exception.module == plan.module_name) return plan.alias + "." + exception.type;
  return exception.module + "." + exception.type;
}

}  // namespace testgen::emit
