// What the build packs is what the YAML says, and what is taken out again is what was packed.
#include "scan/rules/pack.h"

#include <gtest/gtest.h>

#include "scan/rules/built_in.h"

namespace testgen::scan {
namespace {

constexpr std::string_view kRule = R"RULE(id: python/x
languages: [python, java]
title: T
message: M
severity: high
confidence: low
cwe: 89
related: [564]
owasp: A03:2021
fix: F
audit: true
taint: sql
find:
  - call: ["*.raw"]
    args: [0, "1.."]
    when: {"0|name": {in: [X], matches: "^a+$", below: 2.5, lacks: quoted}}
    unless: {any: {tainted: html}}
    imports: [m]
    severity: low
    confidence: medium
    edit: [{at: callee, rename: {raw: safe}}, {add: "y=1"}]
examples:
  bad: ["a.raw()"]
  fixed: [{before: b, after: c}]
)RULE";

constexpr std::string_view kToken = R"RULE(id: generic/x
languages: [any]
title: T
message: M
severity: high
cwe: 798
secret: {prefix: xy_, token: "xy_[a-z]{4}", entropy: 2.5, checksum: github}
)RULE";

constexpr std::string_view kModel = R"RULE(model: [go]
sources:
  - {names: [a], what: W, local: true, carrier: true, kinds: [sql]}
sanitizers: [{names: [b], kinds: [html], when: {0: true}}]
entries: [{names: [c], parameters: [$q]}]
parameters: [{names: [d], tainted: false}]
boxes: [{types: [T], put: [put], put_keys: [0], put_value: 3, get: [get], get_keys: [1]}]
facts: [{fact: quoted, names: [e], on_result: true, argument: "1"}]
fills: [{names: [f], into: "0", from: receiver}, {names: [g], into: "1", what: W, local: true}]
guards: [{names: [h], subject: "0", holds: false, kinds: [path]}]
types: [{names: [i], is: I}]
clean: [j]
pass: [k]
same: [l]
exits: [m]
)RULE";

RuleFiles all_there_is() {
  RuleFiles out;
  for (const std::string_view text : {kRule, kToken, kModel}) {
    const auto loaded = load_rule_file("r.yaml", text, Examples::Read, out);
    EXPECT_TRUE(loaded) << base::describe(loaded.error());
  }
  return out;
}

TEST(PackedRules, AreThoseOfTheirText) {
  RuleFiles read;
  const auto loaded = read_built_in(read);
  ASSERT_TRUE(loaded) << base::describe(loaded.error());
  EXPECT_GT(read.rules.size(), 200U);
  EXPECT_TRUE(pack_rules(read) == kPackedRules);
  RuleFiles packed;
  load_built_in(packed);
  EXPECT_EQ(packed.rules.size(), read.rules.size());
  EXPECT_EQ(packed.models.size(), read.models.size());
  EXPECT_TRUE(packed.rules.front().bad.empty());
}

TEST(PackedRules, ComeOutAsTheyWere) {
  const std::string packed = pack_rules(all_there_is());
  RuleFiles out;
  ASSERT_TRUE(unpack_rules(packed, out));
  EXPECT_TRUE(pack_rules(out) == packed);

  ASSERT_EQ(out.rules.size(), 2U);
  const Rule& rule = out.rules[0];
  EXPECT_EQ(rule.id + rule.file + rule.title + rule.message + rule.fix + rule.owasp,
            "python/xr.yamlTMFA03:2021");
  EXPECT_EQ(rule.languages, (std::vector<Language>{Language::Python, Language::Java}));
  EXPECT_EQ(rule.severity, Severity::High);
  EXPECT_EQ(rule.confidence, Confidence::Low);
  EXPECT_EQ(rule.cwe, 89U);
  EXPECT_EQ(rule.related, (std::vector<std::uint32_t>{564}));
  EXPECT_TRUE(rule.audit && rule.tainted);
  ASSERT_EQ(rule.find.size(), 1U);
  const Finder& finder = rule.find[0];
  EXPECT_EQ(finder.tainted[0].position, 0);
  EXPECT_EQ(finder.tainted[1].what, Selector::What::Rest);
  ASSERT_EQ(finder.when[0].all.size(), 4U);
  EXPECT_EQ(finder.when[0].at.names, (std::vector<std::string>{"name"}));
  EXPECT_TRUE(finder.when[0].all[1].pattern->found_in("aaa"));
  EXPECT_FALSE(finder.when[0].all[1].pattern->found_in("aab"));
  EXPECT_EQ(finder.when[0].all[2].number, 2.5);
  EXPECT_EQ(finder.severity, Severity::Low);
  EXPECT_EQ(finder.confidence, Confidence::Medium);
  EXPECT_EQ(finder.edit[0].names[0].second, "safe");
  EXPECT_EQ(out.rules[1].secret->entropy, 2.5);
  EXPECT_TRUE(out.rules[1].secret->token->found_in("xy_abcd"));

  ASSERT_EQ(out.models.size(), 1U);
  const Model& model = out.models[0];
  EXPECT_TRUE(model.sources[0].local && model.sources[0].carrier);
  EXPECT_EQ(model.boxes[0].put_value, 3);
  EXPECT_EQ(model.facts[0].argument->position, 1);
  EXPECT_EQ(model.fills[0].from->what, Selector::What::Receiver);
  EXPECT_EQ(model.fills[0].into.names.size(), 0U);
  EXPECT_FALSE(model.guards[0].holds);
  EXPECT_EQ(model.exits, (std::vector<std::string>{"m"}));
}

TEST(PackedRules, KeepTheNumbersOfKindsAndFacts) {
  RuleFiles files = all_there_is();
  RuleFiles out;
  ASSERT_TRUE(unpack_rules(pack_rules(files), out));
  EXPECT_EQ(out.names.kinds(), files.names.kinds());
  EXPECT_EQ(out.names.fact("quoted"), files.names.fact("quoted"));
  // A rule that is read behind them means the same by a name.
  EXPECT_EQ(out.names.kind("path"), out.models[0].guards[0].kinds);
  EXPECT_EQ(out.names.kind("quite new"), files.names.kind("quite new"));
}

TEST(PackedRules, LeaveExamplesOut) {
  RuleFiles out;
  ASSERT_TRUE(unpack_rules(pack_rules(all_there_is()), out));
  EXPECT_TRUE(out.rules[0].bad.empty() && out.rules[0].fixed.empty());
}

TEST(PackedRules, AreRefusedWhenTheyAreCutShortOrGoOn) {
  const std::string packed = pack_rules(all_there_is());
  for (std::size_t size = 0; size < packed.size(); ++size) {
    RuleFiles out;
    EXPECT_FALSE(unpack_rules(std::string_view(packed).substr(0, size), out)) << size;
  }
  RuleFiles out;
  EXPECT_FALSE(unpack_rules(packed + "x", out));
}

}  // namespace
}  // namespace testgen::scan
