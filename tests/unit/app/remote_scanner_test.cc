// `scan --server` against services that take little, answer in part, refuse, and lie.
#include "app/remote/remote_scanner.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/file_system.h"
#include "scan/report/report.h"
#include "scan/scan.h"
#include "service/http/problem.h"
#include "support/http_stub.h"

namespace testgen::app {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using nlohmann::json;
using testing::http_answer;

constexpr std::string_view kBad =
    "import os\nfrom flask import request\nos.system('ping ' + request.args['host'])\n";

const scan::Rules& rules() {
  static const auto loaded = *scan::Rules::load({});
  return *loaded;
}

// What a service answers that looks at so many files and no more.
std::string scanned(const std::string& body, std::size_t at_most = 1000) {
  const json asked = json::parse(body);
  scan::Report report;
  report.rules = rules().all().size();
  report.rules_version = rules().version();
  for (const json& file : asked["files"]) {
    report.interrupted = report.files.size() == at_most;
    if (report.interrupted) break;
    report.files.push_back(scan::scan_file(rules(), file["path"].get<std::string>(),
                                           file["content"].get<std::string>()));
  }
  return scan::report_json(
      report,
      {.min_severity = *scan::severity_from(asked["options"]["min_severity"].get<std::string>())});
}

class RemoteScannerTest : public ::testing::Test {
 protected:
  fs::path write(const std::string& name, std::string_view text) {
    const fs::path path = folder_.path() / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::vector<fs::path> five_files() {
    std::vector<fs::path> files;
    for (int i = 0; i < 5; ++i) {
      files.push_back(write("src/m" + std::to_string(i) + ".py",
                            std::string(kBad) + "# " + std::to_string(i) + "\n"));
    }
    return files;
  }
  base::Result<scan::Report> scan(const testing::HttpStub& stub,
                                  const std::vector<fs::path>& files) {
    settings_.server = stub.url("");
    settings_.jobs = 1;
    settings_.max_file_size = 5U << 20U;
    auto scanner = RemoteScanner::create(settings_, clock_);
    if (!scanner) return std::move(scanner).error();
    shown_.clear();
    ProgressView progress({.style = ProgressStyle::Lines}, files.size(), clock_,
                          [this](std::string_view text) { shown_ += text; });
    return (*scanner)->scan(files, progress, "", {});
  }
  // The report that the scanner here would give.
  scan::Report here(const std::vector<fs::path>& files) {
    scan::Report report;
    report.rules = rules().all().size();
    report.rules_version = rules().version();
    for (const fs::path& file : files) {
      report.files.push_back(
          scan::scan_file(rules(), file.string(), *base::read_file(file, 5U << 20U)));
    }
    return report;
  }

  base::TempDir folder_ = *base::TempDir::create("remote-scan");
  base::SystemClock clock_;
  config::Settings settings_;
  std::string shown_;  // of the progress
};

TEST_F(RemoteScannerTest, SaysWhatTheScannerHereSays) {
  std::vector<fs::path> files = five_files();
  files.push_back(write("top.py", "def f(:\n    return eval(\n"));  // broken
  files.push_back(write("deep/er/config.json", R"({"password": "hunter2-and-more"})"));
  files.push_back(write("packed.js", std::string(50'000, 'x')));
  testing::HttpStub stub(
      [](const auto& request, std::stop_token) { return http_answer(200, scanned(request.body)); });
  const auto report = scan(stub, files);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(scan::report_json(*report, {}), scan::report_json(here(files), {}));
  EXPECT_EQ(scan::report_text(*report, {.everything = true}),
            scan::report_text(here(files), {.everything = true}));
  ASSERT_EQ(stub.requests().size(), 1U);
  const json sent = json::parse(stub.requests()[0].body);
  EXPECT_EQ(sent["files"][0]["path"], "src/m0.py");  // nothing of where the project lies
}

TEST_F(RemoteScannerTest, ShowsWhereItIsOnceForEachRequest) {
  std::vector<fs::path> files;
  for (int i = 0; i < 5; ++i) {
    files.push_back(write("m" + std::to_string(i) + ".py", std::string(500'000, '#')));
  }
  files[1] = folder_.path() / "gone.py";  // is not sent, and counts
  testing::HttpStub stub(
      [](const auto& request, std::stop_token) { return http_answer(200, scanned(request.body)); });
  ASSERT_TRUE(scan(stub, files));
  const auto at = [&](int place, std::size_t file) {
    return "[" + std::to_string(place) + "/5] " + files[file].string() + "\n";
  };
  EXPECT_EQ(shown_, at(1, 0) + at(3, 2) + at(4, 3) + at(5, 4));
  EXPECT_EQ(stub.requests().size(), 4U);
}

TEST_F(RemoteScannerTest, SendsLessToAServiceThatTakesLess) {
  const std::vector<fs::path> files = five_files();
  testing::HttpStub stub([](const auto& request, std::stop_token) {
    const bool small = json::parse(request.body)["files"].size() <= 2;
    return small ? http_answer(200, scanned(request.body)) : http_answer(413);
  });
  const auto report = scan(stub, files);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(scan::report_json(*report, {}), scan::report_json(here(files), {}));
}

TEST_F(RemoteScannerTest, AFileThatIsTooLargeForTheServiceIsNamedAndTheRestScanned) {
  std::vector<fs::path> files = five_files();
  files.push_back(write("src/large.py", std::string(4000, '#')));
  testing::HttpStub stub([](const auto& request, std::stop_token) {
    return request.body.size() < 4000 ? http_answer(200, scanned(request.body)) : http_answer(413);
  });
  const auto report = scan(stub, files);
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_EQ(report->files.size(), 6U);
  ASSERT_TRUE(report->files.back().error);
  EXPECT_EQ(report->files.back().error->code, ErrorCode::TooLarge);
  EXPECT_EQ(report->open().size(), 5U);
}

TEST_F(RemoteScannerTest, AsksAgainForWhatTheServiceHadNoTimeFor) {
  const std::vector<fs::path> files = five_files();
  testing::HttpStub stub([](const auto& request, std::stop_token) {
    return http_answer(200, scanned(request.body, 2));
  });
  const auto report = scan(stub, files);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_FALSE(report->interrupted);
  EXPECT_EQ(report->files.size(), 5U);
  EXPECT_EQ(report->open().size(), 5U);
  EXPECT_EQ(stub.requests().size(), 3U);
}

TEST_F(RemoteScannerTest, WhatCannotBeSentIsInTheReport) {
  const std::vector<fs::path> files{write("a.py", kBad), write("latin.py", "# \xe9\n"),
                                    write("-x/b.py", kBad), folder_.path() / "gone.py"};
  testing::HttpStub stub(
      [](const auto& request, std::stop_token) { return http_answer(200, scanned(request.body)); });
  const auto report = scan(stub, files);
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_EQ(report->files.size(), 4U);
  EXPECT_EQ(report->files[0].findings.size(), 1U);
  EXPECT_EQ(report->files[1].error->code, ErrorCode::InvalidInput);
  EXPECT_NE(report->files[2].error->message.find("begins with '-'"), std::string::npos);
  EXPECT_EQ(report->files[3].error->code, ErrorCode::NotFound);
}

TEST_F(RemoteScannerTest, ARefusalIsTheErrorThatItWas) {
  const std::string problem =
      service::problem_response(service::Problem::from(base::Error{ErrorCode::Unauthenticated,
                                                                   "the key is not known", ""}),
                                "", "")
          .body;
  testing::HttpStub stub([&](const auto&, std::stop_token) { return http_answer(401, problem); });
  const auto report = scan(stub, five_files());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::Unauthenticated);
  EXPECT_EQ(report.error().message, "the key is not known");
}

TEST_F(RemoteScannerTest, WaitsForAServiceThatIsFull) {
  std::atomic<int> asked{0};
  testing::HttpStub stub([&](const auto& request, std::stop_token) {
    return ++asked < 2 ? http_answer(429, "", "Retry-After: 0\r\n")
                       : http_answer(200, scanned(request.body));
  });
  const auto report = scan(stub, five_files());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->open().size(), 5U);
}

TEST_F(RemoteScannerTest, BelievesNoReportThatIsNotOfItsFiles) {
  const std::vector<fs::path> files = five_files();
  const std::string good = scan::report_json(here({files[0]}), {});  // of one file, by another name
  for (const std::string& lie : {std::string("{}"), std::string("not JSON"), good, [&] {
                                   json other = json::parse(good);
                                   other["summary"]["files"] = 5;
                                   return other.dump();
                                 }()}) {
    testing::HttpStub stub([&](const auto&, std::stop_token) { return http_answer(200, lie); });
    const auto report = scan(stub, files);
    ASSERT_FALSE(report) << lie;
    EXPECT_EQ(report.error().code, ErrorCode::Unavailable);
    EXPECT_EQ(stub.requests().size(), 1U);
  }
}

TEST_F(RemoteScannerTest, OptionsThatNoServiceTakesAreRefused) {
  settings_.server = "http://127.0.0.1:1";
  settings_.rules = "mine";
  auto made = RemoteScanner::create(settings_, clock_);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::InvalidArgument);
  settings_.rules.clear();
  settings_.only_rules = {"python/"};
  EXPECT_FALSE(RemoteScanner::create(settings_, clock_));
  settings_.only_rules.clear();
  EXPECT_TRUE(RemoteScanner::create(settings_, clock_));
  settings_.server = "localhost:8000";
  EXPECT_FALSE(RemoteScanner::create(settings_, clock_));
}

}  // namespace
}  // namespace testgen::app
