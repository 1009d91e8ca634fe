// A request from its bytes to the validated body. Wherever the bytes are cut, the same request
// comes out, within the limits; what is accepted has one Host, one way to tell where its body ends,
// and a question that reads back as itself.
#include <cstdint>
#include <cstdlib>
#include <variant>

#include "base/strings.h"
#include "service/api/generate_input.h"
#include "service/http/request_reader.h"
#include "service/http/wire.h"
#include "service/scans/scan_input.h"

using namespace testgen;
using namespace testgen::service;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

constexpr std::size_t kHeaderLimit = 2048;
constexpr std::size_t kBodyLimit = 4096;

ReadRequest read(std::string_view bytes, std::size_t step) {
  static const ServerOptions options = [] {
    ServerOptions small;
    small.header_limit = kHeaderLimit;
    small.body_limit = kBodyLimit;
    return small;
  }();
  RequestReader reader(options);
  ReadRequest result;
  std::string buffer;
  while (true) {
    const RequestReader::Step done = reader.advance(buffer, result);
    if (done == RequestReader::Step::Done) return result;
    if (done == RequestReader::Step::HeadersRead) {
      (void)reader.client_waits_for_continue();
      continue;
    }
    if (bytes.empty()) {
      reader.reject_as_too_slow(result);
      return result;
    }
    buffer += bytes.substr(0, step);
    bytes.remove_prefix(std::min(step, bytes.size()));
  }
}

void check_request(const Request& request) {
  require(!request.method.empty() && request.body.size() <= kBodyLimit);
  std::size_t hosts = 0;
  std::size_t lengths = 0;
  std::size_t codings = 0;
  std::size_t bytes = 0;
  for (const Header& header : request.headers) {
    require(header.value.find('\n') == std::string::npos);
    bytes += header.name.size() + header.value.size();
    hosts += header.name == "host" ? 1U : 0U;
    lengths += header.name == "content-length" ? 1U : 0U;
    codings += header.name == "transfer-encoding" ? 1U : 0U;
  }
  require(hosts <= 1 && codings <= 1 && bytes <= kHeaderLimit);
  require(codings == 0 || lengths == 0);  // two ways to tell the end are how smuggling begins
  (void)request.query_parameter("a");
  (void)request.joined_header("accept");
}

void check_scan(std::string_view body) {
  const auto parsed = parse_scan(body);
  if (const auto* problem = std::get_if<Problem>(&parsed)) {
    require(problem->status == 400 || problem->status == 422);
    return;
  }
  for (const auto& file : std::get<ScanInput>(parsed).files) require(path_fault(file.path).empty());
}

void check_body(std::string_view body) {
  check_scan(body);
  const auto parsed = parse_generate(body);
  if (const auto* problem = std::get_if<Problem>(&parsed)) {
    const Response response = problem_response(*problem, "trace", "/v1/generate");
    require(response.status == 400 || response.status == 422);
    require(base::find_invalid_utf8(response.body) == std::string_view::npos);
    return;
  }
  const auto& input = std::get<GenerateInput>(parsed);
  for (const InputFile& file : input.files) require(path_fault(file.path).empty());
  const auto again = generate_input_of_job(input.canonical_json());
  require(again && again->canonical_json() == input.canonical_json());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const ReadRequest whole = read(bytes, size + 1);
  require(whole.request.has_value() != whole.rejection.has_value());
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}}) {
    const ReadRequest pieces = read(bytes, step);
    require(pieces.request.has_value() == whole.request.has_value());
    if (!whole.request) continue;
    require(pieces.request->method == whole.request->method);
    require(pieces.request->target == whole.request->target);
    require(pieces.request->body == whole.request->body);
    require(pieces.keep_alive == whole.keep_alive);
  }
  if (whole.request) {
    check_request(*whole.request);
    check_body(whole.request->body);
  } else {
    const int status = whole.rejection->status;
    require(status == 400 || status == 408 || status == 413 || status == 431);
    check_body(bytes);  // most inputs are no request; let the JSON reader see them too
  }
  return 0;
}
