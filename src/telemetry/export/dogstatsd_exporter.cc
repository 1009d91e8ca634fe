#include "telemetry/export/dogstatsd_exporter.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "telemetry/export/dogstatsd_lines.h"

namespace testgen::telemetry {
namespace {

// What passes an Ethernet with room for headers, by Datadog's own advice; and an agent's buffer.
constexpr std::size_t kUdpBytes = 1432;
constexpr std::size_t kUnixBytes = 8192;

base::Error not_an_address(const std::string& url) {
  return {base::ErrorCode::InvalidArgument, "the DogStatsD address is not one: " + url,
          "udp://127.0.0.1:8125 or unix:///var/run/datadog/dsd.socket"};
}

}  // namespace

base::Result<DatagramSocket> DatagramSocket::create(const std::string& url) {
  DatagramSocket socket;
  const std::string_view text = url;
  if (text.starts_with("unix://")) {
    socket.path_ = text.substr(7);
    if (socket.path_.empty() || socket.path_.front() != '/' ||
        socket.path_.size() >= sizeof(sockaddr_un::sun_path)) {
      return not_an_address(url);
    }
    return socket;
  }
  if (!text.starts_with("udp://")) return not_an_address(url);
  const std::string_view authority = text.substr(6);
  const std::size_t colon = authority.rfind(':');
  socket.host_ = authority.substr(0, colon);
  socket.port_ = colon == std::string_view::npos ? "8125" : authority.substr(colon + 1);
  if (socket.host_.starts_with('[') && socket.host_.ends_with(']')) {  // IPv6
    socket.host_ = socket.host_.substr(1, socket.host_.size() - 2);
  }
  if (socket.host_.empty() || socket.port_.empty() ||
      socket.port_.find_first_not_of("0123456789") != std::string::npos) {
    return not_an_address(url);
  }
  return socket;
}

bool DatagramSocket::connect() {
  if (is_unix()) {
    base::UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.c_str(), path_.size() + 1);
    if (!fd ||
        ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      return false;
    }
    fd_ = std::move(fd);
    return true;
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host_.c_str(), port_.c_str(), &hints, &found) != 0) return false;
  for (const addrinfo* each = found; each != nullptr && !fd_; each = each->ai_next) {
    base::UniqueFd fd(::socket(each->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (fd && ::connect(fd.get(), each->ai_addr, each->ai_addrlen) == 0) fd_ = std::move(fd);
  }
  ::freeaddrinfo(found);
  return static_cast<bool>(fd_);
}

bool DatagramSocket::send(std::string_view datagram) {
  // Twice: an agent that restarted leaves an error behind on the old socket. Over UDP that error
  // says that the datagram before this one found nobody: one is lost, and counted as this one.
  bool earlier_lost = false;
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (!fd_ && !connect()) return false;
    const ssize_t sent = ::send(fd_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL);
    if (sent == static_cast<ssize_t>(datagram.size())) return !earlier_lost;
    if (errno == EAGAIN || errno == EMSGSIZE || errno == ENOBUFS) return false;
    earlier_lost = errno == ECONNREFUSED && !is_unix();
    fd_.reset();
  }
  return false;
}

base::Result<std::unique_ptr<DogStatsdExporter>> DogStatsdExporter::create(
    const DogStatsdOptions& options, Registry& registry, Metrics& metrics, Logger& log,
    std::function<Readiness()> readiness) {
  TG_ASSIGN(DatagramSocket socket, DatagramSocket::create(options.url));
  return std::unique_ptr<DogStatsdExporter>(new DogStatsdExporter(
      options, std::move(socket), registry, metrics, log, std::move(readiness)));
}

DogStatsdExporter::DogStatsdExporter(const DogStatsdOptions& options, DatagramSocket socket,
                                     Registry& registry, Metrics& metrics, Logger& log,
                                     std::function<Readiness()> readiness)
    : options_(options),
      max_bytes_(options.max_datagram_bytes != 0 ? options.max_datagram_bytes
                 : socket.is_unix()              ? kUnixBytes
                                                 : kUdpBytes),
      socket_(std::move(socket)),
      delta_(registry),
      figures_(metrics, "dogstatsd"),
      log_(log, options.url),
      readiness_(std::move(readiness)),
      periodic_(
          "tg-dogstatsd", options.interval, [this] { push(); }, [] {}) {}

void DogStatsdExporter::push() {
  const Datagrams out = dogstatsd_datagrams(delta_.read(), readiness_(), options_.tags, max_bytes_);
  figures_.lost(out.too_large, "too_large");
  std::size_t lost = 0;
  for (std::size_t i = 0; i < out.datagrams.size(); ++i) {
    if (socket_.send(out.datagrams[i])) {
      figures_.sent(out.lines[i]);
    } else {
      lost += out.lines[i];
    }
  }
  figures_.lost(lost, "unavailable");
  if (lost > 0) {
    log_.lost("unavailable", "the socket does not take datagrams");
  } else {
    log_.accepted();
  }
}

}  // namespace testgen::telemetry
