// What a test can call: every function, method, constructor and property of the module that
// exists at run time, with its parameters and what is known of their types. Built once for each
// module from static analysis and the harness's runtime symbols; the type weights change while
// the search learns.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/explorer/docstring_types.h"
#include "engine/explorer/harness.h"
#include "engine/explorer/value.h"
#include "model/module_model.h"

namespace testgen::engine {

// The families of values the search draws arguments from.
enum class TypeTag {
  None,
  Bool,
  Int,
  Float,
  Str,
  Bytes,
  List,
  Tuple,
  Set,
  Dict,
  Callable,
  Instance,
  Stream,
  Count
};
inline constexpr std::size_t kTypeTags = static_cast<std::size_t>(TypeTag::Count);
[[nodiscard]] TypeTag tag_of(const Value& value);

struct ParameterInfo {
  std::string name;
  model::ParameterKind kind = model::ParameterKind::Positional;
  bool optional = false;
  std::optional<Value> default_value;        // when it is a plain literal
  std::array<double, kTypeTags> weights{};   // relative; learnt during the search
  std::array<double, kTypeTags> elements{};  // of containers; all zero: unknown
  // For Instance: classes of the module, "datetime.date" and the like, or
  // "types.SimpleNamespace" for something with the attributes in `fields`.
  std::vector<std::string> class_names;
  std::vector<std::string> fields;
  // For Callable: how many arguments it is given, and what is done with its results, in the words
  // of model::Parameter::uses.
  std::vector<int> arities;
  std::vector<std::string> result_uses;
  int unpacked_into = 0;    // number of values it is unpacked into, when that is known
  std::vector<Value> seen;  // what the project's own tests give it
  // How odd a value of each type looks here to a reader; what tests are chosen by, not search.
  std::array<std::size_t, kTypeTags> oddity{};
};

// Fixture: no call, but the object that a fixture of the project's gives.
enum class CallableKind {
  Function,
  Constructor,
  Method,
  StaticMethod,
  ClassMethod,
  Property,
  Fixture
};

// How the value of a call is taken, so that lazy results really run.
enum class Consumption { Direct, List, Slice, Await, AwaitList, Enter, AwaitEnter };

struct Callable {
  CallableKind kind = CallableKind::Function;
  std::string name;            // "total"; of a constructor: the class name
  std::string class_name;      // empty for functions
  std::string qualified_name;  // "Cart.total"; of a constructor: "Cart.__init__"
  const model::FunctionModel* function = nullptr;  // none for synthesised constructors
  std::vector<ParameterInfo> parameters;
  Consumption consumption = Consumption::Direct;
  std::vector<std::uint32_t> goals;  // owned goals, ascending
  bool is_private = false;           // leading underscore
  bool is_foreign = false;           // makes an object of another module's class
  bool wanted = true;                // false: others may call it, tests are not about it
  bool usable = true;                // false once it is known to do harm (kills, hangs)
  std::string returned_class;        // of this module, once seen
  // Of a constructor: the class itself, when the test file has to define it.
  std::string definition;
  std::vector<std::string> patterns;  // regular expressions that it matches with
  // Literals of its own body first, then of what it calls.
  std::vector<Value> constants;
};

// A class as the search uses it.
struct ClassInfo {
  std::string name;
  std::size_t constructor = 0;          // index into callables
  std::vector<std::size_t> methods;     // indices into callables
  std::vector<std::string> attributes;  // public, assignable
  std::vector<std::string> members;     // of an enumeration
  std::vector<std::string> protocol;    // of a protocol: "name", "method()"
  bool abstract = false;
  bool is_foreign = false;             // of another module, imported by this one
  bool records = false;                // a helper whose `calls` tells what its methods were given
  std::vector<std::string> lineage;    // itself, then its bases in this module
  std::vector<std::string> concrete;   // itself and its heirs, as far as objects can be made
  std::vector<std::size_t> producers;  // callables seen to return one of these; learnt
  std::vector<std::size_t> givers;     // methods and properties seen to do so; learnt
};

struct Universe {
  std::string alias;
  std::vector<Callable> callables;
  std::map<std::string, ClassInfo> classes;
  std::vector<Value> constants;            // literals of the whole module
  std::vector<std::string> keyword_names;  // parameters with defaults, for **kwargs
  std::vector<model::ExampleCall> examples;
  // Number-like classes of the library that the module imports: "decimal.Decimal", …
  std::vector<std::string> numbers;
  std::vector<std::size_t> helpers;  // constructors of classes that tests define
  // What tests may ask the project's conftest.py files for: by name, index into callables.
  std::map<std::string, std::size_t> fixtures;

  // Index of the callable with that qualified name, or npos.
  [[nodiscard]] std::size_t find(std::string_view qualified_name) const;
  // How a test names the function or class: with the module's alias, unless it defines it.
  [[nodiscard]] std::string spelling(const Callable& callable) const;
  // The class with that name, or nothing.
  [[nodiscard]] const ClassInfo* find_class(const std::string& name) const;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
};

[[nodiscard]] Universe build_universe(const model::ModuleModel& module,
                                      const RuntimeSymbols& symbols, const std::string& alias);

// Remembers that the callable was seen to return an object of that class, so that it can make
// receivers and, unless it needs one itself, arguments.
void note_returned_class(Universe& universe, std::size_t callable, const std::string& name);

// Members that say what an object is: attributes and methods of each class of the module.
using ClassMembers = std::map<std::string, std::set<std::string>>;

// What else is known of a parameter than what its declaration says.
struct ParameterEvidence {
  std::string_view owner_class;   // of methods: what they call `other` is one of its kind
  std::string_view method;        // its name
  std::vector<std::string> uses;  // see model::Parameter::uses
  const ClassMembers* members = nullptr;
  DocumentedType documented;
};

// Initial weights of a parameter from its annotation, default, uses and name.
[[nodiscard]] ParameterInfo describe_parameter(const model::Parameter& parameter,
                                               const std::map<std::string, ClassInfo>& classes,
                                               const ParameterEvidence& evidence = {});

// True for dunder methods that a test calls through an operator or a builtin.
[[nodiscard]] bool is_operator_method(std::string_view name);

}  // namespace testgen::engine
