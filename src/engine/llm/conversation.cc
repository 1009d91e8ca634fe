#include "engine/llm/conversation.h"

#include <algorithm>

#include "base/strings.h"
#include "engine/llm/gates.h"
#include "engine/llm/prompt.h"
#include "engine/llm/repair.h"
#include "engine/llm/reply_parser.h"

namespace testgen::llm {
namespace {

constexpr int kMostRepairs = 4;  // wrong values in one test
constexpr std::size_t kMaxHistory = 12'000;
constexpr std::size_t kMaxFailure = 400;
constexpr const char* kItFailed = "it failed";
constexpr std::string_view kNothingSaid = "(no text)";  // providers refuse messages that are empty

class Conversation {
 public:
  Conversation(const Subject& subject, Gap gap, ModelClient& client, Judge& judge,
               const ConversationOptions& options, CallWatch& watch, const base::Clock& clock,
               const std::stop_token& stop, ConversationResult& result)
      : subject_(subject),
        gap_(std::move(gap)),
        client_(client),
        judge_(judge),
        options_(options),
        watch_(watch),
        clock_(clock),
        stop_(stop),
        result_(result) {}

  base::Status run() {
    ChatRequest request = first_request(subject_, gap_, options_);
    const Message question = request.messages.front();
    for (int attempt = 1; attempt <= options_.attempts; ++attempt) {
      if (stop_.stop_requested() || clock_.steady_now() >= options_.deadline) break;
      TG_ASSIGN(const Answer answer, ask(request));
      result_.provider = answer.provider;
      result_.model = answer.model;
      if (answer.reply.stop == StopReason::Refused) {
        note({gap_.function, "the model refused: " + base::one_line(answer.reply.refusal, 200)});
        break;
      }
      TG_TRY(take(answer.reply.text));
      gap_ = judge_.remaining(gap_);
      if (gap_.empty()) break;
      // The question, the last answer and what came of it: what came before says nothing new.
      request.messages = {question,
                          {Role::Assistant, said(answer.reply)},
                          {Role::User, options_.redact(next_prompt(to_be_told(), gap_))}};
    }
    // What the last reply left failing is told like all the rest.
    for (const Rejection& failed : feedback_.failed) note(failed);
    return {};
  }

 private:
  static std::string said(const ChatReply& reply) {
    if (base::trim(reply.text).empty()) return std::string(kNothingSaid);
    return reply.text.substr(0, kMaxHistory);
  }

  [[nodiscard]] Feedback to_be_told() const {
    Feedback out = feedback_;
    if (options_.tell_failures) return out;
    for (Rejection& failed : out.failed) failed.reason = kItFailed;
    return out;
  }

  // A reply with something else than calls of the tool, which are answered on the way.
  base::Result<Answer> ask(ChatRequest request) {
    for (int round = 1;; ++round) {
      TG_ASSIGN(Answer answer, client_.complete(request, watch_, stop_));
      const std::vector<ToolCall>& calls = answer.reply.calls;
      if (calls.empty() || round > kMostLookUpRounds) return answer;
      if (stop_.stop_requested() || clock_.steady_now() >= options_.deadline) return answer;
      request.messages.push_back(
          {Role::Assistant, answer.reply.text.substr(0, kMaxHistory), calls});
      for (const ToolCall& call : calls) {
        request.messages.push_back({Role::Tool, look_up(call, round), {}, call});
      }
    }
  }

  std::string look_up(const ToolCall& call, int round) {
    const std::string symbol = wanted_symbol(call);
    LookedUp found;
    if (++result_.looked_up > kMostLookUps || round == kMostLookUpRounds) {
      found.outcome = LookUpOutcome::OverLimit;
    } else if (!symbol.empty() && options_.look_up) {
      found = options_.look_up(symbol);
      found.code = options_.redact(found.code);
      if (shown_ + found.code.size() > kMaxLookedUp) found = {LookUpOutcome::OverLimit, "", ""};
    }
    shown_ += found.code.size();
    watch_.looked_up(found.outcome, found.code.size());
    if (found.outcome == LookUpOutcome::Denied) {
      note({symbol, "its code is not sent to a model: " + found.reason});
    }
    return look_up_text(symbol, found);
  }

