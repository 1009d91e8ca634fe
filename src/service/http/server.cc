// The one translation unit that knows Asio. Beast parses (request_reader.cc); reading, writing,
// deadlines and the life of connections are ours, because Beast's composed operations cost three
// times as much and its timers restart at every read, which lets slow clients stay.
#include "service/http/server.h"

#include <pthread.h>

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_set>

#include "service/http/request_reader.h"
#include "service/http/tls.h"
#include "service/http/wire.h"

namespace testgen::service {
namespace {

namespace asio = boost::asio;
using base::SteadyTime;
using boost::system::error_code;

// A concrete executor instead of any_io_executor: no type erasure on each operation.
using Executor = asio::io_context::executor_type;
using Tcp = asio::ip::tcp;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;
template <class T>
using Task = asio::awaitable<T, Executor>;
constexpr asio::use_awaitable_t<Executor> kAwait;

constexpr std::size_t kReadBytes = 64U << 10U;
// After a refused request the rest of it is read and thrown away for a while, because closing
// with unread input makes the kernel reset the connection and the client lose our answer.
constexpr std::chrono::milliseconds kLingerTime{1'000};
constexpr std::size_t kLingerBytes = 4U << 20U;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kNothing;
constexpr std::string_view kLastChunk = "0\r\n\r\n";
constexpr std::chrono::milliseconds kAcceptPause{100};  // when descriptors have run out

enum class Phase {
  Idle,      // between requests, nothing read
  Reading,   // a request has begun
  Handling,  // the application has it; no deadline of ours
  Writing,
  Streaming,  // an answer that is still being made; the deadline is for a sign of life
};

struct Connection {
  Connection(Socket open_socket, const Executor& executor)
      : socket(std::move(open_socket)), answered(executor, SteadyTime::max()) {}
  Socket socket;
  std::optional<TlsSession> tls;  // borrows the socket's descriptor
  // What the socket must be ready for before a call that would have blocked is tried again.
  Socket::wait_type wanted = Socket::wait_read;
  Timer answered;  // never expires; cancelled when there is something to send
  std::string buffer;
  std::string peer;
  Phase phase = Phase::Idle;
  SteadyTime deadline{};
  bool expired = false;
  std::optional<Response> response;

  // As the socket's own calls, through TLS where there is TLS.
  std::size_t read_some(char* to, std::size_t size, error_code& error) {
    wanted = Socket::wait_read;
    if (!tls) return socket.read_some(asio::buffer(to, size), error);
    return outcome_of(tls->read(to, size), error);
  }
  std::size_t write_some(std::string_view first, std::string_view second, error_code& error) {
    wanted = Socket::wait_write;
    if (tls) return outcome_of(tls->write(first.empty() ? second : first), error);
    const std::array<asio::const_buffer, 2> buffers{asio::buffer(first), asio::buffer(second)};
    return socket.write_some(buffers, error);
  }
  std::size_t outcome_of(const TlsSession::Step& step, error_code& error) {
    using Outcome = TlsSession::Step::Outcome;
    error = {};
    switch (step.outcome) {
      case Outcome::Done:
        return step.bytes;
      case Outcome::WaitToRead:
        wanted = Socket::wait_read;
        error = asio::error::would_block;
        return 0;
      case Outcome::WaitToWrite:
        wanted = Socket::wait_write;
        error = asio::error::would_block;
        return 0;
      case Outcome::Closed:
        error = asio::error::eof;
        return 0;
      case Outcome::Failed:
        error = asio::error::connection_reset;
        return 0;
    }
    return 0;
  }
};

// How other threads reach the I/O thread. Cut off when the server goes, so that a responder
// may outlive it.
struct Gate {
  std::mutex mutex;
  asio::io_context* io = nullptr;
  std::thread::id io_thread;
};

}  // namespace

struct Server::Impl {
  Impl(const ServerOptions& server_options, Application& served, const base::Clock& time)
      : options(server_options), application(served), clock(time) {}

  const ServerOptions options;
  Application& application;
  const base::Clock& clock;
  ListenAddress bound;
  std::shared_ptr<Gate> gate = std::make_shared<Gate>();  // shared with every responder

  // Used on the I/O thread only. The coroutines own the connections; this only finds them.
  std::unordered_set<Connection*> connections;
  std::array<char, kReadBytes> scratch{};
  bool draining = false;

  std::atomic<std::size_t> connection_count{0};
  std::mutex drained_mutex;
  std::condition_variable drained;

  // Destroyed before what is above: its pending coroutines still refer to that.
  asio::io_context io{1};
  Acceptor acceptor{io.get_executor()};
  Timer sweep_timer{io.get_executor()};
  std::thread thread;

