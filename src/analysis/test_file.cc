#include "analysis/test_file.h"

#include <algorithm>
#include <array>
#include <map>

#include "analysis/queries.h"
#include "analysis/strings_python.h"

namespace testgen::analysis {
namespace {

constexpr std::size_t kMaxText = 300;

// "" for a name further up than there are packages.
std::string parent_package(std::string name, std::size_t levels) {
  for (; levels > 0 && !name.empty(); --levels) {
    const std::size_t dot = name.rfind('.');
    name = dot == std::string::npos ? "" : name.substr(0, dot);
  }
  return name;
}

std::string_view imported_name(const SyntaxTree& tree, Index node) {
  if (tree[node].kind == Kind::AliasedImport) node = tree.child(node, Field::Name);
  return node == kNoNode ? std::string_view() : tree.text(node);
}

void add_with_parents(std::set<std::string>& out, std::string name) {
  while (!name.empty()) {
    out.insert(name);
    name = parent_package(std::move(name), 1);
  }
}

void add_from_import(const SyntaxTree& tree, Index statement, const model::SourceFile& source,
                     std::set<std::string>& out) {
  const Index module = tree.child(statement, Field::ModuleName);
  if (module == kNoNode) return;
  std::string_view text = tree.text(module);
  std::string base;
  if (tree[module].kind == Kind::RelativeImport) {
    const std::size_t dots = std::min(text.find_first_not_of('.'), text.size());
    const bool is_package = source.path.filename() == "__init__.py";
    base = parent_package(source.module_name, is_package ? dots - 1 : dots);
    text.remove_prefix(dots);
    if (!text.empty() && !base.empty()) base += '.';
  }
  base += text;
  if (!base.empty()) out.insert(base);
  for (Index i = tree.first_child(statement); i != kNoNode; i = tree[i].next_sibling) {
    if (tree[i].field != Field::Name) continue;
    out.insert(base.empty() ? std::string(imported_name(tree, i))
                            : base + "." + std::string(imported_name(tree, i)));
  }
}

bool names_an_assertion(std::string_view name) {
  constexpr std::array<std::string_view, 6> kOthers{"raises", "warns",  "fail",
                                                    "fails",  "expect", "deprecated_call"};
  return name.substr(0, 6) == "assert" ||
         std::find(kOthers.begin(), kOthers.end(), name) != kOthers.end();
}

// A function of the file, with what decides whether it asserts.
struct Candidate {
  std::string name;
  std::string id;
  std::uint32_t line = 0;
  bool asserts = false;
  std::set<std::string> calls;
};

class Reader {
 public:
  explicit Reader(const SyntaxTree& tree) : tree_(tree) {}

  std::vector<TestFunction> run() {
    for (Index i = 0; i < tree_.size(); ++i) {
      while (!classes_.empty() && classes_.back().first <= i) classes_.pop_back();
      if (i >= function_end_ && tree_[i].kind == Kind::ClassDefinition) {
        const Index name = tree_.child(i, Field::Name);
        if (name != kNoNode) classes_.emplace_back(tree_[i].end_index, tree_.text(name));
      }
      if (i >= function_end_ && tree_[i].kind == Kind::FunctionDefinition) begin(i);
      if (i < function_end_) look(i);
    }
    spread();
    std::vector<TestFunction> out;
    for (Candidate& candidate : candidates_) {
      if (!candidate.name.starts_with("test")) continue;
      out.push_back(TestFunction{std::move(candidate.id), candidate.line, candidate.asserts});
    }
    return out;
  }

 private:
  void begin(Index definition) {
    function_end_ = tree_[definition].end_index;
    Candidate candidate;
    const Index name = tree_.child(definition, Field::Name);
    if (name != kNoNode) candidate.name = tree_.text(name);
    for (const auto& [end, owner] : classes_) candidate.id += std::string(owner) + "::";
    candidate.id += candidate.name;
    candidate.line = tree_[definition].line;
    candidates_.push_back(std::move(candidate));
  }

  void look(Index i) {
    Candidate& here = candidates_.back();
    switch (tree_[i].kind) {
      case Kind::AssertStatement:
        here.asserts = true;
        break;
      case Kind::RaiseStatement:
        if (tree_.text(i).find("AssertionError") != std::string_view::npos) here.asserts = true;
        break;
      case Kind::Call: {
        const Index function = tree_.child(i, Field::Function);
        if (function == kNoNode) break;
        std::string_view name = tree_.text(function);
        name = name.substr(name.rfind('.') + 1);
        if (names_an_assertion(name)) here.asserts = true;
        if (name.size() < 200) here.calls.insert(std::string(name));
        break;
      }
      default:
        break;
    }
  }

  // A function that calls one that asserts, asserts too.
  void spread() {
    std::set<std::string> asserting;
    for (const Candidate& candidate : candidates_) {
      if (candidate.asserts) asserting.insert(candidate.name);
    }
    for (bool changed = true; changed;) {
      changed = false;
      for (Candidate& candidate : candidates_) {
        if (candidate.asserts ||
            std::none_of(candidate.calls.begin(), candidate.calls.end(),
                         [&](const std::string& name) { return asserting.contains(name); })) {
          continue;
        }
        candidate.asserts = true;
        changed = asserting.insert(candidate.name).second || changed;
      }
    }
  }

  const SyntaxTree& tree_;
  std::vector<std::pair<Index, std::string_view>> classes_;  // end, name
  Index function_end_ = 0;
  std::vector<Candidate> candidates_;
};

}  // namespace

std::set<std::string> imported_names(const SyntaxTree& tree, const model::SourceFile& source) {
  std::set<std::string> out;
  for (Index i = 0; i < tree.size(); ++i) {
    if (tree[i].kind == Kind::ImportStatement) {
      for (const Index part : tree.named_children(i)) {
        add_with_parents(out, std::string(imported_name(tree, part)));
      }
    } else if (tree[i].kind == Kind::ImportFromStatement) {
      add_from_import(tree, i, source, out);
    }
  }
  return out;
}

base::Result<TestFile> read_test_file(const model::SourceFile& source, const base::Clock& clock) {
  TG_ASSIGN(const SyntaxTree tree, parse_python(source.text, clock));
  TG_TRY(tree.check_syntax());
  TestFile out;
  out.tests = Reader(tree).run();
  out.imports = imported_names(tree, source);
  for (Index i = 0; i < tree.size(); ++i) {
    if (tree[i].kind != Kind::String || tree.text(i).size() > kMaxText) continue;
    if (auto value = string_value(tree, i)) out.texts.insert(*std::move(value));
  }
  return out;
}

}  // namespace testgen::analysis
