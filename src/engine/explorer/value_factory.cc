#include "engine/explorer/value_factory.h"

#include <algorithm>
#include <numeric>

#include "engine/explorer/text_edits.h"
#include "engine/explorer/value_samples.h"

namespace testgen::engine {
namespace {

constexpr std::size_t kSeenPerKind = 120;
constexpr std::size_t kTexts = 150;
constexpr std::size_t kObjectsPerClass = 12;
constexpr double kKnownObject = 0.5;
constexpr std::size_t kMaxText = 240;
constexpr std::size_t kContextNodes = 40;
constexpr std::size_t kWords = 24;
constexpr double kRepeat = 0.3;
constexpr double kAsSeen = 0.3;
constexpr double kFewOptions = 6.0;
constexpr double kFollowWords = 0.35;

constexpr std::int64_t kInts[] = {0, 1, -1, 2, 3, 4, 5, 7, 10, 12, 16, 100, -2, -5, 255, 1000};
constexpr double kFloats[] = {0.0, 1.0, 0.5, -1.0, 0.25, 0.75, 2.5, 1e-3, 100.0, -0.5, 0.1, 0.9};
constexpr const char* kCallables[] = {"len",
                                      "str",
                                      "int",
                                      "bool",
                                      "abs",
                                      "list",
                                      "sum",
                                      "lambda x: x",
                                      "lambda x: x % 2 == 0",
                                      "lambda x: None",
                                      "lambda x: True",
                                      "lambda x, y: x + y",
                                      "lambda x, y: x < y",
                                      "lambda *args: args",
                                      "lambda *args: args[0]",
                                      "lambda: 1",
                                      "lambda x: x[0]",
                                      "lambda x: -x"};

std::size_t draw(const std::array<double, kTypeTags>& weights, base::Random& random) {
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  double point = random.unit() * total;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    point -= weights[i];
    if (point < 0 && weights[i] > 0) return i;
  }
  return static_cast<std::size_t>(TypeTag::None);
}

// The words of a longer text: names in it may be asked for alone.
void add_words(const std::string& text, std::vector<Value>& out, std::vector<std::string>& all) {
  std::string word;
  std::size_t words = 0;
  const auto flush = [&] {
    if (!word.empty() && all.size() < kWords) all.push_back(word);
    if (!word.empty() && word.size() < text.size() && ++words <= 6) {
      out.push_back(Value::string(word));
    }
    word.clear();
  };
  for (const char c : text) {
    const bool part = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
    if (part) {
      word += c;
    } else {
      flush();
    }
  }
  flush();
}

// Whether a test can hand it on as something that is called with so many arguments; below 0: with
// any number.
bool takes(const Callable& callable, int arity) {
  const bool plain = callable.kind == CallableKind::Function ||
                     (callable.kind == CallableKind::Constructor && callable.definition.empty());
  if (!plain || !callable.usable) return false;
  if (arity < 0) return true;
  int least = 0;
  int most = 0;
  for (const ParameterInfo& parameter : callable.parameters) {
    if (parameter.kind == model::ParameterKind::VarPositional) most = 100;
    if (parameter.kind != model::ParameterKind::Positional &&
        parameter.kind != model::ParameterKind::PositionalOnly) {
      continue;
    }
    ++most;
    if (!parameter.optional) ++least;
  }
  return least <= arity && arity <= most;
}

}  // namespace

void collect_nodes(Value& value, std::vector<Value*>& out) {
  out.push_back(&value);
  for (Value& item : value.items) collect_nodes(item, out);
  for (auto& [keyword, item] : value.keywords) collect_nodes(item, out);
}

ValueFactory::ValueFactory(const Universe& universe, base::Random& random)
    : universe_(universe), random_(random) {}

TypeTag ValueFactory::draw_type(const ParameterInfo& parameter) {
  return static_cast<TypeTag>(draw(parameter.weights, random_));
}

