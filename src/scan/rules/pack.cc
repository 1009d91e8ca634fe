#include "scan/rules/pack.h"

#include <bit>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "scan/byte_stream.h"

namespace testgen::scan {
namespace {

// The parts of each structure, for both directions. A structured binding names all members, so
// that one that is added and not packed does not compile.

template <class Each>
void parts(Each& each, Selector& of) {
  auto& [what, position, names] = of;
  each(what, position, names);
}

template <class Each>
void parts(Each& each, Predicate& of) {
  auto& [test, negated, texts, number, pattern, kinds, fact] = of;
  each(test, negated, texts, number, pattern, kinds, fact);
}

template <class Each>
void parts(Each& each, Condition& of) {
  auto& [at, all] = of;
  each(at, all);
}

template <class Each>
void parts(Each& each, Rewrite& of) {
  auto& [what, at, argument, text, names] = of;
  each(what, at, argument, text, names);
}

template <class Each>
void parts(Each& each, Finder& of) {
  auto& [what, names, tainted, when, unless, imports, severity, confidence, pattern, edit] = of;
  each(what, names, tainted, when, unless, imports, severity, confidence, pattern, edit);
}

template <class Each>
void parts(Each& each, SecretSpec& of) {
  auto& [prefixes, token, entropy, checksum] = of;
  each(prefixes, token, entropy, checksum);
}

template <class Each>
void parts(Each& each, Rule& of) {
  auto& [id, file, line, languages, title, message, fix, severity, confidence, cwe, related, owasp,
         audit, tainted, kinds, find, secret, bad, ok, fixed] = of;
  each(id, file, line, languages, title, message, fix, severity, confidence, cwe, related, owasp,
       audit, tainted, kinds, find, secret);
}

template <class Each>
void parts(Each& each, Model::Source& of) {
  auto& [name, what, local, carrier, kinds] = of;
  each(name, what, local, carrier, kinds);
}

template <class Each>
void parts(Each& each, Model::Sanitizer& of) {
  auto& [names, kinds, when] = of;
  each(names, kinds, when);
}

template <class Each>
void parts(Each& each, Model::Entry& of) {
  auto& [names, parameters] = of;
  each(names, parameters);
}

template <class Each>
void parts(Each& each, Model::Parameters& of) {
  auto& [names, tainted] = of;
  each(names, tainted);
}

template <class Each>
void parts(Each& each, Model::Box& of) {
  auto& [types, put, put_keys, put_value, get, get_keys] = of;
  each(types, put, put_keys, put_value, get, get_keys);
}

template <class Each>
void parts(Each& each, Model::Fact& of) {
  auto& [fact, names, when, on_result, argument] = of;
  each(fact, names, when, on_result, argument);
}

template <class Each>
void parts(Each& each, Model::Fill& of) {
  auto& [names, into, from, source] = of;
  each(names, into, from, source);
}

template <class Each>
void parts(Each& each, Model::Guard& of) {
  auto& [names, subject, holds, kinds, when] = of;
  each(names, subject, holds, kinds, when);
}

template <class Each>
void parts(Each& each, Model::Type& of) {
  auto& [names, is] = of;
  each(names, is);
}

template <class Each>
void parts(Each& each, Model& of) {
  auto& [languages, sources, sanitizers, clean, pass, same, exits, entries, parameters, boxes,
         facts, fills, guards, types] = of;
  each(languages, sources, sanitizers, clean, pass, same, exits, entries, parameters, boxes, facts,
       fills, guards, types);
}

template <class T>
constexpr bool kIsNumber = std::is_integral_v<T> || std::is_enum_v<T>;

class Packer {
 public:
  template <class... Parts>
  void operator()(Parts&... values) {
    (write(values), ...);
  }
  [[nodiscard]] std::string take() { return out_.take(); }

 private:
  void write(std::string& value) { out_.text(value); }
  void write(double& value) { out_.number(std::bit_cast<std::uint64_t>(value)); }
  void write(std::optional<Pattern>& value) {
    out_.number(value ? 1 : 0);
    if (value) out_.text(value->text());
  }
  template <class T>
  void write(std::optional<T>& value) {
    out_.number(value ? 1 : 0);
    if (value) write(*value);
  }
  template <class T>
  void write(std::vector<T>& values) {
    out_.number(values.size());
    for (T& value : values) write(value);
  }
  template <class A, class B>
  void write(std::pair<A, B>& value) {
    write(value.first);
    write(value.second);
  }
  template <class T>
  void write(T& value) {
    if constexpr (kIsNumber<T>) {
      out_.number(static_cast<std::uint64_t>(value));
    } else {
      parts(*this, value);
    }
  }

  ByteWriter out_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : in_(bytes) {}
  template <class... Parts>
  void operator()(Parts&... values) {
    (read(values), ...);
  }
  [[nodiscard]] bool done() const { return in_.at_end() && !in_.wrong(); }

 private:
  void read(std::string& value) { value = in_.text(); }
  void read(double& value) { value = std::bit_cast<double>(in_.number()); }
  // What was packed was compiled before.
  void read(std::optional<Pattern>& value) {
    if (in_.number() == 1) value = Pattern::checked(std::string(in_.text()));
  }
  template <class T>
  void read(std::optional<T>& value) {
    if (in_.number() == 1) read(value.emplace());
  }
  template <class T>
  void read(std::vector<T>& values) {
    values.resize(in_.count());
    for (T& value : values) read(value);
  }
  template <class A, class B>
  void read(std::pair<A, B>& value) {
    read(value.first);
    read(value.second);
  }
  template <class T>
  void read(T& value) {
    if constexpr (kIsNumber<T>) {
      value = static_cast<T>(in_.number());
    } else {
      parts(*this, value);
    }
  }

  ByteReader in_;
};

}  // namespace

std::string pack_rules(RuleFiles files) {
  std::vector<std::string> kinds = files.names.kinds();
  std::vector<std::string> facts = files.names.facts();
  Packer packer;
  packer(kinds, facts, files.rules, files.models);
  return packer.take();
}

bool unpack_rules(std::string_view packed, RuleFiles& into) {
  std::vector<std::string> kinds;
  std::vector<std::string> facts;
  Unpacker unpacker(packed);
  unpacker(kinds, facts, into.rules, into.models);
  // In the order of their numbers, which rules hold.
  for (const std::string& kind : kinds) (void)into.names.kind(kind);
  for (const std::string& fact : facts) (void)into.names.fact(fact);
  return unpacker.done();
}

}  // namespace testgen::scan
