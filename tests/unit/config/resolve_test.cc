#include "config/resolve.h"

#include <gtest/gtest.h>

namespace testgen::config {
namespace {

using namespace std::chrono_literals;

auto variables(std::map<std::string, std::string, std::less<>> values) {
  return [values = std::move(values)](std::string_view name) -> std::optional<std::string> {
    const auto found = values.find(name);
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

TEST(Resolve, DefaultsComeFromTheTable) {
  const auto resolved = resolve({});
  ASSERT_TRUE(resolved);
  EXPECT_EQ(resolved->settings.budget, 10s);
  EXPECT_EQ(resolved->settings.listen, "127.0.0.1:8000");
  EXPECT_EQ(resolved->settings.body_limit, 1024U * 1024U);
  EXPECT_EQ(resolved->settings.keep_jobs, 7 * 24h);
  EXPECT_EQ(resolved->settings.keep_cached, 30 * 24h);
  EXPECT_DOUBLE_EQ(resolved->settings.trace_ratio, 1.0);
  EXPECT_FALSE(resolved->settings.unsafe_no_sandbox);
  EXPECT_EQ(resolved->origins.at("budget"), "default");
}

TEST(Resolve, FlagWinsOverVariableOverFileOverDefault) {
  Sources sources;
  sources.files = {
      {.name = ".testgen.yaml",
       .entries = {{"budget", "3s", 1}, {"seed", "3", 2}, {"jobs", "3", 3}}},
      {.name = "mine.yaml", .entries = {{"jobs", "4", 1}, {"framework", "unittest", 2}}}};
  sources.variable = variables({{"TESTGEN_BUDGET", "2s"}, {"TESTGEN_SEED", "2"}});
  sources.flags = {{"budget", "1s"}};
  const auto resolved = resolve(sources);
  ASSERT_TRUE(resolved) << describe(resolved.error());
  EXPECT_EQ(resolved->settings.budget, 1s);
  EXPECT_EQ(resolved->settings.seed, 2U);
  EXPECT_EQ(resolved->settings.jobs, 3U);
  EXPECT_EQ(resolved->origins.at("budget"), "--budget");
  EXPECT_EQ(resolved->origins.at("seed"), "TESTGEN_SEED");
  EXPECT_EQ(resolved->origins.at("jobs"), ".testgen.yaml:3");
  EXPECT_EQ(resolved->settings.framework, "unittest");
  EXPECT_EQ(resolved->origins.at("framework"), "mine.yaml:2");
}

TEST(Resolve, AnEmptyVariableCountsAsNotSet) {
  Sources sources;
  sources.variable = variables({{"TESTGEN_BUDGET", ""}});
  EXPECT_EQ(resolve(sources)->settings.budget, 10s);
}

TEST(Resolve, ErrorsSayWhatWhereAndWhatIsAllowed) {
  Sources from_flag;
  from_flag.flags = {{"budget", "10 parsecs"}};
  const auto flag = resolve(from_flag);
  ASSERT_FALSE(flag);
  EXPECT_EQ(flag.error().message, "--budget: \"10 parsecs\" is not a duration");
  EXPECT_EQ(flag.error().hint, "write it like 10s, 1m30s or 500ms; allowed: 100ms to 1h");

  Sources from_variable;
  from_variable.variable = variables({{"TESTGEN_WORKERS", "257"}});
  const auto variable = resolve(from_variable);
  ASSERT_FALSE(variable);
  EXPECT_EQ(variable.error().message, "TESTGEN_WORKERS: \"257\" is out of range");
  EXPECT_EQ(variable.error().hint, "allowed: 0 to 256");

  const auto file =
      resolve({.files = {{.name = "s.yaml", .entries = {{"log-level", "wraning", 4}}}}});
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().message, "s.yaml:4: \"wraning\" is not one of the choices");
  EXPECT_EQ(file.error().hint,
            "did you mean \"warning\"? allowed: debug, info, warning, error, critical");
}

TEST(Resolve, UnknownNamesInTheFileAreErrorsWithAGuess) {
  const auto resolved = resolve({.files = {{.name = "s.yaml", .entries = {{"bugdet", "1s", 2}}}}});
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().message, "s.yaml:2: there is no setting \"bugdet\"");
  EXPECT_EQ(resolved.error().hint, "did you mean \"budget\"?");
}

TEST(Resolve, AFoundFileCannotChooseWhatRunsOutsideTheSandbox) {
  Sources found{.files = {{.name = ".testgen.yaml", .entries = {{"python", "./evil", 1}}}}};
  EXPECT_FALSE(resolve(found));
  found.files[0].trusted = true;
  EXPECT_TRUE(resolve(found));
  const Sources unsafe{
      .files = {{.name = "x", .trusted = true, .entries = {{"unsafe-no-sandbox", "1", 1}}}}};
  ASSERT_FALSE(resolve(unsafe));
  EXPECT_EQ(resolve(unsafe).error().hint, "give the flag --unsafe-no-sandbox");
}

TEST(Resolve, ListsComeWholeFromTheFirstPlaceThatHasOne) {
  Sources sources{.files = {{.name = "s.yaml",
                             .entries = {{"exclude", "", 3, true, {"migrations", "*_pb2.py"}}}}}};
  const auto from_file = resolve(sources);
  ASSERT_TRUE(from_file) << describe(from_file.error());
  EXPECT_EQ(from_file->settings.exclude, (std::vector<std::string>{"migrations", "*_pb2.py"}));
  EXPECT_EQ(from_file->texts.at("exclude"), "[migrations, *_pb2.py]");
  EXPECT_EQ(from_file->origins.at("exclude"), "s.yaml:3");
  sources.lists = {{"exclude", {"legacy"}}};
  EXPECT_EQ(resolve(sources)->settings.exclude, std::vector<std::string>{"legacy"});
  // One value may stand without brackets.
  sources = {.files = {{.name = "s.yaml", .entries = {{"exclude", "migrations", 1}}}}};
  EXPECT_EQ(resolve(sources)->settings.exclude, std::vector<std::string>{"migrations"});
  sources.lists = {{"exclude", {" "}}};
  EXPECT_FALSE(resolve(sources));
}

TEST(Resolve, AListIsRefusedWhereOneValueIsWanted) {
  const auto resolved =
      resolve({.files = {{.name = "s.yaml", .entries = {{"seed", "", 2, true, {"1", "2"}}}}}});
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().message, "s.yaml:2: the value of seed must be a single value");
}

TEST(Resolve, EveryFaultIsFoundWhateverWins) {
  Sources sources{
      .flags = {{"jobs", "some"}},
      .files = {{.name = "s.yaml",
                 .entries = *parse_settings("bugdet: 1s\nseed: -1\njobs: 2\nbudget: [1]\n"
                                            "log-level: loud\njobs: 3\n",
                                            "s.yaml")}}};
  sources.variable = variables({{"TESTGEN_SEED", "1"}, {"TESTGEN_WORKERS", "many"}});
  std::vector<std::string> where;
  for (const base::Error& fault : find_faults(sources)) {
    where.push_back(fault.message.substr(0, fault.message.find(": ")));
  }
  EXPECT_EQ(where, (std::vector<std::string>{"--jobs", "TESTGEN_WORKERS", "s.yaml:1", "s.yaml:2",
                                             "s.yaml:4", "s.yaml:5", "s.yaml:6"}));
  EXPECT_TRUE(find_faults({.files = {{.name = "s.yaml", .entries = {{"seed", "1", 1}}}}}).empty());
}

TEST(Resolve, PathsInAProjectsFileStartThere) {
  Sources sources{
      .files = {{.name = "../.testgen.yaml",
                 .folder = "..",
                 .entries = {{"output", "tests/made", 1}, {"framework", "pytest", 2}}}}};
  EXPECT_EQ(resolve(sources)->settings.output, "../tests/made");
  EXPECT_EQ(resolve(sources)->settings.framework, "pytest");
  sources.files[0].entries[0].text = "/srv/tests";
  EXPECT_EQ(resolve(sources)->settings.output, "/srv/tests");
  sources.flags = {{"output", "here"}};
  EXPECT_EQ(resolve(sources)->settings.output, "here");
}

TEST(Resolve, TargetsArePercentages) {
  Sources sources;
  sources.flags = {{"coverage-target", "87.5%"}, {"mutation-target", "60"}};
  EXPECT_DOUBLE_EQ(resolve(sources)->settings.coverage_target, 87.5);
  EXPECT_DOUBLE_EQ(resolve(sources)->settings.mutation_target, 60);
  EXPECT_DOUBLE_EQ(resolve(sources)->settings.quality_target, 0);
  sources.flags = {{"coverage-target", "101"}};
  EXPECT_EQ(resolve(sources).error().hint, "allowed: 0 to 100");
  sources.flags = {{"coverage-target", "0.9x"}};
  EXPECT_FALSE(resolve(sources));
}

TEST(Resolve, SecretsAreNeverShown) {
  Sources sources;
  sources.variable = variables({{"TESTGEN_API_TOKEN", "hunter2"}});
  const auto resolved = resolve(sources);
  ASSERT_TRUE(resolved);
  EXPECT_EQ(resolved->settings.api_token, "hunter2");
  EXPECT_EQ(resolved->texts.at("api-token"), "(hidden)");
}

}  // namespace
}  // namespace testgen::config
