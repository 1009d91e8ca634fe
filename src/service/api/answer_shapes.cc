#include "service/api/answer_shapes.h"

#include "service/api/generate_input.h"

namespace testgen::service {
namespace {

constexpr std::uint64_t kMaxComment = 2000;
constexpr std::uint64_t kMaxAlerts = 1000;

const Shape& field_error_shape() {
  static const Shape shape{
      .name = "FieldError",
      .what = "One fault of a body.",
      .fields = {{.name = "pointer", .need = Need::Required, .what = "Where, as a JSON pointer."},
                 {.name = "detail", .need = Need::Required, .what = "What it must be."}}};
  return shape;
}

const Shape& alert_shape() {
  static const Shape shape{
      .name = "Alert",
      .what = "One alert, as Alertmanager tells it.",
      .fields = {{.name = "status", .need = Need::Required, .values = {"firing", "resolved"}},
                 {.name = "labels", .kind = Kind::TextMap, .need = Need::Required},
                 {.name = "annotations", .kind = Kind::TextMap},
                 {.name = "startsAt", .need = Need::Required, .least = 1, .most = 64},
                 {.name = "endsAt", .most = 64},
                 {.name = "generatorURL", .most = 4096},
                 {.name = "fingerprint", .need = Need::Required, .least = 1, .most = 128}},
      .open = true};
  return shape;
}

Field timestamp(Need need = Need::Required) {
  return {.name = "timestamp", .kind = Kind::Number, .need = need, .what = "Unix seconds."};
}

}  // namespace

const Shape& open_shape() {
  static const Shape shape{.name = "Document",
                           .what = "An object whose members are not promised.",
                           .fields = {},
                           .open = true};
  return shape;
}

const Shape& problem_shape() {
  static const Shape shape{
      .name = "Problem",
      .what = "What went wrong (RFC 9457).",
      .fields = {{.name = "type",
                  .need = Need::Required,
                  .what = "urn:testgen:problem: and the error's code."},
                 {.name = "title", .need = Need::Required, .what = "The kind of error."},
                 {.name = "status",
                  .kind = Kind::Integer,
                  .need = Need::Required,
                  .what = "Of the answer.",
                  .least = 400,
                  .most = 599},
                 {.name = "detail", .need = Need::Required, .what = "What was wrong, and where."},
                 {.name = "hint", .what = "What to do about it."},
                 {.name = "instance", .what = "The path of the request."},
                 {.name = "trace_id", .what = "Of the request's trace."},
                 {.name = "job_id", .what = "The job that failed."},
                 {.name = "errors",
                  .kind = Kind::Array,
                  .what = "For a body that is not valid: each place and what it must be.",
                  .shape = field_error_shape}}};
  return shape;
}

const Shape& job_shape() {
  static const Shape shape{
      .name = "Job",
      .what = "A unit of work: what was asked, where it stands, what came out.",
      .fields = {{.name = "id", .need = Need::Required, .what = "32 hexadecimal digits."},
                 {.name = "kind", .need = Need::Required, .what = "Of the work: generate."},
                 {.name = "state",
                  .need = Need::Required,
                  .values = {"queued", "running", "succeeded", "failed", "cancelled"}},
                 {.name = "cached",
                  .kind = Kind::Boolean,
                  .need = Need::Required,
                  .what = "Whether the answer was known already."},
                 {.name = "attempts",
                  .kind = Kind::Integer,
                  .need = Need::Required,
                  .what = "How often it was begun."},
                 {.name = "created_at", .need = Need::Required, .what = "RFC 3339."},
                 {.name = "started_at"},
                 {.name = "finished_at"},
                 {.name = "trace_id", .what = "Of the request that asked for it."},
                 {.name = "stage", .what = "While it runs: what is being done."},
                 {.name = "fraction",
                  .kind = Kind::Number,
                  .what = "While it runs: how far it is, 0 to 1.",
                  .max = 1},
                 {.name = "result",
                  .kind = Kind::Any,
                  .what = "When it succeeded: `files`, the tests with path and content, and "
                          "`modules`, a report on each source."},
                 {.name = "error",
                  .kind = Kind::Object,
                  .what = "When it failed.",
                  .shape = problem_shape}}};
  return shape;
}

const Shape& job_list_shape() {
  static const Shape shape{
      .name = "JobList",
      .what = "A page of jobs.",
      .fields = {{.name = "jobs", .kind = Kind::Array, .need = Need::Required, .shape = job_shape},
                 {.name = "next_after",
                  .what = "There may be more: ask with after=… for the next page."}}};
  return shape;
}

const Shape& test_feedback_shape() {
  static const Shape shape{
      .name = "TestFeedback",
      .what = "What its user did with a test.",
      .fields = {{.name = "verdict", .need = Need::Required, .values = {"accepted", "rejected"}},
                 {.name = "comment", .most = kMaxComment}}};
  return shape;
}

const Shape& finding_feedback_shape() {
  static const Shape shape{
      .name = "FindingFeedback",
      .what = "What its reader thinks of a finding.",
      .fields = {
          {.name = "verdict", .need = Need::Required, .values = {"confirmed", "false_positive"}},
          {.name = "comment", .most = kMaxComment}}};
  return shape;
}

const Shape& feedback_answer_shape() {
  static const Shape shape{
      .name = "Feedback",
      .what = "A verdict that is kept.",
      .fields = {{.name = "id", .need = Need::Required},
                 {.name = "verdict", .need = Need::Required},
                 {.name = "previous", .what = "The verdict that it replaces."}}};
  return shape;
}

const Shape& alertmanager_shape() {
  static const Shape shape{.name = "AlertmanagerMessage",
                           .what = "Version 4 of Alertmanager's webhook.",
                           .fields = {{.name = "version", .need = Need::Required, .values = {"4"}},
                                      {.name = "alerts",
                                       .kind = Kind::Array,
                                       .need = Need::Required,
                                       .most = kMaxAlerts,
                                       .shape = alert_shape}},
                           .open = true};
  return shape;
}

const Shape& alerts_answer_shape() {
  static const Shape shape{.name = "AlertsKept",
                           .what = "What became of the alerts.",
                           .fields = {{.name = "received",
                                       .kind = Kind::Integer,
                                       .need = Need::Required,
                                       .what = "Alerts in the message."},
                                      {.name = "news",
                                       .kind = Kind::Integer,
                                       .need = Need::Required,
                                       .what = "Those that were not known so."}}};
  return shape;
}

const Shape& health_shape() {
  static const Shape shape{
      .name = "Health",
      .what = "That it runs.",
      .fields = {{.name = "status", .need = Need::Required, .values = {"healthy"}}, timestamp()}};
  return shape;
}

const Shape& ready_shape() {
  static const Shape shape{
      .name = "Readiness",
      .what = "Whether it can take work. More with ?verbose.",
      .fields = {{.name = "status", .need = Need::Required, .values = {"ready", "not ready"}},
                 {.name = "checks", .kind = Kind::Any, .need = Need::Required}},
      .open = true};
  return shape;
}

const Shape& alive_shape() {
  static const Shape shape{
      .name = "Liveness",
      .what = "Whether it need not be restarted.",
      .fields = {{.name = "status", .need = Need::Required, .values = {"alive", "dead"}},
                 timestamp(Need::Optional),
                 {.name = "error"}}};
  return shape;
}

const Shape& log_level_shape() {
  static const Shape shape{
      .name = "LogLevel",
      .what = "How much the service says.",
      .fields = {{.name = "level",
                  .need = Need::Required,
                  .values = {"debug", "info", "warning", "error", "critical"}},
                 {.name = "debug_metrics", .kind = Kind::Boolean, .need = Need::Required}}};
  return shape;
}

const Shape& log_level_change_shape() {
  static const Shape shape{
      .name = "LogLevelChange",
      .what = "Either or both.",
      .fields = {{.name = "level", .values = {"debug", "info", "warning", "error", "critical"}},
                 {.name = "debug_metrics", .kind = Kind::Boolean}}};
  return shape;
}

}  // namespace testgen::service
