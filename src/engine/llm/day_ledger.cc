#include "engine/llm/day_ledger.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "base/file_system.h"
#include "base/hash.h"
#include "base/strings.h"
#include "base/unique_fd.h"
#include "engine/llm/budget.h"
#include "engine/llm/providers/json_reading.h"

namespace testgen::llm {
namespace {

constexpr std::uint64_t kMaxFile = 1U << 20U;
constexpr std::size_t kSum = 64;  // digits of the moment's checksum, on a line of their own

// The moment's file, opened and locked: the lock is every process's way to both files.
base::Result<base::UniqueFd> lock(const std::filesystem::path& file) {
  const std::filesystem::path moment = file.string() + ".now";
  base::UniqueFd out(::open(moment.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!out && errno == ENOENT) {
    std::error_code ignored;
    std::filesystem::create_directories(file.parent_path(), ignored);
    out.reset(::open(moment.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  }
  if (!out) return base::system_error("cannot open " + moment.string(), errno);
  while (::flock(out.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return base::system_error("cannot lock " + moment.string(), errno);
  }
  return out;
}

std::string read_all(int fd) {
  std::string out;
  std::array<char, 4'096> part{};
  while (out.size() <= kMaxFile) {
    const ssize_t got = ::pread(fd, part.data(), part.size(), static_cast<off_t>(out.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    out.append(part.data(), static_cast<std::size_t>(got));
  }
  return out;
}

// The name of a file that was renamed is in its folder, which has to be synced for itself.
base::Status sync_folder(const std::filesystem::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const base::UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) {
    return base::system_error("cannot sync " + folder.string(), errno);
  }
  return {};
}

double paid(const std::map<std::string, double>& payers, const std::string& payer) {
  const auto found = payers.find(payer);
  return found == payers.end() ? 0 : found->second;
}

template <class Figures>
std::optional<Figures> read_figures(const Json& json) {
  if (!member(json, "dollars").is_number()) return std::nullopt;
  Figures out;
  out.day = member(json, "dollars").get<double>();
  if (const Json& keys = member(json, "keys"); keys.is_object()) {
    for (const auto& [payer, dollars] : keys.items()) {
      if (dollars.is_number()) out.payers[payer] = dollars.template get<double>();
    }
  }
  return out;
}

template <class Figures>
Json written(Json head, const Figures& figures) {
  head["dollars"] = figures.day;
  if (!figures.payers.empty()) head["keys"] = figures.payers;
  return head;
}

// The synced figure that lasts for a while: at least what is booked, and no further than the limit.
double ahead(double booked, double limit) {
  return std::max(booked, std::min(limit, booked + limit * DayLedger::kAhead));
}

}  // namespace

std::string DayLedger::this_boot() {
  const auto text = base::read_file("/proc/sys/kernel/random/boot_id", 100);
  return text ? std::string(base::trim(*text)) : std::string();
}

std::string DayLedger::today() const {
  return base::format_rfc3339(clock_.wall_now()).substr(0, 10);
}

base::Result<DayLedger::Book> DayLedger::open(int moment) const {
  Book out{.date = today(), .synced_text = {}, .most = {}, .now = {}};
  std::error_code ignored;
  if (!std::filesystem::exists(file_, ignored)) return out;
  TG_ASSIGN(out.synced_text, base::read_file(file_, kMaxFile));
  const Json json = parse_json(out.synced_text);
  const auto most = read_figures<Figures>(json);
  if (!most) {
    return base::Error{base::ErrorCode::InvalidInput,
                       "what was spent on models today cannot be read: " + file_.string(),
                       "remove the file to begin anew"};
  }
  if (text_of(member(json, "day")) != out.date) return out;
  out.most = out.now = *most;
  const std::string text = read_all(moment);
  if (boot_.empty() || text.size() < kSum + 1 ||
      base::sha256_hex(std::string_view(text).substr(kSum + 1)) != text.substr(0, kSum)) {
    return out;
  }
  const Json of_now = parse_json(std::string_view(text).substr(kSum + 1));
  if (text_of(member(of_now, "boot")) != boot_ ||
      text_of(member(of_now, "of")) != base::sha256_hex(out.synced_text)) {
    return out;
  }
  if (const auto now = read_figures<Figures>(of_now)) out.now = *now;
  return out;
}

base::Status DayLedger::write_synced(Book& book) const {
  book.synced_text = dump_json(written(Json{{"day", book.date}}, book.most)) + "\n";
  TG_TRY(base::write_file_atomic(file_, book.synced_text));
  return sync_folder(file_);
}

base::Status DayLedger::write_moment(int moment, const Book& book) const {
  const std::string body =
      dump_json(
          written(Json{{"boot", boot_}, {"of", base::sha256_hex(book.synced_text)}}, book.now)) +
      "\n";
  const std::string text = base::sha256_hex(body) + "\n" + body;
  struct stat info {};
  // Whatever is cut off here has a wrong checksum, and then the synced figures count.
  if (::pwrite(moment, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()) ||
      ::fstat(moment, &info) != 0 ||
      (info.st_size > static_cast<off_t>(text.size()) &&
       ::ftruncate(moment, static_cast<off_t>(text.size())) != 0)) {
    return base::system_error("cannot write " + file_.string() + ".now", errno);
  }
  return {};
}

base::Result<DayLedger::Totals> DayLedger::change(int moment, Book& book, double dollars,
                                                  const std::string& payer,
                                                  const DayLimits& limits) {
  book.now.day = std::max(0.0, book.now.day + dollars);
  Totals out{.date = book.date, .day = book.now.day, .payer = 0};
  if (!payer.empty()) {
    double& of_payer = book.now.payers[payer];
    out.payer = of_payer = std::max(0.0, of_payer + dollars);
  }
  const bool covered = out.day <= book.most.day && out.payer <= paid(book.most.payers, payer);
  if (boot_.empty()) {
    book.most = book.now;
    TG_TRY(write_synced(book));
  } else if (!covered) {
    book.most.day = ahead(out.day, limits.day > 0 ? limits.day : limits.payer);
    if (!payer.empty()) {
      book.most.payers[payer] = ahead(out.payer, limits.payer > 0 ? limits.payer : limits.day);
    }
    TG_TRY(write_synced(book));
  }
  TG_TRY(write_moment(moment, book));
  used_ = true;
  return out;
}

base::Result<DayLedger::Totals> DayLedger::reserve(double dollars, const std::string& payer,
                                                   const DayLimits& limits) {
  TG_ASSIGN(const base::UniqueFd moment, lock(file_));
  TG_ASSIGN(Book book, open(moment.get()));
  if (passes(book.now.day, dollars, limits.day)) {
    return used_up(dollars_text(book.now.day) + " of " + dollars_text(limits.day) + " today");
  }
  const double of_payer = paid(book.now.payers, payer);
  if (!payer.empty() && passes(of_payer, dollars, limits.payer)) {
    return used_up(dollars_text(of_payer) + " of " + dollars_text(limits.payer) +
                   " today for the key " + payer);
  }
  return change(moment.get(), book, dollars, payer, limits);
}

base::Result<DayLedger::Totals> DayLedger::settle(double difference, const std::string& date,
                                                  const std::string& payer,
                                                  const DayLimits& limits) {
  TG_ASSIGN(const base::UniqueFd moment, lock(file_));
  TG_ASSIGN(Book book, open(moment.get()));
  const double booked = date == book.date ? difference : std::max(0.0, difference);
  return change(moment.get(), book, booked, payer, limits);
}

base::Status DayLedger::rest() {
  if (!std::exchange(used_, false)) return {};
  TG_ASSIGN(const base::UniqueFd moment, lock(file_));
  TG_ASSIGN(Book book, open(moment.get()));
  if (book.now == book.most) return {};
  book.most = book.now;
  TG_TRY(write_synced(book));
  return write_moment(moment.get(), book);
}

}  // namespace testgen::llm
