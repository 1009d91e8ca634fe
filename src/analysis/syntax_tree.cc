#include "analysis/syntax_tree.h"

#include <tree_sitter/api.h>

#include <algorithm>
#include <array>
#include <memory>
#include <unordered_map>

#include "base/check.h"

extern "C" const TSLanguage* tree_sitter_python();

namespace testgen::analysis {
namespace {

using base::Error;
using base::ErrorCode;

const std::unordered_map<std::string_view, Kind>& kind_names() {
  static const std::unordered_map<std::string_view, Kind> names{
      {"module", Kind::Module},
      {"block", Kind::Block},
      {"comment", Kind::Comment},
      {"line_continuation", Kind::LineContinuation},
      {"identifier", Kind::Identifier},
      {"dotted_name", Kind::DottedName},
      {"expression_statement", Kind::ExpressionStatement},
      {"assignment", Kind::Assignment},
      {"augmented_assignment", Kind::AugmentedAssignment},
      {"return_statement", Kind::ReturnStatement},
      {"raise_statement", Kind::RaiseStatement},
      {"assert_statement", Kind::AssertStatement},
      {"delete_statement", Kind::DeleteStatement},
      {"global_statement", Kind::GlobalStatement},
      {"nonlocal_statement", Kind::GlobalStatement},
      {"import_statement", Kind::ImportStatement},
      {"import_from_statement", Kind::ImportFromStatement},
      {"future_import_statement", Kind::FutureImport},
      {"aliased_import", Kind::AliasedImport},
      {"wildcard_import", Kind::WildcardImport},
      {"relative_import", Kind::RelativeImport},
      {"print_statement", Kind::PrintStatement},
      {"exec_statement", Kind::ExecStatement},
      {"type_alias_statement", Kind::TypeAlias},
      {"pass_statement", Kind::PassStatement},
      {"break_statement", Kind::BreakStatement},
      {"continue_statement", Kind::ContinueStatement},
      {"if_statement", Kind::IfStatement},
      {"elif_clause", Kind::ElifClause},
      {"else_clause", Kind::ElseClause},
      {"while_statement", Kind::WhileStatement},
      {"for_statement", Kind::ForStatement},
      {"try_statement", Kind::TryStatement},
      {"except_clause", Kind::ExceptClause},
      {"finally_clause", Kind::FinallyClause},
      {"with_statement", Kind::WithStatement},
      {"with_clause", Kind::WithClause},
      {"with_item", Kind::WithItem},
      {"match_statement", Kind::MatchStatement},
      {"case_clause", Kind::CaseClause},
      {"case_pattern", Kind::CasePattern},
      {"if_clause", Kind::IfClause},
      {"for_in_clause", Kind::ForInClause},
      {"function_definition", Kind::FunctionDefinition},
      {"class_definition", Kind::ClassDefinition},
      {"decorated_definition", Kind::DecoratedDefinition},
      {"decorator", Kind::Decorator},
      {"parameters", Kind::Parameters},
      {"lambda_parameters", Kind::LambdaParameters},
      {"lambda", Kind::Lambda},
      {"default_parameter", Kind::DefaultParameter},
      {"typed_parameter", Kind::TypedParameter},
      {"typed_default_parameter", Kind::TypedDefaultParameter},
      {"list_splat_pattern", Kind::ListSplatPattern},
      {"dictionary_splat_pattern", Kind::DictionarySplatPattern},
      {"keyword_separator", Kind::KeywordSeparator},
      {"positional_separator", Kind::PositionalSeparator},
      {"type", Kind::Type},
      {"type_parameter", Kind::TypeParameter},
      {"as_pattern", Kind::AsPattern},
      {"as_pattern_target", Kind::AsPatternTarget},
      {"call", Kind::Call},
      {"argument_list", Kind::ArgumentList},
      {"keyword_argument", Kind::KeywordArgument},
      {"list_splat", Kind::ListSplat},
      {"parenthesized_list_splat", Kind::ListSplat},
      {"dictionary_splat", Kind::DictionarySplat},
      {"attribute", Kind::Attribute},
      {"subscript", Kind::Subscript},
      {"slice", Kind::Slice},
      {"parenthesized_expression", Kind::ParenthesizedExpression},
      {"tuple", Kind::Tuple},
      {"list", Kind::List},
      {"set", Kind::Set},
      {"dictionary", Kind::Dictionary},
      {"expression_list", Kind::ExpressionList},
      {"pattern_list", Kind::PatternList},
      {"tuple_pattern", Kind::TuplePattern},
      {"list_pattern", Kind::ListPattern},
      {"boolean_operator", Kind::BooleanOperator},
      {"not_operator", Kind::NotOperator},
      {"comparison_operator", Kind::ComparisonOperator},
      {"binary_operator", Kind::BinaryOperator},
      {"unary_operator", Kind::UnaryOperator},
      {"conditional_expression", Kind::ConditionalExpression},
      {"named_expression", Kind::NamedExpression},
      {"list_comprehension", Kind::ListComprehension},
      {"set_comprehension", Kind::SetComprehension},
      {"dictionary_comprehension", Kind::DictionaryComprehension},
      {"generator_expression", Kind::GeneratorExpression},
      {"await", Kind::Await},
      {"yield", Kind::Yield},
      {"string", Kind::String},
      {"concatenated_string", Kind::ConcatenatedString},
      {"string_start", Kind::StringStart},
      {"string_content", Kind::StringContent},
      {"string_end", Kind::StringEnd},
      {"interpolation", Kind::Interpolation},
      {"integer", Kind::Integer},
      {"float", Kind::Float},
      {"true", Kind::True},
      {"false", Kind::False},
      {"none", Kind::None},
      {"ellipsis", Kind::Ellipsis},
  };
  return names;
}

constexpr std::array<std::pair<std::string_view, Field>, 24> kFieldNames{{
    {"name", Field::Name},
    {"body", Field::Body},
    {"condition", Field::Condition},
    {"left", Field::Left},
    {"right", Field::Right},
    {"type", Field::Type},
    {"alternative", Field::Alternative},
    {"consequence", Field::Consequence},
    {"guard", Field::Guard},
    {"value", Field::Value},
    {"function", Field::Function},
    {"arguments", Field::Arguments},
    {"argument", Field::Argument},
    {"object", Field::Object},
    {"attribute", Field::Attribute},
    {"operators", Field::Operators},
    {"operator", Field::Operator},
    {"subject", Field::Subject},
    {"superclasses", Field::Superclasses},
    {"parameters", Field::Parameters},
    {"return_type", Field::ReturnType},
    {"definition", Field::Definition},
    {"alias", Field::Alias},
    {"module_name", Field::ModuleName},
}};

// The grammar's numbers for kinds and fields, translated once.
struct Tables {
  std::vector<Kind> kinds;
  std::vector<Field> fields;

