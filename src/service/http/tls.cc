#include "service/http/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <cstring>
#include <ctime>

namespace testgen::service {
namespace {

using base::Error;
using base::ErrorCode;

// What OpenSSL says of its last failure, and forgets then.
std::string last_reason() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* const reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "it cannot be read" : reason;
}

Error cannot_use(const std::filesystem::path& file, std::string_view what, std::string hint) {
  return Error{
      ErrorCode::InvalidArgument,
      "cannot use the " + std::string(what) + " in " + file.string() + ": " + last_reason(),
      std::move(hint)};
}

// A key with a passphrase would otherwise be asked for on a terminal nobody watches.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

// ALPN: the server speaks HTTP/1.1, whatever else is offered.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length,
                    const unsigned char* offered, unsigned int size, void*) {
  constexpr std::string_view kProtocol = "http/1.1";
  for (unsigned int at = 0; at < size; at += offered[at] + 1U) {
    if (at + 1 + offered[at] > size) break;
    const std::string_view name(reinterpret_cast<const char*>(offered + at + 1), offered[at]);
    if (name != kProtocol) continue;
    *chosen = offered + at + 1;
    *length = offered[at];
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_NOACK;  // go on without: old clients do not care
}

base::WallTime to_wall(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

std::string subject_of(const X509* certificate) {
  std::array<char, 512> text{};
  X509_NAME_oneline(X509_get_subject_name(certificate), text.data(), text.size());
  return text.data();
}

}  // namespace

base::Result<std::unique_ptr<TlsIdentity>> TlsIdentity::load(TlsFiles files) {
  std::unique_ptr<TlsIdentity> identity(new TlsIdentity(std::move(files)));
  TG_ASSIGN(identity->loaded_, identity->read_files());
  return identity;
}

base::Result<TlsIdentity::Loaded> TlsIdentity::read_files() const {
  ERR_clear_error();
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) return Error{ErrorCode::Internal, "cannot set up TLS: " + last_reason(), ""};
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                         SSL_OP_CIPHER_SERVER_PREFERENCE);
  // An idle connection keeps no buffers; a write may go on from another place in memory.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  // For TLS 1.2; those of 1.3 are all sound.
  SSL_CTX_set_cipher_list(context.get(), "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_default_passwd_cb(context.get(), no_passphrase);
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);

  if (SSL_CTX_use_certificate_chain_file(context.get(), files_.certificate.c_str()) != 1) {
    return cannot_use(files_.certificate, "certificate",
                      "it must be PEM: the service's certificate first, then the authorities'");
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), files_.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return cannot_use(files_.key, "key",
                      "it must be PEM, of this very certificate, without a passphrase");
  }
  const X509* const certificate = SSL_CTX_get0_certificate(context.get());
  return Loaded{std::move(context),
                {subject_of(certificate), to_wall(X509_get0_notAfter(certificate))}};
}

base::Status TlsIdentity::reload(base::WallTime now) {
  TG_ASSIGN(Loaded fresh, read_files());
  if (fresh.certificate.expires <= now) {
    return Error{ErrorCode::InvalidArgument,
                 "the certificate in " + files_.certificate.string() + " has expired",
                 "put a valid one there"};
  }
  const std::lock_guard lock(mutex_);
  loaded_ = std::move(fresh);
  return {};
}

TlsIdentity::Certificate TlsIdentity::certificate() const {
  const std::lock_guard lock(mutex_);
  return loaded_.certificate;
}

std::shared_ptr<ssl_ctx_st> TlsIdentity::context() const {
  const std::lock_guard lock(mutex_);
  return loaded_.context;
}

void TlsSession::Free::operator()(ssl_st* session) const {
  SSL_free(session);
}

TlsSession::TlsSession(const std::shared_ptr<ssl_ctx_st>& context, int fd)
    : session_(SSL_new(context.get())) {
  broken_ = !session_ || SSL_set_fd(session_.get(), fd) != 1;
  if (!broken_) SSL_set_accept_state(session_.get());
}

TlsSession::Step TlsSession::step(int result) {
  if (result > 0) return {Step::Outcome::Done, static_cast<std::size_t>(result)};
  switch (SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {Step::Outcome::WaitToRead};
    case SSL_ERROR_WANT_WRITE:
      return {Step::Outcome::WaitToWrite};
    case SSL_ERROR_ZERO_RETURN:
      return {Step::Outcome::Closed};
    default:
      broken_ = true;  // nothing may be sent any more, not even a goodbye
      ERR_clear_error();
      return {Step::Outcome::Failed};
  }
}

TlsSession::Step TlsSession::handshake() {
  if (broken_) return {};
  ERR_clear_error();
  return step(SSL_do_handshake(session_.get()));
}

TlsSession::Step TlsSession::read(char* to, std::size_t size) {
  if (broken_) return {};
  ERR_clear_error();
  return step(SSL_read(session_.get(), to, static_cast<int>(size)));
}

TlsSession::Step TlsSession::write(std::string_view bytes) {
  if (broken_) return {};
  constexpr std::size_t kMost = 1U << 20U;
  ERR_clear_error();
  return step(
      SSL_write(session_.get(), bytes.data(), static_cast<int>(std::min(bytes.size(), kMost))));
}

void TlsSession::say_goodbye() {
  if (broken_ || SSL_is_init_finished(session_.get()) == 0) return;
  ERR_clear_error();
  (void)SSL_shutdown(session_.get());
  ERR_clear_error();
}

}  // namespace testgen::service
