#include "engine/explorer/parameter_usage.h"

#include <algorithm>
#include <string_view>

namespace testgen::engine {
namespace {

constexpr double kUsed = 5.0;
constexpr int kMaxHops = 3;

using Words = std::vector<std::string_view>;

const Words kTextMethods{
    "upper",      "lower",     "strip",    "lstrip",     "rstrip",       "startswith",
    "endswith",   "split",     "rsplit",   "splitlines", "partition",    "title",
    "capitalize", "isdigit",   "isalpha",  "isalnum",    "isspace",      "isupper",
    "islower",    "encode",    "format",   "replace",    "zfill",        "ljust",
    "rjust",      "center",    "casefold", "expandtabs", "rpartition",   "translate",
    "isnumeric",  "isdecimal", "swapcase", "join",       "isidentifier", "isascii"};
const Words kSearchMethods{"find", "rfind", "index", "count"};  // of text and of lists
const Words kMappingMethods{"items", "keys", "values", "get", "setdefault", "popitem"};
const Words kListMethods{"append", "extend", "insert", "sort", "reverse"};
const Words kSetMethods{"add", "discard", "union", "intersection", "difference", "issubset"};
const Words kStreamMethods{"read", "readline", "readlines", "write", "seek", "tell", "writelines"};

// Builtins and library functions that say what they take; the number is the argument's place.
struct Taker {
  std::string_view name;
  char place;
  TypeTag tag;
};
constexpr Taker kTakers[] = {{"len", '0', TypeTag::Str},
                             {"len", '0', TypeTag::List},
                             {"iter", '0', TypeTag::List},
                             {"list", '0', TypeTag::List},
                             {"tuple", '0', TypeTag::List},
                             {"set", '0', TypeTag::List},
                             {"sorted", '0', TypeTag::List},
                             {"reversed", '0', TypeTag::List},
                             {"enumerate", '0', TypeTag::List},
                             {"sum", '0', TypeTag::List},
                             {"zip", '0', TypeTag::List},
                             {"zip", '1', TypeTag::List},
                             {"map", '0', TypeTag::Callable},
                             {"map", '1', TypeTag::List},
                             {"filter", '0', TypeTag::Callable},
                             {"filter", '1', TypeTag::List},
                             {"any", '0', TypeTag::List},
                             {"all", '0', TypeTag::List},
                             {"dict", '0', TypeTag::Dict},
                             {"int", '0', TypeTag::Int},
                             {"int", '0', TypeTag::Str},
                             {"float", '0', TypeTag::Float},
                             {"abs", '0', TypeTag::Int},
                             {"round", '0', TypeTag::Float},
                             {"range", '0', TypeTag::Int},
                             {"range", '1', TypeTag::Int},
                             {"chr", '0', TypeTag::Int},
                             {"ord", '0', TypeTag::Str},
                             {"divmod", '0', TypeTag::Int},
                             {"pow", '0', TypeTag::Int},
                             {"open", '0', TypeTag::Str},
                             {"getattr", '1', TypeTag::Str},
                             {"re.match", '0', TypeTag::Str},
                             {"re.match", '1', TypeTag::Str},
                             {"re.search", '0', TypeTag::Str},
                             {"re.search", '1', TypeTag::Str},
                             {"re.compile", '0', TypeTag::Str},
                             {"re.escape", '0', TypeTag::Str},
                             {"re.sub", '2', TypeTag::Str},
                             {"re.split", '1', TypeTag::Str},
                             {"re.findall", '1', TypeTag::Str},
                             {"re.finditer", '1', TypeTag::Str},
                             {"os.path.join", '0', TypeTag::Str},
                             {"os.path.join", '1', TypeTag::Str},
                             {"os.path.exists", '0', TypeTag::Str},
                             {"os.path.isfile", '0', TypeTag::Str},
                             {"os.path.isdir", '0', TypeTag::Str},
                             {"os.path.basename", '0', TypeTag::Str},
                             {"os.path.dirname", '0', TypeTag::Str},
                             {"os.path.splitext", '0', TypeTag::Str},
                             {"os.path.normcase", '0', TypeTag::Str},
                             {"json.loads", '0', TypeTag::Str},
                             {"json.load", '0', TypeTag::Stream},
                             {"struct.unpack", '1', TypeTag::Bytes},
                             {"math.sqrt", '0', TypeTag::Float},
                             {"math.floor", '0', TypeTag::Float},
                             {"math.ceil", '0', TypeTag::Float},
                             {"math.log", '0', TypeTag::Float},
                             {"math.isnan", '0', TypeTag::Float},
                             {"unicodedata.normalize", '1', TypeTag::Str}};

// Classes of the standard library by members that only they have.
struct Known {
  std::string_view name;
  Words members;
};
const std::vector<Known> kKnown{
    {"datetime.datetime",
     {"year", "month", "hour", "minute", "second", "microsecond", "tzinfo", "strftime", "isoformat",
      "timetuple", "utcoffset", "astimezone", "toordinal", "weekday", "isocalendar", "timestamp"}},
    {"datetime.date", {"year", "month", "day", "toordinal", "weekday", "isoformat"}},
    {"datetime.timedelta", {"days", "seconds", "microseconds", "total_seconds"}},
    {"pathlib.Path",
     {"suffix", "stem", "parent", "parts", "exists", "is_file", "is_dir", "read_text", "joinpath",
      "with_suffix", "write_text", "iterdir", "glob", "relative_to", "as_posix", "resolve"}},
    {"decimal.Decimal", {"as_tuple", "quantize", "is_nan", "as_integer_ratio", "sqrt", "is_zero"}},
    {"fractions.Fraction", {"numerator", "denominator", "limit_denominator"}},
    {"re.compile", {"match", "search", "fullmatch", "sub", "finditer", "findall", "pattern"}},
    {"re.match", {"group", "groups", "start", "end", "span", "groupdict"}},
    {"uuid.UUID", {"hex", "bytes", "urn", "fields"}},
};

bool among(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

UsageIndex::UsageIndex(const model::ModuleModel& module) {
  for (const auto& function : module.functions) functions_[function.qualified_name] = &function;
  for (const auto& kind : module.classes) classes_[kind.name] = &kind;
}

std::vector<std::string> UsageIndex::expand(const model::FunctionModel& function,
                                            const model::Parameter& parameter) const {
  std::vector<std::string> out;
  std::set<std::string> seen;
  follow_all(parameter.uses, function.class_name, 0, seen, out);
  return out;
}

void UsageIndex::follow_all(const std::vector<std::string>& uses, const std::string& class_name,
                            int depth, std::set<std::string>& seen,
                            std::vector<std::string>& out) const {
  for (const std::string& use : uses) follow(use, class_name, depth, seen, out);
}

void UsageIndex::follow(const std::string& use, const std::string& class_name, int depth,
                        std::set<std::string>& seen, std::vector<std::string>& out) const {
  if (!seen.insert(class_name + " " + use).second || out.size() > 80) return;
  if (std::find(out.begin(), out.end(), use) == out.end()) out.push_back(use);
  if (depth >= kMaxHops) return;
  if (use.starts_with("store:")) {
    const auto owner = classes_.find(class_name);
    if (owner == classes_.end()) return;
    const auto attribute = owner->second->attribute_uses.find(use.substr(6));
    if (attribute == owner->second->attribute_uses.end()) return;
    follow_all(attribute->second, class_name, depth + 1, seen, out);
    return;
  }
  if (!use.starts_with("arg:")) return;
  const std::size_t colon = use.rfind(':');
  const std::string callee = use.substr(4, colon - 4);
  const std::string place = use.substr(colon + 1);
  const std::string name = callee.starts_with(".") ? class_name + callee : callee;
  auto found = functions_.find(name);
  if (found == functions_.end()) found = functions_.find(name + ".__init__");
  if (found == functions_.end()) return;
  const auto& parameters = found->second->parameters;
  const bool positional = !place.empty() && place[0] >= '0' && place[0] <= '9';
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (positional ? std::to_string(i) == place : parameters[i].name == place) {
      follow_all(parameters[i].uses, found->second->class_name, depth + 1, seen, out);
    }
  }
}

namespace {

// Collects what the uses show; each family counts once, however often it is seen.
class Reader {
 public:
  Reader(const ClassMembers& members, ParameterInfo& info) : members_(members), info_(info) {}

