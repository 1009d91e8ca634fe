// The one table of spans: what is started anywhere in the program is declared here, with the
// attributes it may carry. docs/spans.md is printed from it; a lint holds the code to it, and an
// end-to-end test holds what a request really leaves behind to it.
#pragma once

#include <array>
#include <string_view>

#include "telemetry/tracing/span_record.h"

namespace testgen::telemetry {

struct SpanSpec {
  std::string_view name;
  SpanKind kind;
  std::string_view parent;      // of which span it usually is a child; "" when it begins a trace
  std::string_view attributes;  // separated by blanks; "?" after those that may be absent
  std::string_view what;
  bool landed = true;  // false: its feature is still to come
};

inline constexpr auto kSpans = [] {
  using enum SpanKind;
  return std::array{
      SpanSpec{"{method} {route}", Server, "",
               "http.request.method http.route url.path http.request.body.size "
               "network.peer.address http.request.id http.response.status_code "
               "http.response.body.size file.count? file.language? cache.hit? job.id?",
               "One request, from its last byte to the answer; continues the caller's trace"},
      SpanSpec{"cache.get", Internal, "{method} {route}", "cache.hit",
               "Looking for a result in the cache"},
      SpanSpec{"cache.put", Internal, "job.run", "", "Keeping a result in the cache"},
      SpanSpec{"redis.{operation}", Client, "cache.get",
               "db.system.name db.operation.name error.type?",
               "One command to the cache that services share: looking for a result, keeping one, "
               "forgetting one"},
      SpanSpec{"db.{operation}", Client, "{method} {route}",
               "db.system.name db.operation.name error.type?",
               "One operation of the store, for a request, a job or the housekeeping; what the "
               "health checks and the account of the objectives do there is one when it fails"},
      SpanSpec{"queue.wait", Internal, "{method} {route}", "",
               "From a job's acceptance to the start of its run"},
      SpanSpec{"job.run", Consumer, "{method} {route}", "job.id job.kind job.attempt",
               "One run of a job on a worker"},
      SpanSpec{"queue.housekeeping", Internal, "", "error.type?",
               "Keeping the leases of running jobs, taking back lost ones, forgetting old ones"},
      SpanSpec{"queue.recover", Internal, "", "error.type?",
               "Taking back, at the start, the jobs that a crash left running"},
      SpanSpec{"chat {model}", Client, "ask",
               "gen_ai.operation.name gen_ai.provider.name gen_ai.request.model? "
               "gen_ai.request.max_tokens? gen_ai.request.temperature? gen_ai.request.top_p? "
               "gen_ai.request.seed? gen_ai.request.stream? server.address? server.port? "
               "gen_ai.response.id? gen_ai.response.model? gen_ai.response.finish_reasons? "
               "gen_ai.response.time_to_first_chunk? gen_ai.usage.input_tokens? "
               "gen_ai.usage.output_tokens? gen_ai.usage.cache_read.input_tokens? "
               "gen_ai.usage.reasoning.output_tokens? gen_ai.system_instructions? "
               "gen_ai.input.messages? gen_ai.output.messages? error.type?",
               "One call of a language model; content only where its category is switched on"},
      SpanSpec{"execute_tool look_up", Internal, "ask",
               "gen_ai.operation.name gen_ai.tool.name look_up.outcome look_up.bytes",
               "A model asked for code beside its function; bytes of what it was shown"},
      SpanSpec{"generate", Internal, "", "modules.count", "One run of the command"},
      SpanSpec{"scan", Internal, "{method} {route}", "files.count? files.reused? findings.count?",
               "One run of the scanner; the command's own begins a trace"},
      SpanSpec{"reproduce", Internal, "scan", "findings.count findings.reproduced",
               "Findings of a scan that got a test, of those that could"},
      SpanSpec{"analyze", Internal, "",
               "error.type? functions.count? goals.count? earlier_tests.count?",
               "One run of the command, or the step that reads a module's functions"},
      SpanSpec{"generate_tests", Internal, "generate",
               "file.path file.language? tests.count? error.type?",
               "Everything that is done for one source file"},
      SpanSpec{"analyze_tests", Internal, "analyze",
               "file.path file.language? tests.count? quality? error.type?",
               "Judging the tests that exist of one source file"},
      SpanSpec{"load", Internal, "generate_tests", "file.size? runtime.version? error.type?",
               "Reading the source and finding its interpreter"},
      SpanSpec{"learn", Internal, "generate_tests",
               "earlier_tests.count? tests.files? calls.count? fixtures.count? error.type?",
               "Running the tests that exist, for the values they use"},
      SpanSpec{"propose", Internal, "generate_tests", "executions.count? tests.count? error.type?",
               "Searching for inputs"},
      SpanSpec{"verify", Internal, "generate_tests", "tests.kept? tests.dropped? error.type?",
               "Running the proposed tests in fresh processes"},
      SpanSpec{"ask", Internal, "generate_tests",
               "functions.count? tests.kept? tests.rejected? executions.count? error.type?",
               "Asking a language model for what no test shows yet"},
      SpanSpec{"score", Internal, "generate_tests", "quality? error.type?",
               "Trying mutants against the tests that were kept"},
      SpanSpec{"emit", Internal, "generate_tests", "error.type?", "Rendering the test file"},
      SpanSpec{"record", Internal, "generate_tests", "error.type?", "Counting what was made"},
      SpanSpec{"ticket", Client, "{method} {route}", "ticket.action? error.type?",
               "Opening, closing or leaving alone the ticket of an alert"},
      SpanSpec{"sandbox.run", Internal, "generate_tests",
               "sandbox.outcome? sandbox.cpu_ms? sandbox.peak_memory_bytes?",
               "One program run in the sandbox"},
      SpanSpec{"sandbox.start", Internal, "generate_tests", "sandbox.outcome?",
               "A program in the sandbox that stays and serves many runs"},
  };
}();

[[nodiscard]] constexpr std::string_view to_string(SpanKind kind) {
  switch (kind) {
    case SpanKind::Internal:
      return "internal";
    case SpanKind::Server:
      return "server";
    case SpanKind::Client:
      return "client";
    case SpanKind::Producer:
      return "producer";
    case SpanKind::Consumer:
      return "consumer";
  }
  return "internal";
}

}  // namespace testgen::telemetry
