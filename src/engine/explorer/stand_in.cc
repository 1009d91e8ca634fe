// Builds a stand-in from how one that answers to anything was used.
#include <algorithm>
#include <map>
#include <memory>

#include "base/strings.h"
#include "engine/explorer/environment_options.h"

namespace testgen::engine {
namespace {

constexpr std::size_t kMaxDepth = 8;

struct Node {
  std::map<std::string, std::unique_ptr<Node>> attributes;
  std::unique_ptr<Node> result;  // set when it was called
};

bool is_dunder(const std::string& name) {
  return name.size() > 4 && name.starts_with("__") && name.ends_with("__");
}

bool is_word(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The steps of a path, "().json()" or ".status_code"; none when it is anything else, since it
// comes from hostile ground.
std::vector<std::string> steps_of(const std::string& path) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < path.size();) {
    if (path.compare(at, 2, "()") == 0) {
      out.emplace_back("()");
      at += 2;
      continue;
    }
    std::size_t end = at + 1;
    while (end < path.size() && is_word(path[end])) ++end;
    if (path[at] != '.' || end == at + 1 || out.size() >= 2 * kMaxDepth) return {};
    out.push_back(path.substr(at + 1, end - at - 1));
    at = end;
  }
  return out;
}

void grow(Node& root, const std::string& path) {
  Node* node = &root;
  for (const std::string& step : steps_of(path)) {
    auto& next = step == "()" ? node->result : node->attributes[step];
    if (!next) next = std::make_unique<Node>();
    node = next.get();
  }
}

class Shaper {
 public:
  explicit Shaper(const OptionContext& context) : context_(context) {}

  Value shape(const Node& node, const std::string& name, std::size_t depth) {
    const bool entered =
        node.attributes.contains("__enter__") && node.attributes.at("__enter__")->result != nullptr;
    const bool has_members = std::any_of(node.attributes.begin(), node.attributes.end(),
                                         [](const auto& entry) { return !is_dunder(entry.first); });
    if (depth > kMaxDepth || (!entered && !has_members && !node.result)) return leaf(node, name);
    Value out = Value::call(entered ? "mock.MagicMock" : "mock.Mock", {});
    if (node.result)
      out.keywords.emplace_back("return_value", shape(*node.result, name, depth + 1));
    for (const auto& [attribute, child] : node.attributes) {
      if (is_dunder(attribute) || attribute == "name" || attribute == "return_value" ||
          attribute == "side_effect" || attribute == "spec") {
        continue;
      }
      out.keywords.emplace_back(attribute, shape(*child, attribute, depth + 1));
    }
    if (entered) {
      Value enter = Value::call("mock.Mock", {});
      enter.keywords.emplace_back("return_value",
                                  shape(*node.attributes.at("__enter__")->result, name, depth + 1));
      out.keywords.emplace_back("__enter__", std::move(enter));
    }
    return out;
  }

 private:
  // What something of that name usually is.
  Value leaf(const Node& node, const std::string& name) {
    const std::string word = base::to_lower(name);
    const auto has = [&](const char* dunder) { return node.attributes.contains(dunder); };
    if (word == "status_code" || word == "status" || word == "code") {
      return Value::integer(chance(0.7) ? 200 : 404);
    }
    if (word == "returncode" || word == "wait" || word == "poll") {
      return Value::integer(chance(0.7) ? 0 : 1);
    }
    if (word == "ok" || word.starts_with("is_") || word.starts_with("has_")) {
      return Value::boolean(chance(0.7));
    }
    if (word == "communicate") {
      return Value::container(ValueKind::Tuple, {text_or_bytes(), Value::string("")});
    }
    if (word == "json") return record();
    if (word == "headers" || word == "cookies") {
      return Value::container(ValueKind::Dict,
                              {Value::string("content-type"), Value::string("text/plain")});
    }
    if (word == "text" || word == "reason" || word == "url" || word == "encoding") return text();
    if (word == "content" || word == "recv" || word == "body") {
      return Value::bytes(text().text);
    }
    if (word == "raise_for_status" || word == "close" || word == "flush" || word == "commit" ||
        word == "send" || word == "sendall" || word == "connect" || word == "quit") {
      return Value::none();
    }
    if (word == "readlines" || word == "fetchall" || word == "iter_lines" || has("__iter__")) {
      return Value::container(ValueKind::List, {text(), text()});
    }
    if (has("__getitem__") || has("__contains__")) return record();
    if (has("__lt__") || has("__gt__") || has("__le__") || has("__ge__") || has("__int__") ||
        has("__float__")) {
      return Value::integer(static_cast<std::int64_t>(context_.random->below(10)));
    }
    if (word == "read" || word == "stdout" || word == "stderr" || word == "data") {
      return text_or_bytes();
    }
    return chance(0.75) ? text() : Value::integer(1);
  }

  bool chance(double p) { return context_.random->chance(p); }

  Value text() {
    const auto& texts = chance(0.5) ? context_.file_texts : context_.words;
    return Value::string(texts.empty() ? "abc" : texts[context_.random->below(texts.size())]);
  }

  Value text_or_bytes() { return chance(0.5) ? text() : Value::bytes(text().text); }

  // Keys that the code may ask for are among its texts.
  Value record() {
    std::vector<Value> items;
    const std::size_t count = 1 + context_.random->below(3);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string key = context_.words.empty()
                                  ? "a"
                                  : context_.words[context_.random->below(context_.words.size())];
      const bool known = std::any_of(items.begin(), items.end(), [&](const Value& item) {
        return item.kind == ValueKind::String && item.text == key;
      });
      if (known) continue;
      items.push_back(Value::string(key));
      items.push_back(chance(0.6) ? text() : Value::integer(1));
      if (items.back().text == key) items.back() = Value::integer(2);
    }
    return Value::container(ValueKind::Dict, std::move(items));
  }

  const OptionContext& context_;
};

}  // namespace

Value shaped_stand_in(const std::vector<std::string>& paths, const OptionContext& context) {
  Node root;
  for (const std::string& path : paths) grow(root, path);
  return Shaper(context).shape(root, "", 0);
}

}  // namespace testgen::engine
