#include "storage/sqlite.h"

#include <sqlite3.h>

namespace testgen::storage {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;

// One process owns the folder (service.cc locks it), so this only covers a reader of our own
// or an operator's `sqlite3` shell.
constexpr int kBusyTimeoutMilliseconds = 10'000;

}  // namespace

Error sqlite_error(sqlite3* handle, int code, std::string_view what) {
  const std::string text = std::string(what) + ": " +
                           (handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
  switch (code & 0xff) {
    case SQLITE_FULL:
      return Error{ErrorCode::ResourceExhausted, text,
                   "the disk is full: free some space; nothing already accepted is lost"};
    case SQLITE_READONLY:
      return Error{ErrorCode::Io, text, "the data folder is read-only: make it writable"};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return Error{ErrorCode::Io, text, "check that the data folder exists and is writable"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Error{ErrorCode::Io, text,
                   "the database file is damaged and was left as it is: restore a backup, or "
                   "move the file away to start empty"};
    case SQLITE_IOERR:
      return Error{ErrorCode::Io, text, "check the disk: it failed, or a size limit was reached"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error{ErrorCode::Unavailable, text, "another program holds the database open"};
    case SQLITE_NOMEM:
      return Error{ErrorCode::ResourceExhausted, text, ""};
    case SQLITE_CONSTRAINT:
      return Error{ErrorCode::Conflict, text, ""};
    default:
      return Error{ErrorCode::Internal, text, ""};
  }
}

Statement& Statement::bind(std::string_view text) {
  const int code = sqlite3_bind_text64(statement_, next_parameter_++, text.data(), text.size(),
                                       SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK) bind_result_ = code;
  return *this;
}

Statement& Statement::bind(std::int64_t number) {
  const int code = sqlite3_bind_int64(statement_, next_parameter_++, number);
  if (code != SQLITE_OK) bind_result_ = code;
  return *this;
}

Statement& Statement::bind_or_null(std::string_view text) {
  if (!text.empty()) return bind(text);
  const int code = sqlite3_bind_null(statement_, next_parameter_++);
  if (code != SQLITE_OK) bind_result_ = code;
  return *this;
}

Result<bool> Statement::step() {
  if (bind_result_ != SQLITE_OK) return sqlite_error(handle_, bind_result_, "cannot bind a value");
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(statement_);
    return false;
  }
  Error error = sqlite_error(handle_, code, "the database refused a statement");
  sqlite3_reset(statement_);
  return error;
}

Result<int> Statement::run() {
  while (true) {
    TG_ASSIGN(const bool row, step());
    if (!row) return sqlite3_changes(handle_);
  }
}

std::string Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

void Database::CloseHandle::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}
void Database::FinalizeStatement::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Result<Database> Database::open(const std::filesystem::path& file, Mode mode,
                                const std::string& vfs) {
  sqlite3* handle = nullptr;
  const int flags = (mode == Mode::ReadWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                             : SQLITE_OPEN_READONLY) |
                    SQLITE_OPEN_NOMUTEX;
  const int code =
      sqlite3_open_v2(file.c_str(), &handle, flags, vfs.empty() ? nullptr : vfs.c_str());
  Database database(handle);
  if (code != SQLITE_OK) return sqlite_error(handle, code, "cannot open " + file.string());
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyTimeoutMilliseconds);
  return database;
}

Status Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return sqlite_error(handle_.get(), code, "the database refused a command");
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  auto [entry, is_new] = statements_.try_emplace(std::string(sql));
  if (is_new) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (code != SQLITE_OK) {
      statements_.erase(entry);
      return sqlite_error(handle_.get(), code, "cannot prepare a statement");
    }
    entry->second.reset(raw);
  }
  sqlite3_reset(entry->second.get());
  sqlite3_clear_bindings(entry->second.get());
  return Statement(handle_.get(), entry->second.get());
}

Result<std::int64_t> Database::query_number(std::string_view sql) {
  TG_ASSIGN(Statement statement, prepare(sql));
  TG_ASSIGN(const bool row, statement.step());
  const std::int64_t value = row ? statement.number(0) : 0;
  if (row) TG_TRY(statement.run());
  return value;
}

Result<std::string> Database::query_text(std::string_view sql) {
  TG_ASSIGN(Statement statement, prepare(sql));
  TG_ASSIGN(const bool row, statement.step());
  std::string value = row ? statement.text(0) : std::string();
  if (row) TG_TRY(statement.run());
  return value;
}

bool Database::in_transaction() const {
  return sqlite3_get_autocommit(handle_.get()) == 0;
}

}  // namespace testgen::storage
