// Test tool: shows what analysis makes of files, as JSON. Not shipped.
//   analysis_probe model FILE       the whole model
//   analysis_probe tree FILE        the syntax tree, one node a line
//   analysis_probe roundtrip        file names on standard input; one JSON object a line with
//                                   the instrumented text and whether removal is byte-identical
//   analysis_probe mutants          file names on standard input; one JSON object a line with
//                                   the units and every mutant of both groups
#include <iostream>
#include <nlohmann/json.hpp>

#include "analysis/analysis.h"
#include "analysis/instrument.h"
#include "analysis/mutants.h"
#include "analysis/mutation_operators.h"
#include "analysis/syntax_tree.h"
#include "base/clock.h"
#include "source/loader.h"

namespace {

using nlohmann::json;
using namespace testgen;

json to_json(const model::FunctionModel& function) {
  json parameters = json::array();
  for (const auto& p : function.parameters) {
    parameters.push_back({{"name", p.name},
                          {"kind", static_cast<int>(p.kind)},
                          {"annotation", p.annotation ? json(*p.annotation) : json()},
                          {"default", p.default_source ? json(*p.default_source) : json()}});
  }
  json literals = json::array();
  for (const auto& literal : function.literals) literals.push_back(literal.source);
  return {{"name", function.qualified_name},
          {"kind", static_cast<int>(function.kind)},
          {"async", function.is_async},
          {"generator", function.is_generator},
          {"parameters", parameters},
          {"returns", function.return_annotation ? json(*function.return_annotation) : json()},
          {"docstring", function.docstring},
          {"decorators", function.decorators},
          {"raised", function.raised},
          {"documented_raises", function.documented_raises},
          {"literals", literals},
          {"called", function.called_names},
          {"lines", {function.first_line, function.last_line}},
          {"branches", function.branch_count}};
}

json to_json(const model::ModuleModel& m) {
  json out;
  out["lines"] = m.line_count;
  out["functions"] = json::array();
  for (const auto& function : m.functions) out["functions"].push_back(to_json(function));
  out["classes"] = json::array();
  for (const auto& c : m.classes) {
    out["classes"].push_back({{"name", c.name},
                              {"bases", c.bases},
                              {"decorators", c.decorators},
                              {"methods", c.methods},
                              {"attributes", c.attributes},
                              {"dataclass", c.is_dataclass},
                              {"enum", c.is_enum},
                              {"exception", c.is_exception},
                              {"abstract", c.is_abstract},
                              {"lines", {c.first_line, c.last_line}}});
  }
  out["literals"] = json::array();
  for (const auto& literal : m.literals) out["literals"].push_back(literal.source);
  out["examples"] = json::array();
  for (const auto& e : m.examples) {
    out["examples"].push_back({{"callee", e.callee},
                               {"receiver", e.receiver},
                               {"arguments", e.arguments},
                               {"keywords", e.keywords}});
  }
  out["imports"] = m.imported_modules;
  out["optional_imports"] = m.optional_imports;
  out["exports"] = m.exported_names ? json(*m.exported_names) : json();
  out["goals"] = json::array();
  for (const auto& g : m.goals) {
    out["goals"].push_back({{"kind", static_cast<int>(g.kind)},
                            {"line", g.line},
                            {"function", g.function},
                            {"condition", g.condition},
                            {"is_branch", g.is_branch}});
  }
  out["sites"] = json::array();
  for (const auto& s : m.compare_sites) {
    out["sites"].push_back({{"operation", s.operation},
                            {"line", s.line},
                            {"function", s.function},
                            {"detail", s.detail}});
  }
  out["instrumented"] = m.instrumented;
  return out;
}

json error_json(const base::Error& error) {
  return {{"error", error.message}, {"code", base::to_string(error.code)}};
}

json mutants(const std::string& path, const base::Clock& clock) {
  const auto loaded = source::load(path);
  if (!loaded) return {{"path", path}, {"error", loaded.error().message}};
  const auto started = clock.steady_now();
  const auto found = analysis::find_scoring_mutants(*loaded, clock);
  const std::chrono::duration<double> elapsed = clock.steady_now() - started;
  if (!found) return {{"path", path}, {"error", found.error().message}};
  json units = json::array();
  for (const model::MutationUnit& unit : found->units) {
    units.push_back({{"text", unit.text},
                     {"scope", unit.scope},
                     {"first_line", unit.first_line},
                     {"decorated_line", unit.decorated_line},
                     {"def_line", unit.def_line}});
  }
  json list = json::array();
  for (const model::Mutant& mutant : found->mutants) {
    list.push_back({{"operation", mutant.operation},
                    {"scoring", analysis::is_scoring_operation(mutant.operation)},
                    {"function", mutant.function},
                    {"line", mutant.line},
                    {"unit", mutant.unit},
                    {"begin", mutant.begin},
                    {"end", mutant.end},
                    {"original", mutant.original},
                    {"replacement", mutant.replacement},
                    {"goal", mutant.goal ? json(*mutant.goal) : json()}});
  }
  return {{"path", path},
          {"bytes", loaded->text.size()},
          {"seconds", elapsed.count()},
          {"units", units},
          {"mutants", list}};
}

json roundtrip(const std::string& path, const base::Clock& clock) {
  const auto loaded = source::load(path);
  if (!loaded) {
    json refused = error_json(loaded.error());
    refused["path"] = path;
    return refused;
  }
  const model::SourceFile& source = *loaded;
  const auto started = clock.steady_now();
  const auto analyzed = analysis::analyze(source, clock);
  const std::chrono::duration<double> elapsed = clock.steady_now() - started;
  json out = analyzed ? json{{"instrumented", analyzed->instrumented},
                             {"goals", analyzed->goals.size()},
                             {"sites", analyzed->compare_sites.size()}}
                      : error_json(analyzed.error());
  out["path"] = path;
  out["bytes"] = source.text.size();
  out["seconds"] = elapsed.count();
  if (analyzed) {
    const auto restored = analysis::uninstrument(analyzed->instrumented, clock);
    out["identical"] = restored.has_value() && *restored == source.text;
    if (restored && *restored != source.text) out["restored"] = *restored;
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  const base::SystemClock clock;
  const std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "roundtrip") {
    for (std::string path; std::getline(std::cin, path);) {
      std::cout << roundtrip(path, clock).dump() << '\n';
    }
    return 0;
  }
  if (mode == "mutants") {
    for (std::string path; std::getline(std::cin, path);) {
      std::cout << mutants(path, clock).dump() << '\n';
    }
    return 0;
  }
  if (argc != 3) return 2;
  auto loaded = source::load(argv[2]);
  if (!loaded) {
    std::cout << error_json(loaded.error()).dump(1) << '\n';
    return 1;
  }
  model::SourceFile& source = *loaded;
  source.module_name = source.path.stem();
  if (mode == "tree") {
    const auto tree = analysis::parse_python(source.text, clock);
    if (!tree) return 1;
    for (analysis::Index i = 0; i < tree->size(); ++i) {
      int depth = 0;
      for (auto p = (*tree)[i].parent; p != analysis::kNoNode; p = (*tree)[p].parent) ++depth;
      std::cout << std::string(static_cast<std::size_t>(depth) * 2, ' ')
                << static_cast<int>((*tree)[i].kind) << '/' << static_cast<int>((*tree)[i].field)
                << ' ' << json(tree->text(i).substr(0, 40)).dump() << '\n';
    }
    return 0;
  }
  const auto analyzed = analysis::analyze(source, clock);
  std::cout << (analyzed ? to_json(*analyzed) : error_json(analyzed.error())).dump(1) << '\n';
  return analyzed ? 0 : 1;
}