  bool read(const std::vector<std::string>& uses) {
    for (const std::string& use : uses) {
      if (use.starts_with("each ")) {
        note(info_.elements, use.substr(5), true);
      } else {
        note(info_.weights, use, false);
      }
    }
    name_classes();
    return shown_;
  }

 private:
  using Weights = std::array<double, kTypeTags>;

  void raise(Weights& weights, TypeTag tag, double amount = kUsed) {
    double& weight = weights[static_cast<std::size_t>(tag)];
    weight = std::max(weight, amount);
    shown_ = true;
  }

  void note(Weights& weights, const std::string& use, bool element) {
    if (use.starts_with(".")) {
      note_member(weights, use, element);
    } else if (use.starts_with("call:")) {
      raise(weights, TypeTag::Callable);
      if (!element) note_call(use);
    } else if (use.starts_with("arg:")) {
      const std::size_t colon = use.rfind(':');
      const std::string_view callee = std::string_view(use).substr(4, colon - 4);
      for (const Taker& taker : kTakers) {
        if (taker.name == callee && use.substr(colon + 1) == std::string(1, taker.place)) {
          raise(weights, taker.tag);
        }
      }
      if (callee == "next") info_.class_names.emplace_back("iter");
      if (callee == "next") raise(weights, TypeTag::Instance);
      if (callee == "issubclass") info_.class_names.emplace_back("type");
      if (callee == "issubclass") raise(weights, TypeTag::Instance);
    } else if (use.starts_with("unpack:")) {
      const int count = std::atoi(use.c_str() + 7);
      if (count >= 2 && count <= 6 && !element) info_.unpacked_into = count;
      raise(weights, TypeTag::Tuple);
    } else {
      note_word(weights, use);
    }
  }

