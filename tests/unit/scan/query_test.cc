// Queries of rules: what they find, what of them is refused and where, and which texts need none.
#include "scan/query/query.h"

#include "scan/rules/loader.h"
#include "scan_fixture.h"

namespace testgen::scan {
namespace {

std::vector<std::string> caught(std::string_view query, std::string_view text,
                                const QueryLimits& limits = {}) {
  QueryFault fault;
  const auto compiled = Query::compile(Language::Python, query, fault);
  if (!compiled) return {"refused: " + fault.message};
  Tree tree;
  EXPECT_TRUE(tree.parse(Grammar::of(Language::Python), text, {}, /*keep_parsed=*/true));
  std::vector<Query::Found> found;
  const bool whole = compiled->find(tree, found, limits);
  std::vector<std::string> out;
  for (const Query::Found& one : found) {
    out.emplace_back(text.substr(one.start, one.end - one.start));
  }
  if (!whole) out.emplace_back("and more");
  return out;
}

using Texts = std::vector<std::string>;

TEST(Queries, FindWhatIsCaptured) {
  EXPECT_EQ(caught("(call function: (identifier) @found)", "a(b(c), 1)\nd.e()\n"),
            (Texts{"a", "b"}));
}

TEST(Queries, AskCapturesAboutTexts) {
  const std::string_view text = "ab = 1\ncd = 2\nef = 2\n";
  const auto of = [&](const std::string& test) {
    return caught("((assignment left: (identifier) @n right: (integer) @v) @found " + test + ")",
                  text);
  };
  EXPECT_EQ(of(R"((#eq? @n "cd"))"), (Texts{"cd = 2"}));
  EXPECT_EQ(of(R"((#not-eq? @n "cd"))"), (Texts{"ab = 1", "ef = 2"}));
  EXPECT_EQ(of(R"((#match? @n "^[a-c]"))"), (Texts{"ab = 1", "cd = 2"}));
  EXPECT_EQ(of(R"((#not-match? @n "^[a-c]"))"), (Texts{"ef = 2"}));
  EXPECT_EQ(of(R"((#any-of? @n "ab" "ef"))"), (Texts{"ab = 1", "ef = 2"}));
  EXPECT_EQ(of(R"((#not-any-of? @n "ab" "ef"))"), (Texts{"cd = 2"}));
  EXPECT_EQ(of(R"((#eq? @v "2") (#not-eq? @n "cd"))"), (Texts{"ef = 2"}));
}

TEST(Queries, CompareCaptures) {
  EXPECT_EQ(
      caught("((assignment left: (_) @a right: (_) @b) @found (#eq? @a @b))", "x = y\nz.a = z.a\n"),
      (Texts{"z.a = z.a"}));
}

TEST(Queries, HoldNothingOfWhatWasNotCaught) {
  const std::string query = "((return_statement (identifier)? @v) @found (#TEST @v \"x\"))";
  const std::string text = "def f():\n  return\ndef g():\n  return x\n";
  const auto with = [&](std::string_view test) {
    std::string out = query;
    return caught(out.replace(out.find("TEST"), 4, test), text);
  };
  EXPECT_EQ(with("eq?"), (Texts{"return x"}));
  EXPECT_EQ(with("not-eq?"), (Texts{"return"}));
}

TEST(Queries, StopAtTheirLimits) {
  const std::string text = "a = 1\na = 1\na = 1\n";
  EXPECT_EQ(caught("(assignment) @found", text, {.max_matches = 2}),
            (Texts{"a = 1", "a = 1", "and more"}));
}

TEST(Queries, AreRefusedWhereTheyAreWrong) {
  const auto wrong = [](std::string_view query) {
    QueryFault fault;
    EXPECT_FALSE(Query::compile(Language::Python, query, fault)) << query;
    return std::to_string(fault.offset) + ": " + fault.message;
  };
  EXPECT_EQ(wrong("(module\n (cal) @found)"),
            "10: there is no node \"cal\" in the grammar of python");
  EXPECT_EQ(wrong("(call fun: (_) @found)"),
            "6: there is no field \"fun\" in the grammar of python");
  EXPECT_EQ(wrong("((call) @found (#eq? @x \"a\"))"), "22: nothing is captured as \"x\"");
  EXPECT_EQ(wrong("(call) @found (import_statement)"),
            "14: this does not always capture what is found");
  EXPECT_EQ(wrong("((call) @found (#is? @found \"a\"))"), "16: \"#is?\" is not a test");
  EXPECT_EQ(wrong("((call) @found (#eq? @found))"),
            "16: \"#eq?\" asks a capture about a text or another capture");
  EXPECT_NE(wrong("((call) @found (#match? @found \"(\"))").find("16: the pattern has"),
            std::string::npos);
  EXPECT_NE(wrong("(call").find("cannot be read"), std::string::npos);
  EXPECT_EQ(wrong("; nothing"), "0: the query looks for nothing");
  EXPECT_EQ(wrong(std::string(9000, ' ')), "0: the query is longer than 8 KiB");
}

TEST(QueryWords, AreThoseThatMustBeThere) {
  using Words = std::vector<QueryWords>;
  EXPECT_EQ(words_of_query(R"(((a) @x (#eq? @x "f") (#any-of? @y "g" "h")) @found (b) @found)"),
            (Words{{{"f"}, {"g", "h"}}, {}}));
  EXPECT_EQ(words_of_query(R"(((a) @x (#not-eq? @x "f") (#match? @x "g") (#eq? @x @y)))"),
            (Words{{}}));
  EXPECT_EQ(words_of_query(R"(; (#eq? @x "f")
    [((a) @x) "b"] @found)"),
            (Words{{}}));
  EXPECT_EQ(words_of_query(R"(((a) @x (#eq? @x "a\n")))"), (Words{{}}));
  EXPECT_EQ(words_of_query(R"(_ @found "while" @found)"), (Words{{}, {}}));
}

TEST(QueryRules, PlaceTheirFindings) {
  const auto found = findings_in("a.c",
                                 "int before;\n"
                                 "void grow(char *p) {\n  p = realloc(p, 9);\n}\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].rule, "c/lost-by-realloc");
  EXPECT_EQ(found[0].symbol, "grow");
  EXPECT_EQ(found[0].place, (Place{3, 3, 3, 20}));
  EXPECT_EQ(found[0].code, "p = realloc(p, 9);");
}

TEST(QueryRules, AreFoundInBrokenCodeAndIgnoredForAReason) {
  EXPECT_TRUE(finds("c/lost-by-realloc", "a.c",
                    "void f( {\nvoid g(char *p) { p = realloc(p, 9); }\nint x = ;\n"));
  const auto found = findings_in(
      "a.c", "void g(char *p) { p = realloc(p, 9); }  // testgen: ignore it is freed elsewhere\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].suppressed, "it is freed elsewhere");
}

std::string error_of(const std::string& find, std::string_view languages = "[python]") {
  RuleFiles files;
  const std::string text = "id: ours/x\nlanguages: " + std::string(languages) +
                           "\ntitle: T\nmessage: M\nseverity: high\ncwe: 1\nfind:\n" + find;
  const auto loaded = load_rule_file("r.yaml", text, Examples::Skip, files);
  return loaded ? "" : base::describe(loaded.error());
}

TEST(QueryRules, AreRefusedWithTheLineOfTheQuery) {
  EXPECT_EQ(error_of("  - query: (call) @found\n    imports: [os]\n    severity: low\n"), "");
  EXPECT_EQ(error_of("  - query: |\n      (call\n        (cal)) @found\n"),
            "r.yaml:10: there is no node \"cal\" in the grammar of python");
  EXPECT_EQ(error_of("  - query: (cal) @found\n"),
            "r.yaml:8: there is no node \"cal\" in the grammar of python");
  EXPECT_EQ(error_of("  - query: (expression_statement) @found\n", "[python, rust, java, go]"), "");
  EXPECT_EQ(error_of("  - query: (attribute) @found\n", "[python, javascript]"),
            "r.yaml:8: there is no node \"attribute\" in the grammar of javascript");
  EXPECT_EQ(error_of("  - query: (call) @found\n    args: [0]\n"),
            "r.yaml:9: \"args\" says nothing of a query");
  EXPECT_EQ(error_of("  - query: (call) @found\n", "[any]"),
            "r.yaml:8: \"query\" needs a language");
  EXPECT_EQ(error_of("  - query: [a, b]\n"), "r.yaml:8: \"query\" is one text");
  EXPECT_EQ(error_of("  - query: |\n      ; \"\"\n      (call \"\") @found\n"),
            "r.yaml:10: an empty text is no node");
  EXPECT_EQ(error_of("  - query: ((string) @found (#eq? @found \"\"))\n"), "");
  EXPECT_EQ(error_of("  - query: ((_ \"(\") @found (#not-eq? @found \"\\\"\"))\n"), "");
}

}  // namespace
}  // namespace testgen::scan
