#include "engine/llm/reply_store.h"

#include "base/file_system.h"
#include "base/hash.h"
#include "base/unsynced_file.h"
#include "engine/llm/providers/json_reading.h"
#include "engine/llm/providers/protocol.h"

namespace testgen::llm {
namespace {

constexpr int kVersion = 2;  // of the files' form

const char* role_name(Role role) {
  return role == Role::User ? "user" : role == Role::Assistant ? "assistant" : "tool";
}

Json calls_json(const std::vector<ToolCall>& calls) {
  Json out = Json::array();
  for (const ToolCall& call : calls) {
    out.push_back({{"id", call.id},
                   {"name", call.name},
                   {"arguments", call.arguments},
                   {"signature", call.signature}});
  }
  return out;
}

std::vector<ToolCall> calls_of(const Json& json) {
  std::vector<ToolCall> out;
  if (!json.is_array()) return out;
  for (const Json& call : json) {
    if (out.size() >= ReplyBuilder::kMostCalls) break;
    out.push_back({text_of(member(call, "id")), text_of(member(call, "name")),
                   text_of(member(call, "arguments")), text_of(member(call, "signature"))});
  }
  return out;
}

Json request_json(std::string_view provider, const ChatRequest& request) {
  Json messages = Json::array();
  for (const Message& message : request.messages) {
    Json& out =
        messages.emplace_back(Json{{"role", role_name(message.role)}, {"text", message.text}});
    if (!message.calls.empty()) out["calls"] = calls_json(message.calls);
    if (message.role == Role::Tool) out["answered"] = calls_json({message.answered});
  }
  Json tools = Json::array();
  for (const Tool& tool : request.tools) tools.push_back({tool.name, tool.description});
  return {{"version", kVersion},
          {"tools", std::move(tools)},
          {"provider", provider},
          {"model", request.model},
          {"system", request.system},
          {"messages", std::move(messages)},
          {"max_output_tokens", request.max_output_tokens},
          {"temperature", request.temperature ? Json(*request.temperature) : Json()},
          {"seed", request.seed ? Json(*request.seed) : Json()}};
}

std::optional<StopReason> reason_named(const std::string& name) {
  for (const StopReason reason : {StopReason::Finished, StopReason::Length, StopReason::Refused,
                                  StopReason::ToolCall, StopReason::Other}) {
    if (to_string(reason) == name) return reason;
  }
  return std::nullopt;
}

}  // namespace

std::string ReplyStore::key_of(std::string_view provider, const ChatRequest& request) {
  return base::sha256_hex(dump_json(request_json(provider, request)));
}

std::filesystem::path ReplyStore::file_of(const std::string& key) const {
  return folder_ / key.substr(0, 2) / (key.substr(2) + ".json");
}

std::optional<ChatReply> ReplyStore::find(const std::string& key) const {
  if (!reads()) return std::nullopt;
  const auto text = base::read_file(file_of(key), 4 * ReplyBuilder::kMaxText);
  if (!text) return std::nullopt;
  const Json json = parse_json(*text);
  const Json& reply = member(json, "reply");
  const auto stop = reason_named(text_of(member(reply, "stop")));
  if (!stop || !member(reply, "text").is_string()) return std::nullopt;
  ChatReply out;
  out.text = text_of(member(reply, "text"));
  if (out.text.size() > ReplyBuilder::kMaxText) return std::nullopt;
  out.stop = *stop;
  out.refusal = text_of(member(reply, "refusal"));
  out.calls = calls_of(member(reply, "calls"));
  out.model = text_of(member(reply, "model"));
  const Json& usage = member(reply, "usage");
  out.usage = {.input = count_of(member(usage, "input")),
               .output = count_of(member(usage, "output")),
               .cached = count_of(member(usage, "cached")),
               .reported = usage.is_object()};
  return out;
}

base::Status ReplyStore::keep(const std::string& key, std::string_view provider,
                              const ChatRequest& request, const ChatReply& reply) const {
  if (!writes()) return {};
  Json asked = request_json(provider, request);
  asked["system"] = redact_(request.system);
  const auto calls = [this](std::vector<ToolCall> some) {
    for (ToolCall& call : some) call.arguments = redact_(call.arguments);
    return calls_json(some);
  };
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    const Message& message = request.messages[i];
    Json& shown = asked["messages"][i];
    shown["text"] = redact_(message.text);
    if (!message.calls.empty()) shown["calls"] = calls(message.calls);
    if (message.role == Role::Tool) shown["answered"] = calls({message.answered});
  }
  Json usage;
  if (reply.usage.reported) {
    usage = {{"input", reply.usage.input},
             {"output", reply.usage.output},
             {"cached", reply.usage.cached}};
  }
  const Json document{{"request", std::move(asked)},
                      {"reply",
                       {{"text", redact_(reply.text)},
                        {"stop", to_string(reply.stop)},
                        {"refusal", redact_(reply.refusal)},
                        {"calls", calls(reply.calls)},
                        {"model", reply.model},
                        {"usage", std::move(usage)}}}};
  return base::write_file_unsynced(
      file_of(key), document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace testgen::llm
