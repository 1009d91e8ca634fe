#include "scan/rules/loader.h"

#include <algorithm>
#include <charconv>

#include "base/file_system.h"
#include "base/hash.h"
#include "base/strings.h"
#include "scan/names/name_index.h"
#include "scan/query/query.h"
#include "scan/rules/built_in.h"
#include "scan/rules/conditions.h"
#include "scan/rules/rewrites.h"
#include "scan/rules/yaml_reader.h"

namespace testgen::scan {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::uint64_t kMaxRuleBytes = 256U << 10U;
constexpr std::size_t kMaxKinds = 60;
constexpr double kMaxPosition = 100;
constexpr double kMaxCwe = 100'000;

std::vector<Language> read_languages(YamlReader& at, const char* key) {
  std::vector<Language> out;
  for (const std::string& name : at.texts(key)) {
    bool known = name == "any";
    for (std::size_t i = 0; i < kLanguages; ++i) {
      const auto language = static_cast<Language>(i);
      if (to_string(language) != name) continue;
      out.push_back(language);
      known = true;
    }
    if (!known) {
      at.problems().add(at.node(key), "\"" + name + "\" is not a language that is scanned",
                        "python, javascript, typescript, java, go, csharp, rust, c, cpp or any");
    }
  }
  return out;
}

Severity read_severity(YamlReader& at, const char* key) {
  const std::string text = at.text(key);
  const auto known = severity_from(text);
  if (!known && !text.empty()) {
    at.problems().add(at.node(key), "\"" + text + "\" is not a severity",
                      "critical, high, medium, low or info");
  }
  return known.value_or(Severity::Medium);
}

std::optional<Confidence> read_confidence(YamlReader& at, const char* key) {
  if (!at.has(key)) return std::nullopt;
  const std::string text = at.text(key);
  const auto known = confidence_from(text);
  if (!known) {
    at.problems().add(at.node(key), "\"" + text + "\" is not a confidence", "high, medium or low");
  }
  return known;
}

std::uint32_t read_cwe(YamlReader& at, const char* key) {
  const double number = at.number(key, 0);
  if (number >= 0 && number < kMaxCwe) return static_cast<std::uint32_t>(number);
  at.problems().add(at.node(key), std::string("\"") + key + "\" must be the number of a weakness");
  return 0;
}

std::vector<Selector> read_selectors(YamlReader& at, const char* key) {
  std::vector<Selector> out;
  for (const std::string& text : at.texts(key)) out.push_back(parse_selector(text));
  return out;
}

std::optional<Pattern> read_pattern(YamlReader& at, const char* key, const std::string& text) {
  auto pattern = Pattern::compile(text);
  if (pattern) return *std::move(pattern);
  at.problems().add(at.has(key) ? at.node(key) : at.raw(), pattern.error().message,
                    pattern.error().hint);
  return std::nullopt;
}

// What has no arguments has no conditions on them.
void refuse_conditions(YamlReader& at, const std::string& what) {
  for (const char* const key : {"args", "when", "unless"}) {
    if (!at.has(key)) continue;
    at.problems().add(at.node(key), std::string("\"") + key + "\" says nothing of " + what);
  }
}

Finder read_finder(const YAML::Node& node, YamlProblems& problems, Names& names) {
  YamlReader at(node, problems);
  Finder out;
  struct Row {
    const char* key;
    Finder::What what;
  };
  constexpr Row kRows[] = {
      {"call", Finder::What::Call},     {"name", Finder::What::Name},
      {"assign", Finder::What::Assign}, {"return", Finder::What::Return},
      {"import", Finder::What::Import}, {"decorator", Finder::What::Decorator},
      {"key", Finder::What::Key},       {"compare", Finder::What::Compare},
      {"text", Finder::What::Text},     {"query", Finder::What::Query},
  };
  int given = 0;
  const char* key = "";
  for (const Row& row : kRows) {
    std::vector<std::string> found = at.texts(row.key);
    if (found.empty()) continue;
    ++given;
    key = row.key;
    out.what = row.what;
    out.names = std::move(found);
  }
  if (given != 1) {
    problems.add(node,
                 "one of call, name, assign, return, import, decorator, key, compare, text, "
                 "query must say what is looked for");
  }
  if ((out.what == Finder::What::Text || out.what == Finder::What::Query) && !out.names.empty()) {
    const bool query = out.what == Finder::What::Query;
    if (!query) out.pattern = read_pattern(at, "text", out.names[0]);
    if (out.names.size() > 1) {
      problems.add(at.node(key), query ? "\"query\" is one text" : "\"text\" is one expression");
    }
    refuse_conditions(at, query ? "a query" : "text");
    if (at.has("imports") && !query) {
      problems.add(at.node("imports"), "\"imports\" says nothing of text");
    }
  } else {
    for (const std::string& name : out.names) {
      if (is_expression(name)) {
        (void)read_pattern(at, key, name.substr(1, name.size() - 2));
      }
    }
    if (out.what == Finder::What::Name) refuse_conditions(at, "the use of a name");
    if (out.what == Finder::What::Import) refuse_conditions(at, "an import");
    if (out.what == Finder::What::Decorator) refuse_conditions(at, "a decorator");
  }
  out.tainted = read_selectors(at, "args");
  out.when = read_conditions(at, "when", names);
  out.unless = read_conditions(at, "unless", names);
  out.imports = at.texts("imports");
  if (at.has("severity")) out.severity = read_severity(at, "severity");
  out.confidence = read_confidence(at, "confidence");
  out.edit = read_rewrites(at, out.what);
  at.finish();
  return out;
}

std::vector<Example> read_examples(YamlReader& at, const char* key, YamlProblems& problems) {
  std::vector<Example> out;
  const YAML::Node list = at.node(key);
  if (!list.IsDefined()) return out;
  for (const YAML::Node& item : list) {
    if (!item.IsScalar()) {
      problems.add(item, "an example is a text");
      continue;
    }
    out.push_back(
        {item.Scalar(), static_cast<std::uint32_t>(item.Mark().line + 1 + problems.first_line)});
  }
  return out;
}

SecretSpec read_secret(const YAML::Node& node, YamlProblems& problems) {
  YamlReader at(node, problems);
  SecretSpec out;
  out.prefixes = at.texts("prefix");
  at.require("prefix");
  for (const std::string& prefix : out.prefixes) {
    if (prefix.size() < 2) problems.add(at.node("prefix"), "a prefix has two bytes or more");
  }
  out.token = read_pattern(at, "token", at.text("token"));
  out.entropy = at.number("entropy", 0);
  out.checksum = at.text("checksum", "");
  if (!out.checksum.empty() && out.checksum != "github") {
    problems.add(at.node("checksum"), "\"" + out.checksum + "\" is not a checksum", "github");
  }
  at.finish();
  return out;
}

// Where the query is wrong, by the file's own lines: a block begins behind the line of its mark.
void check_query(const YAML::Node& node, const std::vector<Language>& languages,
                 YamlProblems& problems) {
  if (!node.IsDefined() || !node.IsScalar()) return;
  const std::string& text = node.Scalar();
  if (languages.empty()) problems.add(node, "\"query\" needs a language");
  for (const Language language : languages) {
    QueryFault fault;
    if (Query::compile(language, text, fault)) continue;
    const std::size_t offset = std::min(fault.offset, text.size());
    const auto lines =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
    const bool block = text.find('\n') != std::string::npos;
    problems.add_at(node.Mark().line + static_cast<int>(lines) + (block ? 1 : 0), fault.message,
                    fault.hint);
    return;
  }
}

Rule read_rule(YamlReader& at, Examples examples, RuleFiles& into) {
  YamlProblems& problems = at.problems();
  Rule out;
  out.id = at.text("id");
  out.file = problems.file;
  out.line = static_cast<std::uint32_t>(problems.first_line + 1);
  if (at.number("schema", kRuleSchema) != kRuleSchema) {
    problems.add(at.node("schema"), "this schema is not known here",
                 "this program reads schema " + std::to_string(kRuleSchema));
  }
  at.require("languages");
  out.languages = read_languages(at, "languages");
  out.title = at.text("title");
  out.message = at.text("message");
  out.fix = at.text("fix", "");
  out.severity = read_severity(at, "severity");
  out.confidence = read_confidence(at, "confidence").value_or(Confidence::Medium);
  at.require("cwe");
  out.cwe = read_cwe(at, "cwe");
  for (const std::string& text : at.texts("related")) {
    std::uint32_t cwe = 0;
    std::from_chars(text.data(), text.data() + text.size(), cwe);
    out.related.push_back(cwe);
  }
  out.owasp = at.text("owasp", "");
  out.audit = at.flag("audit", false);
  if (at.has("taint")) {
    out.tainted = true;
    out.kinds = into.names.kind(at.text("taint"));
  }
  for (const YAML::Node& node : at.nodes("find")) {
    out.find.push_back(read_finder(node, problems, into.names));
    if (out.find.back().what != Finder::What::Query) continue;
    if (out.tainted) problems.add(node, "a rule with \"taint\" finds calls, and no query");
    check_query(node["query"], out.languages, problems);
  }
  if (at.has("secret")) out.secret = read_secret(at.node("secret"), problems);
  if (out.find.empty() && !out.secret) {
    problems.add(at.raw(), "\"find\" or \"secret\" must say what is looked for");
  }
  if (examples == Examples::Read) {
    const YAML::Node list = at.node("examples");
    if (list.IsDefined()) {
      YamlReader inside(list, problems);
      out.bad = read_examples(inside, "bad", problems);
      out.ok = read_examples(inside, "ok", problems);
      out.fixed = read_fixed_examples(inside);
      inside.finish();
    }
    const bool edits = std::any_of(out.find.begin(), out.find.end(),
                                   [](const Finder& finder) { return !finder.edit.empty(); });
    if (edits && out.fixed.empty()) {
      problems.add(at.raw(), "the rule has an \"edit\" that no example shows",
                   "give `fixed` under `examples`, each with `before` and `after`");
    }
  } else {
    (void)at.node("examples");
  }
  at.finish();
  return out;
}

// Keys of a box: positions.
std::vector<int> read_positions(YamlReader& at, const char* key) {
  std::vector<int> out;
  for (const std::string& text : at.texts(key)) out.push_back(std::atoi(text.c_str()));
  return out;
}

Kinds read_kinds(YamlReader& at, Names& names) {
  if (!at.has("kinds")) return kAllKinds;
  Kinds kinds = 0;
  for (const std::string& name : at.texts("kinds")) kinds |= names.kind(name);
  return kinds;
}

Model read_model(YamlReader& at, RuleFiles& into) {
  YamlProblems& problems = at.problems();
  Names& names = into.names;
  Model out;
  out.languages = read_languages(at, "model");
  out.clean = at.texts("clean");
  out.pass = at.texts("pass");
  out.same = at.texts("same");
  out.exits = at.texts("exits");
  for (const YAML::Node& node : at.nodes("sources")) {
    YamlReader row(node, problems);
    Model::Source source;
    source.what = row.text("what");
    source.local = row.flag("local", false);
    source.carrier = row.flag("carrier", false);
    source.kinds = read_kinds(row, names);
    for (std::string& name : row.texts("names")) {
      source.name = std::move(name);
      out.sources.push_back(source);
    }
    row.finish();
  }
  for (const YAML::Node& node : at.nodes("sanitizers")) {
    YamlReader row(node, problems);
    out.sanitizers.push_back(
        {row.texts("names"), read_kinds(row, names), read_conditions(row, "when", names)});
    row.finish();
  }
  for (const YAML::Node& node : at.nodes("entries")) {
    YamlReader row(node, problems);
    out.entries.push_back({row.texts("names"), row.texts("parameters")});
    row.finish();
  }
  for (const YAML::Node& node : at.nodes("parameters")) {
    YamlReader row(node, problems);
    out.parameters.push_back({row.texts("names"), row.flag("tainted", true)});
    row.finish();
  }
  for (const YAML::Node& node : at.nodes("boxes")) {
    YamlReader row(node, problems);
    Model::Box box;
    box.types = row.texts("types");
    box.put = row.texts("put");
    box.put_keys = read_positions(row, "put_keys");
    const double put_value = row.number("put_value", 1);
    if (put_value < 0 || put_value > kMaxPosition) {
      problems.add(row.node("put_value"), "\"put_value\" must be a position");
    } else {
      box.put_value = static_cast<int>(put_value);
    }
    box.get = row.texts("get");
    box.get_keys = read_positions(row, "get_keys");
    out.boxes.push_back(std::move(box));
    row.finish();
  }
  for (const YAML::Node& node : at.nodes("facts")) {
    YamlReader row(node, problems);
    Model::Fact fact;
    fact.fact = names.fact(row.text("fact"));
    fact.names = row.texts("names");
    fact.when = read_conditions(row, "when", names);
    fact.on_result = row.flag("on_result", false);
    if (row.has("argument")) fact.argument = parse_selector(row.text("argument"));
    out.facts.push_back(std::move(fact));
    row.finish();
  }
  for (const YAML::Node& node : at.nodes("fills")) {
    YamlReader row(node, problems);
    Model::Fill fill;
    fill.names = row.texts("names");
    fill.into = parse_selector(row.text("into"));
    if (row.has("from")) {
      fill.from = parse_selector(row.text("from"));
    } else {
      fill.source.what = row.text("what");
      fill.source.local = row.flag("local", false);
    }
    out.fills.push_back(std::move(fill));
    row.finish();
  }
  for (const YAML::Node& node : at.nodes("guards")) {
    YamlReader row(node, problems);
    Model::Guard guard;
    guard.names = row.texts("names");
    guard.subject = parse_selector(row.text("subject", "receiver"));
    guard.holds = row.flag("holds", true);
    guard.kinds = read_kinds(row, names);
    guard.when = read_conditions(row, "when", names);
    out.guards.push_back(std::move(guard));
    row.finish();
  }
  for (const YAML::Node& node : at.nodes("types")) {
    YamlReader row(node, problems);
    out.types.push_back({row.texts("names"), row.text("is")});
    row.finish();
  }
  at.finish();
  return out;
}

base::Status add_document(YamlProblems& problems, const std::string& text, Examples examples,
                          RuleFiles& into) {
  try {
    YamlReader at(YAML::Load(text), problems);
    if (at.has("model")) {
      into.models.push_back(read_model(at, into));
    } else {
      into.rules.push_back(read_rule(at, examples, into));
    }
  } catch (const YAML::Exception& wrong) {
    const int line = wrong.mark.line >= 0 ? wrong.mark.line + 1 + problems.first_line : 1;
    return Error{ErrorCode::InvalidInput,
                 problems.file + ":" + std::to_string(line) + ": " + wrong.msg,
                 "the file must be YAML"};
  }
  if (problems.first) return *problems.first;
  if (into.names.kinds().size() > kMaxKinds) {
    return Error{ErrorCode::TooLarge, problems.file + ": there are more than 60 taint kinds", ""};
  }
  return {};
}

}  // namespace

