#include "engine/llm/reply_parser.h"

#include <algorithm>
#include <set>

#include "base/strings.h"
#include "engine/llm/chunks.h"
#include "engine/llm/code_blocks.h"
#include "engine/llm/import_names.h"
#include "engine/llm/table_rows.h"

namespace testgen::llm {
namespace {

using analysis::Field;
using analysis::Index;
using analysis::Kind;
using analysis::kNoNode;
using analysis::SyntaxTree;

constexpr std::size_t kMaxReply = std::size_t{1} << 20U;
constexpr std::size_t kMostChunks = 400;

// The name after "def " in text that is no Python.
std::string rough_name(std::string_view text) {
  const std::size_t at = text.find("def ");
  if (at == std::string_view::npos) return "the reply";
  const std::string_view rest = text.substr(at + 4);
  return base::one_line(rest.substr(0, rest.find_first_of("(: \n")), 80);
}

// Whether the identifier stands in the code, not as an attribute's name.
bool uses(const SyntaxTree& tree, std::string_view name) {
  for (Index i = 0; i < tree.size(); ++i) {
    if (tree[i].kind == Kind::Identifier && tree[i].field != Field::Attribute &&
        tree.text(i) == name) {
      return true;
    }
  }
  return false;
}

std::string dedented(std::string_view text, std::size_t by) {
  std::string out;
  for (const std::string& line : base::split(text, '\n')) {
    const std::size_t blanks = std::min(line.find_first_not_of(' '), line.size());
    out += line.substr(std::min(by, blanks)) + "\n";
  }
  out.pop_back();
  return out;
}

struct Piece {
  std::string name;
  std::string text;
};

class Parser {
 public:
  Parser(const Subject& subject, const base::Clock& clock) : clock_(clock), imports_(subject) {}

  ParsedReply run(std::string_view reply) {
    std::size_t chunks = 0;
    for (const std::string& block : code_blocks(reply.substr(0, kMaxReply))) {
      for (const Chunk& chunk : top_level_chunks(block, clock_)) {
        if (++chunks > kMostChunks) break;
        sort(chunk);
      }
    }
    for (const Piece& helper : helpers_) {
      if (const auto tree = whole_tree(helper.text, clock_)) {
        imports_.learn_definition(helper.name, *tree);
      }
    }
    std::set<std::string> names;
    for (const Piece& test : tests_) {
      if (out_.tests.size() >= kMostTestsInAReply) {
        out_.rejected.push_back({test.name, "the reply holds too many tests"});
      } else if (!names.insert(test.name).second) {
        out_.rejected.push_back({test.name, "the reply has another test of this name"});
      } else {
        finish(test);
      }
    }
    return std::move(out_);
  }

 private:
  void sort(const Chunk& chunk) {
    if (!chunk.problem.empty()) {
      if (chunk.text.find("def ") != std::string::npos) {
        out_.rejected.push_back(
            {rough_name(chunk.text), "it is not valid Python: " + chunk.problem});
      }
      return;
    }
    const auto tree = whole_tree(chunk.text, clock_);
    if (!tree) return;
    imports_.learn(*tree);
    const Index definition = definition_in(*tree);
    if (definition == kNoNode) {
      // A constant that tests share.
      const auto statements = tree->named_children(0);
      if (statements.size() != 1 || (*tree)[statements[0]].kind != Kind::ExpressionStatement)
        return;
      const auto parts = tree->named_children(statements[0]);
      if (parts.size() != 1 || (*tree)[parts[0]].kind != Kind::Assignment) return;
      const Index left = tree->child(parts[0], Field::Left);
      if (left != kNoNode && (*tree)[left].kind == Kind::Identifier) {
        constants_.push_back({std::string(tree->text(left)), chunk.text});
      }
      return;
    }
    const std::string name = name_of(*tree, definition);
    if ((*tree)[definition].kind == Kind::FunctionDefinition) {
      (name.starts_with("test") ? tests_ : helpers_).push_back({name, chunk.text});
    } else if (!take_class(*tree, definition)) {
      helpers_.push_back({name, chunk.text});
    }
  }