  Tables() {
    const TSLanguage* language = tree_sitter_python();
    kinds.resize(ts_language_symbol_count(language), Kind::Token);
    for (std::size_t number = 0; number < kinds.size(); ++number) {
      const auto symbol = static_cast<TSSymbol>(number);
      if (ts_language_symbol_type(language, symbol) != TSSymbolTypeRegular) continue;
      const auto found = kind_names().find(ts_language_symbol_name(language, symbol));
      kinds[symbol] = found == kind_names().end() ? Kind::Other : found->second;
    }
    fields.resize(ts_language_field_count(language) + 1, Field::None);
    for (const auto& [name, field] : kFieldNames) {
      const TSFieldId id = ts_language_field_id_for_name(language, name.data(),
                                                         static_cast<std::uint32_t>(name.size()));
      if (id != 0) fields[id] = field;
    }
  }
};

struct ReadState {
  std::string_view text;
};

const char* read_text(void* payload, std::uint32_t offset, TSPoint, std::uint32_t* length) {
  const std::string_view text = static_cast<const ReadState*>(payload)->text;
  if (offset >= text.size()) {
    *length = 0;
    return "";
  }
  *length = static_cast<std::uint32_t>(text.size()) - offset;
  return text.data() + offset;
}

struct Deadline {
  const base::Clock* clock;
  base::SteadyTime at;
};

bool past_deadline(TSParseState* state) {
  const auto* deadline = static_cast<const Deadline*>(state->payload);
  return deadline->clock->steady_now() > deadline->at;
}

using ParserPointer = std::unique_ptr<TSParser, decltype(&ts_parser_delete)>;
using TreePointer = std::unique_ptr<TSTree, decltype(&ts_tree_delete)>;

class Cursor {
 public:
  explicit Cursor(const TSTree* tree) : cursor_(ts_tree_cursor_new(ts_tree_root_node(tree))) {}
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  ~Cursor() { ts_tree_cursor_delete(&cursor_); }
  TSTreeCursor* get() { return &cursor_; }

