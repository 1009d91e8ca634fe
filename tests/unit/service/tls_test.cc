#include "service/http/tls.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>

#include "base/file_system.h"
#include "server_fixture.h"

namespace testgen::service {
namespace {

using std::chrono::milliseconds;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

// A certificate of that name that vouches for itself, and its key, as PEM files.
void make_certificate(const TlsFiles& files, const char* name, long valid_seconds) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -86'400L * 365);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), valid_seconds);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* const subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  ASSERT_GT(X509_sign(certificate.get(), key.get(), EVP_sha256()), 0);
  const File key_file(std::fopen(files.key.c_str(), "w"));
  ASSERT_EQ(PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr),
            1);
  const File certificate_file(std::fopen(files.certificate.c_str(), "w"));
  ASSERT_EQ(PEM_write_X509(certificate_file.get(), certificate.get()), 1);
}

// A client that speaks TLS and trusts everybody. Every wait has a deadline.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
        context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free),
        session_(SSL_new(context_.get()), SSL_free) {
    const timeval timeout{10, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                 SSL_set_fd(session_.get(), fd_.get()) == 1 && SSL_connect(session_.get()) == 1;
  }
  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] std::string subject() const {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        SSL_get1_peer_certificate(session_.get()), X509_free);
    std::array<char, 256> text{};
    X509_NAME_oneline(X509_get_subject_name(certificate.get()), text.data(), text.size());
    return text.data();
  }
  // The answer's status line and body, by its length.
  std::string exchange(std::string_view text) {
    if (SSL_write(session_.get(), text.data(), static_cast<int>(text.size())) <= 0) return "";
    std::string received;
    std::vector<char> buffer(64U << 10U);
    while (true) {
      const std::size_t head = received.find("\r\n\r\n");
      if (head != std::string::npos) {
        const std::size_t at = received.find("content-length: ");
        const std::size_t length = std::strtoull(received.c_str() + at + 16, nullptr, 10);
        if (received.size() >= head + 4 + length) {
          return received.substr(0, received.find('\r')) + "\n" + received.substr(head + 4);
        }
      }
      const int count = SSL_read(session_.get(), buffer.data(), static_cast<int>(buffer.size()));
      if (count <= 0) return "";
      received.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }

 private:
  base::UniqueFd fd_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> session_;
  bool connected_ = false;
};

class TlsTest : public ServerTest {
 protected:
  void SetUp() override {
    std::signal(SIGPIPE, SIG_IGN);  // as the program does
    make_certificate(files_, "first", kYear);
    auto loaded = TlsIdentity::load(files_);
    ASSERT_TRUE(loaded) << loaded.error().message;
    identity_ = *std::move(loaded);
  }
  static constexpr long kYear = 86'400L * 365;
  base::TempDir folder_ = *base::TempDir::create("tls");
  TlsFiles files_{folder_.path() / "certificate.pem", folder_.path() / "key.pem"};
  std::unique_ptr<TlsIdentity> identity_;
};

TEST_F(TlsTest, ServesRequestsSmallAndLargeOnOneConnection) {
  start({.tls = identity_.get()});
  TlsClient client(server_->address().port);
  ASSERT_TRUE(client.connected());
  EXPECT_EQ(client.subject(), "/CN=first");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.exchange("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"), "HTTP/1.1 200 OK\nGET /a ");
  }
  const std::string body(300'000, 'x');
  EXPECT_EQ(client.exchange("POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n" + body),
            "HTTP/1.1 200 OK\nPOST /b " + body);
  EXPECT_EQ(client.exchange("GET /big HTTP/1.1\r\nHost: x\r\n\r\n").size(),
            std::string_view("HTTP/1.1 200 OK\n").size() + (20U << 20U));
}

TEST_F(TlsTest, ANewCertificateIsForNewConnections) {
  start({.tls = identity_.get()});
  TlsClient old(server_->address().port);
  make_certificate(files_, "second", 2 * kYear);
  ASSERT_TRUE(identity_->reload(clock_.wall_now()));
  EXPECT_EQ(identity_->certificate().subject, "/CN=second");
  EXPECT_NEAR(base::unix_seconds(identity_->certificate().expires),
              base::unix_seconds(clock_.wall_now()) + 2.0 * kYear, 60);
  EXPECT_EQ(TlsClient(server_->address().port).subject(), "/CN=second");
  EXPECT_EQ(old.exchange("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"), "HTTP/1.1 200 OK\nGET /a ");
}

TEST_F(TlsTest, WhatIsWrongOrExpiredIsNotTaken) {
  make_certificate(files_, "expired", -60);
  EXPECT_NE(identity_->reload(clock_.wall_now()).error().message.find("expired"),
            std::string::npos);
  std::ofstream(files_.certificate) << "nonsense";
  EXPECT_FALSE(identity_->reload(clock_.wall_now()));
  std::filesystem::remove(files_.key);
  EXPECT_FALSE(identity_->reload(clock_.wall_now()));
  EXPECT_EQ(identity_->certificate().subject, "/CN=first");
  EXPECT_FALSE(TlsIdentity::load(files_));
}

TEST_F(TlsTest, ClearTextGetsNoAnswerAndTheSilentAreClosed) {
  start({.tls = identity_.get(), .header_timeout = milliseconds(100)});
  support::RawClient clear = connect();
  clear.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(clear.read_response(milliseconds(2'000)).find("200"), std::string::npos);
  support::RawClient silent = connect();
  ASSERT_TRUE(support::eventually([&] { return server_->connection_count() > 0; }));
  EXPECT_TRUE(support::eventually([&] { return server_->connection_count() == 0; }));
  EXPECT_TRUE(TlsClient(server_->address().port).connected());
}

}  // namespace
}  // namespace testgen::service
