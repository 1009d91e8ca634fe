#include "reproduce/aim.h"

#include <algorithm>
#include <utility>

#include "reproduce/chain.h"

namespace testgen::reproduce {
namespace {

using analysis::Field;
using analysis::Index;
using analysis::Kind;
using analysis::kNoNode;
using analysis::SyntaxTree;

constexpr std::string_view kAnything = "_testgen_any()";
constexpr std::string_view kProbe = "_testgen_probe_";

// What the aimed text needs beside its probes. A stand-in can be called, entered, iterated and
// awaited.
constexpr std::string_view kHelpers =
    "\n\n"
    "from unittest import mock as _testgen_mock\n\n\n"
    "def _testgen_await(self):\n"
    "    return self\n"
    "    yield\n\n\n"
    "_testgen_any = type('Anything', (_testgen_mock.MagicMock,), {'__await__': "
    "_testgen_await})\n\n\n"
    "def _testgen_text(value):\n"
    "    if isinstance(value, (list, tuple)):\n"
    "        return ' '.join(map(_testgen_text, value))\n"
    "    if isinstance(value, (bytes, bytearray)):\n"
    "        return bytes(value).decode('latin-1')\n"
    "    return value if isinstance(value, str) else str(value)\n";

constexpr int kCloses = 0;
constexpr int kStatement = 1;
constexpr int kOpens = 2;
constexpr int kReplaces = 3;

struct Edit {
  std::size_t start = 0;
  std::size_t end = 0;
  std::string text;
  int order = 0;  // of edits at one place
  bool operator==(const Edit& other) const {
    return start == other.start && end == other.end && text == other.text;
  }
};

bool clash(const Edit& a, const Edit& b) {
  if (a.start == a.end && b.start == b.end) return false;
  if (a.start == a.end) return b.start < a.start && a.start < b.end;
  if (b.start == b.end) return a.start < b.start && b.start < a.end;
  return a.start < b.end && b.start < a.end;
}

class Aiming {
 public:
  explicit Aiming(const SyntaxTree& tree) : tree_(tree) {}

  AimedText run(const std::vector<AimedSink>& sinks) {
    AimedText out;
    std::string probes;
    for (const AimedSink& one : sinks) {
      const std::string probe = std::string(kProbe) + std::to_string(out.probes.size());
      const bool taken = take(one, probe);
      out.probes.push_back(taken ? probe : "");
      if (!taken) continue;
      probes += "\n\ndef " + probe + "(value):\n    if " + one.marker->source +
                " in _testgen_text(value):\n        return value\n    return value\n";
    }
    std::stable_sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) {
      return std::pair(a.start, a.order) < std::pair(b.start, b.order);
    });
    std::size_t at = 0;
    for (const Edit& edit : edits_) {
      out.text += tree_.text().substr(at, edit.start - at) + edit.text;
      at = edit.end;
    }
    out.text += tree_.text().substr(at);
    out.text += std::string(kHelpers) + probes;
    return out;
  }

 private:
  // All edits of a sink or none of them.
  bool take(const AimedSink& one, const std::string& probe) {
    std::vector<Edit> edits;
    if (!hand_over(one, probe, edits)) return false;
    for (const Index value : one.sink->bound) edits.push_back(anything(value));
    if (!one.sink->parameter.empty()) shadow(*one.sink, edits);
    if (!one.sink->attribute.empty()) replace_attribute(*one.sink, edits);
    std::vector<Edit> fresh;
    for (Edit& edit : edits) {
      if (std::find(edits_.begin(), edits_.end(), edit) != edits_.end()) continue;
      const bool clashes = std::any_of(edits_.begin(), edits_.end(),
                                       [&](const Edit& other) { return clash(edit, other); });
      if (clashes) return false;
      fresh.push_back(std::move(edit));
    }
    edits_.insert(edits_.end(), fresh.begin(), fresh.end());
    return true;
  }