  void note_word(Weights& weights, const std::string& use) {
    static const std::map<std::string, std::vector<TypeTag>> kWords{
        {"[int]", {TypeTag::List, TypeTag::Str, TypeTag::Tuple}},
        {"[str]", {TypeTag::Dict}},
        {"[slice]", {TypeTag::Str, TypeTag::List}},
        {"[]", {TypeTag::List, TypeTag::Str, TypeTag::Dict}},
        {"index", {TypeTag::Int, TypeTag::Str}},
        {"iter", {TypeTag::List}},
        {"contains", {TypeTag::List, TypeTag::Str}},
        {"mapping", {TypeTag::Dict}},
        {"number", {TypeTag::Int, TypeTag::Float}},
        {"ordered", {TypeTag::Int, TypeTag::Float}},
        {"times", {TypeTag::Int}},
        {"str", {TypeTag::Str}},
        {"bytes", {TypeTag::Bytes}},
        {"list", {TypeTag::List}}};
    const auto found = kWords.find(use);
    if (found == kWords.end()) return;
    for (const TypeTag tag : found->second) {
      raise(weights, tag, found->second.size() > 1 ? kUsed * 0.7 : kUsed);
    }
  }

  void note_member(Weights& weights, const std::string& use, bool element) {
    std::string name = use.substr(1);
    const bool called = name.ends_with("()");
    if (called) name.resize(name.size() - 2);
    if (name.starts_with("__")) return;
    if (called && among(kTextMethods, name)) return raise(weights, TypeTag::Str);
    if (called && name == "decode") return raise(weights, TypeTag::Bytes);
    if (called && among(kSearchMethods, name)) return raise(weights, TypeTag::Str, kUsed * 0.7);
    if (called && among(kMappingMethods, name)) return raise(weights, TypeTag::Dict);
    if (called && among(kListMethods, name)) return raise(weights, TypeTag::List);
    if (called && among(kSetMethods, name)) raise(weights, TypeTag::Set);
    if (called && among(kStreamMethods, name)) return raise(weights, TypeTag::Stream);
    if (called && (name == "copy" || name == "update" || name == "pop" || name == "clear")) {
      return raise(weights, TypeTag::Dict, kUsed * 0.5);
    }
    if (!element) asked_.insert(called ? name + "()" : name);
  }

  void note_call(const std::string& use) {
    const std::size_t space = use.find(' ');
    if (use[5] != '*') {
      const int arity = std::atoi(use.c_str() + 5);
      if (std::find(info_.arities.begin(), info_.arities.end(), arity) == info_.arities.end()) {
        info_.arities.push_back(arity);
      }
    }
    if (space != std::string::npos) info_.result_uses.push_back(use.substr(space + 1));
  }

  // Objects that have the members asked for: classes of the module, of the library, or an
  // object made for the purpose.
  void name_classes() {
    if (asked_.empty()) return;
    std::size_t best = 0;
    std::vector<std::string> names;
    const auto offer = [&](const std::string& name, std::size_t matching) {
      if (matching == 0 || matching < best) return;
      if (matching > best) names.clear();
      best = matching;
      names.push_back(name);
    };
    const auto plain = [](std::string name) {
      return name.ends_with("()") ? name.substr(0, name.size() - 2) : name;
    };
    for (const auto& [name, members] : members_) {
      std::size_t matching = 0;
      for (const std::string& asked : asked_) matching += members.contains(plain(asked)) ? 1 : 0;
      offer(name, matching);
    }
    for (const Known& known : kKnown) {
      std::size_t matching = 0;
      for (const std::string& asked : asked_)
        matching += among(known.members, plain(asked)) ? 1 : 0;
      offer(std::string(known.name), matching);
    }
    const bool complete = best == asked_.size();
    for (std::string& name : names) info_.class_names.push_back(std::move(name));
    if (!complete && asked_.size() <= 8) {
      info_.class_names.emplace_back("types.SimpleNamespace");
      info_.fields.assign(asked_.begin(), asked_.end());
    }
    raise(info_.weights, TypeTag::Instance, kUsed * 1.4);
  }

  const ClassMembers& members_;
  ParameterInfo& info_;
  std::set<std::string> asked_;
  bool shown_ = false;
};

}  // namespace

bool read_uses(const std::vector<std::string>& uses, const ClassMembers& members,
               ParameterInfo& info) {
  return Reader(members, info).read(uses);
}

}  // namespace testgen::engine
