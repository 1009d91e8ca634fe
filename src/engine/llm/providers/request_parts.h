// What the request bodies of several vendors have in common: messages in OpenAI's first form, and
// tools as JSON Schema. Only for the protocols. Pure.
#pragma once

#include "engine/llm/chat.h"
#include "engine/llm/providers/json_reading.h"

namespace testgen::llm {

// {"role": …, "content": …} of a message that calls no tool and is no tool's.
[[nodiscard]] Json plain_message(const Message& message);

// {"type": "object", "properties": {…}, …} of the tool's one parameter.
[[nodiscard]] Json tool_parameters(const Tool& tool);

// The arguments as an object; an empty one when they are none.
[[nodiscard]] Json arguments_object(const ToolCall& call);

}  // namespace testgen::llm