Value ValueFactory::make(const ParameterInfo& parameter, const Callable& callable, int depth) {
  if (parameter.default_value && random_.chance(0.08)) return *parameter.default_value;
  if (!parameter.seen.empty() && depth < 2 && random_.chance(kAsSeen)) {
    return random_.pick(parameter.seen);
  }
  const TypeTag tag = draw_type(parameter);
  const bool number = tag == TypeTag::Int || tag == TypeTag::Float;
  if (number && !universe_.numbers.empty() && random_.chance(0.12)) {
    return sample_object(random_.pick(universe_.numbers), random_).value_or(Value::none());
  }
  if (tag == TypeTag::Str && depth == 0 && next_word_) {
    return Value::string(words_[(*next_word_)++ % words_.size()]);
  }
  const auto& known = context_[static_cast<std::size_t>(tag)];
  if (!known.empty() && random_.chance(kRepeat)) return random_.pick(known);
  return make_of(tag, parameter, callable, depth);
}

void ValueFactory::set_context(const std::vector<const Value*>& values) {
  for (auto& pool : context_) pool.clear();
  words_.clear();
  next_word_.reset();
  std::size_t nodes = 0;
  const auto add = [&](const auto& self, const Value& value) -> void {
    if (++nodes > kContextNodes) return;
    auto& pool = context_[static_cast<std::size_t>(tag_of(value))];
    if (std::find(pool.begin(), pool.end(), value) == pool.end()) pool.push_back(value);
    if (value.kind == ValueKind::String) add_words(value.text, pool, words_);
    if (value.kind == ValueKind::Call && !value.items.empty()) self(self, value.items.front());
    if (value.kind == ValueKind::Call) return;
    for (const Value& item : value.items) self(self, item);
  };
  for (const Value* value : values) add(add, *value);
}

Value ValueFactory::make_of(TypeTag tag, const ParameterInfo& parameter, const Callable& callable,
                            int depth) {
  switch (tag) {
    case TypeTag::None:
      return Value::none();
    case TypeTag::Bool:
      return Value::boolean(random_.chance(0.5));
    case TypeTag::Int:
      return make_int(callable);
    case TypeTag::Float:
      return make_float(callable);
    case TypeTag::Str:
      return make_string(callable);
    case TypeTag::Bytes:
      return make_bytes(callable);
    case TypeTag::List:
    case TypeTag::Tuple:
      if (parameter.unpacked_into > 0 && random_.chance(0.8)) {
        return make_unpackable(tag, parameter, callable, depth);
      }
      return make_container(tag, parameter, callable, depth);
    case TypeTag::Set:
    case TypeTag::Dict:
      return make_container(tag, parameter, callable, depth);
    case TypeTag::Callable:
      return make_callable(parameter);
    case TypeTag::Instance:
      return make_instance(parameter, depth);
    case TypeTag::Stream:
      return make_stream(callable);
    case TypeTag::Count:
      break;
  }
  return Value::none();
}

const Value* ValueFactory::constant(ValueKind kind, const Callable& callable) {
  const auto pick_from = [&](const auto& pool) -> const Value* {
    const Value* found = nullptr;
    std::size_t matching = 0;
    for (const Value& value : pool) {
      if (value.kind == kind && random_.below(++matching) == 0) found = &value;
    }
    return found;
  };
  const double choice = random_.unit();
  if (choice < 0.45) {
    if (const Value* own = pick_from(callable.constants)) return own;
  }
  if (choice < 0.75) {
    const auto found = seen_.find(kind);
    if (found != seen_.end() && !found->second.empty()) {
      return &found->second[random_.below(found->second.size())];
    }
  }
  return pick_from(universe_.constants);
}

Value ValueFactory::make_int(const Callable& callable) {
  if (random_.chance(0.35)) {
    if (const Value* known = constant(ValueKind::Int, callable)) {
      Value value = *known;
      if (value.text.empty() && random_.chance(0.4)) {
        value.number = add_wrapping(value.number, random_.between(-1, 1));
      }
      return value;
    }
  }
  if (random_.chance(0.25)) return Value::integer(random_.between(-10, 40));
  return Value::integer(kInts[random_.below(std::size(kInts))]);
}

Value ValueFactory::make_float(const Callable& callable) {
  if (random_.chance(0.25)) {
    if (const Value* known = constant(ValueKind::Float, callable)) return *known;
  }
  if (random_.chance(0.3))
    return Value::floating(static_cast<double>(random_.between(0, 100)) / 100);
  return Value::floating(kFloats[random_.below(std::size(kFloats))]);
}

Value ValueFactory::make_element(const ParameterInfo& parameter, const Callable& callable,
                                 int depth, TypeTag element) {
  return make_of(element, parameter, callable, depth + 1);
}

