#include "engine/explorer/value_samples.h"

#include <map>
#include <string_view>
#include <vector>

namespace testgen::engine {
namespace {

using Sources = std::vector<const char*>;

// By the last part of the name, as isinstance() checks and annotations write it. Sources are
// literals or names that a test file imports by itself.
const std::map<std::string, Sources, std::less<>> kSamples{
    {"int", {"3", "0", "-1"}},
    {"Integral", {"3"}},
    {"Number", {"3", "1.5"}},
    {"Real", {"1.5", "2"}},
    {"Rational", {"fractions.Fraction(1, 2)", "3"}},
    {"complex", {"complex(1, 2)", "complex(0, 1)"}},
    {"Complex", {"complex(1, 2)", "1.5"}},
    {"str", {"'abc'", "''", "'1'"}},
    {"float", {"1.5", "0.0"}},
    {"bool", {"True", "False"}},
    {"bytes", {"b'abc'", "b''"}},
    {"bytearray", {"bytearray(b'abc')"}},
    {"memoryview", {"memoryview(b'abc')"}},
    {"list", {"[1, 2]", "[]", "['a', 'b']"}},
    {"List", {"[1, 2]"}},
    {"Sequence", {"[1, 2]", "(1, 2)"}},
    {"MutableSequence", {"[1, 2]"}},
    {"Iterable", {"[1, 2]", "('a', 'b')"}},
    {"Iterator", {"iter([1, 2])"}},
    {"iter", {"iter([1, 2, 3])", "iter([])", "iter(['a', 'b'])"}},
    {"Generator", {"(x for x in [1, 2])"}},
    {"Sized", {"[1, 2]"}},
    {"Container", {"[1, 2]"}},
    {"Collection", {"[1, 2]", "('a',)"}},
    {"Hashable", {"'a'", "1"}},
    {"tuple", {"(1, 2)", "()", "('a', 'b')"}},
    {"set", {"{1, 2}", "set()"}},
    {"Set", {"{1, 2}"}},
    {"frozenset", {"frozenset({1, 2})"}},
    {"dict", {"{'a': 1}", "{}", "{'a': {'b': 1}}"}},
    {"Mapping", {"{'a': 1}"}},
    {"MutableMapping", {"{'a': 1}"}},
    {"OrderedDict", {"collections.OrderedDict(a=1)"}},
    {"defaultdict", {"collections.defaultdict(list)"}},
    {"Counter", {"collections.Counter('aab')"}},
    {"deque", {"collections.deque([1, 2])"}},
    {"ItemsView", {"{'a': 1}.items()"}},
    {"KeysView", {"{'a': 1}.keys()"}},
    {"range", {"range(3)"}},
    {"slice", {"slice(1, 3)", "slice(None, 2)", "slice(None, None, 2)"}},
    {"type",
     {"int", "str", "float", "bool", "list", "fractions.Fraction", "decimal.Decimal", "object"}},
    {"Callable", {"len", "lambda x: x"}},
    {"FunctionType", {"lambda: None", "lambda x: x"}},
    {"NoneType", {"None"}},
    {"Exception", {"ValueError('a')"}},
    {"BaseException", {"ValueError('a')"}},
    {"date", {"datetime.date(2024, 5, 17)", "datetime.date(2020, 2, 29)"}},
    {"datetime",
     {"datetime.datetime(2024, 5, 17, 13, 45, 30)", "datetime.datetime(2020, 2, 29)",
      "datetime.datetime(2024, 5, 17, 13, 45, tzinfo=datetime.timezone.utc)"}},
    {"time", {"datetime.time(13, 45, 30)", "datetime.time(0, 0)"}},
    {"timedelta",
     {"datetime.timedelta(days=3, hours=4)", "datetime.timedelta(0)", "datetime.timedelta(days=-1)",
      "datetime.timedelta(seconds=90, microseconds=5)"}},
    {"tzinfo", {"datetime.timezone.utc", "datetime.timezone(datetime.timedelta(hours=2))"}},
    {"timezone", {"datetime.timezone.utc"}},
    {"Decimal",
     {"decimal.Decimal('1.5')", "decimal.Decimal('-2')", "decimal.Decimal('NaN')",
      "decimal.Decimal('Infinity')"}},
    {"Fraction", {"fractions.Fraction(1, 2)", "fractions.Fraction(-3)"}},
    {"Path", {"pathlib.Path('folder/file.txt')", "pathlib.Path('a')"}},
    {"PurePath", {"pathlib.PurePosixPath('folder/file.txt')"}},
    {"PathLike", {"pathlib.PurePosixPath('folder/file.txt')"}},
    {"UUID", {"uuid.UUID(int=5)"}},
    {"Pattern", {"re.compile('a+')", "re.compile('(a)(b)?')"}},
    {"compile", {"re.compile('a+')", "re.compile('(a)(b)?')", "re.compile('[0-9]+')"}},
    {"Match", {"re.match('(a)(b)?', 'ab')"}},
    {"match", {"re.match('(a)(b)?', 'ab')", "re.match('(?P<name>[a-z]+)', 'word')"}},
    {"StringIO", {"io.StringIO('a\\nb\\n')"}},
    {"TextIOBase", {"io.StringIO('a\\nb\\n')"}},
    {"BytesIO", {"io.BytesIO(b'a\\nb\\n')"}},
    {"SimpleNamespace", {"types.SimpleNamespace()"}},
    {"MappingProxyType", {"types.MappingProxyType({'a': 1})"}},
};

// Sources that are calls become Name values: the search replaces them whole.
Value as_value(const std::string& source) {
  if (auto value = parse_literal(source)) return *std::move(value);
  return Value::name(source);
}

constexpr const char* kArgumentNames[] = {"x", "y", "z", "u", "v"};

std::string one_result(const std::string& use, int arity, base::Random& random) {
  const auto any_argument = [&]() -> std::string {
    return arity == 0 ? "1" : kArgumentNames[random.below(static_cast<std::size_t>(arity))];
  };
  const std::size_t choice = random.below(4);
  if (use == "number" || use == "ordered" || use == "times" || use == "index") {
    static constexpr const char* kNumbers[] = {"0", "1", "-1"};
    return choice == 3 ? any_argument() : kNumbers[choice];
  }
  if (use == "str" || use.starts_with(".")) {
    return choice == 0 ? any_argument() : choice == 1 ? "\"\"" : "\"a\"";
  }
  if (use == "bytes") return choice == 0 ? any_argument() : "b\"a\"";
  if (use == "iter" || use.starts_with("[")) {
    return choice == 0 ? "[]" : choice == 1 ? any_argument() : "[" + any_argument() + "]";
  }
  if (use.starts_with("call:")) return "lambda *args: None";
  static constexpr const char* kOthers[] = {"None", "True", "False", "1", "0", "\"a\"", "[]"};
  return random.chance(0.5) ? any_argument() : kOthers[random.below(std::size(kOthers))];
}

}  // namespace

std::optional<Value> sample_object(const std::string& name, base::Random& random) {
  const auto found = kSamples.find(std::string_view(name).substr(name.rfind('.') + 1));
  if (found == kSamples.end()) return std::nullopt;
  return as_value(found->second[random.below(found->second.size())]);
}

std::vector<Value> sample_objects(const std::string& name) {
  std::vector<Value> out;
  const auto found = kSamples.find(std::string_view(name).substr(name.rfind('.') + 1));
  if (found == kSamples.end()) return out;
  for (const char* source : found->second) out.push_back(as_value(source));
  return out;
}

Value synthesised_callable(const ParameterInfo& parameter, base::Random& random) {
  const int arity = parameter.arities.empty() ? 1 : random.pick(parameter.arities);
  if (arity < 0 || arity > 5) return Value::name("lambda *args: args");
  const std::string use = parameter.result_uses.empty() ? "" : random.pick(parameter.result_uses);
  std::string out = "lambda";
  for (int i = 0; i < arity; ++i) out += std::string(i == 0 ? " " : ", ") + kArgumentNames[i];
  out += ": ";
  if (use.starts_with("unpack:")) {
    // Often a value and how far it was read: a position moves on.
    const int count = std::atoi(use.c_str() + 7);
    std::string items;
    for (int i = 0; i < count; ++i) {
      std::string item = one_result("", arity, random);
      if (i == count - 1 && arity > 0 && random.chance(0.6)) {
        item = std::string(kArgumentNames[arity - 1]) + " + 1";
      }
      items += (i == 0 ? "" : ", ") + item;
    }
    return random.chance(0.12) ? Value::name(out + "next(iter([]))")
                               : Value::name(out + "(" + items + ")");
  }
  return Value::name(out + one_result(use, arity, random));
}

}  // namespace testgen::engine
