#include "reproduce/world.h"

#include <algorithm>

#include "base/strings.h"
#include "reproduce/sink.h"

namespace testgen::reproduce {
namespace {

using analysis::Field;
using analysis::Index;
using analysis::Kind;
using analysis::kNoNode;
using analysis::SyntaxTree;

constexpr std::size_t kMostPositionals = 4;

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// "--output" of `'--output'`; empty for what is no plain text.
std::string unquoted(std::string_view literal) {
  if (literal.size() < 2 || (literal[0] != '"' && literal[0] != '\'')) return {};
  const std::string_view inside = literal.substr(1, literal.size() - 2);
  const bool plain = std::all_of(inside.begin(), inside.end(), [](char c) {
    return c > ' ' && c != '"' && c != '\'' && c != '\\';
  });
  return plain ? std::string(inside) : std::string();
}

// What parsers of the module are told to understand.
struct CommandLine {
  struct Option {
    std::string flag;  // "--output"
    std::string name;  // "output": the attribute that it becomes
  };
  std::vector<Option> options;  // that take a value
  std::size_t positionals = 0;  // that have to be there
};

void read_declaration(const SyntaxTree& tree, Index call, CommandLine& out) {
  const Index given = tree.child(call, Field::Arguments);
  if (given == kNoNode) return;
  CommandLine::Option option;
  bool positional = false;
  bool takes_value = true;
  for (const Index argument : tree.named_children(given)) {
    if (tree[argument].kind == Kind::String) {
      const std::string text = unquoted(tree.text(argument));
      if (!text.starts_with("-")) positional = true;
      // The long one says what it is about.
      if (option.flag.empty() || text.starts_with("--")) option.flag = text;
    } else if (tree[argument].kind == Kind::KeywordArgument) {
      const Index name = tree.child(argument, Field::Name);
      const Index value = tree.child(argument, Field::Value);
      if (name == kNoNode || value == kNoNode) continue;
      const std::string_view word = tree.text(name);
      if (word == "action" && !holds(tree.text(value), "append") &&
          unquoted(tree.text(value)) != "store") {
        takes_value = false;
      }
      if (word == "nargs" && (holds(tree.text(value), "?") || holds(tree.text(value), "*"))) {
        if (positional) return;
      }
      if (word == "dest") option.name = unquoted(tree.text(value));
    }
  }
  if (positional) {
    out.positionals = std::min(out.positionals + 1, kMostPositionals);
    return;
  }
  if (!takes_value || option.flag.empty()) return;
  if (option.name.empty()) {
    option.name =
        base::replace_all(option.flag.substr(option.flag.find_first_not_of('-')), "-", "_");
  }
  out.options.push_back(std::move(option));
}

CommandLine command_line_of(const SyntaxTree& tree) {
  CommandLine out;
  for (Index i = 0; i < tree.size(); ++i) {
    if (tree[i].kind != Kind::Call) continue;
    const Index callee = tree.child(i, Field::Function);
    if (callee == kNoNode || tree[callee].kind != Kind::Attribute) continue;
    const Index name = tree.child(callee, Field::Attribute);
    if (name != kNoNode && (tree.text(name) == "add_argument" || tree.text(name) == "add_option")) {
      read_declaration(tree, i, out);
    }
  }
  return out;
}

World command_line(std::string shown, const std::vector<std::string>& words) {
  std::string list = "\"program\"";
  for (const std::string& word : words) list += ", " + word;
  return {std::move(shown), "mock.patch(\"sys.argv\", [" + list + "])"};
}

std::vector<World> command_lines(const SyntaxTree& tree, std::string_view near,
                                 const Marker& marker) {
  CommandLine line = command_line_of(tree);
  std::stable_partition(line.options.begin(), line.options.end(),
                        [&](const auto& option) { return holds(near, "." + option.name); });
  const std::vector<std::string> others(line.positionals, "\"a\"");
  std::vector<World> out;
  const auto add = [&](std::string shown, const std::vector<std::string>& words) {
    if (out.size() < kMostWorlds) out.push_back(command_line(std::move(shown), words));
  };
  // Positional arguments and their number, when there is no option that the call speaks of.
  const auto positional = [&] {
    for (std::size_t i = 0; i < std::max<std::size_t>(line.positionals, 1); ++i) {
      std::vector<std::string> words = others;
      if (words.empty()) words.emplace_back();
      words[i] = marker.source;
      add("sys.argv", words);
    }
    if (line.positionals == 0) add("sys.argv", {"\"a\"", marker.source});
  };
  const bool spoken = !line.options.empty() && holds(near, "." + line.options.front().name);
  if (!spoken) positional();
  for (const CommandLine::Option& option : line.options) {
    std::vector<std::string> words{literal(option.flag), marker.source};
    words.insert(words.end(), others.begin(), others.end());
    add(option.flag, words);
  }
  if (spoken) positional();
  return out;
}

// "HOME" of `os.environ["HOME"]` and `os.getenv("HOME", "")`.
std::string variable_at(const SyntaxTree& tree, Index source) {
  int steps = 0;
  for (Index at = source; at != kNoNode && steps < 4; at = tree[at].parent, ++steps) {
    if (tree[at].kind != Kind::Call && tree[at].kind != Kind::Subscript) continue;
    const Index given = tree[at].kind == Kind::Call ? tree.child(at, Field::Arguments) : at;
    if (given == kNoNode) continue;
    for (const Index one : tree.named_children(given)) {
      if (tree[one].kind == Kind::String) return unquoted(tree.text(one));
    }
  }
  return {};
}

}  // namespace

std::vector<World> worlds_of(const SyntaxTree& tree, std::string_view input, const Span& place,
                             std::string_view near, const Marker& marker) {
  if (holds(input, "sys.argv") || holds(input, "parse_args") || holds(input, "parse_known_args")) {
    return command_lines(tree, near, marker);
  }
  if (holds(input, "os.environ") || holds(input, "os.getenv")) {
    const Index source = innermost_at(tree, place);
    const std::string name = source == kNoNode ? "" : variable_at(tree, source);
    if (name.empty()) return {};
    return {
        {name, "mock.patch.dict(\"os.environ\", {" + literal(name) + ": " + marker.source + "})"}};
  }
  if (holds(input, "sys.stdin")) {
    return {{"sys.stdin", "mock.patch(\"sys.stdin\", io.StringIO(" + marker.source + "))"}};
  }
  if (input.ends_with(" input()") || input.ends_with(" input")) {
    return {{"input()", "mock.patch(\"builtins.input\", return_value=" + marker.source + ")"}};
  }
  return {};
}

}  // namespace testgen::reproduce
