// An OTLP/HTTP receiver that decodes with OpenTelemetry's official message definitions, compiled
// by protobufjs, and answers as it is told. Usage:
//   node otlp_receiver.cjs FILE [ANSWER…]
// Prints its port; writes one JSON line to FILE for each request: {path, headers, answer, body,
// error}. Answers are taken in turn, the last one for ever: 200, 429, 503, 503+1 (Retry-After in
// seconds), 429+date (Retry-After as a date a second away), partial, warning, garbage, cut, slow.
'use strict';
const fs = require('fs');
const http = require('http');
const zlib = require('zlib');
const root = require('@opentelemetry/otlp-transformer/build/src/generated/root');

const collector = root.opentelemetry.proto.collector;
const SIGNALS = {
  '/v1/traces': [collector.trace.v1, 'Trace', 'rejectedSpans'],
  '/v1/metrics': [collector.metrics.v1, 'Metrics', 'rejectedDataPoints'],
  '/v1/logs': [collector.logs.v1, 'Logs', 'rejectedLogRecords'],
};
const [file, ...plan] = process.argv.slice(2);
if (plan.length === 0) plan.push('200');
let turn = 0;

const OPTIONS = {longs: String, enums: Number, bytes: String, defaults: false, arrays: false};
const HEX = new Set(['traceId', 'spanId', 'parentSpanId']);

// OTLP's JSON has ids in hexadecimal where proto3's has base64.
function idsToBase64(value) {
  if (Array.isArray(value)) return value.map(idsToBase64);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => {
    if (!HEX.has(key)) return [key, idsToBase64(item)];
    if (!/^([0-9a-f]{2})*$/.test(item)) throw new Error(`${key} is not lower-case hexadecimal: ${item}`);
    return [key, Buffer.from(item, 'hex').toString('base64')];
  }));
}

// Every key that was sent must be one of the definitions': what they do not know vanishes.
function sameKeys(sent, known, where) {
  if (Array.isArray(sent)) {
    sent.forEach((item, i) => sameKeys(item, (known || [])[i], `${where}[${i}]`));
  } else if (sent !== null && typeof sent === 'object') {
    for (const [key, item] of Object.entries(sent)) {
      const empty = Array.isArray(item) && item.length === 0;
      if (empty) continue;
      if (known === undefined || !(key in known)) throw new Error(`no field ${where}.${key}`);
      sameKeys(item, known[key], `${where}.${key}`);
    }
  }
}

function decode(Type, contentType, bytes) {
  if (contentType === 'application/x-protobuf') {
    const message = Type.decode(bytes);
    // Unknown fields would be lost here, and a wrong wire type would have thrown.
    const again = Type.encode(message).finish();
    if (again.length !== bytes.length) throw new Error(`${bytes.length} bytes came, ${again.length} are known`);
    return Type.toObject(message, OPTIONS);
  }
  if (contentType !== 'application/json') throw new Error(`content type ${contentType}`);
  const sent = idsToBase64(JSON.parse(bytes.toString('utf8')));
  const problem = Type.verify(Type.fromObject(sent));
  if (problem) throw new Error(problem);
  const known = Type.toObject(Type.fromObject(sent), {...OPTIONS, defaults: true, arrays: true});
  sameKeys(sent, known, '');
  return Type.toObject(Type.fromObject(sent), OPTIONS);
}

function respond(response, answer, contentType, [namespace, name, rejected]) {
  const Response = namespace[`Export${name}ServiceResponse`];
  const body = (partialSuccess) => {
    const value = partialSuccess ? {partialSuccess} : {};
    return contentType === 'application/json' ? Buffer.from(JSON.stringify(value))
      : Buffer.from(Response.encode(Response.fromObject(value)).finish());
  };
  const [status, after] = answer.split('+');
  const headers = {'Content-Type': contentType};
  if (after === 'date') headers['Retry-After'] = new Date(Date.now() + 1999).toUTCString();
  else if (after !== undefined) headers['Retry-After'] = after;
  switch (status) {
    case 'partial':
      response.writeHead(200, headers).end(body({[rejected]: 1, errorMessage: 'one is too many'}));
      break;
    case 'warning':
      response.writeHead(200, headers).end(body({[rejected]: 0, errorMessage: 'deprecated'}));
      break;
    case 'garbage':
      response.writeHead(200, headers).end(Buffer.alloc(1000, 0xff));
      break;
    case 'cut':
      response.socket.destroy();
      break;
    case 'slow':
      break;  // never
    default:
      response.writeHead(Number(status), headers).end(status === '200' ? body() : '');
  }
}

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const answer = plan[Math.min(turn++, plan.length - 1)];
    const contentType = request.headers['content-type'];
    const signal = SIGNALS[request.url] || SIGNALS['/v1/traces'];
    const line = {path: request.url, headers: request.headers, answer, time: Date.now() / 1000};
    try {
      let bytes = Buffer.concat(chunks);
      if (request.headers['content-encoding'] === 'gzip') bytes = zlib.gunzipSync(bytes);
      line.body = decode(signal[0][`Export${signal[1]}ServiceRequest`], contentType, bytes);
    } catch (error) {
      line.error = String(error);
    }
    fs.appendFileSync(file, JSON.stringify(line) + '\n');
    respond(response, answer, contentType, signal);
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.on('SIGTERM', () => process.exit(0));
