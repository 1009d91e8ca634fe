// A thin owner of one SQLite connection and its statements: errors become base::Error with a
// hint that an operator can act on, and nothing throws. A Database and its statements belong
// to one thread at a time; the caller does the locking.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace testgen::storage {

// The Error for an SQLite result code. Full disks, read-only files and corrupt files each say
// what happened to the data and what to do.
[[nodiscard]] base::Error sqlite_error(sqlite3* handle, int code, std::string_view what);

class Statement {
 public:
  Statement(sqlite3* handle, sqlite3_stmt* statement) : handle_(handle), statement_(statement) {}

  // Parameters are numbered from 1 in the order of the calls.
  Statement& bind(std::string_view text);
  Statement& bind(std::int64_t number);
  // An empty string is stored as NULL, so that a UNIQUE column may be absent many times.
  Statement& bind_or_null(std::string_view text);

  // True: a row is ready. False: done.
  [[nodiscard]] base::Result<bool> step();
  // Runs to the end and gives the number of rows changed.
  [[nodiscard]] base::Result<int> run();

  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  sqlite3* handle_;
  sqlite3_stmt* statement_;
  int next_parameter_ = 1;
  int bind_result_ = 0;
};

class Database {
 public:
  enum class Mode { ReadWrite, ReadOnly };
  // `vfs` names SQLite's way to the disk; empty: the usual one.
  [[nodiscard]] static base::Result<Database> open(const std::filesystem::path& file, Mode mode,
                                                   const std::string& vfs = {});

  // Runs SQL text that returns nothing of interest; may hold several statements.
  [[nodiscard]] base::Status execute(const std::string& sql);
  // A statement ready to bind. Prepared once and kept: `sql` must be a constant text.
  [[nodiscard]] base::Result<Statement> prepare(std::string_view sql);
  // First column of the first row.
  [[nodiscard]] base::Result<std::int64_t> query_number(std::string_view sql);
  [[nodiscard]] base::Result<std::string> query_text(std::string_view sql);
  // True between BEGIN and COMMIT or ROLLBACK. SQLite rolls back by itself on a full disk.
  [[nodiscard]] bool in_transaction() const;

 private:
  struct CloseHandle {
    void operator()(sqlite3* handle) const;
  };
  struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const;
  };
  using StatementPtr = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

  explicit Database(sqlite3* handle) : handle_(handle) {}

  std::unique_ptr<sqlite3, CloseHandle> handle_;  // declared first: closed after statements
  std::unordered_map<std::string, StatementPtr> statements_;
};

}  // namespace testgen::storage
