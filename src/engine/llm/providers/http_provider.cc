#include "engine/llm/providers/http_provider.h"

#include <charconv>

#include "base/strings.h"
#include "net/retry.h"

namespace testgen::llm {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMaxBody = std::size_t{8} << 20U;
constexpr std::size_t kMaxModels = std::size_t{4} << 20U;

struct Url {
  bool secure = false;
  std::string host;
  int port = 0;
};

base::Result<Url> read_url(std::string_view text) {
  const auto refuse = [&](std::string_view why) {
    return base::Error{base::ErrorCode::InvalidArgument,
                       "the URL of a provider " + std::string(why),
                       "such as https://api.openai.com/v1 or http://127.0.0.1:11434"};
  };
  Url out;
  out.secure = text.starts_with("https://");
  if (!out.secure && !text.starts_with("http://")) return refuse("is neither http nor https");
  text.remove_prefix(out.secure ? 8 : 7);
  text = text.substr(0, text.find_first_of("/?#"));
  if (text.find('@') != std::string_view::npos) return refuse("holds a user name or a password");
  const std::size_t closing = text.find(']');
  const std::size_t colon = text.find(':', closing == std::string_view::npos ? 0 : closing);
  out.host = text.substr(0, colon);
  out.port = out.secure ? 443 : 80;
  if (out.host.empty()) return refuse("names no host");
  if (colon == std::string_view::npos) return out;
  const std::string_view port = text.substr(colon + 1);
  const auto read = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (read.ec != std::errc() || read.ptr != port.data() + port.size() || out.port < 1 ||
      out.port > 65'535) {
    return refuse("has a port that is none");
  }
  return out;
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

class HttpProvider final : public Provider {
 public:
  HttpProvider(HttpProviderOptions options, const Url& url, std::unique_ptr<Protocol> protocol,
               net::HttpClient& client, const base::Clock& clock)
      : options_(std::move(options)),
        place_{options_.name, url.host, url.port},
        protocol_(std::move(protocol)),
        client_(client),
        clock_(clock) {}

  const ProviderPlace& place() const override { return place_; }

  CallOutcome complete(const ChatRequest& request, const CallLimits& limits,
                       const OnChunk& on_chunk, std::stop_token stop) override {
    const base::SteadyTime start = clock_.steady_now();
    Exchange exchange{.protocol = *protocol_, .stream = EventStream(protocol_->framing())};
    net::HttpRequest http;
    http.method = "POST";
    http.url = options_.base_url + protocol_->path(request);
    http.headers = protocol_->headers(options_.key);
    http.headers.emplace_back("Content-Type", "application/json");
    http.headers.emplace_back("Accept", protocol_->framing() == Framing::Lines
                                            ? "application/x-ndjson, application/json"
                                            : "text/event-stream, application/json");
    http.headers.emplace_back("User-Agent", "testgen");
    http.headers.insert(http.headers.end(), request.headers.begin(), request.headers.end());
    http.body = protocol_->body(request);
    http.timeout = limits.whole;
    http.connect_timeout = limits.connect;
    http.max_response_bytes = kMaxBody;
    http.stop = stop;
    http.on_body = [&](int, std::string_view piece) {
      const std::size_t before = exchange.out.reply.text.size();
      const bool more = exchange.take(piece);
      if (exchange.out.reply.text.size() > before) {
        if (!exchange.out.reply.first_token) {
          exchange.out.reply.first_token = clock_.steady_now() - start;
        }
        if (on_chunk) on_chunk(std::string_view(exchange.out.reply.text).substr(before));
      }
      return more;
    };
    bool silent = false;
    http.keep_going = [&] {
      const auto gone = clock_.steady_now() - start;
      silent = !exchange.out.reply.first_token && gone > limits.first_token;
      return !silent && gone <= limits.whole;
    };
    const auto answer = client_.send(http);
    CallOutcome out = judge(exchange, answer, silent, stop);
    if (out.failure) out.failure->message = without_key(std::move(out.failure->message));
    return out;
  }

  ModelList list_models(milliseconds timeout, std::stop_token stop) override {
    net::HttpRequest http;
    http.url = options_.base_url + protocol_->models_path();
    http.headers = protocol_->headers(options_.key);
    http.timeout = timeout;
    http.max_response_bytes = kMaxModels;
    http.stop = std::move(stop);
    ModelList out;
    const auto answer = client_.send(http);
    if (!answer) {
      out.problem = without_key(answer.error().message);
      return out;
    }
    out.reachable = true;
    if (answer->status != 200) {
      out.problem = without_key(read_error(answer->status, answer->body).message);
      return out;
    }
    out.allowed = true;
    out.models = protocol_->read_models(answer->body);
    return out;
  }

 private:
  // One reply on its way. Whether the body is a stream shows in its first byte: a stream of
  // events begins with a field's name, a whole answer with a bracket.
  struct Exchange {
    const Protocol& protocol;
    EventStream stream;
    ReplyBuilder out{};
    std::string whole{};
    bool decided = false;
    bool is_whole = false;

    bool take(std::string_view piece) {
      if (!decided) {
        const std::size_t first = piece.find_first_not_of(" \t\r\n");
        if (first == std::string_view::npos) return true;
        decided = true;
        is_whole = protocol.framing() == Framing::EventStream &&
                   (piece[first] == '{' || piece[first] == '[' || piece[first] == '<');
      }
      if (is_whole) {
        whole += piece;  // bounded by the client
        return true;
      }
      return stream.feed(piece, [this](const StreamEvent& event) { return read(event); });
    }

    bool read(const StreamEvent& event) {
      protocol.read_event(event, out);
      return !out.done && !out.failure;
    }

    void close() {
      if (is_whole) {
        protocol.read_whole(valid_utf8(std::move(whole)), out);
      } else {
        stream.finish([this](const StreamEvent& event) { return read(event); });
      }
    }
  };

  CallOutcome judge(Exchange& exchange, const base::Result<net::HttpResponse>& answer, bool silent,
                    const std::stop_token& stop) const {
    if (answer && (answer->status < 200 || answer->status > 299)) {
      CallFailure failure = read_error(answer->status, answer->body);
      failure.retry_after =
          net::parse_retry_after(answer->header("retry-after"), clock_.wall_now());
      return {{}, std::move(failure)};
    }
    if (answer) exchange.close();
    CallOutcome out{std::move(exchange.out.reply), std::move(exchange.out.failure)};
    if (out.failure || exchange.out.done) return out;  // the end may come before the connection's
    CallFailure failure{.may_be_billed = true};
    if (exchange.stream.too_large() ||
        (!answer && answer.error().code == base::ErrorCode::TooLarge)) {
      failure.kind = FailureKind::InvalidResponse;
      failure.message = "the answer is too large";
    } else if (silent) {
      failure.kind = FailureKind::Timeout;
      failure.message = "no token came in time";
      failure.retriable = true;
    } else if (!answer && stop.stop_requested()) {
      failure.message = "stopped";
      failure.cancelled = true;
    } else if (!answer && (answer.error().code == base::ErrorCode::Timeout ||
                           answer.error().code == base::ErrorCode::Cancelled)) {
      failure.kind = FailureKind::Timeout;
      failure.message = "the reply did not end in time";
      failure.retriable = true;
    } else if (!answer) {
      failure.kind = FailureKind::Unavailable;
      failure.message = answer.error().message;
      failure.retriable = answer.error().code == base::ErrorCode::Unavailable;
      failure.may_be_billed = exchange.decided;
    } else {
      failure.kind = FailureKind::InvalidResponse;
      failure.message =
          exchange.decided ? "the stream broke off before its end" : "the answer is empty";
      failure.retriable = true;
    }
    out.failure = std::move(failure);
    return out;
  }

  // Providers like to quote a wrong key back.
  [[nodiscard]] std::string without_key(std::string text) const {
    if (options_.key.empty()) return text;
    return base::replace_all(std::move(text), options_.key, "[REDACTED]");
  }

  HttpProviderOptions options_;
  ProviderPlace place_;
  std::unique_ptr<Protocol> protocol_;
  net::HttpClient& client_;
  const base::Clock& clock_;
};

}  // namespace

base::Result<std::unique_ptr<Provider>> make_http_provider(HttpProviderOptions options,
                                                           std::unique_ptr<Protocol> protocol,
                                                           net::HttpClient& client,
                                                           const base::Clock& clock) {
  TG_ASSIGN(const Url url, read_url(options.base_url));
  if (!options.key.empty() && !url.secure && !is_loopback(url.host)) {
    return base::Error{base::ErrorCode::InvalidArgument,
                       "the key of " + options.name + " would go over plain http to " + url.host,
                       "use an https URL"};
  }
  while (options.base_url.ends_with('/')) options.base_url.pop_back();
  return std::unique_ptr<Provider>(
      std::make_unique<HttpProvider>(std::move(options), url, std::move(protocol), client, clock));
}

}  // namespace testgen::llm