  base::Status take(const std::string& reply) {
    for (const Rejection& failed : feedback_.failed) note(failed);
    feedback_ = {};
    ParsedReply parsed = parse_reply(reply, subject_, clock_);
    result_.proposed += static_cast<std::uint32_t>(parsed.tests.size() + parsed.rejected.size());
    feedback_.rejected = std::move(parsed.rejected);
    std::vector<ProposedTest> tests;
    for (ProposedTest& test : parsed.tests) {
      std::string reason = why_rejected(test, subject_, gap_, clock_);
      if (reason.empty()) {
        tests.push_back(std::move(test));
      } else {
        feedback_.rejected.push_back({test.name, std::move(reason)});
      }
    }
    for (const Rejection& rejection : feedback_.rejected) note(rejection);
    if (tests.empty()) return {};
    TG_ASSIGN(std::vector<ProposedTest> mended, judge_all(tests));
    if (mended.empty()) return {};
    TG_ASSIGN(const std::vector<ProposedTest> failed, judge_all(mended));
    (void)failed;
    return {};
  }

  // Judges them; the mended forms of those that failed and could be mended.
  base::Result<std::vector<ProposedTest>> judge_all(const std::vector<ProposedTest>& tests) {
    TG_ASSIGN(const std::vector<Judgement> judgements, judge_.judge(gap_, tests));
    std::vector<ProposedTest> mended;
    for (std::size_t i = 0; i < tests.size() && i < judgements.size(); ++i) {
      const ProposedTest& test = tests[i];
      switch (judgements[i].standing) {
        case Standing::Kept:
          ++result_.kept;
          result_.observed += test.observed ? 1 : 0;
          break;
        case Standing::AddsNothing:
          feedback_.idle.push_back(test.name);
          note({test.name, "it adds no line, no branch and no mutant"});
          break;
        case Standing::Failed: {
          TG_ASSIGN(auto better, mend(test));
          if (better) {
            mended.push_back(*std::move(better));
          } else {
            feedback_.failed.push_back({test.name, clean(judgements[i].problem)});
          }
          break;
        }
      }
    }
    return mended;
  }

  base::Result<std::optional<ProposedTest>> mend(const ProposedTest& test) {
    std::optional<ProposedTest> out;
    if (test.observed) return out;  // it moves
    ProposedTest current = test;
    for (int round = 0; round < kMostRepairs; ++round) {
      const auto probed = with_probes(current, clock_);
      if (!probed) return out;
      TG_ASSIGN(const std::string failure, judge_.failure_of(*probed));
      if (failure.empty()) return out;
      auto better = with_observed(current, failure, clock_);
      if (!better) return std::optional<ProposedTest>();
      current = *std::move(better);
      out = current;
    }
    return out;
  }

  static std::string clean(const std::string& problem) {
    return base::one_line(problem.empty() ? kItFailed : problem, kMaxFailure);
  }

  void note(const Rejection& rejection) {
    const auto known = std::find(result_.rejected.begin(), result_.rejected.end(), rejection);
    if (known == result_.rejected.end()) result_.rejected.push_back(rejection);
  }

  const Subject& subject_;
  Gap gap_;
  ModelClient& client_;
  Judge& judge_;
  const ConversationOptions& options_;
  CallWatch& watch_;
  const base::Clock& clock_;
  const std::stop_token& stop_;
  ConversationResult& result_;
  Feedback feedback_;
  std::size_t shown_ = 0;  // bytes of code, by the tool
};

}  // namespace

ChatRequest first_request(const Subject& subject, const Gap& gap,
                          const ConversationOptions& options) {
  ChatRequest request;
  request.system = system_prompt(subject.framework);
  request.messages = {{Role::User, options.redact(first_prompt(subject, gap))}};
  request.max_output_tokens = options.max_output_tokens;
  request.seed = options.seed;
  request.payer = options.payer;
  if (options.look_up) request.tools = {look_up_tool()};
  return request;
}

base::Status converse(const Subject& subject, Gap gap, ModelClient& client, Judge& judge,
                      const ConversationOptions& options, CallWatch& watch,
                      const base::Clock& clock, const std::stop_token& stop,
                      ConversationResult& result) {
  return Conversation(subject, std::move(gap), client, judge, options, watch, clock, stop, result)
      .run();
}

}  // namespace testgen::llm
