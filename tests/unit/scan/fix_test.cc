// From findings to edits, and from edits to a text that is better than before.
#include "scan/fix/apply.h"

#include "base/file_system.h"
#include "scan/rules/loader.h"
#include "scan_fixture.h"

namespace testgen::scan {
namespace {

// All of the findings with edits.
std::vector<std::size_t> fixable(const FileReport& report) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    if (!report.findings[i].edits.empty()) out.push_back(i);
  }
  return out;
}

FixedText fixed(std::string_view name, std::string_view text) {
  const FileReport report = scan_file(built_in(), name, text);
  return fix_file(built_in(), text, report, fixable(report));
}

TEST(Fix, ChangesOnlyWhatItIsAbout) {
  const FixedText out = fixed("a.py",
                              "import requests\r\n# \xff \xc3\xa4\r\n"
                              "x = '\xc3\xa4'; requests.get(u, verify=False)  # no\r\n");
  EXPECT_EQ(out.text,
            "import requests\r\n# \xff \xc3\xa4\r\n"
            "x = '\xc3\xa4'; requests.get(u, verify=True)  # no\r\n");
  EXPECT_EQ(out.done.size(), 1U);
  EXPECT_TRUE(out.report.findings.empty());
}

TEST(Fix, ShowsTheLineThatItChanges) {
  const auto found = findings_in("a.py", "import flask\nr.set_cookie(\n    'a',\n    'b')\n");
  ASSERT_EQ(found.size(), 1U);
  ASSERT_EQ(found[0].edits.size(), 1U);
  EXPECT_EQ(found[0].edits[0].place, (Place{4, 8, 4, 8}));
  EXPECT_EQ(found[0].edits[0].text, ", secure=True");
  EXPECT_EQ(found[0].fixed_code, "'b', secure=True)");
}

TEST(Fix, LeavesAValueThatHasANameToAPerson) {
  const std::string text = "import requests\ncheck = False\nrequests.get(u, verify=check)\n";
  const auto found = findings_in("a.py", text);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].edits.empty());
  EXPECT_EQ(fixed("a.py", text).text, text);
}