Kinds Names::kind(const std::string& name) {
  if (name == "all") return kAllKinds;
  auto found = std::find(kinds_.begin(), kinds_.end(), name);
  if (found == kinds_.end()) {
    kinds_.push_back(name);
    found = kinds_.end() - 1;
  }
  const auto bit = static_cast<std::size_t>(found - kinds_.begin());
  return bit < 64 ? Kinds{1} << bit : 0;
}

std::uint32_t Names::fact(const std::string& name) {
  auto found = std::find(facts_.begin(), facts_.end(), name);
  if (found == facts_.end()) {
    facts_.push_back(name);
    found = facts_.end() - 1;
  }
  return static_cast<std::uint32_t>(found - facts_.begin());
}

base::Status load_rule_file(const std::string& file, std::string_view text, Examples examples,
                            RuleFiles& into) {
  if (text.size() > kMaxRuleBytes) {
    return Error{ErrorCode::TooLarge, file + " is larger than 256 KiB", "a rule is a small file"};
  }
  YamlProblems problems{file, 0, std::nullopt};
  // They come last, and reading them costs more than all the rest.
  const std::size_t cut =
      examples == Examples::Skip ? text.find("\nexamples:") : std::string_view::npos;
  return add_document(problems, std::string(text.substr(0, cut)), examples, into);
}

