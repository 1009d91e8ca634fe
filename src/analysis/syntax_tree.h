// A parsed Python file as a flat array in preorder. The parser's own tree is walked once with a
// cursor and dropped, so that everything after it is plain loops: no recursion that deeply
// nested input could exhaust, and a node's descendants are the range (i, nodes[i].end_index).
// A SyntaxTree owns a copy of its text. Offsets are bytes, lines count from 1.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace testgen::analysis {

// The node kinds that analysis tells apart. Token is any anonymous node (keywords, brackets).
enum class Kind : std::uint8_t {
  Other,
  Token,
  Error,
  Module,
  Block,
  Comment,
  LineContinuation,
  Identifier,
  DottedName,
  ExpressionStatement,
  Assignment,
  AugmentedAssignment,
  ReturnStatement,
  RaiseStatement,
  AssertStatement,
  DeleteStatement,
  GlobalStatement,
  ImportStatement,
  ImportFromStatement,
  FutureImport,
  AliasedImport,
  WildcardImport,
  RelativeImport,
  PrintStatement,
  ExecStatement,
  TypeAlias,
  PassStatement,
  BreakStatement,
  ContinueStatement,
  IfStatement,
  ElifClause,
  ElseClause,
  WhileStatement,
  ForStatement,
  TryStatement,
  ExceptClause,
  FinallyClause,
  WithStatement,
  WithClause,
  WithItem,
  MatchStatement,
  CaseClause,
  CasePattern,
  IfClause,
  ForInClause,
  FunctionDefinition,
  ClassDefinition,
  DecoratedDefinition,
  Decorator,
  Parameters,
  LambdaParameters,
  Lambda,
  DefaultParameter,
  TypedParameter,
  TypedDefaultParameter,
  ListSplatPattern,
  DictionarySplatPattern,
  KeywordSeparator,
  PositionalSeparator,
  Type,
  TypeParameter,
  AsPattern,
  AsPatternTarget,
  Call,
  ArgumentList,
  KeywordArgument,
  ListSplat,
  DictionarySplat,
  Attribute,
  Subscript,
  Slice,
  ParenthesizedExpression,
  Tuple,
  List,
  Set,
  Dictionary,
  ExpressionList,
  PatternList,
  TuplePattern,
  ListPattern,
  BooleanOperator,
  NotOperator,
  ComparisonOperator,
  BinaryOperator,
  UnaryOperator,
  ConditionalExpression,
  NamedExpression,
  ListComprehension,
  SetComprehension,
  DictionaryComprehension,
  GeneratorExpression,
  Await,
  Yield,
  String,
  ConcatenatedString,
  StringStart,
  StringContent,
  StringEnd,
  Interpolation,
  Integer,
  Float,
  True,
  False,
  None,
  Ellipsis,
};

// The role a node plays in its parent.
enum class Field : std::uint8_t {
  None,
  Name,
  Body,
  Condition,
  Left,
  Right,
  Type,
  Alternative,
  Consequence,
  Guard,
  Value,
  Function,
  Arguments,
  Argument,
  Object,
  Attribute,
  Operators,
  Operator,
  Subject,
  Superclasses,
  Parameters,
  ReturnType,
  Definition,
  Alias,
  ModuleName,
};

using Index = std::uint32_t;
inline constexpr Index kNoNode = 0xFFFFFFFFU;

struct SyntaxNode {
  std::uint32_t start = 0;  // byte offsets
  std::uint32_t end = 0;
  std::uint32_t line = 0;
  Index parent = kNoNode;
  Index next_sibling = kNoNode;
  Index end_index = 0;  // one past the last descendant
  Kind kind = Kind::Other;
  Field field = Field::None;
  bool missing = false;  // the parser made it up to go on
};

struct ParseLimits {
  std::size_t max_bytes = std::size_t{4} << 20U;
  std::uint32_t max_depth = 10'000;
  std::chrono::milliseconds time{5'000};
};

class SyntaxTree {
 public:
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const std::vector<SyntaxNode>& nodes() const { return nodes_; }
  [[nodiscard]] const SyntaxNode& operator[](Index index) const { return nodes_[index]; }
  [[nodiscard]] Index size() const { return static_cast<Index>(nodes_.size()); }
  [[nodiscard]] std::string_view text(Index index) const {
    const SyntaxNode& node = nodes_[index];
    return std::string_view(text_).substr(node.start, node.end - node.start);
  }
  // Children in order are first_child(i), then next_sibling until kNoNode.
  [[nodiscard]] Index first_child(Index index) const {
    return nodes_[index].end_index > index + 1 ? index + 1 : kNoNode;
  }
  [[nodiscard]] Index child(Index index, Field field) const;
  // Children that are neither tokens nor comments.
  [[nodiscard]] std::vector<Index> named_children(Index index) const;
  [[nodiscard]] bool has_token(Index index, std::string_view token) const;
  [[nodiscard]] std::uint32_t last_line(Index index) const;
  // The first place where the text is not Python, as an error with line, column and text. Also
  // what the lenient grammar lets pass: Python 2 statements, missing and uneven indentation.
  [[nodiscard]] base::Status check_syntax() const;

 private:
  friend base::Result<SyntaxTree> parse_python(std::string_view, const base::Clock&,
                                               const ParseLimits&);
  std::string text_;
  std::vector<SyntaxNode> nodes_;
};

// Parses whatever the text is; broken parts become Kind::Error nodes (see check_syntax).
// Fails with TooLarge, Timeout, or InvalidInput for nesting past max_depth.
[[nodiscard]] base::Result<SyntaxTree> parse_python(std::string_view text, const base::Clock& clock,
                                                    const ParseLimits& limits = {});

}  // namespace testgen::analysis
