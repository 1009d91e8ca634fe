// The subcommands, one file each. A command prints its own results and errors and returns the
// exit code.
#pragma once

#include "app/cli.h"

namespace testgen::app {

[[nodiscard]] int generate(const Generate& action);
[[nodiscard]] int analyze(const Analyze& action);
[[nodiscard]] int serve(const Serve& action);
[[nodiscard]] int doctor(const Doctor& action);
[[nodiscard]] int doctor_live(const Doctor& action);
[[nodiscard]] int show_config(const ShowConfig& action);
[[nodiscard]] int keys(const Keys& action);
[[nodiscard]] int env(const Env& action);
[[nodiscard]] int trace(const Trace& action);
[[nodiscard]] int llm_check(const LlmCheck& action);
[[nodiscard]] int scan_code(const Scan& action);
[[nodiscard]] int scan_baseline(const BaselineCommand& action);
[[nodiscard]] int rules(const RulesCommand& action);
[[nodiscard]] int rules_new(const RulesCommand& action);
[[nodiscard]] int ops(const Ops& action);
[[nodiscard]] int logs(const Logs& action);
[[nodiscard]] int drill(const Drill& action);
[[nodiscard]] int top(const Top& action);
[[nodiscard]] int support_bundle(const SupportBundle& action);
[[nodiscard]] int telemetry_schema();

}  // namespace testgen::app
