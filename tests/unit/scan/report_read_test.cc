// A report that comes back from JSON: whole, or refused. It may come from a service that lies.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "scan/report/report.h"
#include "scan_fixture.h"

namespace testgen::scan {
namespace {

using nlohmann::json;

// A finding with a way of its input, one that is ignored, a broken file and one that is no text.
Report sample() {
  return scan(built_in(), {{"a.py",
                            "import os\nfrom flask import request\n"
                            "def run():\n"
                            "    name = request.args['x']\n"
                            "    os.system('x ' + name)\n"
                            "os.system(request.args['y'])  # testgen: ignore known\n"},
                           {"broken.py", "def f(:\n    return eval(\n"},
                           {"bin.py", std::string("a\0b", 3)},
                           {"good.py", "x = 1\n"}});
}

json document() {
  return json::parse(report_json(sample(), {.min_severity = Severity::Info}));
}

// Why a document is refused; empty when it is taken.
std::string refusal(const json& changed) {
  const auto read = read_report(changed.dump());
  if (read) return "";
  EXPECT_EQ(read.error().code, base::ErrorCode::InvalidInput);
  return read.error().message;
}

TEST(ScanReportRead, GivesBackWhatWasWritten) {
  const Report written = sample();
  const auto read = read_report(report_json(written, {.min_severity = Severity::Info}));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->files_scanned, 4U);
  EXPECT_EQ(read->report.rules, written.rules);
  EXPECT_EQ(read->report.rules_version, written.rules_version);
  EXPECT_FALSE(read->report.interrupted);
  // What it does not say is the size of the files, and which had nothing to tell of.
  ASSERT_EQ(read->report.files.size(), 3U);
  for (const FileReport& file : read->report.files) EXPECT_NE(file.file, "good.py");
  const FileReport& first = read->report.files.front();
  ASSERT_EQ(first.findings.size(), 2U);
  EXPECT_GT(first.findings[0].flow.size(), 1U);
  EXPECT_EQ(first.findings[0].severity, Severity::Critical);
  EXPECT_EQ(first.findings[1].suppressed, "known");
  // The findings and the notes say the same when they are written again.
  const json again =
      json::parse(report_json(read->report, {.min_severity = Severity::Info, .compact = true}));
  EXPECT_EQ(again["findings"], document()["findings"]);
  EXPECT_EQ(again["files"], document()["files"]);
}

TEST(ScanReportRead, TakesMembersThatItDoesNotKnow) {
  json newer = document();
  newer["schema"] = 2;
  newer["mood"] = {{"good", true}};
  newer["findings"][0]["reproduced"] = "yes";
  EXPECT_EQ(refusal(newer), "");
}

TEST(ScanReportRead, RefusesWhatIsNoReport) {
  for (const char* text : {"", "{", "null", "[]", "{}", "7", "\"report\"", "{\"a\":\"\xff\"}"}) {
    EXPECT_FALSE(read_report(text)) << text;
  }
  EXPECT_FALSE(read_report(std::string(100'000, '[')));
}

TEST(ScanReportRead, RefusesAReportThatLacksAMember) {
  for (const char* const at :
       {"/summary", "/summary/files", "/rules/count", "/rules/version", "/interrupted", "/findings",
        "/findings/0/rule", "/findings/0/severity", "/findings/0/place/line",
        "/findings/0/flow/0/what", "/findings/0/fingerprint", "/files", "/files/0/file",
        "/files/0/notes", "/files/0/error/code"}) {
    const json::json_pointer pointer(at);
    json changed = document();
    // Of the files, the one that was no text has an error.
    std::swap(changed["files"][0], changed["files"].back());
    ASSERT_TRUE(changed.contains(pointer)) << at;
    changed.at(pointer.parent_pointer()).erase(pointer.back());
    EXPECT_NE(refusal(changed), "") << at;
  }
}

TEST(ScanReportRead, RefusesNumbersThatAreNoCounts) {
  for (const char* const at : {"/summary/files", "/rules/count", "/findings/0/place/line",
                               "/findings/0/cwe", "/findings/0/related_cwes"}) {
    for (const json& wrong :
         {json(-1), json(1.5), json(1e300), json("1"), json(true), json(nullptr)}) {
      const json::json_pointer pointer(at);
      json changed = document();
      changed.at(pointer) = changed.at(pointer).is_array() ? json(std::vector<json>{wrong}) : wrong;
      EXPECT_NE(refusal(changed), "") << at << " " << wrong;
    }
  }
  json broken = document();
  broken["files"][0]["broken_bytes"] = -5;
  EXPECT_NE(refusal(broken), "");
}

TEST(ScanReportRead, ANumberThatIsTooLargeIsTheLargest) {
  json changed = document();
  changed["findings"][0]["place"]["line"] = UINT64_MAX;
  const auto read = read_report(changed.dump());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->report.files[0].findings[0].place.line, UINT32_MAX);
}

// `--fail-on high` must not pass because a service has a word for something worse.
TEST(ScanReportRead, RefusesASeverityThatItCannotWeigh) {
  json changed = document();
  changed["findings"][0]["severity"] = "catastrophic";
  EXPECT_NE(refusal(changed).find("catastrophic"), std::string::npos);
  changed = document();
  changed["findings"][0]["confidence"] = "";
  EXPECT_NE(refusal(changed), "");
}

TEST(ScanReportRead, WhatAServiceSaysDoesNotReachTheTerminalRaw) {
  json changed = document();
  for (const char* const member : {"rule", "title", "message", "code", "fix"}) {
    changed["findings"][0][member] = "\x1b[2Jgone";
    changed["findings"][1][member] = "\x1b[2Jgone";
  }
  changed["findings"][0]["flow"][0]["what"] = "\x1b[2J";
  changed["findings"][1]["suppressed"] = "\x1b[2J";
  changed["findings"][1]["file"] = "\x1b[2J.py";
  changed["files"][0]["notes"] = {"\x1b[2J"};
  const auto read = read_report(changed.dump());
  ASSERT_TRUE(read) << read.error().message;
  const std::string text = report_text(read->report, {.everything = true});
  EXPECT_NE(text.find("gone"), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
}

}  // namespace
}  // namespace testgen::scan
