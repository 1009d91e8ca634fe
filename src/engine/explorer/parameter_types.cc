// Evidence about a parameter's type, strongest first: annotation, default value, name. Weights
// are relative; a little is left for every type, since annotations lie and names mislead.
#include <algorithm>
#include <numeric>
#include <string_view>

#include "base/strings.h"
#include "engine/explorer/parameter_usage.h"
#include "engine/explorer/universe.h"

namespace testgen::engine {
namespace {

using Weights = std::array<double, kTypeTags>;

constexpr double kAnnotated = 12.0;
constexpr double kDefaulted = 8.0;
constexpr double kNamed = 5.0;
constexpr double kFloor = 0.25;

void raise(Weights& weights, TypeTag tag, double amount) {
  weights[static_cast<std::size_t>(tag)] += amount;
}

struct Spelling {
  std::string_view word;
  TypeTag tag;
};

constexpr Spelling kAnnotationWords[] = {{"None", TypeTag::None},
                                         {"bool", TypeTag::Bool},
                                         {"int", TypeTag::Int},
                                         {"SupportsInt", TypeTag::Int},
                                         {"SupportsIndex", TypeTag::Int},
                                         {"float", TypeTag::Float},
                                         {"complex", TypeTag::Float},
                                         {"Number", TypeTag::Float},
                                         {"Real", TypeTag::Float},
                                         {"Decimal", TypeTag::Float},
                                         {"str", TypeTag::Str},
                                         {"Text", TypeTag::Str},
                                         {"AnyStr", TypeTag::Str},
                                         {"PathLike", TypeTag::Str},
                                         {"Path", TypeTag::Str},
                                         {"bytes", TypeTag::Bytes},
                                         {"bytearray", TypeTag::Bytes},
                                         {"list", TypeTag::List},
                                         {"List", TypeTag::List},
                                         {"Sequence", TypeTag::List},
                                         {"MutableSequence", TypeTag::List},
                                         {"Iterable", TypeTag::List},
                                         {"Iterator", TypeTag::List},
                                         {"Collection", TypeTag::List},
                                         {"Generator", TypeTag::List},
                                         {"tuple", TypeTag::Tuple},
                                         {"Tuple", TypeTag::Tuple},
                                         {"set", TypeTag::Set},
                                         {"Set", TypeTag::Set},
                                         {"FrozenSet", TypeTag::Set},
                                         {"AbstractSet", TypeTag::Set},
                                         {"dict", TypeTag::Dict},
                                         {"Dict", TypeTag::Dict},
                                         {"Mapping", TypeTag::Dict},
                                         {"MutableMapping", TypeTag::Dict},
                                         {"Callable", TypeTag::Callable},
                                         {"Type", TypeTag::Callable},
                                         {"TextIO", TypeTag::Stream},
                                         {"IO", TypeTag::Stream},
                                         {"StringIO", TypeTag::Stream}};

constexpr Spelling kNameHints[] = {{"n", TypeTag::Int},
                                   {"i", TypeTag::Int},
                                   {"j", TypeTag::Int},
                                   {"k", TypeTag::Int},
                                   {"count", TypeTag::Int},
                                   {"size", TypeTag::Int},
                                   {"width", TypeTag::Int},
                                   {"num", TypeTag::Int},
                                   {"number", TypeTag::Int},
                                   {"index", TypeTag::Int},
                                   {"start", TypeTag::Int},
                                   {"stop", TypeTag::Int},
                                   {"end", TypeTag::Int},
                                   {"step", TypeTag::Int},
                                   {"limit", TypeTag::Int},
                                   {"depth", TypeTag::Int},
                                   {"level", TypeTag::Int},
                                   {"length", TypeTag::Int},
                                   {"pos", TypeTag::Int},
                                   {"year", TypeTag::Int},
                                   {"month", TypeTag::Int},
                                   {"day", TypeTag::Int},
                                   {"lo", TypeTag::Int},
                                   {"hi", TypeTag::Int},
                                   {"s", TypeTag::Str},
                                   {"text", TypeTag::Str},
                                   {"string", TypeTag::Str},
                                   {"str", TypeTag::Str},
                                   {"name", TypeTag::Str},
                                   {"word", TypeTag::Str},
                                   {"line", TypeTag::Str},
                                   {"pattern", TypeTag::Str},
                                   {"pat", TypeTag::Str},
                                   {"prefix", TypeTag::Str},
                                   {"suffix", TypeTag::Str},
                                   {"sep", TypeTag::Str},
                                   {"separator", TypeTag::Str},
                                   {"delimiter", TypeTag::Str},
                                   {"char", TypeTag::Str},
                                   {"fmt", TypeTag::Str},
                                   {"format", TypeTag::Str},
                                   {"path", TypeTag::Str},
                                   {"filename", TypeTag::Str},
                                   {"url", TypeTag::Str},
                                   {"msg", TypeTag::Str},
                                   {"message", TypeTag::Str},
                                   {"title", TypeTag::Str},
                                   {"version", TypeTag::Str},
                                   {"label", TypeTag::Str},
                                   {"token", TypeTag::Str},
                                   {"data", TypeTag::Str},
                                   {"section", TypeTag::Str},
                                   {"option", TypeTag::Str},
                                   {"tag", TypeTag::Str},
                                   {"attr", TypeTag::Str},
                                   {"attribute", TypeTag::Str},
                                   {"encoding", TypeTag::Str},
                                   {"source", TypeTag::Str},
                                   {"value", TypeTag::Str},
                                   {"host", TypeTag::Str},
                                   {"email", TypeTag::Str},
                                   {"date", TypeTag::Str},
                                   {"content", TypeTag::Str},
                                   {"body", TypeTag::Str},
                                   {"query", TypeTag::Str},
                                   {"locale", TypeTag::Str},
                                   {"seq", TypeTag::List},
                                   {"items", TypeTag::List},
                                   {"iterable", TypeTag::List},
                                   {"it", TypeTag::List},
                                   {"lst", TypeTag::List},
                                   {"list", TypeTag::List},
                                   {"values", TypeTag::List},
                                   {"args", TypeTag::List},
                                   {"words", TypeTag::List},
                                   {"names", TypeTag::List},
                                   {"lines", TypeTag::List},
                                   {"seqs", TypeTag::List},
                                   {"heap", TypeTag::List},
                                   {"xs", TypeTag::List},
                                   {"array", TypeTag::List},
                                   {"iterables", TypeTag::List},
                                   {"func", TypeTag::Callable},
                                   {"fn", TypeTag::Callable},
                                   {"f", TypeTag::Callable},
                                   {"function", TypeTag::Callable},
                                   {"callback", TypeTag::Callable},
                                   {"predicate", TypeTag::Callable},
                                   {"pred", TypeTag::Callable},
                                   {"op", TypeTag::Callable},
                                   {"binop", TypeTag::Callable},
                                   {"cmp", TypeTag::Callable},
                                   {"key", TypeTag::Callable},
                                   {"d", TypeTag::Dict},
                                   {"dict", TypeTag::Dict},
                                   {"mapping", TypeTag::Dict},
                                   {"options", TypeTag::Dict},
                                   {"flag", TypeTag::Bool},
                                   {"x", TypeTag::Float},
                                   {"y", TypeTag::Float},
                                   {"z", TypeTag::Float},
                                   {"r", TypeTag::Float},
                                   {"g", TypeTag::Float},
                                   {"b", TypeTag::Float},
                                   {"h", TypeTag::Float},
                                   {"bytes", TypeTag::Bytes},
                                   {"raw", TypeTag::Bytes},
                                   {"buf", TypeTag::Bytes},
                                   {"buffer", TypeTag::Bytes},
                                   {"stream", TypeTag::Stream},
                                   {"infile", TypeTag::Stream},
                                   {"outfile", TypeTag::Stream},
                                   {"stdout", TypeTag::Stream},
                                   {"instream", TypeTag::Stream},
                                   {"fp", TypeTag::Stream},
                                   {"file", TypeTag::Stream},
                                   {"fileobj", TypeTag::Stream},
                                   {"stdin", TypeTag::Stream}};

bool is_binary_operator(std::string_view method) {
  static constexpr std::string_view kBinary[] = {
      "__eq__",  "__ne__",  "__lt__",   "__le__",   "__gt__",      "__ge__",      "__add__",
      "__sub__", "__and__", "__or__",   "__xor__",  "__radd__",    "__rsub__",    "__mul__",
      "__mod__", "__pow__", "__iadd__", "__rmul__", "__truediv__", "__floordiv__"};
  return std::find(std::begin(kBinary), std::end(kBinary), method) != std::end(kBinary);
}

// Splits "Optional[List[int]]" into its words, with the nesting level of each.
std::vector<std::pair<std::string, int>> words_of(std::string_view annotation) {
  std::vector<std::pair<std::string, int>> out;
  std::string word;
  int level = 0;
  const auto flush = [&] {
    if (!word.empty()) out.emplace_back(word.substr(word.rfind('.') + 1), level);
    word.clear();
  };
  for (const char c : annotation) {
    const bool part = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
                      (c >= '0' && c <= '9');
    if (part) {
      word += c;
      continue;
    }
    flush();
    if (c == '[') ++level;
    if (c == ']') --level;
  }
  flush();
  return out;
}

void read_annotation(std::string_view annotation, const std::map<std::string, ClassInfo>& classes,
                     ParameterInfo& info, double amount = kAnnotated) {
  int container_level = -1;
  for (const auto& [word, level] : words_of(annotation)) {
    if (word == "Optional") {
      raise(info.weights, TypeTag::None, 2.0);
      continue;
    }
    const bool inside = container_level >= 0 && level > container_level;
    if (!inside) container_level = -1;
    Weights& weights = inside ? info.elements : info.weights;
    for (const Spelling& spelling : kAnnotationWords) {
      if (spelling.word != word) continue;
      raise(weights, spelling.tag, word == "None" ? 2.0 : amount);
      const bool holds_items = spelling.tag == TypeTag::List || spelling.tag == TypeTag::Tuple ||
                               spelling.tag == TypeTag::Set || spelling.tag == TypeTag::Dict ||
                               spelling.tag == TypeTag::Callable;
      if (holds_items && !inside) container_level = level;
    }
    if (classes.contains(word)) {
      raise(weights, TypeTag::Instance, amount);
      info.class_names.push_back(word);
    }
  }
}

// The values that `Literal["r", "w"]` names are the ones to be given.
void read_literals(std::string_view annotation, ParameterInfo& info) {
  constexpr std::string_view kOpening = "Literal[";
  for (std::size_t at = annotation.find(kOpening); at != std::string_view::npos;
       at = annotation.find(kOpening, at + 1)) {
    const std::size_t begin = at + kOpening.size();
    const std::size_t end = annotation.find(']', begin);
    if (end == std::string_view::npos) return;
    const auto values =
        parse_literal("[" + std::string(annotation.substr(begin, end - begin)) + "]");
    if (!values) continue;
    for (const Value& value : values->items) {
      info.seen.push_back(value);
      double& weight = info.weights[static_cast<std::size_t>(tag_of(value))];
      weight = std::max(weight, kAnnotated);
    }
  }
}

// Something with what a protocol asks for is as good as any class that has it.
void read_protocols(const std::map<std::string, ClassInfo>& classes, ParameterInfo& info) {
  for (const std::string& name : std::vector(info.class_names)) {
    const auto found = classes.find(name);
    if (found == classes.end() || found->second.protocol.empty()) continue;
    std::erase(info.class_names, name);
    info.class_names.emplace_back("types.SimpleNamespace");
    info.fields = found->second.protocol;
  }
}

// Types without evidence look odd, the more so the stronger the evidence for others is.
void judge_oddity(std::size_t strength, ParameterInfo& info) {
  const auto expected = [&](TypeTag tag) {
    return info.weights[static_cast<std::size_t>(tag)] >= 2.0;
  };
  for (std::size_t i = 0; i < kTypeTags; ++i) {
    const auto tag = static_cast<TypeTag>(i);
    const bool close =
        (tag == TypeTag::Int && expected(TypeTag::Float)) ||
        (tag == TypeTag::Tuple && expected(TypeTag::List)) ||
        (tag == TypeTag::None && info.default_value && info.default_value->kind == ValueKind::None);
    info.oddity[i] = expected(tag) || close ? 0 : strength;
  }
  const auto at_least_one = [&](TypeTag tag) {
    std::size_t& odd = info.oddity[static_cast<std::size_t>(tag)];
    if (strength == 0) odd = 1;
  };
  at_least_one(TypeTag::Bool);
  at_least_one(TypeTag::None);
  // A function, where nothing says that one is called.
  if (!expected(TypeTag::Callable)) at_least_one(TypeTag::Callable);
}

void read_name(std::string_view raw, double amount, ParameterInfo& info) {
  std::string name = base::to_lower(raw);
  while (!name.empty() && (name.back() == '_' || (name.back() >= '0' && name.back() <= '9'))) {
    name.pop_back();
  }
  while (!name.empty() && name.front() == '_') name.erase(name.begin());
  if (name.starts_with("is_") || name.starts_with("has_") || name.starts_with("use_") ||
      name.starts_with("allow") || name.starts_with("include")) {
    raise(info.weights, TypeTag::Bool, amount);
  }
  for (const std::string_view plural : {"lines", "words", "names", "texts", "strings", "paths",
                                        "urls", "files", "keys", "tokens", "parts", "chunks"}) {
    if (name.ends_with(plural)) raise(info.elements, TypeTag::Str, 2.0);
  }
  // "max_width" is read as "width", "start_index" as "index".
  const std::size_t underscore = name.rfind('_');
  const std::string last = underscore == std::string::npos ? name : name.substr(underscore + 1);
  for (const Spelling& hint : kNameHints) {
    if (hint.word == name || (hint.word == last && last.size() > 1)) {
      raise(info.weights, hint.tag, amount);
      if (hint.tag == TypeTag::Float) raise(info.weights, TypeTag::Int, amount * 0.8);
      return;
    }
  }
  if (name.size() > 3 && name.back() == 's') raise(info.weights, TypeTag::List, 2.0);
}

std::string without_underscores(std::string_view name) {
  std::string out = base::to_lower(name);
  std::erase(out, '_');
  return out;
}

// `menu_entry` is mostly a MenuEntry.
bool read_class_name(std::string_view name, const std::map<std::string, ClassInfo>& classes,
                     ParameterInfo& info) {
  const std::string wanted = without_underscores(name);
  for (const auto& [known, kind] : classes) {
    if (wanted.size() < 3 || without_underscores(known) != wanted) continue;
    raise(info.weights, TypeTag::Instance, kNamed * 1.6);
    info.class_names = {known};
    return true;
  }
  return false;
}

// `parser` is an object of a class called ConfigParser.
void name_class(std::string_view name, const std::map<std::string, ClassInfo>& classes,
                ParameterInfo& info) {
  const std::string word = without_underscores(name);
  if (word.size() < 4) return;
  bool found = false;
  for (const auto& [class_name, kind] : classes) {
    if (!without_underscores(class_name).ends_with(word)) continue;
    found = true;
    const auto& known = info.class_names;
    if (std::find(known.begin(), known.end(), class_name) == known.end()) {
      info.class_names.push_back(class_name);
    }
  }
  if (found) raise(info.weights, TypeTag::Instance, kNamed);
}

}  // namespace

TypeTag tag_of(const Value& value) {
  switch (value.kind) {
    case ValueKind::None:
      return TypeTag::None;
    case ValueKind::Bool:
      return TypeTag::Bool;
    case ValueKind::Int:
      return TypeTag::Int;
    case ValueKind::Float:
      return TypeTag::Float;
    case ValueKind::String:
      return TypeTag::Str;
    case ValueKind::Bytes:
      return TypeTag::Bytes;
    case ValueKind::List:
      return TypeTag::List;
    case ValueKind::Tuple:
      return TypeTag::Tuple;
    case ValueKind::Set:
    case ValueKind::FrozenSet:
      return TypeTag::Set;
    case ValueKind::Dict:
      return TypeTag::Dict;
    case ValueKind::Repeat:
      return tag_of(value.items.at(0));
    case ValueKind::Fixture:
      return static_cast<TypeTag>(value.number);
    case ValueKind::Name:
      // A path of the runner's own folder stands where a text could.
      return value.text.starts_with("tmp_path") || value.text.starts_with("str(tmp_path")
                 ? TypeTag::Str
                 : TypeTag::Callable;
    case ValueKind::Call:
      return value.text == "io.StringIO" || value.text == "io.BytesIO" ? TypeTag::Stream
                                                                       : TypeTag::Instance;
  }
  return TypeTag::None;
}

ParameterInfo describe_parameter(const model::Parameter& parameter,
                                 const std::map<std::string, ClassInfo>& classes,
                                 const ParameterEvidence& evidence) {
  ParameterInfo info;
  info.name = parameter.name;
  info.kind = parameter.kind;
  info.optional = parameter.default_source.has_value() ||
                  parameter.kind == model::ParameterKind::VarPositional ||
                  parameter.kind == model::ParameterKind::VarKeyword;
  if (parameter.default_source) info.default_value = parse_literal(*parameter.default_source);
  if (parameter.annotation) {
    read_annotation(*parameter.annotation, classes, info);
    read_literals(*parameter.annotation, info);
    read_protocols(classes, info);
  }
  const double known = std::accumulate(info.weights.begin(), info.weights.end(), 0.0);
  std::size_t strength = known >= kAnnotated ? 8 : 0;
  if (info.default_value && info.default_value->kind != ValueKind::None && known < kAnnotated) {
    raise(info.weights, tag_of(*info.default_value), kDefaulted);
    strength = 4;
  }
  // `a == b`, `a + b`: the other side is mostly one of the same kind.
  const std::string owner(evidence.owner_class);
  const bool alike = is_binary_operator(evidence.method) || parameter.name == "other";
  if (known < kAnnotated && alike && classes.contains(owner)) {
    raise(info.weights, TypeTag::Instance, kNamed * 1.6);
    info.class_names.push_back(owner);
    strength = 2;
  } else if (known < kAnnotated) {
    static const ClassMembers kNoMembers;
    const bool used = read_uses(evidence.uses,
                                evidence.members == nullptr ? kNoMembers : *evidence.members, info);
    // A name says less than what the code does.
    read_name(parameter.name, used ? kNamed * 0.4 : kNamed, info);
    name_class(parameter.name, classes, info);
    const bool named = std::any_of(info.weights.begin(), info.weights.end(),
                                   [](double weight) { return weight >= 2.0; });
    if (strength == 0 && named) strength = used ? 4 : 2;
  } else {
    // What it is called with is worth knowing also of an annotated one.
    ParameterInfo shown;
    if (read_uses(evidence.uses, {}, shown)) {
      info.arities = shown.arities;
      info.result_uses = shown.result_uses;
      info.unpacked_into = shown.unpacked_into;
    }
  }
  // Words about it may be out of date, or be about something else.
  if (known < kAnnotated && !evidence.documented.words.empty()) {
    read_annotation(evidence.documented.words, classes, info,
                    evidence.documented.stated ? kDefaulted : kNamed);
    if (evidence.documented.stated) strength = std::max<std::size_t>(strength, 4);
  }
  if (known < kAnnotated && read_class_name(parameter.name, classes, info)) {
    strength = std::max<std::size_t>(strength, 2);
  }
  judge_oddity(strength, info);
  if (known < kAnnotated) {
    for (std::size_t tag = 0; tag < kTypeTags; ++tag) info.weights[tag] += 4 * kFloor;
    // Text, numbers and lists are what most untyped code is about.
    for (const TypeTag tag : {TypeTag::Str, TypeTag::Int, TypeTag::List}) {
      raise(info.weights, tag, 1.0);
    }
  } else {
    for (std::size_t tag = 0; tag < kTypeTags; ++tag) info.weights[tag] += kFloor;
  }
  info.weights[static_cast<std::size_t>(TypeTag::Stream)] *= 0.5;
  if (info.class_names.empty()) {
    for (const auto& [name, kind] : classes) {
      if (!kind.is_foreign) info.class_names.push_back(name);
    }
  }
  if (info.class_names.empty()) info.weights[static_cast<std::size_t>(TypeTag::Instance)] = 0;
  return info;
}

}  // namespace testgen::engine
