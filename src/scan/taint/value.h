// What the interpreter knows of a value: a literal, one of a few literals, a named thing, a
// container with what is at its constant keys, a function; and where input in it comes from.
// Values are immutable and live in the arena of one file; pointers compare as identity.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>

#include "scan/rules/rule.h"

namespace testgen::scan {

// One step of a flow, newest first.
struct Step {
  std::uint32_t start = 0;  // bytes of the source
  std::uint32_t end = 0;
  std::string_view what;
  const Step* earlier = nullptr;
  std::uint32_t length = 1;
};

// Where input in a value comes from; a list, as a value can be made of several inputs. `root`
// tells inputs apart: what a test says of one holds wherever that input went.
struct Origin {
  std::uint64_t root = 0;
  Kinds kinds = kAllKinds;  // what it is still dangerous for
  const Model::Source* source = nullptr;
  bool guessed = false;  // it went through a call that nobody described
  const Step* step = nullptr;
  const Origin* next = nullptr;
};

struct Value {
  enum class Kind : std::uint8_t {
    Unknown,  // text: the beginning, as far as it is known
    String,   // text
    Number,   // number; text as written
    Bool,     // number
    Null,
    OneOf,     // items: String, Number, Bool or Null
    Literal,   // made of literals only
    Thing,     // text: the name it stands for
    List,      // items
    Map,       // entries
    Function,  // index of the module's function
  } kind = Kind::Unknown;
  bool built = false;                 // put together from parts that are not all literal
  bool own_head = false;              // begins with something that is no input, though not known
  bool instance = false;              // of the class `index`
  std::uint32_t index = 0xFFFFFFFFU;  // Function, or the class of a Thing
  double number = 0;
  std::uint64_t facts = 0;
  std::string_view text;
  const Origin* origins = nullptr;
  std::span<const Value* const> items;    // in order
  std::span<const Value* const> entries;  // key, value, key, value…
  const Value* rest = nullptr;            // what is at places that are not known

  [[nodiscard]] bool is_literal() const { return kind >= Kind::String && kind <= Kind::Literal; }
  [[nodiscard]] bool is_scalar() const { return kind >= Kind::String && kind <= Kind::Null; }
};
using Ref = const Value*;

// Makes and combines values in one file's arena.
class Values {
 public:
  Values();

  [[nodiscard]] Ref unknown() const { return &unknown_; }
  [[nodiscard]] Ref literal() const { return &literal_; }
  [[nodiscard]] Ref null() const { return &null_; }
  [[nodiscard]] Ref boolean(bool value) const { return value ? &true_ : &false_; }
  [[nodiscard]] Ref string(std::string_view text);  // the text is the caller's to keep
  [[nodiscard]] Ref kept_string(std::string text);
  [[nodiscard]] Ref number(double value, std::string_view text = {});
  [[nodiscard]] Ref thing(std::string_view name);
  [[nodiscard]] Ref list(std::span<const Ref> items);
  [[nodiscard]] Ref function(std::uint32_t index);
  [[nodiscard]] Ref unknown_with(const Origin* origins);

  [[nodiscard]] Value* copy(const Value& of) { return new (allocate<Value>()) Value(of); }
  [[nodiscard]] std::span<const Ref> copy(std::span<const Ref> items);
  [[nodiscard]] std::string_view keep(std::string_view text);

  [[nodiscard]] Ref join(Ref a, Ref b);
  // The same value with other origins.
  [[nodiscard]] Ref with_origins(Ref value, const Origin* origins);
  [[nodiscard]] Ref with_entry(Ref map, Ref key, Ref value);

  // Origins of the value and of all that is in it.
  [[nodiscard]] const Origin* deep_origins(Ref value, int depth = 3);
  [[nodiscard]] const Origin* join(const Origin* a, const Origin* b);
  [[nodiscard]] const Origin* add_step(const Origin* origins, std::uint32_t start,
                                       std::uint32_t end, std::string_view what);
  [[nodiscard]] const Origin* without(const Origin* origins, Kinds kinds);
  [[nodiscard]] const Origin* guessed(const Origin* origins);
  // Origins told apart further by what was taken out of them.
  [[nodiscard]] const Origin* refined(const Origin* origins, std::string_view key);
  // The value with what comes from one of `roots` made safe for `kinds`.
  [[nodiscard]] Ref made_safe(Ref value, const Origin* roots, Kinds kinds, int depth = 2);

  template <class T>
  [[nodiscard]] void* allocate() {
    return arena_.allocate(sizeof(T), alignof(T));
  }
  [[nodiscard]] Origin* copy(const Origin& of) { return new (allocate<Origin>()) Origin(of); }
  [[nodiscard]] const Step* step(std::uint32_t start, std::uint32_t end, std::string_view what,
                                 const Step* earlier);

 private:
  std::pmr::monotonic_buffer_resource arena_;
  Value unknown_, literal_, null_, true_, false_;
};

// Whether both are the same literal.
[[nodiscard]] bool same_literal(const Value& a, const Value& b);

}  // namespace testgen::scan
