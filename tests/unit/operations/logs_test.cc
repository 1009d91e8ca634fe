// Lines of log files: plain, compressed, rotated, followed; and what is printed of them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/file_system.h"
#include "base/gzip.h"
#include "operations/logs/line_source.h"
#include "operations/logs/log_files.h"
#include "operations/logs/log_query.h"
#include "operations/weekly/notifications.h"

namespace testgen::operations {
namespace {

class LogsTest : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    const auto path = folder_.path() / name;
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  void append(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::app) << text;
  }
  static std::vector<std::string> lines(LineSource& source, bool more_to_come = false) {
    std::vector<std::string> out;
    while (true) {
      const auto line = source.next(more_to_come);
      EXPECT_TRUE(line) << describe(line.error());
      if (!line || !*line) return out;
      out.push_back(**line);
    }
  }
  static std::vector<std::string> lines_of(const std::string& path) {
    auto source = LineSource::open(path);
    EXPECT_TRUE(source);
    return source ? lines(*source) : std::vector<std::string>{};
  }

  base::TempDir folder_ = *base::TempDir::create("logs-test");
};

TEST_F(LogsTest, PlainAndCompressedLinesAreTheSame) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "{\"n\":" + std::to_string(i) + "}\n";
  text += "the last has no end";
  const auto plain = lines_of(write("a.log", text));
  EXPECT_EQ(plain.size(), 20'001U);
  EXPECT_EQ(plain.back(), "the last has no end");
  EXPECT_EQ(lines_of(write("b.log.gz", base::gzip(text))), plain);
  // Two members, one after the other.
  EXPECT_EQ(
      lines_of(write("c.log.gz", base::gzip(text.substr(0, 1000)) + base::gzip(text.substr(1000)))),
      plain);
}

TEST_F(LogsTest, DamagedGzipIsAnError) {
  const std::string whole = base::gzip(std::string(100'000, 'x') + "\n");
  for (const std::string& bad :
       {whole.substr(0, whole.size() / 2), whole.substr(0, 10) + "damage"}) {
    auto source = LineSource::open(write("bad.gz", bad));
    ASSERT_TRUE(source);
    base::Result<std::optional<std::string>> line = source->next();
    while (line && *line) line = source->next();
    EXPECT_FALSE(line);
  }
}

TEST_F(LogsTest, ALineThatIsTooLongIsCountedAndTheNextIsRead) {
  const std::string path =
      write("long.log", std::string(LineSource::kLongest * 2 + 5, 'x') + "\nshort\n");
  auto source = LineSource::open(path);
  ASSERT_TRUE(source);
  EXPECT_EQ(lines(*source), std::vector<std::string>{"short"});
  EXPECT_EQ(source->too_long(), 1U);
}

TEST_F(LogsTest, FollowsThroughRenamingAndTruncation) {
  const std::string path = write("app.log", "one\nhal");
  auto source = LineSource::open(path);
  ASSERT_TRUE(source);
  EXPECT_EQ(lines(*source, true), std::vector<std::string>{"one"});
  append(path, "f\n");
  EXPECT_EQ(lines(*source, true), std::vector<std::string>{"half"});
  std::filesystem::rename(path, path + ".1");
  append(path + ".1", "late\n");  // the writer still has the old file
  EXPECT_FALSE(*source->reopen_if_rotated());
  EXPECT_EQ(lines(*source, true), std::vector<std::string>{"late"});
  write("app.log", "new\n");
  EXPECT_TRUE(*source->reopen_if_rotated());
  EXPECT_EQ(lines(*source, true), std::vector<std::string>{"new"});
  write("app.log", "x\n");  // cut short in place
  EXPECT_TRUE(*source->reopen_if_rotated());
  EXPECT_EQ(lines(*source, true), std::vector<std::string>{"x"});
  EXPECT_FALSE(*source->reopen_if_rotated());
}

TEST_F(LogsTest, RotatedFilesComeOldestFirst) {
  for (const char* name :
       {"app.log", "app.log.1", "app.log.2.gz", "app.log.10.gz", "other.log", "dated.log",
        "dated.log-20261121.gz", "dated.log-20261122", "notes.txt", "app.log.old"}) {
    write(name, "");
  }
  const std::string folder = folder_.path().string() + "/";
  const auto own = log_files({folder + "app.log"}, true);
  ASSERT_TRUE(own);
  const std::vector<std::string> wanted{folder + "app.log.10.gz", folder + "app.log.2.gz",
                                        folder + "app.log.1", folder + "app.log"};
  EXPECT_EQ(*own, wanted);
  const auto all = log_files({folder}, false);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->size(), 8U);
  EXPECT_EQ((*all)[4], folder + "dated.log-20261121.gz");
  EXPECT_EQ((*all)[6], folder + "dated.log");
  EXPECT_EQ(*log_files({folder + "app.log"}, false), std::vector<std::string>{folder + "app.log"});
  const auto empty = base::TempDir::create("logs-empty");
  EXPECT_FALSE(log_files({empty->path().string()}, false));
}

std::string printed(LogQueryOptions options, const std::string& line) {
  auto query = LogQuery::create(options);
  EXPECT_TRUE(query);
  return query ? query->take(line, "f:1").value_or("(nothing)") : "(error)";
}

TEST_F(LogsTest, LinesArePrintedAsAsked) {
  const std::string line =
      R"({"timestamp":"2026-11-22T17:30:00.123Z","level":"INFO","message":"done","n":5,"path":"a b"})";
  EXPECT_EQ(printed({}, line), "2026-11-22T17:30:00.123Z INFO     done n=5 path=\"a b\"\n");
  EXPECT_EQ(printed({.output = LogOutput::Json}, line), line + "\n");
  EXPECT_EQ(printed({.fields = {"n", "gone", "level"}, .output = LogOutput::Json}, line),
            "{\"n\":5,\"level\":\"INFO\"}\n");
  EXPECT_EQ(printed({.fields = {"path", "gone", "n"}, .output = LogOutput::Csv}, line),
            "a b,,5\r\n");
  EXPECT_EQ(printed({.fields = {"m"}, .output = LogOutput::Csv}, R"({"m":"=1+\"x\",2"})"),
            "\"'=1+\"\"x\"\",2\"\r\n");
  EXPECT_EQ(printed({.where = "n>5"}, line), "(nothing)");
  EXPECT_EQ(printed({}, "{\"message\":\"\\u001b[31mred\"}").find('\x1b'), std::string::npos);
  EXPECT_FALSE(LogQuery::create({.output = LogOutput::Csv}));
}

