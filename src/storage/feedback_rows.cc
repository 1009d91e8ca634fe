#include "storage/feedback_rows.h"

#include "storage/job_rows.h"

namespace testgen::storage {

using base::Result;
using base::Status;

Result<std::optional<Rating>> put_rating(Database& database, const Rating& rating) {
  TG_ASSIGN(Statement find, database.prepare("SELECT verdict, comment FROM ratings WHERE "
                                             "subject=? AND id=? AND tenant=?"));
  TG_ASSIGN(const bool found, find.bind(rating.subject).bind(rating.id).bind(rating.tenant).step());
  std::optional<Rating> earlier;
  if (found) {
    earlier = rating;
    earlier->verdict = find.text(0);
    earlier->comment = find.text(1);
    TG_TRY(find.run());
  }
  TG_ASSIGN(Statement put,
            database.prepare("INSERT OR REPLACE INTO ratings "
                             "(subject, id, tenant, verdict, comment, made) VALUES (?,?,?,?,?,?)"));
  put.bind(rating.subject).bind(rating.id).bind(rating.tenant).bind(rating.verdict);
  TG_TRY(put.bind(rating.comment).bind(to_column(rating.made)).run());
  return earlier;
}

Result<std::vector<RatingCount>> count_ratings(Database& database) {
  TG_ASSIGN(Statement statement,
            database.prepare("SELECT subject, verdict, count(*) FROM ratings "
                             "GROUP BY subject, verdict ORDER BY subject, verdict"));
  std::vector<RatingCount> counts;
  while (true) {
    TG_ASSIGN(const bool row, statement.step());
    if (!row) return counts;
    counts.push_back(
        {statement.text(0), statement.text(1), static_cast<std::uint64_t>(statement.number(2))});
  }
}

Result<bool> put_alert(Database& database, const Alert& alert) {
  TG_ASSIGN(Statement find, database.prepare("SELECT status FROM alerts WHERE fingerprint=? AND "
                                             "starts_at=?"));
  TG_ASSIGN(const bool found, find.bind(alert.fingerprint).bind(alert.starts_at).step());
  const bool same = found && find.text(0) == alert.status;
  if (found) TG_TRY(find.run());
  TG_ASSIGN(Statement put, database.prepare("INSERT OR REPLACE INTO alerts (fingerprint, "
                                            "starts_at, status, document, received) "
                                            "VALUES (?,?,?,?,?)"));
  put.bind(alert.fingerprint).bind(alert.starts_at).bind(alert.status).bind(alert.document);
  TG_TRY(put.bind(to_column(alert.received)).run());
  return !same;
}

Status forget_alerts_before(Database& database, base::WallTime time) {
  TG_ASSIGN(Statement statement, database.prepare("DELETE FROM alerts WHERE received < ?"));
  TG_TRY(statement.bind(to_column(time)).run());
  return {};
}

}  // namespace testgen::storage