Value ValueFactory::make_container(TypeTag tag, const ParameterInfo& parameter,
                                   const Callable& callable, int depth) {
  const bool known = std::any_of(parameter.elements.begin(), parameter.elements.end(),
                                 [](double w) { return w > 0; });
  const auto element_type = [&]() -> TypeTag {
    if (known) {
      // The annotation tells one level; deeper, list[list[str]] would nest without end.
      const auto drawn = static_cast<TypeTag>(draw(parameter.elements, random_));
      const bool nests = drawn == TypeTag::List || drawn == TypeTag::Tuple ||
                         drawn == TypeTag::Set || drawn == TypeTag::Dict;
      if (depth == 0 || !nests) return drawn;
    }
    // The containers of one call mostly hold the same kind of items.
    if (shared_element_ && depth == 0 && random_.chance(0.7)) return *shared_element_;
    const double choice = random_.unit();
    if (choice < 0.4) return TypeTag::Int;
    if (choice < 0.75) return TypeTag::Str;
    if (choice < 0.87 && depth < 2) return random_.chance(0.5) ? TypeTag::List : TypeTag::Tuple;
    if (choice < 0.95) return TypeTag::Float;
    return random_.chance(0.5) ? TypeTag::Bool : TypeTag::None;
  };
  const bool mixed = random_.chance(0.12);
  const TypeTag first = element_type();
  if (depth == 0 && !shared_element_) shared_element_ = first;
  // Code that knows exact numbers or dates gets lists of them.
  const bool numeric = first == TypeTag::Int || first == TypeTag::Float;
  const std::string kind = numeric && !universe_.numbers.empty() && random_.chance(0.25)
                               ? random_.pick(universe_.numbers)
                               : std::string();
  const auto count = static_cast<std::size_t>(random_.chance(0.12) ? 0 : random_.between(1, 4));
  std::vector<Value> items;
  for (std::size_t i = 0; i < count; ++i) {
    Value item = make_element(parameter, callable, depth, mixed ? element_type() : first);
    if (!kind.empty() && (!mixed || random_.chance(0.5))) {
      item = sample_object(kind, random_).value_or(std::move(item));
    }
    const bool needs_hash = tag == TypeTag::Set || tag == TypeTag::Dict;
    if (needs_hash && !is_hashable(item)) item = make_int(callable);
    if (needs_hash && std::find(items.begin(), items.end(), item) != items.end()) continue;
    items.push_back(std::move(item));
    if (tag == TypeTag::Dict) {
      const bool nested = !known && depth == 0 && random_.chance(0.15);
      const TypeTag content = nested ? TypeTag::Dict : known ? first : element_type();
      items.push_back(make_element(parameter, callable, depth, content));
    }
  }
  switch (tag) {
    case TypeTag::Tuple:
      return Value::container(ValueKind::Tuple, std::move(items));
    case TypeTag::Set:
      return Value::container(ValueKind::Set, std::move(items));
    case TypeTag::Dict:
      return Value::container(ValueKind::Dict, std::move(items));
    default:
      return Value::container(ValueKind::List, std::move(items));
  }
}

// As many items as the code unpacks, of any types.
Value ValueFactory::make_unpackable(TypeTag tag, const ParameterInfo& parameter,
                                    const Callable& callable, int depth) {
  std::vector<Value> items;
  for (int i = 0; i < parameter.unpacked_into; ++i) {
    static constexpr TypeTag kTypes[] = {TypeTag::Str,   TypeTag::Int,  TypeTag::Str,
                                         TypeTag::Int,   TypeTag::None, TypeTag::List,
                                         TypeTag::Tuple, TypeTag::Float};
    const TypeTag type = kTypes[random_.below(depth > 1 ? 5 : std::size(kTypes))];
    items.push_back(make_of(type, {}, callable, depth + 1));
  }
  return Value::container(tag == TypeTag::List ? ValueKind::List : ValueKind::Tuple,
                          std::move(items));
}