base::Status load_rule_folder(const std::filesystem::path& folder, Examples examples,
                              RuleFiles& into) {
  namespace fs = std::filesystem;
  std::error_code failure;
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator it(folder, failure), end; !failure && it != end;
       it.increment(failure)) {
    const std::string ending = it->path().extension().string();
    if (ending == ".yaml" || ending == ".yml") files.push_back(it->path());
  }
  if (failure) return base::system_error("cannot read " + folder.string(), failure.value());
  if (files.empty()) {
    return Error{ErrorCode::NotFound, folder.string() + " holds no rules",
                 "rules are files with the ending .yaml"};
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    TG_ASSIGN(const std::string text, base::read_file(file, kMaxRuleBytes));
    TG_TRY(load_rule_file(file.string(), text, examples, into));
    into.digest = base::sha256_hex(into.digest + text);
  }
  return {};
}

base::Status read_built_in(RuleFiles& into) {
  constexpr std::string_view kMark = "#FILE ";
  std::string_view rest = kBuiltInText;
  while (rest.starts_with(kMark)) {
    const std::size_t line_end = rest.find('\n');
    const std::string file(rest.substr(kMark.size(), line_end - kMark.size()));
    rest.remove_prefix(line_end + 1);
    std::size_t next = rest.starts_with(kMark) ? 0 : rest.find("\n#FILE ");
    next = next == std::string_view::npos ? rest.size() : next + 1;
    TG_TRY(load_rule_file(file, rest.substr(0, next), Examples::Read, into));
    rest.remove_prefix(next);
  }
  return {};
}

}  // namespace testgen::scan
