#include "scan/syntax/tree.h"

#include <tree_sitter/api.h>

#include <limits>
#include <memory>

namespace testgen::scan {
namespace {

struct FreeParser {
  void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};
struct Cursor {
  explicit Cursor(TSNode root) : it(ts_tree_cursor_new(root)) {}
  ~Cursor() { ts_tree_cursor_delete(&it); }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  TSTreeCursor it;
};

// One parser a thread: making one costs more than a small file.
TSParser* thread_parser() {
  thread_local const std::unique_ptr<TSParser, FreeParser> parser(ts_parser_new());
  return parser.get();
}

struct Source {
  std::string_view text;
  std::chrono::steady_clock::time_point deadline;
  bool late = false;
};

const char* read(void* payload, std::uint32_t at, TSPoint, std::uint32_t* size) {
  const auto* source = static_cast<const Source*>(payload);
  const std::string_view rest =
      at < source->text.size() ? source->text.substr(at) : std::string_view();
  *size = static_cast<std::uint32_t>(rest.size());
  return rest.data();
}

bool is_late(TSParseState* state) {
  auto* source = static_cast<Source*>(state->payload);
  source->late = std::chrono::steady_clock::now() > source->deadline;
  return source->late;
}

}  // namespace

void Tree::FreeTree::operator()(TSTree* tree) const {
  ts_tree_delete(tree);
}

base::Status Tree::parse(const Grammar& grammar, std::string_view text, const ParseLimits& limits,
                         bool keep_parsed) {
  using base::Error;
  using base::ErrorCode;
  grammar_ = &grammar;
  text_ = text;
  nodes_.clear();
  parsed_.reset();
  broken_bytes_ = 0;
  faults_ = 0;
  if (text.size() > std::numeric_limits<std::int32_t>::max()) {
    return Error{ErrorCode::TooLarge, "the file has more than 2 GiB", ""};
  }
  TSParser* const parser = thread_parser();
  if (!ts_parser_set_language(parser, grammar.handle())) {
    return Error{ErrorCode::Internal, "the grammar does not fit the parser", ""};
  }
  Source source{text, std::chrono::steady_clock::now() + limits.time};
  const TSInput input{&source, read, TSInputEncodingUTF8, nullptr};
  std::unique_ptr<TSTree, FreeTree> tree(
      ts_parser_parse_with_options(parser, nullptr, input, {&source, is_late}));
  if (!tree) {
    ts_parser_reset(parser);
    return Error{ErrorCode::Timeout, "parsing took too long", ""};
  }
  nodes_.reserve(text.size() / 3);
  Cursor cursor(ts_tree_root_node(tree.get()));
  std::vector<CstIndex> open;        // ancestors of the current node
  std::vector<CstIndex> last_child;  // of each of them
  std::uint32_t broken_until = 0;
  while (true) {
    const TSNode node = ts_tree_cursor_current_node(&cursor.it);
    const auto index = static_cast<CstIndex>(nodes_.size());
    CstNode out;
    out.start = ts_node_start_byte(node);
    out.end = ts_node_end_byte(node);
    out.symbol = ts_node_symbol(node);
    out.field = grammar.field(ts_tree_cursor_current_field_id(&cursor.it));
    out.named = ts_node_is_named(node);
    const bool error = out.symbol == std::numeric_limits<TSSymbol>::max();
    if (error || (out.start == out.end && ts_node_is_missing(node))) ++faults_;
    if (error && out.end > broken_until) {
      broken_bytes_ += out.end - std::max(out.start, broken_until);
      broken_until = out.end;
    }
    if (!open.empty()) {
      out.parent = open.back();
      if (last_child.back() != kNoCst) nodes_[last_child.back()].next = index;
      last_child.back() = index;
    }
    nodes_.push_back(out);
    if (ts_tree_cursor_goto_first_child(&cursor.it)) {
      open.push_back(index);
      last_child.push_back(kNoCst);
      if (open.size() > limits.max_depth) {
        return Error{ErrorCode::InvalidInput, "the code is nested too deeply", ""};
      }
      continue;
    }
    nodes_[index].end_index = index + 1;
    while (!ts_tree_cursor_goto_next_sibling(&cursor.it)) {
      if (!ts_tree_cursor_goto_parent(&cursor.it)) {
        if (keep_parsed) parsed_ = std::move(tree);
        return {};
      }
      nodes_[open.back()].end_index = static_cast<CstIndex>(nodes_.size());
      open.pop_back();
      last_child.pop_back();
    }
  }
}

CstIndex Tree::child(CstIndex i, Field field) const {
  for (CstIndex c = first(i); c != kNoCst; c = nodes_[c].next) {
    if (nodes_[c].field == field) return c;
  }
  return kNoCst;
}

CstIndex Tree::first_named(CstIndex i) const {
  const CstIndex c = first(i);
  if (c == kNoCst) return kNoCst;
  return nodes_[c].named && kind(c).find("comment") == std::string_view::npos ? c : next_named(c);
}

CstIndex Tree::next_named(CstIndex i) const {
  if (i == kNoCst) return kNoCst;
  for (CstIndex c = nodes_[i].next; c != kNoCst; c = nodes_[c].next) {
    if (nodes_[c].named && kind(c).find("comment") == std::string_view::npos) return c;
  }
  return kNoCst;
}

bool Tree::has_token(CstIndex i, std::string_view token) const {
  for (CstIndex c = first(i); c != kNoCst; c = nodes_[c].next) {
    if (!nodes_[c].named && text(c) == token) return true;
  }
  return false;
}

}  // namespace testgen::scan
