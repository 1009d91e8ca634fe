#include "app/help.h"

#include <fmt/format.h>

#include "app/completion.h"
#include "app/exit_codes.h"
#include "app/version.h"
#include "base/strings.h"
#include "base/wrap_text.h"
#include "config/settings_docs.h"
#include "service/drills/fault_board.h"

namespace testgen::app {
namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kTextColumn = 30;  // of what a command's own options do

std::vector<Command> make_commands() {
  return {
      {.name = "generate",
       .usage = "PATH… [options]",
       .summary = "Generate unit tests for source files, folders or whole projects",
       .text =
           "Runs each module in a sandbox, searches for inputs that reach its branches, and "
           "writes\n"
           "the tests that pass, stay stable and add something. Files you have edited are never\n"
           "overwritten.\n\n"
           "  testgen generate src/ -o tests/\n"
           "  testgen generate shop/cart.py --symbol Cart.total --budget 30s\n"
           "  testgen generate src/ --diff origin/main --coverage-target 85 --junit report.xml\n",
       .settings = config::kGenerate,
       .takes_files = true},
      {.name = "analyze",
       .usage = "PATH… --tests PATH [options]",
       .summary = "Judge the tests that exist: coverage, mutants, tests that check nothing",
       .text = "Runs the tests that import each module, in a sandbox, and changes the module in\n"
               "small ways to see which changes no test notices. Nothing is written.\n\n"
               "  testgen analyze src/ --tests tests/\n"
               "  testgen analyze shop/cart.py --tests tests/test_cart.py --json -\n"
               "  testgen analyze src/ --mutation-target 80 --coverage-target 90\n",
       .settings = config::kAnalyze,
       .takes_files = true},
      {.name = "scan",
       .usage = "PATH… [options]",
       .summary = "Find security issues in source files, folders or whole projects",
       .text =
           "Follows input through each function to where it does harm, and knows the calls and\n"
           "settings that are unsafe by themselves. Nothing of the code is run, but with "
           "--reproduce.\n\n"
           "  testgen scan .\n"
           "  testgen scan src/ --format sarif -o findings.sarif\n"
           "  testgen scan . --diff origin/main --fail-on high\n"
           "  testgen scan app.py --reproduce\n"
           "  testgen scan baseline create . --baseline accepted.json\n"
           "  testgen scan baseline audit --baseline accepted.json\n"
           "  testgen scan baseline audit 3f2a false the host is fixed --baseline accepted.json\n"
           "  testgen scan baseline stats --baseline accepted.json\n",
       .settings = config::kScan,
       .takes_files = true},
      {.name = "rules",
       .usage = "list|show ID|test [ID]|new ID [options]",
       .summary = "Show, test and begin security rules",
       .text = "A rule is a file; its examples are its tests.\n\n"
               "  testgen rules list\n"
               "  testgen rules show python/sql-injection\n"
               "  testgen rules test --rules our-rules/\n"
               "  testgen rules new ours/raw-query --rules our-rules/\n",
       .settings = config::kRules,
       .words = {"list", "show", "test", "new"}},
      {.name = "serve",
       .usage = "[options]",
       .summary = "Run the service: an HTTP API over a durable queue",
       .text =
           "Answers POST /v1/generate and GET /v1/jobs/{id}, and /metrics, /health, /ready and\n"
           "/alive for its operators. Ctrl-C or SIGTERM lets running jobs end first.\n\n"
           "  testgen serve --listen 127.0.0.1:8000 --data /var/lib/testgen\n",
       .settings = config::kServe},
      {.name = "drill",
       .usage = "list|run ALERT|all [options]",
       .summary = "Break a test system on purpose, see the alert arrive, mend it, see it resolve",
       .text =
           "Causes the fault that an alert is for, waits until Prometheus fires it and "
           "Alertmanager\n"
           "has told every receiver of it but the service's own hook, mends the fault, and waits "
           "until\n"
           "the alert is gone. What Alertmanager sent counts only where it cannot have been about "
           "another\n"
           "alert. The service must run on this machine, with --allow-drills and the same data "
           "folder.\n"
           "One drill at a time breaks it.\n\n"
           "  testgen drill run HighErrorRate --data /var/lib/testgen\n"
           "  testgen drill run CertificateExpiresSoon --inject ./old-cert.sh --lift "
           "./new-cert.sh\n"
           "  testgen drill run LLMAPIErrors --fault model-stalls\n",
       .settings = config::kDrill,
       .own_options = {{"--fault",
                        "FAULT",
                        "run: fault of the service to cause in place of the drill's own",
                        {service::kFaultNames.begin(), service::kFaultNames.end()}}},
       .words = {"list", "run", "all"}},
      {.name = "doctor",
       .usage = "[memory|slow|llm|service] [options]",
       .summary = "Check that this machine can generate tests, or look into a running service",
       .text =
           "Without a word, tries the sandbox, the Python interpreter, pytest and coverage.py, and "
           "says\nwhat is missing and how to get it.\n\n"
           "With one, looks into the service of --server for what the troubleshooting guide asks: "
           "memory\nby component and its growth; slow requests, database calls and contention; "
           "models; or all\nof it and the service itself. Run it on the service's machine to see "
           "its processes too.\n\n"
           "  testgen doctor\n"
           "  testgen doctor slow --server http://127.0.0.1:8000 --watch 10s\n"
           "  testgen doctor service --format json\n\n"
           "Exit code 6: something is not as it should be; 1: something could not be found out.\n",
       .settings = config::kDoctor,
       .own_options = {{"--watch", "TIME", "Time between two looks at the service [3s]", {}},
                       {"--format",
                        "NAME",
                        "How the findings are written",
                        {"text", "markdown", "html", "json"}}},
       .words = {"memory", "slow", "llm", "service"}},
      {.name = "config",
       .usage = "print|check|schema [options]",
       .summary = "Show the settings in force, check them, or print their JSON Schema",
       .text =
           "Reads variables and settings files as the other commands do. print says where each\n"
           "value comes from, check only whether all are right, schema what a file may hold.\n\n"
           "  testgen config check --config /etc/testgen/testgen.yaml\n",
       .settings = config::kConfig,
       .own_flags = {{"--markdown", "Print the reference page of all settings instead"}},
       .words = {"print", "check", "schema"}},
      {.name = "keys",
       .usage = "create NAME|list|revoke ID [options]",
       .summary = "Create, list and revoke the API keys of a service",
       .text =
           "A key is shown once, when it is created; the data folder keeps its hash. A running\n"
           "service takes the change within seconds.\n\n"
           "  testgen keys create ci --role user --days 365 --data /var/lib/testgen\n"
           "  testgen keys revoke ci --data /var/lib/testgen\n",
       .settings = config::kKeys,
       .words = {"create", "list", "revoke"}},
      {.name = "env",
       .usage = "create NAME|list|remove NAME [options]",
       .summary = "Build, list and remove the Python environments of a service",
       .text =
           "Each is a virtual environment with the packages that posted code imports; nobody\n"
           "changes it afterwards. pip runs what the packages bring, outside the sandbox: build\n"
           "only from requirements you trust.\n\n"
           "  testgen env create web --python 3.11 --requirements web.txt --data "
           "/var/lib/testgen\n",
       .settings = config::kEnv,
       .words = {"create", "list", "remove"}},
      {.name = "trace",
       .usage = "ID [options]",
       .summary = "Show where the time of a request went: the spans of its trace",
       .text = "Asks a running service for a trace that it still has in memory. The id is in the\n"
               "header traceparent of every answer, and in the log as trace_id.\n\n"
               "  testgen trace 4bf92f3577b34da6a3ce929d0e0e4736 --server http://127.0.0.1:8000\n",
       .settings = config::kTrace},
      {.name = "ops",
       .usage = "daily|weekly|queries [options]",
       .summary = "Run the operators' checklists against Prometheus, Alertmanager and the service",
       .text =
           "daily ticks service health, performance, business and security, with figures and "
           "bars;\nweekly compares with the week before, looks ahead, and reviews the alerts.\n"
           "queries prints every query they make. Nothing is changed anywhere.\n\n"
           "  testgen ops daily --prometheus http://prometheus:9090\n"
           "  testgen ops weekly --format markdown > review.md\n\n"
           "Exit code 6: something misses its bar; 1: nothing does, and something is unknown.\n",
       .settings = config::kOps,
       .own_options =
           {{"--format", "NAME", "How the report is written", {"text", "markdown", "html", "json"}},
            {"--log", "FILE",
             "weekly: a log of the service, which says when Alertmanager told it"}},
       .words = {"daily", "weekly", "queries"}},
      {.name = "top",
       .usage = "[options]",
       .summary = "Watch a running service in the terminal",
       .text = "Requests, queue, workers, rates, percentiles, errors, cache, cost of models, "
               "objectives, and\nwhat is being worked on. q or Ctrl-C ends it.\n\n"
               "  testgen top --server http://127.0.0.1:8000\n"
               "  testgen top --once > now.txt\n",
       .settings = config::kTop,
       .own_flags = {{"--once", "Print one look, with rates over one interval, and end"}},
       .own_options = {{"--interval", "TIME", "Time between two looks [2s]", {}}}},
      {.name = "support-bundle",
       .usage = "[options]",
       .summary = "Put what explains a problem into one archive, without secrets",
       .text = "Settings, the end of the log, metrics, health, work in progress, version and facts "
               "of the\nmachine. Secrets are taken out by their names and by their shapes; what is "
               "in it is listed.\nLook at it before you send it.\n\n"
               "  testgen support-bundle --log-file /var/log/testgen/app.log\n",
       .settings = config::kBundle,
       .own_options = {{"--output",
                        "FILE",
                        "Where it is written; testgen-support-DATE.tar.gz when not given",
                        {}}}},
      {.name = "logs",
       .usage = "[FILE…] [options]",
       .summary = "Find lines in the JSON log of the service, by their fields",
       .text =
           "Reads files, rotated and compressed ones too, the logs of a folder, or standard "
           "input.\n"
           "Conditions compare fields with == != < <= > >= ~ (contains) !~ and ^= (begins with), "
           "joined\nby && || ! and parentheses; levels are compared by their order.\n\n"
           "  testgen logs /var/log/testgen --where 'duration_ms>1000'\n"
           "  testgen logs app.log --where 'level>=\"ERROR\" && event^=\"job_\"' --rotated\n"
           "  testgen logs app.log --where 'status>=500' --fields timestamp,path,status "
           "--format csv\n"
           "  testgen logs app.log --follow --where "
           "'trace_id==\"4bf92f3577b34da6a3ce929d0e0e4736\"'\n\n"
           "Lines that are no JSON are counted on standard error, and the exit code is 1 then.\n",
       .own_flags = {{"--follow", "Go on with lines that are added, through rotations"},
                     {"--rotated", "Also the rotated files beside each file, oldest first"}},
       .own_options = {{"--where", "COND", "Only lines for which this holds", {}},
                       {"--fields", "A,B,…", "Only these fields, in this order", {}},
                       {"--format", "NAME", "How lines are written", {"text", "json", "csv"}}},
       .takes_files = true},
      {.name = "llm",
       .usage = "check [options]",
       .summary = "Check which language models are configured, reachable and allowed",
       .text = "Asks each provider for its list of models, which costs no tokens. Keys come from "
               "the\n"
               "providers' own variables, such as OPENAI_API_KEY, or from files, never from "
               "flags.\n\n"
               "  testgen llm check --llm ollama:qwen2.5-coder --llm openai:gpt-4.1-mini\n",
       .settings = config::kLlm,
       .words = {"check"}},
      {.name = "completion",
       .usage = "bash|zsh|fish",
       .summary = "Print a completion script for a shell",
       .text = "  source <(testgen completion bash)\n"
               "  testgen completion zsh > ~/.zfunc/_testgen\n"
               "  testgen completion fish > ~/.config/fish/completions/testgen.fish\n",
       .words = completion_shells()},
      {.name = "man", .summary = "Print the manual page", .text = "  testgen man | man -l -\n"},
      {.name = "telemetry",
       .usage = "schema --json",
       .summary = "Print the catalogues of metrics and spans as JSON",
       .text = "Every metric that /metrics exposes is declared there once, with its type, unit, "
               "labels\n"
               "and limits. Dashboards and alerts are checked against it.\n",
       .own_flags = {{"--json", "The format; the only one"}},
       .words = {"schema"}},
      {.name = "slo",
       .usage = "rules",
       .summary = "Print the objectives as Prometheus rules with burn-rate alerts",
       .text = "deploy/prometheus/rules/slo.yml is what it prints.\n\n"
               "  testgen slo rules > slo.yml && promtool check rules slo.yml\n",
       .words = {"rules"}},
      {.name = "version", .summary = "Print the version"},
      {.name = "help", .usage = "[COMMAND]", .summary = "Print this help, or a command's own"},
  };
}

// The table of codes, as many in a line as fit.
std::string exit_codes() {
  std::string out = "Exit codes:\n";
  std::string line;
  for (const auto& [code, meaning] : exit_code_table()) {
    const std::string entry = fmt::format("{} {}", static_cast<int>(code), meaning);
    if (!line.empty() && 2 + line.size() + 3 + entry.size() > kWidth) {
      out += "  " + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : "   ") + entry;
  }
  return out + "  " + line + "\n";
}

}  // namespace