Value ValueFactory::make_callable(const ParameterInfo& parameter) {
  // A function or class of the module that can be called like that.
  if (random_.chance(parameter.arities.empty() ? 0.12 : 0.25)) {
    const int arity = parameter.arities.empty() ? -1 : random_.pick(parameter.arities);
    const Callable* found = nullptr;
    std::size_t fitting = 0;
    for (const Callable& callable : universe_.callables) {
      if (takes(callable, arity) && random_.below(++fitting) == 0) found = &callable;
    }
    if (found != nullptr) return Value::name(universe_.alias + "." + found->name);
  }
  if (random_.chance(0.12)) {
    if (auto predicate = make_predicate(parameter)) return *std::move(predicate);
  }
  if (!parameter.arities.empty() && random_.chance(0.75)) {
    return synthesised_callable(parameter, random_);
  }
  return Value::name(kCallables[random_.below(std::size(kCallables))]);
}

// True for one of the values that the test has to do with, and for no other.
std::optional<Value> ValueFactory::make_predicate(const ParameterInfo& parameter) {
  if (!parameter.arities.empty() &&
      std::find(parameter.arities.begin(), parameter.arities.end(), 1) == parameter.arities.end()) {
    return std::nullopt;
  }
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto& pool = context_[static_cast<std::size_t>(random_.chance(0.7)   ? TypeTag::Str
                                                         : random_.chance(0.7) ? TypeTag::Int
                                                                               : TypeTag::Float)];
    if (pool.empty()) continue;
    Value value = random_.pick(pool);
    if (value.kind == ValueKind::String && random_.chance(0.5)) {
      const auto starts = character_starts(value.text);
      if (starts.size() < 2) continue;
      const std::size_t i = random_.below(starts.size() - 1);
      value = Value::string(value.text.substr(starts[i], starts[i + 1] - starts[i]));
    }
    return Value::name("lambda x: x == " + render(value));
  }
  return std::nullopt;
}

Value ValueFactory::make_instance(const ParameterInfo& parameter, int depth) {
  if (parameter.class_names.empty() || depth > 2) return Value::none();
  const std::string& name = random_.pick(parameter.class_names);
  if (name == "types.SimpleNamespace") return make_namespace(parameter, depth);
  return make_object(name, depth);
}

// Something with the attributes that the code reads, and methods that return.
Value ValueFactory::make_namespace(const ParameterInfo& parameter, int depth) {
  Value out = Value::call("types.SimpleNamespace", {});
  for (const std::string& field : parameter.fields) {
    if (field.ends_with("()")) {
      static constexpr const char* kMethods[] = {"lambda *args: None", "lambda *args: 1",
                                                 "lambda *args: \"a\"", "lambda *args: args"};
      out.keywords.emplace_back(field.substr(0, field.size() - 2),
                                Value::name(kMethods[random_.below(std::size(kMethods))]));
      continue;
    }
    const ParameterInfo info = describe_parameter({.name = field}, universe_.classes);
    out.keywords.emplace_back(field, make(info, {}, depth + 1));
  }
  return out;
}

Value ValueFactory::make_object(const std::string& name, int depth) {
  const ClassInfo* info = universe_.find_class(name);
  if (info == nullptr) return sample_object(name, random_).value_or(Value::none());
  if (!info->members.empty()) {
    return Value::name(universe_.alias + "." + name + "." + random_.pick(info->members));
  }
  if (random_.chance(kKnownObject)) {
    std::vector<const std::vector<Value>*> pools;
    for (const std::string& heir : info->concrete) {
      const auto found = objects_.find(heir);
      if (found != objects_.end()) pools.push_back(&found->second);
    }
    if (!pools.empty()) return random_.pick(*random_.pick(pools));
  }
  const Callable* maker = nullptr;
  if (!info->producers.empty() && (info->concrete.empty() || random_.chance(0.3))) {
    maker = &universe_.callables[random_.pick(info->producers)];
  } else if (!info->concrete.empty()) {
    const std::string& chosen =
        !info->abstract && random_.chance(0.5) ? name : random_.pick(info->concrete);
    maker = &universe_.callables[universe_.classes.at(chosen).constructor];
  }
  if (maker == nullptr || !maker->usable) return Value::none();
  if (maker->kind == CallableKind::Fixture) {
    return Value::fixture(maker->name, static_cast<std::int64_t>(TypeTag::Instance));
  }
  Value out = Value::call(universe_.spelling(*maker), {});
  fill_arguments(out.items, out.keywords, *maker, depth + 1);
  return out;
}