  base::Status listen();
  void run();
  Task<void> accept_loop();
  Task<void> sweep_loop();
  Task<void> serve(std::shared_ptr<Connection> connection);
  Task<bool> shake_hands(Connection& connection);
  Task<bool> fill(Connection& connection);
  Task<bool> read_request(Connection& connection, ReadRequest& result);
  Task<bool> write_all(Connection& connection, std::string_view head, std::string_view body);
  Task<bool> write_stream(const std::shared_ptr<Connection>& connection, BodyStream& stream,
                          bool chunked);
  Task<void> linger(Connection& connection);
  void dispatch(const std::shared_ptr<Connection>& connection, Request request);
  void begin(Connection& connection, Phase phase, std::chrono::milliseconds timeout) {
    connection.phase = phase;
    connection.deadline = clock.steady_now() + timeout;
  }
  void enter(Connection& connection);
  void leave(Connection& connection);
  void close_idle();
};

base::Status Server::Impl::listen() {
  error_code error;
  const auto address = asio::ip::make_address(options.listen.host, error);
  const Tcp::endpoint endpoint(address, options.listen.port);
  if (!error) acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    base::Error failure =
        base::system_error("cannot listen on " + options.listen.to_string(), error.value());
    if (error == asio::error::address_in_use) {
      failure.hint = "another program uses this port: stop it or choose another port";
    } else if (error == asio::error::access_denied) {
      failure.hint = "ports below 1024 need privileges: choose a higher one";
    }
    return failure;
  }
  bound = options.listen;
  bound.port = acceptor.local_endpoint(error).port();
  return {};
}

void Server::Impl::run() {
  asio::co_spawn(io, accept_loop(), asio::detached);
  asio::co_spawn(io, sweep_loop(), asio::detached);
  {
    const std::lock_guard lock(gate->mutex);
    gate->io = &io;
  }
  thread = std::thread([this] {
    pthread_setname_np(pthread_self(), options.thread_name);
    {
      const std::lock_guard lock(gate->mutex);
      gate->io_thread = std::this_thread::get_id();
    }
    const auto keep_running = asio::make_work_guard(io);
    io.run();
  });
}

void Server::Impl::enter(Connection& connection) {
  connections.insert(&connection);
  connection_count.store(connections.size(), std::memory_order_relaxed);
}

void Server::Impl::leave(Connection& connection) {
  connections.erase(&connection);
  {
    const std::lock_guard lock(drained_mutex);
    connection_count.store(connections.size(), std::memory_order_relaxed);
  }
  if (connections.empty()) drained.notify_all();
}

void Server::Impl::close_idle() {
  for (Connection* connection : connections) {
    if (connection->phase != Phase::Idle) continue;
    error_code ignored;
    connection->expired = true;
    connection->socket.cancel(ignored);
  }
}

Task<void> Server::Impl::accept_loop() {
  while (acceptor.is_open()) {
    error_code error;
    Socket socket = co_await acceptor.async_accept(asio::redirect_error(kAwait, error));
    if (error == asio::error::operation_aborted || !acceptor.is_open()) co_return;
    if (error) {
      // Out of descriptors, or a client that left at once: neither ends the service.
      Timer pause(io.get_executor(), kAcceptPause);
      co_await pause.async_wait(asio::redirect_error(kAwait, error));
      continue;
    }
    socket.non_blocking(true, error);
    if (!error) socket.set_option(Tcp::no_delay(true), error);
    if (error) continue;
    if (connections.size() >= options.max_connections) {
      if (options.tls != nullptr) continue;  // there is no saying it before a handshake
      const Response busy = application.reject({503, "too many connections"});
      socket.write_some(asio::buffer(response_head(busy, {.keep_alive = false}) + busy.body),
                        error);
      continue;
    }
    auto connection = std::make_shared<Connection>(std::move(socket), io.get_executor());
    if (options.tls != nullptr) {
      connection->tls.emplace(options.tls->context(), connection->socket.native_handle());
    }
    const Tcp::endpoint peer = connection->socket.remote_endpoint(error);
    if (!error) connection->peer = peer.address().to_string(error);
    asio::co_spawn(io, serve(std::move(connection)), asio::detached);
  }
}

Task<void> Server::Impl::sweep_loop() {
  while (true) {
    error_code error;
    sweep_timer.expires_after(options.sweep_interval);
    co_await sweep_timer.async_wait(asio::redirect_error(kAwait, error));
    if (error) co_return;
    if (options.on_lag) options.on_lag(std::chrono::steady_clock::now() - sweep_timer.expiry());
    if (options.on_sweep) options.on_sweep();
    const SteadyTime now = clock.steady_now();
    for (Connection* connection : connections) {
      if (connection->phase == Phase::Handling || now < connection->deadline) continue;
      if (connection->phase == Phase::Streaming) {
        connection->answered.cancel();
        continue;
      }
      connection->expired = true;
      connection->socket.cancel(error);
    }
  }
}

// False: the client cannot or does not want to.
Task<bool> Server::Impl::shake_hands(Connection& connection) {
  begin(connection, Phase::Reading, options.header_timeout);
  while (true) {
    error_code error;
    connection.outcome_of(connection.tls->handshake(), error);
    if (!error) co_return true;
    if (error != asio::error::would_block || connection.expired) co_return false;
    co_await connection.socket.async_wait(connection.wanted, asio::redirect_error(kAwait, error));
    if (error || connection.expired) co_return false;
  }
}

// Reads what is there into the buffer, or waits for more. False: nothing more will come.
Task<bool> Server::Impl::fill(Connection& connection) {
  while (true) {
    error_code error;
    const std::size_t count = connection.read_some(scratch.data(), scratch.size(), error);
    if (!error) {
      connection.buffer.append(scratch.data(), count);
      co_return true;
    }
    if (error == asio::error::interrupted) continue;
    if (error != asio::error::would_block || connection.expired) co_return false;
    co_await connection.socket.async_wait(connection.wanted, asio::redirect_error(kAwait, error));
    if (error || connection.expired) co_return false;
  }
}

// The texts must live until it ends. Views, because g++ 12 destroys class-type temporaries in a
// co_await expression twice.
Task<bool> Server::Impl::write_all(Connection& connection, std::string_view first,
                                   std::string_view second) {
  while (!first.empty() || !second.empty()) {
    error_code error;
    const std::size_t count = connection.write_some(first, second, error);
    if (!error) {
      const std::size_t of_first = std::min(count, first.size());
      first.remove_prefix(of_first);
      second.remove_prefix(count - of_first);
      continue;
    }
    if (error == asio::error::interrupted) continue;
    if (error != asio::error::would_block || connection.expired) co_return false;
    co_await connection.socket.async_wait(connection.wanted, asio::redirect_error(kAwait, error));
    if (error || connection.expired) co_return false;
  }
  co_return true;
}

// False: the client is gone. True: `result` holds a request or a rejection.
Task<bool> Server::Impl::read_request(Connection& connection, ReadRequest& result) {
  RequestReader reader(options);
  begin(connection, Phase::Reading, options.header_timeout);
  while (true) {
    const RequestReader::Step step = reader.advance(connection.buffer, result);
    if (step == RequestReader::Step::Done) co_return true;
    if (step == RequestReader::Step::HeadersRead) {
      begin(connection, Phase::Reading, options.body_timeout);
      if (reader.client_waits_for_continue()) {
        if (!co_await write_all(connection, kContinue, kNothing)) co_return false;
      }
      continue;
    }
    if (co_await fill(connection)) continue;
    if (!connection.expired) co_return false;
    reader.reject_as_too_slow(result);
    co_return true;
  }
}

void Server::Impl::dispatch(const std::shared_ptr<Connection>& connection, Request request) {
  // A weak reference: a connection holds a socket and must not outlive the server.
  const std::weak_ptr<Connection> reference = connection;
  Responder responder([reference, shared_gate = gate](Response response) {
    const auto deliver = [](const std::weak_ptr<Connection>& target, Response answer) {
      if (const auto open = target.lock()) {
        open->response = std::move(answer);
        open->answered.cancel();
      }
    };
    const std::unique_lock lock(shared_gate->mutex);
    if (shared_gate->io == nullptr) return;
    if (shared_gate->io_thread == std::this_thread::get_id()) {
      deliver(reference, std::move(response));
      return;
    }
    asio::post(*shared_gate->io, [reference, deliver, answer = std::move(response)]() mutable {
      deliver(reference, std::move(answer));
    });
  });
  application.handle(std::move(request), std::move(responder));
}

// Sends what the stream's writer has, as it comes, until the writer is done. False: the client is
// gone. The writer learns of that, whatever ends this.
Task<bool> Server::Impl::write_stream(const std::shared_ptr<Connection>& connection,
                                      BodyStream& stream, bool chunked) {
  struct Reader {
    BodyStream& stream;
    ~Reader() { stream.abandon(); }
  };
  const Reader reader{stream};
  stream.on_change([reference = std::weak_ptr<Connection>(connection), shared_gate = gate] {
    const std::lock_guard lock(shared_gate->mutex);
    if (shared_gate->io == nullptr) return;
    asio::post(*shared_gate->io, [reference] {
      if (const auto open = reference.lock()) open->answered.cancel();
    });
  });
  Connection& self = *connection;
  begin(self, Phase::Streaming, options.stream_silence);
  while (true) {
    BodyStream::Chunk chunk = stream.take();
    if (chunk.text.empty() && !chunk.last && clock.steady_now() >= self.deadline) {
      chunk.text = stream.sign_of_life();
    }
    if (!chunk.text.empty()) {
      const std::string head = chunked ? chunk_head(chunk.text.size()) : std::string();
      if (chunked) chunk.text += "\r\n";
      begin(self, Phase::Writing, options.write_timeout);
      const std::string_view first = head;
      const std::string_view second = chunk.text;
      if (!co_await write_all(self, first, second)) co_return false;
      begin(self, Phase::Streaming, options.stream_silence);
    }
    if (chunk.last) break;
    if (!chunk.text.empty()) continue;
    error_code ignored;
    co_await self.answered.async_wait(asio::redirect_error(kAwait, ignored));
    if (self.expired) co_return false;
  }
  if (!chunked) co_return true;
  begin(self, Phase::Writing, options.write_timeout);
  co_return co_await write_all(self, kLastChunk, kNothing);
}

// Waits until the client has taken the answer and closed, within limits.
Task<void> Server::Impl::linger(Connection& connection) {
  error_code error;
  if (connection.tls) connection.tls->say_goodbye();
  connection.socket.shutdown(Socket::shutdown_send, error);
  begin(connection, Phase::Reading, kLingerTime);
  std::size_t thrown_away = 0;
  while (!error && thrown_away < kLingerBytes) {
    connection.buffer.clear();
    if (!co_await fill(connection)) break;
    thrown_away += connection.buffer.size();
  }
}

Task<void> Server::Impl::serve(std::shared_ptr<Connection> connection) {
  Connection& self = *connection;
  struct Registration {
    Impl& server;
    Connection& connection;
    Registration(Impl& to, Connection& entered) : server(to), connection(entered) {
      server.enter(connection);
    }
    ~Registration() { server.leave(connection); }
  };
  const Registration registration(*this, self);
  if (self.tls && !co_await shake_hands(self)) co_return;

  while (true) {
    if (self.buffer.empty()) {
      if (draining) co_return;
      self.buffer.shrink_to_fit();  // an idle connection holds nothing
      begin(self, Phase::Idle, options.idle_timeout);
      if (!co_await fill(self)) co_return;
    }
    ReadRequest read;
    if (!co_await read_request(self, read)) co_return;
    if (read.request) read.request->peer = self.peer;

    bool head_only = false;
    if (read.request) {
      head_only = read.request->method == "HEAD";
      self.phase = Phase::Handling;
      self.response.reset();
      dispatch(connection, std::move(*read.request));
      while (!self.response) {
        error_code ignored;
        co_await self.answered.async_wait(asio::redirect_error(kAwait, ignored));
      }
    } else {
      self.expired = false;  // the answer gets a deadline of its own
      self.response = application.reject(*read.rejection);
    }
    begin(self, Phase::Writing, options.write_timeout);
    Response response = *std::exchange(self.response, std::nullopt);
    // HTTP/1.0 knows no chunks: there the end of a stream is the end of the connection.
    const bool streamed = response.stream != nullptr;
    const bool chunked = streamed && read.version >= 11;
    const bool keep_alive = read.request && read.keep_alive && !draining && (!streamed || chunked);
    const HeadOptions head_options{
        .keep_alive = keep_alive, .chunked = chunked, .now = clock.wall_now()};
    const std::string head = response_head(response, head_options);
    const std::string_view body = head_only || streamed ? std::string_view() : response.body;
    const bool written = co_await write_all(self, head, body);
    if (!written) co_return;
    if (streamed && !head_only) {
      const bool sent = co_await write_stream(connection, *response.stream, chunked);
      if (!sent) co_return;
    }
    if (!keep_alive) {
      co_await linger(self);
      co_return;
    }
  }
}

base::Result<std::unique_ptr<Server>> Server::open(const ServerOptions& options,
                                                   Application& application,
                                                   const base::Clock& clock) {
  auto impl = std::make_unique<Impl>(options, application, clock);
  TG_TRY(impl->listen());
  impl->run();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
  {
    const std::lock_guard lock(impl_->gate->mutex);
    impl_->gate->io = nullptr;
  }
  impl_->io.stop();
  impl_->thread.join();
}

const ListenAddress& Server::address() const {
  return impl_->bound;
}

std::size_t Server::connection_count() const {
  return impl_->connection_count.load(std::memory_order_relaxed);
}

bool Server::drain(SteadyTime deadline) {
  asio::post(impl_->io, [impl = impl_.get()] {
    error_code ignored;
    impl->draining = true;
    impl->acceptor.close(ignored);
    impl->close_idle();
  });
  std::unique_lock lock(impl_->drained_mutex);
  return impl_->drained.wait_until(lock, deadline, [this] {
    return impl_->connection_count.load(std::memory_order_relaxed) == 0;
  });
}

}  // namespace testgen::service
