#include "scan/report/report.h"

#include <nlohmann/json.hpp>

#include "scan_fixture.h"

namespace testgen::scan {
namespace {

Report sample() {
  return scan(built_in(), {{"a b.py",
                            "import os\nfrom flask import request\n"
                            "os.system('x ' + request.args['x'])\n"
                            "os.system(request.args['y'])  # testgen: ignore known <host>\n"},
                           {"bin.py", std::string("a\0b", 3)}});
}

TEST(ScanReport, TextShowsCodeFlowAndFix) {
  const std::string text = report_text(sample(), {});
  EXPECT_NE(text.find("a b.py"), std::string::npos);
  EXPECT_NE(text.find("os.system('x ' + request.args['x'])"), std::string::npos);
  EXPECT_NE(text.find("python/command-injection"), std::string::npos);
  EXPECT_NE(text.find("Fix: "), std::string::npos);
  EXPECT_NE(text.find("1 ignored for a reason"), std::string::npos);
  EXPECT_NE(text.find("not scanned: binary"), std::string::npos);
}

TEST(ScanReport, JsonHasTheSummary) {
  const auto json = nlohmann::json::parse(report_json(sample(), {}));
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["summary"]["files"], 2);
  EXPECT_EQ(json["summary"]["findings"]["critical"], 1);
  EXPECT_EQ(json["findings"].size(), 2U);
  EXPECT_EQ(json["findings"][0]["cwe"], 78);
  EXPECT_EQ(json["files"][0]["error"]["code"], "invalid_input");
}

TEST(ScanReport, SarifHasRulesFlowsAndSuppressions) {
  const auto json = nlohmann::json::parse(report_sarif(sample(), built_in().all(), {}));
  const auto& run = json["runs"][0];
  ASSERT_EQ(run["results"].size(), 2U);
  EXPECT_EQ(run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "a%20b.py");
  EXPECT_EQ(run["results"][0]["level"], "error");
  EXPECT_FALSE(run["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"].empty());
  EXPECT_EQ(run["results"][1]["suppressions"][0]["justification"], "known <host>");
  EXPECT_EQ(run["tool"]["driver"]["rules"][0]["id"], "python/command-injection");
}

TEST(ScanReport, ColumnsCountCodePoints) {
  const Report report =
      scan(built_in(), {{"a.py", "import hashlib\nx = 'äö€🙂\xff'; hashlib.md5(b'')\n"}});
  const auto json = nlohmann::json::parse(report_sarif(report, built_in().all(), {}));
  const auto& run = json["runs"][0];
  EXPECT_EQ(run["columnKind"], "unicodeCodePoints");
  const auto& region = run["results"][0]["locations"][0]["physicalLocation"]["region"];
  EXPECT_EQ(region["startColumn"], 14);
  EXPECT_EQ(region["endColumn"], 30);
}

TEST(ScanReport, CarriesEdits) {
  const Report report =
      scan(built_in(), {{"a.py", "import requests\nrequests.get(u, verify=False)\n"}});
  EXPECT_NE(report_text(report, {}).find("With --fix:\n        2 | requests.get(u, verify=True)"),
            std::string::npos);
  EXPECT_NE(report_text(report, {}).find("1 that --fix mends"), std::string::npos);
  const std::string text = report_json(report, {});
  const auto edits = nlohmann::json::parse(text)["findings"][0]["edits"];
  ASSERT_EQ(edits.size(), 1U);
  EXPECT_EQ(edits[0]["text"], "True");
  EXPECT_EQ(edits[0]["place"]["column"], 24);
  const auto back = read_report(text);
  ASSERT_TRUE(back);
  const Finding& one = back->report.files.at(0).findings.at(0);
  EXPECT_EQ(one.edits, report.files[0].findings[0].edits);
  EXPECT_EQ(one.fixed_code, "requests.get(u, verify=True)");
}

// Of the first finding of the sample, with what --reproduce says of it.
Report reproduced(std::string test, std::string not_reproduced) {
  Report out = sample();
  out.files[0].findings[0].test = std::move(test);
  out.files[0].findings[0].not_reproduced = std::move(not_reproduced);
  return out;
}

TEST(ScanReport, NamesTheTestThatReproduces) {
  const Report report = reproduced("generated-tests/test_security_a.py::test_x", "");
  EXPECT_NE(report_text(report, {})
                .find("\n    Reproduced by generated-tests/test_security_a.py::test_x\n"),
            std::string::npos);
  const std::string text = report_json(report, {});
  const auto finding = nlohmann::json::parse(text)["findings"][0];
  EXPECT_EQ(finding["test"], "generated-tests/test_security_a.py::test_x");
  EXPECT_FALSE(finding.contains("not_reproduced"));
  const auto back = read_report(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->report.files.at(0).findings.at(0).test,
            "generated-tests/test_security_a.py::test_x");
  const auto sarif = nlohmann::json::parse(report_sarif(report, built_in().all(), {}));
  EXPECT_EQ(sarif["runs"][0]["results"][0]["properties"]["reproducingTest"],
            "generated-tests/test_security_a.py::test_x");
}

TEST(ScanReport, SaysWhyNoTestReproduces) {
  const Report report = reproduced("", "no call got as far as os.system");
  EXPECT_NE(report_text(report, {}).find("\n    Not reproduced: no call got as far as os.system\n"),
            std::string::npos);
  const auto finding = nlohmann::json::parse(report_json(report, {}))["findings"][0];
  EXPECT_EQ(finding["not_reproduced"], "no call got as far as os.system");
  EXPECT_EQ(finding["severity"], "critical");
  const auto sarif = nlohmann::json::parse(report_sarif(report, built_in().all(), {}));
  EXPECT_EQ(sarif["runs"][0]["results"][0]["properties"]["notReproduced"],
            "no call got as far as os.system");
}

TEST(ScanReport, SaysNothingOfTestsWhenNobodyAsked) {
  EXPECT_EQ(report_text(sample(), {}).find("eproduced"), std::string::npos);
  EXPECT_EQ(report_json(sample(), {}).find("reproduced"), std::string::npos);
  EXPECT_EQ(report_sarif(sample(), built_in().all(), {}).find("eprodu"), std::string::npos);
}

TEST(ScanReport, JUnitAndGitLabLeaveOutWhatIsIgnored) {
  const std::string xml = report_junit(sample(), {});
  EXPECT_NE(xml.find("failures=\"1\""), std::string::npos);
  EXPECT_NE(xml.find("errors=\"1\""), std::string::npos);
  const auto json = nlohmann::json::parse(report_gitlab(sample(), {}));
  ASSERT_EQ(json["vulnerabilities"].size(), 1U);
  EXPECT_EQ(json["vulnerabilities"][0]["location"]["start_line"], 3);
}

TEST(ScanReport, HidesWhatIsBelowTheLimit) {
  ReportOptions options;
  options.min_severity = Severity::Critical;
  const Report report = scan(built_in(), {{"a.py", "import hashlib\nhashlib.md5(b'')\n"}});
  EXPECT_EQ(report.open().size(), 1U);
  EXPECT_NE(report_text(report, options).find("1 below critical not shown"), std::string::npos);
}

}  // namespace
}  // namespace testgen::scan