TEST_F(LogsTest, EveryFormatOfTheLogHasTheSameNames) {
  const std::string ecs =
      R"({"@timestamp":"2026-11-22T17:30:00.123Z","log.level":"warn","message":"slow","ecs.version":"8",)"
      R"("event.action":"slow_request","event.duration":1500000000,"http.response.status_code":200,)"
      R"("testgen.limit_ms":2000})";
  const std::string otlp =
      R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1795368600123000000",)"
      R"("severityText":"WARNING","eventName":"slow_request","body":{"stringValue":"slow"},)"
      R"("attributes":[{"key":"duration_ms","value":{"doubleValue":1500}},)"
      R"({"key":"status","value":{"intValue":"200"}},{"key":"limit_ms","value":{"intValue":"2000"}}]}]}]}]})";
  for (const std::string& line : {ecs, otlp}) {
    for (const char* where :
         {"duration_ms>1000 && status==200", "event==\"slow_request\"",
          "level>=\"WARNING\" && limit_ms==2000", "timestamp^=\"2026-11-22T17:\""}) {
      EXPECT_NE(printed({.where = where}, line), "(nothing)") << where << " " << line;
    }
    EXPECT_EQ(printed({.where = "status>200"}, line), "(nothing)");
    EXPECT_NE(printed({}, line).find("slow"), std::string::npos);
  }
  EXPECT_NE(printed({.where = "http.response.status_code==200"}, ecs), "(nothing)");
  EXPECT_NE(printed({}, otlp).find("duration_ms=1500"), std::string::npos);
  EXPECT_EQ(printed({}, R"({"resourceLogs":"odd"})"), " resourceLogs=odd\n");
}

TEST_F(LogsTest, UnreadableLinesAreCounted) {
  auto query = LogQuery::create({});
  ASSERT_TRUE(query);
  EXPECT_FALSE(query->take("", "f:1"));
  EXPECT_FALSE(query->take("plain text", "f:2"));
  EXPECT_FALSE(query->take("[1]", "f:3"));
  EXPECT_TRUE(query->take("{}", "f:4"));
  EXPECT_EQ(query->counts().lines, 3U);
  EXPECT_EQ(query->counts().unreadable, 2U);
  EXPECT_EQ(query->counts().matched, 1U);
  EXPECT_EQ(query->counts().first_unreadable, "f:2");
}

TEST_F(LogsTest, NotificationsComeFromTheLogAndItsRotatedSiblings) {
  write(
      "app.log.1",
      R"({"timestamp":"1970-01-01T00:01:00.000Z","event":"alert_received","alert":"A","status":"firing"})"
      "\n");
  const std::string path = write(
      "app.log",
      "not json but alert_received\n"
      R"({"timestamp":"1970-01-01T00:02:00.000Z","event":"alert_received","alert":"A","status":"resolved"})"
      "\n"
      R"({"timestamp":"1970-01-01T00:02:00.000Z","event":"other","alert":"alert_received"})"
      "\n");
  const auto told = read_notifications(path);
  ASSERT_TRUE(told);
  ASSERT_EQ(told->size(), 2U);
  EXPECT_TRUE((*told)[0].firing);
  EXPECT_EQ((*told)[0].at, 60);
  EXPECT_FALSE((*told)[1].firing);
}

}  // namespace
}  // namespace testgen::operations