 private:
  TSTreeCursor cursor_;
};

SyntaxNode make_node(TSTreeCursor* cursor, const Tables& tables, Index parent) {
  const TSNode node = ts_tree_cursor_current_node(cursor);
  SyntaxNode out;
  out.start = ts_node_start_byte(node);
  out.end = ts_node_end_byte(node);
  out.line = ts_node_start_point(node).row + 1;
  out.parent = parent;
  const TSSymbol symbol = ts_node_symbol(node);
  out.kind = symbol < tables.kinds.size() ? tables.kinds[symbol] : Kind::Error;
  out.field = tables.fields[ts_tree_cursor_current_field_id(cursor)];
  out.missing = ts_node_is_missing(node);
  return out;
}

// Copies the tree into preorder. False when it is deeper than the limit.
bool flatten(const TSTree* tree, std::uint32_t max_depth, std::vector<SyntaxNode>& nodes) {
  static const Tables tables;
  Cursor owner(tree);
  TSTreeCursor* cursor = owner.get();
  std::vector<Index> path;  // ancestors of the current node
  nodes.push_back(make_node(cursor, tables, kNoNode));
  Index current = 0;
  while (true) {
    if (ts_tree_cursor_goto_first_child(cursor)) {
      if (path.size() >= max_depth) return false;
      path.push_back(current);
      current = static_cast<Index>(nodes.size());
      nodes.push_back(make_node(cursor, tables, path.back()));
      continue;
    }
    while (true) {
      nodes[current].end_index = static_cast<Index>(nodes.size());
      if (path.empty()) return true;
      if (ts_tree_cursor_goto_next_sibling(cursor)) {
        const auto sibling = static_cast<Index>(nodes.size());
        nodes[current].next_sibling = sibling;
        current = sibling;
        nodes.push_back(make_node(cursor, tables, path.back()));
        break;
      }
      ts_tree_cursor_goto_parent(cursor);
      current = path.back();
      path.pop_back();
    }
  }
}

}  // namespace

Index SyntaxTree::child(Index index, Field field) const {
  for (Index i = first_child(index); i != kNoNode; i = nodes_[i].next_sibling) {
    // Comments take the field of what they stand before.
    if (nodes_[i].field == field && nodes_[i].kind != Kind::Comment &&
        nodes_[i].kind != Kind::LineContinuation) {
      return i;
    }
  }
  return kNoNode;
}

std::vector<Index> SyntaxTree::named_children(Index index) const {
  std::vector<Index> out;
  for (Index i = first_child(index); i != kNoNode; i = nodes_[i].next_sibling) {
    const Kind kind = nodes_[i].kind;
    if (kind != Kind::Token && kind != Kind::Comment && kind != Kind::LineContinuation) {
      out.push_back(i);
    }
  }
  return out;
}

bool SyntaxTree::has_token(Index index, std::string_view token) const {
  for (Index i = first_child(index); i != kNoNode; i = nodes_[i].next_sibling) {
    if (nodes_[i].kind == Kind::Token && text(i) == token) return true;
  }
  return false;
}

std::uint32_t SyntaxTree::last_line(Index index) const {
  const std::string_view body = text(index);
  return nodes_[index].line +
         static_cast<std::uint32_t>(std::count(body.begin(), body.end(), '\n'));
}

base::Result<SyntaxTree> parse_python(std::string_view text, const base::Clock& clock,
                                      const ParseLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return Error{ErrorCode::TooLarge,
                 "the source has " + std::to_string(text.size()) + " bytes; the limit is " +
                     std::to_string(limits.max_bytes),
                 "split the module"};
  }
  const ParserPointer parser(ts_parser_new(), &ts_parser_delete);
  TG_CHECK(parser && ts_parser_set_language(parser.get(), tree_sitter_python()));
  SyntaxTree out;
  out.text_ = std::string(text);
  ReadState state{out.text_};
  Deadline deadline{&clock, clock.steady_now() + limits.time};
  const TSInput input{&state, &read_text, TSInputEncodingUTF8, nullptr};
  const TSParseOptions options{&deadline, &past_deadline};
  const TreePointer tree(ts_parser_parse_with_options(parser.get(), nullptr, input, options),
                         &ts_tree_delete);
  if (!tree) {
    return Error{ErrorCode::Timeout,
                 "parsing took longer than " + std::to_string(limits.time.count()) + " ms",
                 "split the module"};
  }
  out.nodes_.reserve(text.size() / 3 + 16);
  if (!flatten(tree.get(), limits.max_depth, out.nodes_)) {
    return Error{
        ErrorCode::InvalidInput,
        "expressions are nested deeper than " + std::to_string(limits.max_depth) + " levels", ""};
  }
  return out;
}

}  // namespace testgen::analysis