  // The tests of a class, as functions. False when it holds none.
  bool take_class(const SyntaxTree& tree, Index definition) {
    const Index body = tree.child(definition, Field::Body);
    if (body == kNoNode) return false;
    bool any = false;
    for (const Index node : tree.named_children(body)) {
      const Index function =
          tree[node].kind == Kind::DecoratedDefinition ? tree.child(node, Field::Definition) : node;
      if (function == kNoNode || tree[function].kind != Kind::FunctionDefinition) continue;
      const std::string name = name_of(tree, function);
      if (!name.starts_with("test")) continue;
      any = true;
      const std::size_t line_start = tree.text().rfind('\n', tree[node].start) + 1;
      const std::size_t indent = tree[node].start - line_start;
      std::string text = dedented(std::string(indent, ' ') + std::string(tree.text(node)), indent);
      if (take_self_out(text)) {
        tests_.push_back({name, text});
      } else {
        out_.rejected.push_back({name, "it needs the class around it"});
      }
    }
    return any;
  }

  // `def test_a(self, x)` → `def test_a(x)`, when nothing else names self.
  [[nodiscard]] bool take_self_out(std::string& text) const {
    const auto tree = whole_tree(text, clock_);
    if (!tree) return false;
    const Index function = definition_in(*tree);
    const Index parameters =
        function == kNoNode ? kNoNode : tree->child(function, Field::Parameters);
    if (parameters == kNoNode) return false;
    const auto named = tree->named_children(parameters);
    if (named.empty() || tree->text(named[0]) != "self") return !uses(*tree, "self");
    std::size_t end = (*tree)[named[0]].end;
    if (named.size() > 1) end = (*tree)[named[1]].start;
    text.erase((*tree)[named[0]].start, end - (*tree)[named[0]].start);
    const auto without = whole_tree(text, clock_);
    return without && !uses(*without, "self");
  }

  void finish(const Piece& piece) {
    ProposedTest test;
    test.name = piece.name;
    std::set<std::string> modules;
    std::string problem = resolve_into(piece.text, modules, test.text);
    if (problem.empty()) add_helpers(test, modules);
    if (problem.empty()) add_constants(test, modules);
    if (problem.empty()) problem = name_rows(test, clock_);
    if (!problem.empty()) {
      out_.rejected.push_back({test.name, problem});
      return;
    }
    test.modules.assign(modules.begin(), modules.end());
    out_.tests.push_back(std::move(test));
  }

  std::string resolve_into(const std::string& text, std::set<std::string>& modules,
                           std::string& out) const {
    const auto tree = whole_tree(text, clock_);
    if (!tree) return "it is not valid Python";
    out = imports_.resolve(*tree, modules);
    return "";
  }

  // Those that the test names, those that these name, and so on.
  void add_helpers(ProposedTest& test, std::set<std::string>& modules) const {
    std::set<std::string> taken;
    std::vector<std::string> texts{test.text};
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto tree = whole_tree(texts[i], clock_);
      if (!tree) continue;
      for (const Piece& helper : helpers_) {
        if (taken.contains(helper.name) || !uses(*tree, helper.name)) continue;
        std::string text;
        if (!resolve_into(helper.text, modules, text).empty()) continue;
        taken.insert(helper.name);
        texts.push_back(text);
        test.helpers.push_back(std::move(text));
      }
    }
  }

  // Constants of the reply become the first lines of each test that names them.
  void add_constants(ProposedTest& test, std::set<std::string>& modules) const {
    const auto tree = whole_tree(test.text, clock_);
    if (!tree) return;
    const Index function = definition_in(*tree);
    const Index body = function == kNoNode ? kNoNode : tree->child(function, Field::Body);
    if (body == kNoNode) return;
    std::string lines;
    for (const Piece& constant : constants_) {
      if (!uses(*tree, constant.name)) continue;
      std::string text;
      if (constant.text.find('\n') != std::string::npos) continue;  // strings may span lines
      if (!resolve_into(constant.text, modules, text).empty()) continue;
      lines += text + "\n    ";
    }
    test.text.insert((*tree)[body].start, lines);
  }

  const base::Clock& clock_;
  ImportNames imports_;
  std::vector<Piece> tests_;
  std::vector<Piece> helpers_;
  std::vector<Piece> constants_;
  ParsedReply out_;
};

}  // namespace

ParsedReply parse_reply(std::string_view reply, const Subject& subject, const base::Clock& clock) {
  return Parser(subject, clock).run(reply);
}

}  // namespace testgen::llm
