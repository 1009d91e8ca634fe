#include "scan/rules/rewrites.h"

#include <optional>
#include <string>

#include "scan/rules/conditions.h"

namespace testgen::scan {
namespace {

bool may_be_changed(Finder::What what) {
  return what == Finder::What::Call || what == Finder::What::Assign || what == Finder::What::Key ||
         what == Finder::What::Name;
}

// Which part: nothing when only one argument can be meant and it is not.
void read_at(YamlReader& at, Finder::What what, Rewrite& out) {
  const std::string text = at.text("at", "");
  const bool call = what == Finder::What::Call;
  if (text.empty()) {
    if (call && out.what != Rewrite::What::Add) {
      at.problems().add(at.raw(), "\"at\" must say what is changed",
                        "callee, or an argument such as 0 or verify");
    }
    return;
  }
  if (!call) {
    at.problems().add(at.node("at"), "\"at\" says which part of a call is changed",
                      "of what else is found, the value is");
    return;
  }
  if (text == "callee") {
    out.at = Rewrite::At::Callee;
  } else {
    out.at = Rewrite::At::Argument;
    out.argument = parse_selector(text);
  }
  const bool one_place =
      out.at == Rewrite::At::Callee || out.argument.what == Selector::What::Argument;
  if (!one_place) at.problems().add(at.node("at"), "\"at\" names one argument, or callee");
  if (out.what == Rewrite::What::Add &&
      (out.at == Rewrite::At::Callee || out.argument.position < 0)) {
    at.problems().add(at.node("at"), "\"at\" of \"add\" is how many arguments there must be");
  }
}

Rewrite read_rewrite(const YAML::Node& node, Finder::What what, YamlProblems& problems) {
  YamlReader at(node, problems);
  Rewrite out;
  const bool write = at.has("write");
  const bool rename = at.has("rename");
  const bool add = at.has("add");
  if (write + rename + add != 1) {
    problems.add(node, "one of write, rename, add must say what is changed");
  }
  if (add && what != Finder::What::Call) {
    problems.add(at.node("add"), "\"add\" gives an argument to a call");
  }
  if (rename) out.what = Rewrite::What::Rename;
  if (add) out.what = Rewrite::What::Add;
  out.text = at.text("write", "") + at.text("add", "");
  if ((write || add) && out.text.empty()) problems.add(node, "there is nothing to write");
  const YAML::Node names = at.node("rename");
  if (names.IsDefined() && !names.IsMap()) {
    problems.add(names, "\"rename\" must be a mapping of old names to new ones");
  } else if (names.IsDefined()) {
    for (const auto& pair : names) {
      if (pair.first.IsScalar() && pair.second.IsScalar()) {
        out.names.emplace_back(pair.first.Scalar(), pair.second.Scalar());
      } else {
        problems.add(names, "\"rename\" must be a mapping of old names to new ones");
      }
    }
  }
  read_at(at, what, out);
  at.finish();
  return out;
}

}  // namespace

std::vector<Rewrite> read_rewrites(YamlReader& at, Finder::What what) {
  std::vector<Rewrite> out;
  if (at.has("edit") && !may_be_changed(what)) {
    at.problems().add(at.node("edit"),
                      "\"edit\" changes what call, assign, key and name find, and nothing else");
  }
  for (const YAML::Node& node : at.nodes("edit")) {
    out.push_back(read_rewrite(node, what, at.problems()));
  }
  return out;
}

std::vector<FixedExample> read_fixed_examples(YamlReader& examples) {
  std::vector<FixedExample> out;
  YamlProblems& problems = examples.problems();
  for (const YAML::Node& node : examples.nodes("fixed")) {
    YamlReader at(node, problems);
    const YAML::Node before = at.node("before");
    const YAML::Node after = at.node("after");
    if (before.IsDefined() && before.IsScalar() && after.IsDefined() && after.IsScalar()) {
      const int line = before.Mark().line + 1 + problems.first_line;
      out.push_back({{before.Scalar(), static_cast<std::uint32_t>(line)}, after.Scalar()});
    } else {
      problems.add(node, "an example of \"fixed\" has the texts \"before\" and \"after\"");
    }
    at.finish();
  }
  return out;
}

}  // namespace testgen::scan
