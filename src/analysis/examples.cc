#include "analysis/examples.h"

#include <map>
#include <set>

#include "analysis/queries.h"
#include "analysis/strings_python.h"
#include "analysis/syntax_tree.h"

namespace testgen::analysis {
namespace {

using model::ExampleCall;

constexpr std::size_t kMaxExamples = 2000;
constexpr std::size_t kMaxStatements = 10'000;
constexpr std::size_t kMaxArgument = 2000;

class ExampleReader {
 public:
  ExampleReader(const model::ModuleModel& model, const std::string& module_name,
                const base::Clock& clock)
      : module_name_(module_name), clock_(clock) {
    for (const model::FunctionModel& function : model.functions) {
      functions_.insert(function.qualified_name);
    }
    for (const model::ClassModel& type : model.classes) classes_.insert(type.name);
  }

  // The statements of one docstring share their variables.
  void read(const std::string& docstring) {
    if (docstring.find(">>>") == std::string::npos) return;
    variables_.clear();
    for (const std::string& source : doctest_sources(docstring)) {
      if (++statements_ > kMaxStatements) return;
      auto tree = parse_python(source + "\n", clock_);
      if (!tree || !tree->check_syntax()) continue;
      for (Index i = 0; i < tree->size(); ++i) {
        if ((*tree)[i].kind == Kind::Call) read_call(*tree, i);
      }
      note_variables(*tree);
    }
  }

  std::vector<ExampleCall> take() { return std::move(out_); }

 private:
  void note_variables(const SyntaxTree& tree) {
    for (Index i = 0; i < tree.size(); ++i) {
      if (tree[i].kind != Kind::Assignment) continue;
      const Index left = tree.child(i, Field::Left);
      const Index right = tree.child(i, Field::Right);
      if (left == kNoNode || right == kNoNode || tree[left].kind != Kind::Identifier) continue;
      std::string value = resolve(tree, right);
      // A value too long to use is forgotten, so that doubling it again and again ends.
      if (value.size() > kMaxArgument) {
        variables_.erase(std::string(tree.text(left)));
      } else {
        variables_[std::string(tree.text(left))] = std::move(value);
      }
    }
  }

  // The text of an expression with known variables replaced by what they were assigned.
  std::string resolve(const SyntaxTree& tree, Index node) const {
    std::string out;
    std::size_t done = tree[node].start;
    for (Index i = node; i < tree[node].end_index; ++i) {
      if (tree[i].kind != Kind::Identifier) continue;
      const bool is_reference =
          tree[i].field != Field::Attribute &&
          !(tree[i].field == Field::Name && tree[tree[i].parent].kind == Kind::KeywordArgument);
      const auto found = variables_.find(tree.text(i));
      if (!is_reference || found == variables_.end()) continue;
      out += tree.text().substr(done, tree[i].start - done);
      const bool whole = i == node;
      out += whole ? found->second : "(" + found->second + ")";
      done = tree[i].end;
      if (out.size() > kMaxArgument) break;
    }
    return out + tree.text().substr(done, tree[node].end - done);
  }

  // "textwrap.dedent" and "tw.dedent" are "dedent" when only the last part is known here.
  std::string_view known_name(std::string_view name) const {
    if (functions_.count(name) > 0 || classes_.count(name) > 0) return name;
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos) return {};
    const std::string_view module = std::string_view(module_name_);
    for (const std::string_view prefix : {module, module.substr(module.rfind('.') + 1)}) {
      if (!prefix.empty() && name.size() > prefix.size() + 1 &&
          name.substr(0, prefix.size()) == prefix && name[prefix.size()] == '.') {
        const std::string_view rest = name.substr(prefix.size() + 1);
        if (functions_.count(rest) > 0 || classes_.count(rest) > 0) return rest;
      }
    }
    return {};
  }

  void read_call(const SyntaxTree& tree, Index call) {
    const Index function = tree.child(call, Field::Function);
    if (function == kNoNode || out_.size() >= kMaxExamples) return;
    ExampleCall example;
    example.callee = std::string(known_name(tree.text(function)));
    if (example.callee.empty() && !read_method(tree, function, example)) return;
    const Index list = tree.child(call, Field::Arguments);
    if (list == kNoNode || tree[list].kind != Kind::ArgumentList) return;
    for (const Index argument : tree.named_children(list)) {
      const Kind kind = tree[argument].kind;
      if (kind == Kind::ListSplat || kind == Kind::DictionarySplat) return;
      if (kind == Kind::KeywordArgument) {
        const Index name = tree.child(argument, Field::Name);
        const Index value = tree.child(argument, Field::Value);
        if (name == kNoNode || value == kNoNode) return;
        example.keywords.emplace_back(std::string(tree.text(name)), resolve(tree, value));
        if (example.keywords.back().second.size() > kMaxArgument) return;
        continue;
      }
      example.arguments.push_back(resolve(tree, argument));
      if (example.arguments.back().size() > kMaxArgument) return;
    }
    out_.push_back(std::move(example));
  }

  // `Cart(3).total(…)`, or `c.total(…)` after `c = Cart(3)`.
  bool read_method(const SyntaxTree& tree, Index function, ExampleCall& example) const {
    if (tree[function].kind != Kind::Attribute) return false;
    const Index object = tree.child(function, Field::Object);
    const Index attribute = tree.child(function, Field::Attribute);
    if (object == kNoNode || attribute == kNoNode) return false;
    const std::string receiver = resolve(tree, object);
    const std::size_t open = receiver.find('(');
    if (open == std::string::npos || receiver.size() > kMaxArgument) return false;
    const std::string_view type = known_name(std::string_view(receiver).substr(0, open));
    if (type.empty() || classes_.count(type) == 0) return false;
    const std::string method = std::string(type) + "." + std::string(tree.text(attribute));
    if (functions_.count(method) == 0) return false;
    example.callee = method;
    example.receiver = std::string(type) + receiver.substr(open);
    return true;
  }

  const std::string& module_name_;
  const base::Clock& clock_;
  std::set<std::string, std::less<>> functions_;
  std::set<std::string, std::less<>> classes_;
  std::map<std::string, std::string, std::less<>> variables_;
  std::vector<ExampleCall> out_;
  std::size_t statements_ = 0;
};

}  // namespace

std::vector<ExampleCall> collect_examples(const model::ModuleModel& model,
                                          const std::string& module_docstring,
                                          const std::string& module_name,
                                          const base::Clock& clock) {
  ExampleReader reader(model, module_name, clock);
  reader.read(module_docstring);
  for (const model::ClassModel& type : model.classes) reader.read(type.docstring);
  for (const model::FunctionModel& function : model.functions) reader.read(function.docstring);
  return reader.take();
}

}  // namespace testgen::analysis
