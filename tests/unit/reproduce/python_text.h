// A Python text parsed for tests of this room.
#pragma once

#include <string>
#include <string_view>

#include "analysis/python_model.h"
#include "analysis/syntax_tree.h"
#include "base/clock.h"
#include "reproduce/suspect.h"

namespace testgen::reproduce {

struct PythonText {
  explicit PythonText(const std::string& text)
      : tree(*analysis::parse_python(text, base::SystemClock())),
        module(analysis::build_model(tree)) {}

  // The place of the first occurrence of these words.
  [[nodiscard]] Span span(std::string_view words) const {
    const std::size_t at = tree.text().find(words);
    return {line_of(at), column_of(at), line_of(at + words.size()), column_of(at + words.size())};
  }
  // The first node with this text that is no statement.
  [[nodiscard]] analysis::Index node(std::string_view text) const {
    for (analysis::Index i = 1; i < tree.size(); ++i) {
      const analysis::Kind kind = tree[i].kind;
      const bool statement =
          kind == analysis::Kind::ExpressionStatement || kind == analysis::Kind::Block;
      if (!statement && tree.text(i) == text) return i;
    }
    return analysis::kNoNode;
  }

  analysis::SyntaxTree tree;
  model::ModuleModel module;

 private:
  [[nodiscard]] std::uint32_t line_of(std::size_t at) const {
    std::uint32_t line = 1;
    for (std::size_t i = 0; i < at; ++i) line += tree.text()[i] == '\n' ? 1 : 0;
    return line;
  }
  [[nodiscard]] std::uint32_t column_of(std::size_t at) const {
    std::uint32_t column = 1;
    for (; at > 0 && tree.text()[at - 1] != '\n'; --at) ++column;
    return column;
  }
};

}  // namespace testgen::reproduce