TEST(Fix, LeavesANameThatWasImportedByItself) {
  const auto found = findings_in("a.py", "from yaml import unsafe_load\nunsafe_load(t)\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].edits.empty());
}

TEST(Fix, LeavesCallsThatMayBeGivenTheArgumentAlready) {
  const auto found = findings_in("a.js", "res.cookie(...all);\nres.cookie('a');\n");
  for (const Finding& one : found) EXPECT_TRUE(one.edits.empty()) << one.place.line;
}

TEST(Fix, IsNotOfferedWhereAFindingIsIgnored) {
  const auto found = findings_in("a.py",
                                 "import requests\n"
                                 "requests.get(u, verify=False)  # testgen: ignore a test host\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_FALSE(found[0].suppressed.empty());
  EXPECT_TRUE(found[0].edits.empty());
}

TEST(Fix, SeesWhetherTheResultParsesThoughNoRuleCanFindAnythingInIt) {
  auto made = base::TempDir::create("fix-rules");
  ASSERT_TRUE(made);
  const auto rules_with = [&](std::string_view written) {
    const std::string rule =
        "id: ours/x\nlanguages: [python]\ntitle: T\nmessage: M.\nseverity: high\ncwe: 1\n"
        "find:\n  - name: [mode.old_word]\n    edit: {rename: {old_word: \"" +
        std::string(written) + "\"}}\n";
    EXPECT_TRUE(base::write_file_atomic(made->path() / "x.yaml", rule));
    auto rules = Rules::load({.folder = made->path().string(), .audit = false, .only = {"ours/"}});
    EXPECT_TRUE(rules);
    return *std::move(rules);
  };
  for (const auto& [written, holds] : {std::pair{"word(", false}, std::pair{"word", true}}) {
    const FileReport report = scan_file(*rules_with(written), "a.py", "x = mode.old_word\n");
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(!report.findings[0].edits.empty(), holds) << written;
  }
}

// A report with the edits given, whatever the rules say.
FileReport made_up(std::vector<Edit> edits, std::string rule = "python/tls-verification-off") {
  FileReport out;
  out.file = "a.py";
  for (Edit& edit : edits) {
    Finding& one = out.findings.emplace_back();
    one.rule = rule;
    one.edits.push_back(std::move(edit));
  }
  return out;
}

FileReport nothing_found(std::string_view) {
  return {};
}

TEST(Fix, RefusesATextThatCanBeReadLessWell) {
  const FileReport before = made_up({{{1, 1, 1, 2}, "y"}});
  const auto broken = [](std::string_view) {
    FileReport out;
    out.faults = 1;
    return out;
  };
  EXPECT_EQ(apply_fixes("x", before, {0}, nothing_found).text, "y");
  EXPECT_EQ(apply_fixes("x", before, {0}, broken).text, "x");
}

TEST(Fix, RefusesAnEditAfterWhichTheFindingIsStillThere) {
  const FileReport before = made_up({{{1, 1, 1, 2}, "y"}});
  const FixedText out = apply_fixes("x", before, {0}, [&](std::string_view) { return before; });
  EXPECT_EQ(out.text, "x");
  EXPECT_TRUE(out.done.empty());
}

TEST(Fix, RefusesAnEditThatBringsAboutSomethingAsBad) {
  const FileReport before = made_up({{{1, 1, 1, 2}, "y"}});
  const auto with = [](Severity severity) {
    return [severity](std::string_view) {
      FileReport out;
      out.findings.emplace_back().rule = "python/other";
      out.findings.back().severity = severity;
      return out;
    };
  };
  EXPECT_TRUE(apply_fixes("x", before, {0}, with(Severity::Medium)).done.empty());
  EXPECT_EQ(apply_fixes("x", before, {0}, with(Severity::Low)).done.size(), 1U);
}

TEST(Fix, DoesOneOfTwoThatOverlap) {
  const FileReport before = made_up({{{1, 1, 1, 3}, "a"}, {{1, 2, 1, 4}, "b"}});
  const FixedText out = apply_fixes("wxyz", before, {0, 1}, [](std::string_view text) {
    FileReport left;
    if (text != "ayz") left.findings.resize(2);
    return left;
  });
  EXPECT_EQ(out.text, "ayz");
  EXPECT_EQ(out.done, (std::vector<std::size_t>{0}));
}

TEST(Fix, DoesBothOfTwoInsertionsAtOnePoint) {
  const FileReport before = made_up({{{1, 2, 1, 2}, "a"}, {{1, 2, 1, 2}, "b"}});
  EXPECT_EQ(apply_fixes("xy", before, {0, 1}, nothing_found).text, "xaby");
}

TEST(Fix, RefusesPlacesThatAreNotInTheText) {
  for (const Place& place : {Place{2, 1, 2, 2}, Place{1, 9, 1, 9}, Place{1, 2, 1, 1}, Place{}}) {
    EXPECT_EQ(apply_fixes("xy", made_up({{place, "a"}}), {0}, nothing_found).text, "xy");
  }
}

TEST(Diff, HasTheLinesAround) {
  const FileReport report = made_up({{{5, 1, 5, 2}, "E"}, {{20, 1, 20, 2}, "T"}});
  std::string text;
  for (char c = 'a'; c <= 't'; ++c) text += std::string(1, c) + "\n";
  EXPECT_EQ(unified_diff("./d/a.py", text, report, {0, 1}),
            "--- a/d/a.py\n+++ b/d/a.py\n"
            "@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n"
            "@@ -17,4 +17,4 @@\n q\n r\n s\n-t\n+T\n");
  EXPECT_EQ(unified_diff("a.py", text, report, {}), "");
}

TEST(Diff, CountsLinesThatAreAddedAndTakenAway) {
  const FileReport report = made_up({{{1, 1, 2, 1}, ""}, {{10, 2, 10, 2}, "\nnew"}});
  EXPECT_EQ(unified_diff("a.py", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", report, {0, 1}),
            "--- a/a.py\n+++ b/a.py\n"
            "@@ -1,5 +1,4 @@\n-1\n-2\n+2\n 3\n 4\n 5\n"
            "@@ -7,4 +6,5 @@\n 7\n 8\n 9\n-10\n+1\n+new0\n");
}

TEST(Diff, SaysThatTheLastLineHasNoEnd) {
  EXPECT_EQ(unified_diff("a.py", "x", made_up({{{1, 1, 1, 2}, "y"}}), {0}),
            "--- a/a.py\n+++ b/a.py\n@@ -1,1 +1,1 @@\n-x\n\\ No newline at end of file\n"
            "+y\n\\ No newline at end of file\n");
}

}  // namespace
}  // namespace testgen::scan
