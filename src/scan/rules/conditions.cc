#include "scan/rules/conditions.h"

#include "base/strings.h"

namespace testgen::scan {
namespace {

using Test = Predicate::Test;

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

void add_text_test(YamlReader& at, const char* key, Test test, bool negated,
                   std::vector<Predicate>& out) {
  if (!at.has(key)) {
    (void)at.node(key);
    return;
  }
  Predicate made;
  made.test = test;
  made.negated = negated;
  made.texts = at.texts(key);
  if (test == Test::In) {
    for (std::string& text : made.texts) text = base::to_lower(text);
  }
  if (test == Test::Matches || test == Test::Named || test == Test::Begins ||
      test == Test::Mentions) {
    auto pattern = Pattern::compile(made.texts.empty() ? "" : made.texts[0]);
    if (pattern) {
      made.pattern = *std::move(pattern);
    } else {
      at.problems().add(at.node(key), pattern.error().message, pattern.error().hint);
    }
  }
  out.push_back(std::move(made));
}

void add_flag_test(YamlReader& at, const char* key, Test test, bool inverted,
                   std::vector<Predicate>& out) {
  if (!at.has(key)) {
    (void)at.node(key);
    return;
  }
  Predicate made;
  made.test = test;
  made.negated = at.flag(key, true) == inverted;
  out.push_back(std::move(made));
}

void add_number_test(YamlReader& at, const char* key, Test test, std::vector<Predicate>& out) {
  if (!at.has(key)) {
    (void)at.node(key);
    return;
  }
  Predicate made;
  made.test = test;
  made.number = at.number(key, 0);
  out.push_back(std::move(made));
}

std::vector<Predicate> read_predicates(const YAML::Node& node, YamlProblems& problems,
                                       Names& names) {
  std::vector<Predicate> out;
  if (!node.IsMap()) {
    Predicate made;
    made.test = Test::Equals;
    if (node.IsNull()) {
      made.texts = {"null"};
    } else if (node.IsScalar()) {
      made.texts = {node.Scalar()};
    } else {
      problems.add(node, "a value or a mapping of tests is expected here");
    }
    out.push_back(std::move(made));
    return out;
  }
  YamlReader at(node, problems);
  add_text_test(at, "equals", Test::Equals, false, out);
  add_text_test(at, "in", Test::In, false, out);
  add_text_test(at, "not_in", Test::In, true, out);
  add_text_test(at, "matches", Test::Matches, false, out);
  add_text_test(at, "not_matches", Test::Matches, true, out);
  add_text_test(at, "starts_with", Test::StartsWith, false, out);
  add_text_test(at, "begins", Test::Begins, false, out);
  add_flag_test(at, "missing", Test::Missing, false, out);
  add_flag_test(at, "present", Test::Missing, true, out);
  add_flag_test(at, "constant", Test::Constant, false, out);
  add_flag_test(at, "headed", Test::Headed, false, out);
  add_flag_test(at, "built", Test::Built, false, out);
  add_flag_test(at, "list", Test::Listed, false, out);
  add_number_test(at, "below", Test::Below, out);
  add_number_test(at, "above", Test::Above, out);
  add_text_test(at, "is", Test::Is, false, out);
  add_text_test(at, "is_not", Test::Is, true, out);
  add_text_test(at, "named", Test::Named, false, out);
  add_text_test(at, "not_named", Test::Named, true, out);
  add_text_test(at, "mentions", Test::Mentions, false, out);
  add_text_test(at, "not_mentions", Test::Mentions, true, out);
  add_text_test(at, "operator", Test::Operator, false, out);
  add_text_test(at, "returns", Test::Returns, false, out);
  add_text_test(at, "contains", Test::Contains, false, out);
  add_text_test(at, "lacks_item", Test::Contains, true, out);
  add_text_test(at, "not_equals", Test::Equals, true, out);
  for (const auto& [key, negated] : {std::pair{"has", false}, std::pair{"lacks", true}}) {
    for (const std::string& fact : at.texts(key)) {
      Predicate made;
      made.test = Test::Has;
      made.negated = negated;
      made.fact = names.fact(fact);
      out.push_back(std::move(made));
    }
  }
  for (const auto& [key, negated] : {std::pair{"tainted", false}, std::pair{"untainted", true}}) {
    for (const std::string& kind : at.texts(key)) {
      Predicate made;
      made.test = Test::Tainted;
      made.negated = negated;
      made.kinds = names.kind(kind);
      out.push_back(std::move(made));
    }
  }
  at.finish();
  return out;
}

}  // namespace

Selector parse_selector(const std::string& text) {
  Selector out;
  if (text == "any") {
    out.what = Selector::What::Any;
  } else if (text == "receiver") {
    out.what = Selector::What::Receiver;
  } else if (text == "body") {
    out.what = Selector::What::Body;
  } else if (text == "value") {
    out.what = Selector::What::Value;
  } else if (text.ends_with("..")) {
    out.what = Selector::What::Rest;
    out.position = std::atoi(text.c_str());
  } else {
    for (const std::string& part : base::split(text, '|')) {
      if (is_number(part)) {
        out.position = std::atoi(part.c_str());
      } else {
        out.names.push_back(part);
      }
    }
  }
  return out;
}

std::vector<Condition> read_conditions(YamlReader& at, const char* key, Names& names) {
  std::vector<Condition> out;
  const YAML::Node node = at.node(key);
  if (!node.IsDefined()) return out;
  if (!node.IsMap()) {
    at.problems().add(node, std::string("\"") + key + "\" must be a mapping of arguments to tests");
    return out;
  }
  for (const auto& pair : node) {
    out.push_back(
        {parse_selector(pair.first.Scalar()), read_predicates(pair.second, at.problems(), names)});
  }
  return out;
}

}  // namespace testgen::scan
