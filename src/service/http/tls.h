// TLS for the listeners: the certificate with its key, which can be exchanged while the service
// runs, and one connection's session over a socket that never blocks. The only files that know
// OpenSSL's TLS are tls*.cc. TLS 1.2 and 1.3.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

struct ssl_ctx_st;
struct ssl_st;

namespace testgen::service {

struct TlsFiles {
  std::filesystem::path certificate;  // PEM: ours first, then those that vouch for it
  std::filesystem::path key;          // PEM, without a passphrase
};

// Thread-safe.
class TlsIdentity {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<TlsIdentity>> load(TlsFiles files);

  // Reads the files again; new connections use what they hold now. What is wrong, or has expired
  // by `now`, is not taken: the old certificate stays.
  [[nodiscard]] base::Status reload(base::WallTime now);

  struct Certificate {
    std::string subject;
    base::WallTime expires{};
  };
  [[nodiscard]] Certificate certificate() const;
  [[nodiscard]] const TlsFiles& files() const { return files_; }
  // Shared with the sessions that were begun with it.
  [[nodiscard]] std::shared_ptr<ssl_ctx_st> context() const;

 private:
  struct Loaded {
    std::shared_ptr<ssl_ctx_st> context;
    Certificate certificate;
  };
  explicit TlsIdentity(TlsFiles files) : files_(std::move(files)) {}
  [[nodiscard]] base::Result<Loaded> read_files() const;

  const TlsFiles files_;
  mutable std::mutex mutex_;
  Loaded loaded_;
};

// One connection, server's side. The descriptor is borrowed and does not block. For one thread.
class TlsSession {
 public:
  TlsSession(const std::shared_ptr<ssl_ctx_st>& context, int fd);

  struct Step {
    enum class Outcome { Done, WaitToRead, WaitToWrite, Closed, Failed };
    Outcome outcome = Outcome::Failed;
    std::size_t bytes = 0;  // when Done
  };
  [[nodiscard]] Step handshake();
  [[nodiscard]] Step read(char* to, std::size_t size);
  [[nodiscard]] Step write(std::string_view bytes);
  // Tells the client that nothing more comes, if that can be told at once.
  void say_goodbye();

 private:
  struct Free {
    void operator()(ssl_st* session) const;
  };
  [[nodiscard]] Step step(int result);

  std::unique_ptr<ssl_st, Free> session_;  // holds the context by a count of its own
  bool broken_ = false;
};

}  // namespace testgen::service
