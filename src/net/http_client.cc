#include "net/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <mutex>

#include "base/clock.h"
#include "base/strings.h"

namespace testgen::net {
namespace {

using base::Error;
using base::ErrorCode;

// How often a running exchange looks at its stop token.
constexpr int kStopPollMs = 50;
constexpr std::size_t kMaxHeaderBytes = 256U << 10U;
constexpr std::size_t kUsualUploadBytes = 64U << 10U;  // curl's own piece
constexpr std::size_t kMaxUploadBytes = 2U << 20U;     // the most that curl allows

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct MultiDeleter {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

// What the callbacks fill. They must not throw into C code, so they grow nothing past the caps.
struct Exchange {
  HttpResponse response;
  std::size_t max_body = 0;
  std::size_t header_bytes = 0;
  std::size_t streamed = 0;
  bool too_large = false;
  bool given_up = false;
  CURL* easy = nullptr;
  const std::function<bool(int, std::string_view)>* on_body = nullptr;
};

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  if (exchange.response.body.size() + exchange.streamed + size > exchange.max_body) {
    exchange.too_large = true;
    return 0;
  }
  if (exchange.on_body != nullptr) {
    long status = 0;
    curl_easy_getinfo(exchange.easy, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 200 && status < 300) {
      exchange.streamed += size;
      if ((*exchange.on_body)(static_cast<int>(status), {data, size})) return size;
      exchange.given_up = true;
      return 0;
    }
  }
  exchange.response.body.append(data, size);
  return size;
}

std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  exchange.header_bytes += size;
  if (exchange.header_bytes > kMaxHeaderBytes) {
    exchange.too_large = true;
    return 0;
  }
  const std::string_view line(data, size);
  if (line.starts_with("HTTP/")) {
    exchange.response.headers.clear();  // of an interim 100 Continue
    return size;
  }
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    exchange.response.headers.emplace_back(base::to_lower(base::trim(line.substr(0, colon))),
                                           std::string(base::trim(line.substr(colon + 1))));
  }
  return size;
}

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

base::Result<HeaderList> header_list(const Headers& headers) {
  HeaderList list;
  const auto append = [&list](const std::string& line) {
    curl_slist* grown = curl_slist_append(list.get(), line.c_str());
    (void)list.release();
    list.reset(grown);
  };
  for (const auto& [name, value] : headers) {
    if (name.empty() || has_control_characters(name) || has_control_characters(value)) {
      return Error{ErrorCode::InvalidArgument, "header '" + name + "' has forbidden characters",
                   ""};
    }
    append(value.empty() ? name + ";" : name + ": " + value);  // curl's way to send an empty one
  }
  append("Expect:");  // no waiting for 100 Continue
  return list;
}

Error transport_error(CURLcode code, const std::string& url) {
  const std::string message = std::string(curl_easy_strerror(code)) + ": " + url;
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return {ErrorCode::Timeout, message, ""};
    case CURLE_URL_MALFORMAT:
      return {ErrorCode::InvalidArgument, message, ""};
    case CURLE_OUT_OF_MEMORY:
      return {ErrorCode::ResourceExhausted, message, ""};
    default:
      return {ErrorCode::Unavailable, message, ""};
  }
}

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

// One connection context for each request in progress; a multi handle keeps its connections
// when the request is over, so a returned context is reused as it is.
struct HttpClient::Impl {
  struct Context {
    std::unique_ptr<CURL, EasyDeleter> easy;
    std::unique_ptr<CURLM, MultiDeleter> multi;
  };
  std::mutex mutex;
  std::vector<Context> idle;

  base::Result<Context> take() {
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        Context context = std::move(idle.back());
        idle.pop_back();
        return context;
      }
    }
    Context context;
    context.easy.reset(curl_easy_init());
    context.multi.reset(curl_multi_init());
    if (!context.easy || !context.multi) {
      return Error{ErrorCode::ResourceExhausted, "cannot start the HTTP client", ""};
    }
    return context;
  }

  void give_back(Context context) {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(context));
  }

  static CURLcode perform(const Context& context, const HttpRequest& request,
                          base::SteadyTime deadline);
};

HttpClient::HttpClient() : impl_(std::make_unique<Impl>()) {
  static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)global;  // a failure shows in curl_easy_init
}
HttpClient::~HttpClient() = default;