  // The callee gives way to a stand-in, and what it is given goes through the probe.
  bool hand_over(const AimedSink& one, const std::string& probe, std::vector<Edit>& edits) const {
    const Index callee = tree_.child(one.sink->call, Field::Function);
    const Index given = tree_.child(one.sink->call, Field::Arguments);
    if (callee == kNoNode || given == kNoNode || tree_[given].kind != Kind::ArgumentList)
      return false;
    edits.push_back(anything(callee));
    const auto arguments = tree_.named_children(given);
    const bool by_name = !arguments.empty() && is_named(arguments.front());
    bool any = false;
    for (const Index argument : arguments) {
      const Index value = value_in(argument);
      const bool counts = by_name || one.marker->anywhere || argument == arguments.front();
      if (value == kNoNode || !counts) continue;
      edits.push_back({tree_[value].start, tree_[value].start, probe + "(", kOpens});
      edits.push_back({tree_[value].end, tree_[value].end, ")", kCloses});
      any = true;
    }
    return any;
  }

  [[nodiscard]] bool is_named(Index argument) const {
    return tree_[argument].kind == Kind::KeywordArgument;
  }

  // What an argument gives; nothing where that is a mapping.
  [[nodiscard]] Index value_in(Index argument) const {
    switch (tree_[argument].kind) {
      case Kind::KeywordArgument:
        return tree_.child(argument, Field::Value);
      case Kind::ListSplat: {
        const auto inside = tree_.named_children(argument);
        return inside.empty() ? kNoNode : inside.front();
      }
      case Kind::DictionarySplat:
      case Kind::GeneratorExpression:
        return kNoNode;
      default:
        return argument;
    }
  }

  [[nodiscard]] Edit anything(Index value) const {
    return {tree_[value].start, tree_[value].end, std::string(kAnything), kReplaces};
  }

  // The parameter is a stand-in from the function's first statement on.
  void shadow(const Sink& sink, std::vector<Edit>& edits) const {
    const Index body = tree_.child(sink.definition, Field::Body);
    if (body == kNoNode) return;
    const auto statements = tree_.named_children(body);
    if (statements.empty()) return;
    Index first = statements.front();
    const auto inside = tree_.named_children(first);
    const bool docstring = tree_[first].kind == Kind::ExpressionStatement && inside.size() == 1 &&
                           tree_[inside.front()].kind == Kind::String;
    if (docstring && statements.size() > 1) first = statements[1];
    const std::size_t start = tree_[first].start;
    const std::size_t line = tree_.text().rfind('\n', start) + 1;
    const std::string indent = tree_.text().substr(line, start - line);
    const bool alone = indent.find_first_not_of(" \t") == std::string::npos;
    edits.push_back(
        {start, start,
         sink.parameter + " = " + std::string(kAnything) + (alone ? "\n" + indent : "; "),
         kStatement});
  }

  // Where methods of the class set the attribute, they set it to a stand-in.
  void replace_attribute(const Sink& sink, std::vector<Edit>& edits) const {
    Index type = tree_[sink.definition].parent;
    while (type != kNoNode && tree_[type].kind != Kind::ClassDefinition) type = tree_[type].parent;
    if (type == kNoNode) return;
    for (Index i = type; i < tree_[type].end_index; ++i) {
      if (tree_[i].kind != Kind::Assignment) continue;
      const Index left = tree_.child(i, Field::Left);
      const Index right = tree_.child(i, Field::Right);
      if (left == kNoNode || right == kNoNode || tree_[left].kind != Kind::Attribute) continue;
      const Index object = tree_.child(left, Field::Object);
      const Index name = tree_.child(left, Field::Attribute);
      const bool own = object != kNoNode && name != kNoNode &&
                       tree_[object].kind == Kind::Identifier && tree_.text(name) == sink.attribute;
      if (own) edits.push_back(anything(right));
    }
  }

  const SyntaxTree& tree_;
  std::vector<Edit> edits_;
};

}  // namespace

AimedText aim(const SyntaxTree& tree, const std::vector<AimedSink>& sinks) {
  return Aiming(tree).run(sinks);
}

}  // namespace testgen::reproduce