void ValueFactory::fill_arguments(std::vector<Value>& positional,
                                  std::vector<std::pair<std::string, Value>>& keywords,
                                  const Callable& callable, int depth) {
  if (depth == 0) {
    shared_element_.reset();
    // What a text names from the outside in is asked for in that order: a section, an option.
    next_word_.reset();
    if (!words_.empty() && random_.chance(kFollowWords)) next_word_ = random_.below(words_.size());
  }
  bool by_keyword = false;  // after a skipped optional one, the rest must be named
  // Where there are many options nobody gives most of them, the less so of an argument's argument.
  const auto options = static_cast<double>(
      std::count_if(callable.parameters.begin(), callable.parameters.end(),
                    [](const ParameterInfo& parameter) { return parameter.optional; }));
  const double few = (depth == 0 ? kFewOptions : kFewOptions / 2) / std::max(1.0, options);
  const double generosity = random_.unit() * std::min(1.0, few);
  for (const ParameterInfo& parameter : callable.parameters) {
    switch (parameter.kind) {
      case model::ParameterKind::VarPositional: {
        if (by_keyword) break;
        const auto count = random_.between(0, 3);
        for (std::int64_t i = 0; i < count; ++i)
          positional.push_back(make(parameter, callable, depth));
        by_keyword = true;
        break;
      }
      case model::ParameterKind::VarKeyword:
        if (!universe_.keyword_names.empty() && random_.chance(0.35)) {
          const std::string& name = random_.pick(universe_.keyword_names);
          const bool taken =
              std::any_of(callable.parameters.begin(), callable.parameters.end(),
                          [&](const ParameterInfo& other) { return other.name == name; });
          if (!taken) {
            // The parameter of that name somewhere in the module says what fits.
            for (const Callable& other : universe_.callables) {
              const auto match = std::find_if(
                  other.parameters.begin(), other.parameters.end(),
                  [&](const ParameterInfo& p) { return p.name == name && p.optional; });
              if (match == other.parameters.end()) continue;
              keywords.emplace_back(name, make(*match, callable, depth));
              break;
            }
          }
        }
        break;
      case model::ParameterKind::KeywordOnly:
        if (!parameter.optional || random_.chance(0.4 * generosity + 0.1 * std::min(1.0, few))) {
          keywords.emplace_back(parameter.name, make(parameter, callable, depth));
        }
        break;
      default:
        if (parameter.optional && !random_.chance(0.6 * generosity + 0.05 * std::min(1.0, few))) {
          by_keyword = true;
          break;
        }
        if (by_keyword && parameter.kind == model::ParameterKind::PositionalOnly) break;
        // Options read better by name.
        if (by_keyword || (parameter.optional && random_.chance(0.7))) {
          by_keyword = true;
          if (parameter.kind != model::ParameterKind::PositionalOnly) {
            keywords.emplace_back(parameter.name, make(parameter, callable, depth));
          }
        } else {
          positional.push_back(make(parameter, callable, depth));
        }
    }
  }
}

void ValueFactory::keep_object(const std::string& class_name, const Value& call) {
  auto& pool = objects_[class_name];
  if (std::find(pool.begin(), pool.end(), call) != pool.end()) return;
  if (pool.size() < kObjectsPerClass) {
    pool.push_back(call);
  } else {
    pool[random_.below(pool.size())] = call;
  }
}

const Value* ValueFactory::kept_object(const std::string& class_name, const std::string& callee) {
  const auto pool = objects_.find(class_name);
  if (pool == objects_.end()) return nullptr;
  const Value& call = random_.pick(pool->second);
  return call.text == callee ? &call : nullptr;
}

void ValueFactory::keep_texts(const Value& value) {
  if (value.kind == ValueKind::String && value.text.size() > 2 && value.text.size() <= kMaxText &&
      std::find(texts_.begin(), texts_.end(), value.text) == texts_.end()) {
    texts_.push_back(value.text);
    if (texts_.size() > kTexts) texts_.pop_front();
  }
  for (const Value& item : value.items) keep_texts(item);
  for (const auto& [keyword, item] : value.keywords) keep_texts(item);
}

void ValueFactory::remember(const Value& value) {
  if (value.kind == ValueKind::None || value.kind == ValueKind::Bool) return;
  auto& pool = seen_[value.kind];
  if (std::find(pool.begin(), pool.end(), value) != pool.end()) return;
  pool.push_back(value);
  if (pool.size() > kSeenPerKind) pool.pop_front();
}

}  // namespace testgen::engine