std::string_view program_description() {
  return "Reads source code, searches for inputs that reach its branches by running it in a\n"
         "sandbox, and writes the tests that pass in fresh processes, stay stable and show\n"
         "something the others do not. No model and no network are needed;\n"
         "where one is configured, a language model is asked for what the search leaves. Python is "
         "supported.\n";
}

std::span<const Command> commands() {
  static const std::vector<Command> table = make_commands();
  return table;
}

const Command* find_command(std::string_view name) {
  for (const Command& command : commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

std::string general_help() {
  std::string out = fmt::format(
      "testgen {}: generates unit tests that are proven to pass and stay stable\n\n"
      "Usage: testgen COMMAND [options]\n\n"
      "Commands:\n",
      version());
  for (const Command& command : commands()) {
    out += fmt::format("  {:<11} {}\n", command.name, command.summary);
  }
  out += "\n`testgen help COMMAND` explains a command and its options.\n\n";
  return out + exit_codes();
}

std::string command_help(const Command& command) {
  std::string usage = fmt::format("testgen {} {}", command.name, command.usage);
  usage.erase(usage.find_last_not_of(' ') + 1);
  std::string out = fmt::format("{}\n\nUsage: {}\n", command.summary, usage);
  if (!command.text.empty()) out += "\n" + std::string(command.text);
  // Settings bring their own headings.
  const bool grouped =
      command.settings != 0 && command.own_flags.empty() && command.own_options.empty();
  if (!grouped) out += "\nOptions:\n";
  for (const auto& [flag, help] : command.own_flags) {
    out += fmt::format("      {:<22}  {}\n", flag, help);
  }
  for (const OwnOption& own : command.own_options) {
    const std::vector<std::string> choices(own.choices.begin(), own.choices.end());
    std::string text(own.help);
    if (!choices.empty()) text += ": " + base::join(choices, ", ");
    out += fmt::format("      {:<22}  {}\n", fmt::format("{} {}", own.flag, own.placeholder),
                       base::wrap_text(text, kTextColumn, kWidth));
  }
  if (command.settings != 0) {
    out += config::option_help(static_cast<config::Command>(command.settings), kWidth);
  }
  out += fmt::format("  {:<26}  {}\n", "-h, --help", "Print this help");
  if (command.settings != 0) {
    out +=
        "\nOptions can also stand in .testgen.yaml or in variables; `testgen config print` "
        "shows\n"
        "which are in force and why.\n";
  }
  if (command.settings == config::kGenerate || command.settings == config::kAnalyze ||
      command.settings == config::kServe || command.settings == config::kTrace ||
      command.settings == config::kKeys || command.settings == config::kEnv ||
      command.settings == config::kScan || command.settings == config::kLlm ||
      command.settings == config::kOps || command.settings == config::kTop ||
      command.settings == config::kBundle || command.settings == config::kDrill) {
    out += "\n" + exit_codes();
  }
  return out;
}

}  // namespace testgen::app
