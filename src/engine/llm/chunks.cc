#include "engine/llm/chunks.h"

#include "base/strings.h"

namespace testgen::llm {
namespace {

using analysis::Index;
using analysis::Kind;
using analysis::kNoNode;
using analysis::SyntaxTree;

analysis::ParseLimits limits() {
  return {
      .max_bytes = std::size_t{1} << 20U, .max_depth = 200, .time = std::chrono::milliseconds(500)};
}

std::string trimmed_lines(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with(' ') || text.ends_with('\r')) text.remove_suffix(1);
  while (text.starts_with('\n')) text.remove_prefix(1);
  return std::string(text);
}

// By its first column alone, for text that is not Python as a whole.
std::vector<Chunk> chunks_by_lines(std::string_view code, const base::Clock& clock) {
  std::vector<std::string> texts;
  bool decorated = false;
  for (const std::string& line : base::split(code, '\n')) {
    const bool outer = !line.empty() && line.front() != ' ' && line.front() != '#' &&
                       line.front() != ')' && line.front() != ']' && line.front() != '}';
    if (outer && !decorated) texts.emplace_back();
    if (outer) decorated = line.front() == '@';
    if (!texts.empty()) texts.back() += line + "\n";
  }
  std::vector<Chunk> out;
  for (const std::string& text : texts) {
    Chunk chunk{trimmed_lines(text), ""};
    const auto tree = analysis::parse_python(chunk.text, clock, limits());
    if (!tree) {
      chunk.problem = tree.error().message;
    } else if (const auto syntax = tree->check_syntax(); !syntax) {
      chunk.problem = syntax.error().message;
    }
    out.push_back(std::move(chunk));
  }
  return out;
}

}  // namespace

std::optional<SyntaxTree> whole_tree(std::string_view code, const base::Clock& clock) {
  auto tree = analysis::parse_python(code, clock, limits());
  if (!tree || !tree->check_syntax() || tree->size() == 0) return std::nullopt;
  return *std::move(tree);
}

std::vector<Chunk> top_level_chunks(std::string_view code, const base::Clock& clock) {
  const auto tree = whole_tree(code, clock);
  if (!tree) return chunks_by_lines(code, clock);
  std::vector<Chunk> out;
  for (const Index node : tree->named_children(0)) {
    out.push_back({trimmed_lines(tree->text(node)), ""});
  }
  return out;
}

Index definition_in(const SyntaxTree& tree) {
  for (const Index node : tree.named_children(0)) {
    if (tree[node].kind == Kind::FunctionDefinition || tree[node].kind == Kind::ClassDefinition) {
      return node;
    }
    if (tree[node].kind == Kind::DecoratedDefinition)
      return tree.child(node, analysis::Field::Definition);
  }
  return kNoNode;
}

std::string name_of(const SyntaxTree& tree, Index definition) {
  const Index name =
      definition == kNoNode ? kNoNode : tree.child(definition, analysis::Field::Name);
  return name == kNoNode ? std::string() : std::string(tree.text(name));
}

}  // namespace testgen::llm