// Runs the transfer to its end; CURLE_ABORTED_BY_CALLBACK when stopped.
CURLcode HttpClient::Impl::perform(const Context& context, const HttpRequest& request,
                                   base::SteadyTime deadline) {
  CURLM* multi = context.multi.get();
  if (curl_multi_add_handle(multi, context.easy.get()) != CURLM_OK) return CURLE_FAILED_INIT;
  CURLcode result = CURLE_OPERATION_TIMEDOUT;
  while (true) {
    int running = 0;
    if (curl_multi_perform(multi, &running) != CURLM_OK) {
      result = CURLE_FAILED_INIT;
      break;
    }
    if (running == 0) {
      int left = 0;
      while (CURLMsg* message = curl_multi_info_read(multi, &left)) {
        if (message->msg == CURLMSG_DONE) result = message->data.result;
      }
      break;
    }
    if (request.stop.stop_requested() || (request.keep_going && !request.keep_going())) {
      result = CURLE_ABORTED_BY_CALLBACK;
      break;
    }
    // curl keeps the deadline itself; this is the second lock on the same door.
    if (std::chrono::steady_clock::now() > deadline + std::chrono::seconds(1)) break;
    curl_multi_poll(multi, nullptr, 0, kStopPollMs, nullptr);
  }
  curl_multi_remove_handle(multi, context.easy.get());
  return result;
}

base::Result<HttpResponse> HttpClient::send(const HttpRequest& request) {
  if (has_control_characters(request.url) || has_control_characters(request.method)) {
    return Error{ErrorCode::InvalidArgument, "the URL or method has forbidden characters", ""};
  }
  if (!request.url.starts_with("http://") && !request.url.starts_with("https://")) {
    return Error{ErrorCode::InvalidArgument, "not an http or https URL: " + request.url, ""};
  }
  if (request.timeout <= std::chrono::milliseconds(0)) {
    return Error{ErrorCode::Timeout, "no time left to send: " + request.url, ""};
  }
  if (request.stop.stop_requested()) return Error{ErrorCode::Cancelled, "stopped", ""};
  TG_ASSIGN(const HeaderList headers, header_list(request.headers));
  TG_ASSIGN(Impl::Context context, impl_->take());
  const auto deadline = std::chrono::steady_clock::now() + request.timeout;

  Exchange exchange;
  exchange.max_body = request.max_response_bytes;
  if (request.on_body) exchange.on_body = &request.on_body;
  CURL* easy = context.easy.get();
  exchange.easy = easy;
  curl_easy_reset(easy);
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  const auto connect = request.connect_timeout.count() > 0
                           ? std::min(request.connect_timeout, request.timeout)
                           : request.timeout;
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect.count()));
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &exchange);
  for (const auto& [option, file] : {std::pair{CURLOPT_CAINFO, &request.tls.authorities},
                                     std::pair{CURLOPT_SSLCERT, &request.tls.certificate},
                                     std::pair{CURLOPT_SSLKEY, &request.tls.key}}) {
    if (!file->empty()) curl_easy_setopt(easy, option, file->c_str());
  }
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET" || !request.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    // A large body goes in as few pieces as the connection takes, not in curl's 64 KiB.
    if (request.body.size() > kUsualUploadBytes) {
      curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE,
                       static_cast<long>(std::min(request.body.size(), kMaxUploadBytes)));
    }
  }

  const CURLcode result = Impl::perform(context, request, deadline);
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_reset(easy);  // nothing of this request stays behind
  impl_->give_back(std::move(context));

  if (exchange.too_large) {
    return Error{ErrorCode::TooLarge,
                 "the response is larger than " + std::to_string(request.max_response_bytes) +
                     " bytes: " + request.url,
                 ""};
  }
  if (exchange.given_up) return Error{ErrorCode::Cancelled, "given up", ""};
  if (result == CURLE_ABORTED_BY_CALLBACK) return Error{ErrorCode::Cancelled, "stopped", ""};
  if (result != CURLE_OK) return transport_error(result, request.url);
  exchange.response.status = static_cast<int>(status);
  return std::move(exchange.response);
}

}  // namespace testgen::net
