#include "app/cli.h"

#include <gtest/gtest.h>

#include "app/completion.h"
#include "base/file_system.h"
#include "config/settings_table.h"

namespace testgen::app {
namespace {

using namespace std::chrono_literals;

class CliTest : public testing::Test {
 protected:
  base::Result<Action> parse(const std::vector<std::string>& words) {
    return parse_command_line(
        words, {.variable = [this](std::string_view name) -> std::optional<std::string> {
                  const auto found = variables_.find(name);
                  if (found == variables_.end()) return std::nullopt;
                  return found->second;
                },
                .folder = folder_.path()});
  }
  Generate generate(const std::vector<std::string>& words) {
    auto action = parse(words);
    EXPECT_TRUE(action) << describe(action.error());
    return action ? std::get<Generate>(*action) : Generate{};
  }
  std::string error(const std::vector<std::string>& words) {
    const auto action = parse(words);
    if (action) return "(no error)";
    EXPECT_EQ(action.error().code, base::ErrorCode::InvalidArgument);
    return describe(action.error());
  }

  std::map<std::string, std::string, std::less<>> variables_;
  base::TempDir folder_ = *base::TempDir::create("cli-test");
};

TEST_F(CliTest, GenerateTakesFilesAndFlagsInAnyOrder) {
  const Generate action = generate({"generate", "a.py", "-o", "out", "--budget=1m30s", "b.py",
                                    "--seed", "7", "--json", "-", "-qj2", "--unsafe-no-sandbox"});
  EXPECT_EQ(action.paths, (std::vector<std::string>{"a.py", "b.py"}));
  EXPECT_EQ(action.settings.output, "out");
  EXPECT_EQ(action.settings.budget, 90s);
  EXPECT_EQ(action.settings.seed, 7U);
  EXPECT_EQ(action.settings.json, "-");
  EXPECT_EQ(action.settings.jobs, 2U);
  EXPECT_TRUE(action.settings.quiet);
  EXPECT_TRUE(action.settings.unsafe_no_sandbox);
}

TEST_F(CliTest, AfterTwoDashesEverythingIsAFile) {
  EXPECT_EQ(generate({"generate", "--", "-odd.py"}).paths, std::vector<std::string>{"-odd.py"});
}

TEST_F(CliTest, TheLaterOfTwoEqualFlagsCounts) {
  EXPECT_EQ(generate({"generate", "a.py", "--seed", "1", "--seed", "2"}).settings.seed, 2U);
}

TEST_F(CliTest, EveryFlagOfTheTableIsAccepted) {
  for (const config::Setting& setting : config::settings_table()) {
    const std::string name = "--" + std::string(setting.name);
    for (const auto& [bit, command] :
         {std::pair{config::kGenerate, "generate"}, std::pair{config::kAnalyze, "analyze"},
          std::pair{config::kServe, "serve"}, std::pair{config::kDoctor, "doctor"}}) {
      if ((setting.commands & bit) == 0 || setting.name == "config") continue;
      std::vector<std::string> words = {command, name};
      if (setting.kind != config::Kind::Switch) {
        const bool percent = setting.kind == config::Kind::Percent;
        words.emplace_back(!setting.default_text.empty() ? setting.default_text
                           : !setting.choices.empty()    ? setting.choices.front()
                           : percent                     ? "50"
                                                         : "x");
      }
      if (bit == config::kGenerate || bit == config::kAnalyze) words.emplace_back("a.py");
      const auto action = parse(words);
      EXPECT_TRUE(action) << command << " " << name << ": " << describe(action.error());
    }
  }
}

TEST_F(CliTest, SlipsAreNamedWithAGuess) {
  EXPECT_EQ(error({"genrate", "a.py"}),
            "there is no command \"genrate\" (did you mean \"generate\"?)");
  EXPECT_EQ(error({"generate", "a.py", "--bugdet", "1s"}),
            "generate has no flag --bugdet (did you mean \"--budget\"?)");
  EXPECT_EQ(error({"generate", "a.py", "--listen=x"}),
            "generate has no flag --listen (it belongs to other commands; see `testgen help`)");
  EXPECT_EQ(error({"help", "serv"}), "there is no command \"serv\" (did you mean \"serve\"?)");
  EXPECT_EQ(error({"--budget", "1s"}),
            "--budget must come after a command (`testgen help` lists the commands)");
}

TEST_F(CliTest, MissingAndSurplusWordsAreErrors) {
  EXPECT_NE(error({}), "(no error)");
  EXPECT_NE(error({""}), "(no error)");
  EXPECT_NE(error({"generate"}), "(no error)");
  EXPECT_NE(error({"generate", "a.py", "--budget"}), "(no error)");
  EXPECT_NE(error({"serve", "extra"}), "(no error)");
  EXPECT_NE(error({"version", "--budget", "1s"}), "(no error)");
  EXPECT_NE(error({"telemetry"}), "(no error)");
}

TEST_F(CliTest, TheFileInTheFolderIsReadAndANamedOneWins) {
  ASSERT_TRUE(base::write_file_atomic(folder_.path() / ".testgen.yaml", "seed: 5\n"));
  ASSERT_TRUE(base::write_file_atomic(folder_.path() / "other.yaml",
                                      "seed: 6\npython: /usr/bin/python3\n"));
  EXPECT_EQ(generate({"generate", "a.py"}).settings.seed, 5U);
  EXPECT_EQ(generate({"generate", "a.py", "--config", "other.yaml"}).settings.seed, 6U);
  variables_["TESTGEN_CONFIG"] = "other.yaml";
  EXPECT_EQ(generate({"generate", "a.py"}).settings.python, "/usr/bin/python3");
  EXPECT_NE(error({"generate", "a.py", "--config", "missing.yaml"}).find("missing.yaml"),
            std::string::npos);
}

TEST_F(CliTest, ADrillTakesAnotherFault) {
  const auto action = parse({"drill", "run", "LLMAPIErrors", "--fault", "model-stalls"});
  ASSERT_TRUE(action) << describe(action.error());
  EXPECT_EQ(std::get<Drill>(*action).fault, "model-stalls");
  EXPECT_EQ(std::get<Drill>(*parse({"drill", "run", "LLMAPIErrors"})).fault, "");
  EXPECT_NE(error({"drill", "run", "LLMAPIErrors", "--fault", "model-melts"}).find("model-stalls"),
            std::string::npos);
}

TEST_F(CliTest, ListsAreGivenAgainAndAgain) {
  const Generate action = generate({"generate", "--symbol", "Cart.total", "a.py", "--symbol=add",
                                    "-x", "legacy", "b.py", "-xold"});
  EXPECT_EQ(action.settings.symbols, (std::vector<std::string>{"Cart.total", "add"}));
  EXPECT_EQ(action.settings.exclude, (std::vector<std::string>{"legacy", "old"}));
  EXPECT_EQ(action.paths, (std::vector<std::string>{"a.py", "b.py"}));
}

TEST_F(CliTest, TheProjectsFileIsFoundFromTheFirstPathAndComesBeforeTheUsers) {
  ASSERT_TRUE(base::write_file_atomic(folder_.path() / "shop/.testgen.yaml",
                                      "seed: 5\nexclude: [legacy]\noutput: tests/made\n"));
  ASSERT_TRUE(base::write_file_atomic(folder_.path() / "home/testgen/config.yaml",
                                      "seed: 6\njobs: 3\npython: /opt/python\n"));
  variables_["XDG_CONFIG_HOME"] = (folder_.path() / "home").string();
  const Generate action = generate({"generate", "shop/pkg/cart.py"});
  EXPECT_EQ(action.settings.seed, 5U);
  EXPECT_EQ(action.settings.jobs, 3U);
  EXPECT_EQ(action.settings.python, "/opt/python");
  EXPECT_EQ(action.settings.exclude, std::vector<std::string>{"legacy"});
  EXPECT_EQ(action.settings.output, "shop/tests/made");
  EXPECT_EQ(generate({"generate", "other.py"}).settings.seed, 6U);
  // HOME, where XDG_CONFIG_HOME is not absolute.
  ASSERT_TRUE(base::write_file_atomic(folder_.path() / ".config/testgen/config.yaml", "seed: 9\n"));
  variables_["XDG_CONFIG_HOME"] = "relative";
  variables_["HOME"] = folder_.path().string();
  EXPECT_EQ(generate({"generate", "other.py"}).settings.seed, 9U);
  ASSERT_TRUE(base::write_file_atomic(folder_.path() / ".config/testgen/config.yaml", "sead: 9\n"));
  EXPECT_NE(error({"generate", "other.py"}).find("did you mean \"seed\"?"), std::string::npos);
}

TEST_F(CliTest, CompletionAndManArePrinted) {
  for (const std::string_view shell : completion_shells()) {
    const auto action = parse({"completion", std::string(shell)});
    ASSERT_TRUE(action) << shell;
    EXPECT_NE(std::get<PrintText>(*action).text.find("generate"), std::string::npos);
  }
  EXPECT_EQ(
      error({"completion"}),
      "completion needs the name of one shell (write `testgen completion bash`, zsh or fish)");
  EXPECT_EQ(error({"completion", "tcsh"}).rfind("there is no completion for \"tcsh\"", 0), 0U);
  EXPECT_NE(std::get<PrintText>(*parse({"man"})).text.find(".TH TESTGEN 1"), std::string::npos);
  EXPECT_NE(error({"man", "x"}), "(no error)");
}

TEST_F(CliTest, VariablesAreRead) {
  variables_["TESTGEN_BUDGET"] = "3s";
  EXPECT_EQ(generate({"generate", "a.py"}).settings.budget, 3s);
  variables_["TESTGEN_BUDGET"] = "soon";
  EXPECT_EQ(error({"generate", "a.py"}).rfind("TESTGEN_BUDGET: ", 0), 0U);
}

TEST_F(CliTest, AServiceHasPythonsOfItsOwn) {
  const std::vector<std::string> ask{"generate", "a.py", "--server", "http://127.0.0.1:8000"};
  std::vector<std::string> words = ask;
  words.insert(words.end(), {"--server-environment", "web"});
  EXPECT_EQ(generate(words).settings.server_environment, "web");
  words = ask;
  words.insert(words.end(), {"--python", "/usr/bin/python3"});
  EXPECT_NE(error(words).find("--server-environment"), std::string::npos);
  // One that is meant for the work on this machine stays out of the way.
  variables_["TESTGEN_PYTHON"] = "/usr/bin/python3";
  EXPECT_EQ(generate(ask).settings.server, "http://127.0.0.1:8000");
}

TEST_F(CliTest, HelpIsThereForEveryCommand) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"help"},
                                             {"--help"},
                                             {"-h"},
                                             {"help", "generate"},
                                             {"generate", "--help"},
                                             {"serve", "-h"},
                                             {"help", "telemetry"},
                                             {"generate", "--help", "--nonsense"}}) {
    const auto action = parse(words);
    ASSERT_TRUE(action) << words.back();
    EXPECT_NE(std::get<PrintText>(*action).text.find("Usage: testgen"), std::string::npos);
  }
  EXPECT_EQ(std::get<PrintText>(*parse({"--version"})).text.rfind("testgen ", 0), 0U);
}

}  // namespace
}  // namespace testgen::app
