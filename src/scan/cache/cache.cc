#include "scan/cache/cache.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "base/file_system.h"
#include "base/hash.h"
#include "scan/byte_stream.h"
#include "scan/cache/codec.h"

namespace testgen::scan {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "testgen scan cache 1\n";
constexpr std::string_view kEnding = ".scan";
constexpr std::size_t kDigest = 64;
constexpr std::uint64_t kTick = 2'000'000'000;  // nanoseconds

void write(ByteWriter& out, std::string_view name, const FileStamp& stamp, std::uint64_t kept_at,
           std::string_view digest, std::string_view report) {
  out.text(name);
  out.number(stamp.size);
  out.number(stamp.modified);
  out.number(stamp.inode);
  out.number(kept_at);
  out.text(digest);
  out.text(report);
}

}  // namespace

std::optional<FileStamp> stamp_of(const fs::path& file) {
  struct stat seen {};
  if (::stat(file.c_str(), &seen) != 0) return std::nullopt;
  const auto nanoseconds = [](const timespec& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000U +
           static_cast<std::uint64_t>(time.tv_nsec);
  };
  return FileStamp{static_cast<std::uint64_t>(seen.st_size),
                   std::max(nanoseconds(seen.st_mtim), nanoseconds(seen.st_ctim)),
                   static_cast<std::uint64_t>(seen.st_ino)};
}

ScanCache::ScanCache(fs::path folder, std::string_view key, std::uint64_t now)
    : folder_(std::move(folder)),
      file_(folder_ / (base::sha256_hex(key).substr(0, 32) + std::string(kEnding))),
      now_(now) {
  load();
}

void ScanCache::load() {
  auto read = base::read_file(file_, kMaxBytes);
  if (!read) return;
  text_ = *std::move(read);
  std::string_view rest = text_;
  if (!rest.starts_with(kMagic) || rest.size() < kMagic.size() + kDigest) return;
  const std::string_view digest = rest.substr(kMagic.size(), kDigest);
  rest.remove_prefix(kMagic.size() + kDigest);
  if (base::sha256_hex(rest) != digest) return;
  ByteReader in(rest);
  while (!in.at_end() && !in.wrong()) {
    const std::string_view name = in.text();
    Entry entry;
    entry.stamp.size = in.number();
    entry.stamp.modified = in.number();
    entry.stamp.inode = in.number();
    entry.kept_at = in.number();
    entry.digest = in.text();
    entry.report = in.text();
    if (in.wrong()) return;
    entries_.insert_or_assign(name, entry);
  }
}

std::optional<FileReport> ScanCache::named(std::string_view bytes, const std::string& name) {
  auto out = decode_report(bytes);
  if (!out) return std::nullopt;
  out->file = name;
  for (Finding& finding : out->findings) finding.file = name;
  return out;
}

std::optional<FileReport> ScanCache::find(const std::string& name, const FileStamp& stamp) const {
  const auto found = entries_.find(name);
  if (found == entries_.end() || found->second.stamp != stamp) return std::nullopt;
  if (found->second.kept_at < stamp.modified + kTick) return std::nullopt;
  auto out = named(found->second.report, name);
  if (!out) return std::nullopt;
  const std::lock_guard lock(mutex_);
  used_.emplace(name, true);
  return out;
}

std::optional<FileReport> ScanCache::find(const std::string& name, const FileStamp& stamp,
                                          std::string_view text) {
  const auto found = entries_.find(name);
  if (found == entries_.end() || found->second.stamp.size != stamp.size) return std::nullopt;
  const Entry& entry = found->second;
  if (base::sha256_hex(text) != entry.digest) return std::nullopt;
  auto out = named(entry.report, name);
  if (!out) return std::nullopt;
  const std::lock_guard lock(mutex_);
  made_.insert_or_assign(name, Made{stamp, std::string(entry.digest), std::string(entry.report)});
  return out;
}

void ScanCache::keep(const FileReport& report, const FileStamp& stamp, std::string_view text) {
  if (report.error) return;
  Made made{stamp, base::sha256_hex(text), encode_report(report)};
  const std::lock_guard lock(mutex_);
  made_.insert_or_assign(report.file, std::move(made));
}

void ScanCache::save() {
  if (made_.empty() && used_.size() == entries_.size()) return;
  ByteWriter out;
  for (const auto& [name, yes] : used_) {
    const Entry& entry = entries_.find(name)->second;
    write(out, name, entry.stamp, entry.kept_at, entry.digest, entry.report);
  }
  for (const auto& [name, made] : made_) {
    write(out, name, made.stamp, now_, made.digest, made.report);
  }
  const std::string body = out.take();
  if (body.size() > kMaxBytes / 2) return;
  std::error_code failure;
  fs::create_directories(folder_, failure);
  if (failure) return;
  // No need to wait for the disk: what a crash leaves half written has another digest.
  const fs::path half = file_.string() + "." + std::to_string(::getpid());
  {
    std::ofstream file(half, std::ios::binary | std::ios::trunc);
    file << kMagic << base::sha256_hex(body) << body;
    if (!file.flush()) {
      fs::remove(half, failure);
      return;
    }
  }
  fs::rename(half, file_, failure);
  if (failure) fs::remove(half, failure);
  drop_oldest();
}

void ScanCache::drop_oldest() const {
  struct Kept {
    fs::file_time_type time;
    std::uint64_t size;
    fs::path path;
  };
  std::vector<Kept> all;
  std::uint64_t bytes = 0;
  std::error_code failure;
  for (fs::directory_iterator it(folder_, failure), end; !failure && it != end;
       it.increment(failure)) {
    std::error_code gone;
    if (it->path().filename().string().find(kEnding) == std::string::npos) continue;
    const Kept one{it->last_write_time(gone), it->file_size(gone), it->path()};
    if (gone) continue;
    bytes += one.size;
    all.push_back(one);
  }
  std::sort(all.begin(), all.end(), [](const Kept& a, const Kept& b) { return a.time < b.time; });
  for (const Kept& one : all) {
    if (bytes <= kMaxBytes) return;
    if (one.path == file_) continue;
    fs::remove(one.path, failure);
    bytes -= one.size;
  }
}

}  // namespace testgen::scan
