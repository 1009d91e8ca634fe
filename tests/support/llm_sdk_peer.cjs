// Asks a model through its vendor's own SDK and prints what was said as one JSON line, for tests
// that ask the same server through our client:
//   node llm_sdk_peer.cjs PROVIDER URL  < prompt
// The key is taken from PROBE_KEY. Stop reasons are in the vendor's words.
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '../..');
const load = (name) => require(require.resolve(name, { paths: [root] }));

const key = process.env.PROBE_KEY ?? 'none';
const model = 'good-model';
const tool = {
  name: 'f',
  description: 'Does it.',
  parameters: { type: 'object', properties: { x: { type: 'string' } }, required: ['x'] },
};

const peers = {
  async compatible(url, prompt) {
    const { OpenAI } = load('openai');
    const client = new OpenAI({ apiKey: key, baseURL: url, maxRetries: 0 });
    const stream = await client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: prompt }],
      stream: true,
      stream_options: { include_usage: true },
      tools: [{ type: 'function', function: tool }],
    });
    const out = { text: '', refusal: '', calls: [] };
    for await (const chunk of stream) {
      const choice = chunk.choices[0];
      out.text += choice?.delta.content ?? '';
      out.refusal += choice?.delta.refusal ?? '';
      for (const piece of choice?.delta.tool_calls ?? []) {
        const call = (out.calls[piece.index] ??= { name: '', arguments: '' });
        call.name ||= piece.function?.name ?? '';
        call.arguments += piece.function?.arguments ?? '';
      }
      out.stop = choice?.finish_reason ?? out.stop;
      out.id = chunk.id;
      out.model = chunk.model;
      if (chunk.usage) {
        out.usage = [chunk.usage.prompt_tokens, chunk.usage.completion_tokens, chunk.usage.prompt_tokens_details?.cached_tokens];
      }
    }
    out.calls = out.calls.map((call) => [call.name, JSON.parse(call.arguments)]);
    return out;
  },

  async openai(url, prompt) {
    const { OpenAI } = load('openai');
    const client = new OpenAI({ apiKey: key, baseURL: url, maxRetries: 0 });
    const stream = await client.responses.create({
      model,
      input: [{ role: 'user', content: prompt }],
      store: false,
      stream: true,
      tools: [{ type: 'function', strict: false, ...tool }],
    });
    const out = { text: '', refusal: '', calls: [] };
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta') out.text += event.delta;
      if (event.type === 'response.refusal.delta') out.refusal += event.delta;
      if (event.type !== 'response.completed' && event.type !== 'response.incomplete') continue;
      const { response } = event;
      out.id = response.id;
      out.model = response.model;
      out.stop = response.incomplete_details?.reason ?? response.status;
      for (const item of response.output) {
        if (item.type === 'function_call') out.calls.push([item.name, JSON.parse(item.arguments)]);
      }
      if (response.usage) {
        out.usage = [response.usage.input_tokens, response.usage.output_tokens, response.usage.input_tokens_details.cached_tokens];
      }
    }
    return out;
  },

  async anthropic(url, prompt) {
    const { Anthropic } = load('@anthropic-ai/sdk');
    const client = new Anthropic({ apiKey: key, baseURL: url, maxRetries: 0 });
    const message = await client.messages
      .stream({
        model,
        max_tokens: 100,
        messages: [{ role: 'user', content: prompt }],
        tools: [{ name: tool.name, description: tool.description, input_schema: tool.parameters }],
      })
      .finalMessage();
    const { usage } = message;
    return {
      text: message.content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
      calls: message.content.filter((block) => block.type === 'tool_use').map((block) => [block.name, block.input]),
      stop: message.stop_reason,
      id: message.id,
      model: message.model,
      usage: [
        usage.input_tokens + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0),
        usage.output_tokens,
        usage.cache_read_input_tokens ?? 0,
      ],
    };
  },

  async gemini(url, prompt) {
    const { GoogleGenAI } = load('@google/genai');
    const base = new URL(url);
    const client = new GoogleGenAI({
      apiKey: key,
      httpOptions: { baseUrl: base.origin, apiVersion: base.pathname.slice(1) },
    });
    const stream = await client.models.generateContentStream({
      model,
      contents: prompt,
      config: { tools: [{ functionDeclarations: [{ name: tool.name, description: tool.description, parametersJsonSchema: tool.parameters }] }] },
    });
    const out = { text: '', calls: [] };
    for await (const chunk of stream) {
      const [candidate] = chunk.candidates ?? [];
      for (const part of candidate?.content?.parts ?? []) {
        out.text += part.text ?? '';
        if (part.functionCall) out.calls.push([part.functionCall.name, part.functionCall.args ?? {}]);
      }
      out.stop = candidate?.finishReason ?? out.stop;
      out.id = chunk.responseId;
      out.model = chunk.modelVersion;
      const usage = chunk.usageMetadata;
      if (usage) out.usage = [usage.promptTokenCount, usage.candidatesTokenCount, usage.cachedContentTokenCount];
    }
    return out;
  },

  async ollama(url, prompt) {
    const { Ollama } = load('ollama');
    const client = new Ollama({ host: url, headers: { Authorization: `Bearer ${key}` } });
    const stream = await client.chat({
      model,
      messages: [{ role: 'user', content: prompt }],
      stream: true,
      tools: [{ type: 'function', function: tool }],
    });
    const out = { text: '', calls: [] };
    for await (const line of stream) {
      out.text += line.message.content;
      for (const call of line.message.tool_calls ?? []) out.calls.push([call.function.name, call.function.arguments]);
      out.model = line.model;
      if (!line.done) continue;
      out.stop = line.done_reason;
      if (line.eval_count !== undefined) out.usage = [line.prompt_eval_count, line.eval_count, 0];
    }
    return out;
  },
};

async function main() {
  const [provider, url] = process.argv.slice(2);
  const prompt = fs.readFileSync(0, 'utf8');
  try {
    console.log(JSON.stringify(await peers[provider](url, prompt)));
  } catch (error) {
    console.log(JSON.stringify({ status: error.status ?? error.status_code ?? 0, error: String(error.message).slice(0, 300) }));
  }
}

main();
