#include "service/cache/result_cache.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "base/file_system.h"
#include "base/hash.h"

namespace testgen::service {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::Status;

// A file is this word, the SHA-256 of the rest, a line break, and the rest: the Unix time when it
// was made in 16 digits, a line break, and the entry. A change of the format changes the word, and
// old files become misses.
constexpr std::string_view kMagic = "testgen-cache-2 ";
constexpr std::size_t kHeaderBytes = kMagic.size() + 64 + 1;
constexpr std::size_t kTimeBytes = 16 + 1;
constexpr std::uint64_t kMaxEntryBytes = 64U << 20U;

std::string encoded(std::string_view value, base::WallTime made) {
  std::string seconds = std::to_string(
      std::chrono::duration_cast<std::chrono::seconds>(made.time_since_epoch()).count());
  std::string rest(16 - std::min<std::size_t>(16, seconds.size()), '0');
  rest += seconds + "\n";
  rest += value;
  std::string file(kMagic);
  file += base::sha256_hex(rest);
  file += '\n';
  file += rest;
  return file;
}

struct Decoded {
  std::string_view value;  // empty when the file is not whole
  base::WallTime made{};
};

Decoded decoded(std::string_view file) {
  if (file.size() <= kHeaderBytes + kTimeBytes || !file.starts_with(kMagic)) return {};
  const std::string_view rest = file.substr(kHeaderBytes);
  if (file[kHeaderBytes - 1] != '\n') return {};
  if (file.substr(kMagic.size(), 64) != base::sha256_hex(rest)) return {};
  std::int64_t seconds = 0;
  std::from_chars(rest.data(), rest.data() + 16, seconds);
  return {rest.substr(kTimeBytes), base::WallTime(std::chrono::seconds(seconds))};
}

bool is_key(const std::string& name) {
  return name.size() == 64 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

std::string cache_key(std::initializer_list<std::string_view> parts) {
  std::string question;
  for (const std::string_view part : parts) {
    question += std::to_string(part.size());
    question += ':';
    question += part;
  }
  return base::sha256_hex(question);
}

ResultCache::ResultCache(const CacheOptions& options, telemetry::Telemetry& telemetry)
    : options_(options),
      telemetry_(telemetry),
      disk_(options.max_disk_bytes),
      memory_(options.max_memory_bytes) {}

base::Result<std::unique_ptr<ResultCache>> ResultCache::open(const CacheOptions& options,
                                                             telemetry::Telemetry& telemetry) {
  std::unique_ptr<ResultCache> cache(new ResultCache(options, telemetry));
  TG_TRY(cache->load_index());
  return cache;
}

fs::path ResultCache::file_of(const std::string& key) const {
  return options_.folder / key.substr(0, 2) / key;
}

Status ResultCache::load_index() {
  std::error_code code;
  fs::create_directories(options_.folder, code);
  if (code) return base::system_error("cannot create " + options_.folder.string(), code.value());
  struct Found {
    fs::file_time_type used;
    std::string key;
    std::uint64_t bytes;
  };
  std::vector<Found> found;
  for (fs::recursive_directory_iterator entry(options_.folder, code), end; !code && entry != end;
       entry.increment(code)) {
    std::error_code each;
    if (!entry->is_regular_file(each)) continue;
    const std::string name = entry->path().filename().string();
    if (is_key(name)) {
      found.push_back({entry->last_write_time(each), name, entry->file_size(each)});
    } else {
      fs::remove(entry->path(), each);  // a write that a crash left half done
    }
  }
  if (code) return base::system_error("cannot read " + options_.folder.string(), code.value());
  std::sort(found.begin(), found.end(),
            [](const Found& a, const Found& b) { return a.used < b.used; });
  for (const Found& file : found) remember(file.key, file.bytes);
  return {};
}

void ResultCache::remember(const std::string& key, std::uint64_t file_bytes) {
  std::vector<std::string> evicted;
  {
    const std::lock_guard lock(mutex_);
    evicted = disk_.put(key, {}, file_bytes);
    for (const std::string& gone : evicted) memory_.erase(gone);
    telemetry_.metrics().cache_size_bytes.set(static_cast<double>(disk_.bytes()));
  }
  for (const std::string& gone : evicted) {
    std::error_code ignored;
    fs::remove(file_of(gone), ignored);
  }
}

template <class Command>
auto ResultCache::observed(std::string_view operation, const telemetry::SpanContext& parent,
                           const Command& command) {
  telemetry::Span span = telemetry_.tracer().start("redis." + std::string(operation),
                                                   telemetry::SpanKind::Client, parent);
  span.set("db.system.name", "redis");
  span.set("db.operation.name", operation);
  auto result = command();
  if (!result) {
    span.set("error.type", base::to_string(result.error().code));
    span.fail(result.error().message);
    telemetry_.count_error(result.error(), "cache");
  }
  return result;
}

void ResultCache::forget(const std::string& key) {
  {
    const std::lock_guard lock(mutex_);
    disk_.erase(key);
    memory_.erase(key);
    telemetry_.metrics().cache_size_bytes.set(static_cast<double>(disk_.bytes()));
  }
  std::error_code ignored;
  fs::remove(file_of(key), ignored);
}

void ResultCache::remove(const std::string& key) {
  forget(key);
  if (!options_.shared) return;
  [[maybe_unused]] const Status removed =
      observed("DEL", {}, [&] { return options_.shared->remove(key); });
}

// One made in what is now the future was made before the clock was put back.
bool ResultCache::too_old(base::WallTime made) const {
  return telemetry_.clock().wall_now() - made > options_.max_age;
}

ResultCache::Text ResultCache::read(const std::string& key, const telemetry::SpanContext& parent) {
  if (options_.lost && options_.lost()) return nullptr;
  std::optional<InMemory> known;
  {
    const std::lock_guard lock(mutex_);
    if (disk_.find(key) == nullptr) return nullptr;
    if (const InMemory* entry = memory_.find(key)) known = *entry;
  }
  if (known) {
    if (!too_old(known->made)) return known->text;
    forget(key);
    return nullptr;
  }
  const auto file = base::read_file(file_of(key), kMaxEntryBytes);
  const auto [value, made] = file ? decoded(*file) : Decoded{};
  if (!value.empty() && too_old(made)) {
    forget(key);
    return nullptr;
  }
  if (value.empty()) {
    telemetry_.log().write(
        telemetry::LogEvent::CacheEntryDamaged, parent,
        {{"cache_key", key}, {"error", file ? "wrong checksum" : file.error().message}});
    forget(key);
    return nullptr;
  }
  std::error_code ignored;  // the time of use, so that the order survives a restart
  fs::last_write_time(file_of(key), fs::file_time_type::clock::now(), ignored);
  auto text = std::make_shared<const std::string>(value);
  const std::lock_guard lock(mutex_);
  memory_.put(key, {text, made}, text->size());
  return text;
}

// What another service kept is kept here as well, as old as it is.
ResultCache::Text ResultCache::read_shared(const std::string& key,
                                           const telemetry::SpanContext& parent) {
  if (!options_.shared || (options_.lost && options_.lost())) return nullptr;
  const auto found = observed("GET", parent, [&] { return options_.shared->get(key); });
  if (!found || !*found) return nullptr;
  const auto [value, made] = decoded(**found);
  if (value.empty() || too_old(made)) return nullptr;
  auto text = std::make_shared<const std::string>(value);
  [[maybe_unused]] const Status kept = store(key, **found, text, made);
  return text;
}

Status ResultCache::store(const std::string& key, const std::string& file, const Text& text,
                          base::WallTime made) {
  if (file.size() > options_.max_disk_bytes) return {};
  TG_TRY(base::write_file_atomic(file_of(key), file));
  remember(key, file.size());
  const std::lock_guard lock(mutex_);
  memory_.put(key, {text, made}, text->size());
  return {};
}

std::shared_ptr<const std::string> ResultCache::get(const std::string& key,
                                                    const telemetry::SpanContext& parent) {
  telemetry::Span span =
      telemetry_.tracer().start("cache.get", telemetry::SpanKind::Internal, parent);
  Text text = read(key, span.context());
  if (text == nullptr) text = read_shared(key, span.context());
  count(key, span, text != nullptr);
  return text;
}

std::shared_ptr<const std::string> ResultCache::get_at_once(const std::string& key,
                                                            const telemetry::SpanContext& parent) {
  Text text;
  if (options_.lost && options_.lost()) return nullptr;
  {
    const std::lock_guard lock(mutex_);
    const InMemory* known = memory_.find(key);
    if (known == nullptr || too_old(known->made) || disk_.find(key) == nullptr) return nullptr;
    text = known->text;
  }
  telemetry::Span span =
      telemetry_.tracer().start("cache.get", telemetry::SpanKind::Internal, parent);
  count(key, span, true);
  return text;
}

void ResultCache::count(const std::string& key, telemetry::Span& span, bool hit) {
  span.set("cache.hit", hit);
  telemetry_.slo().record_cache(hit);
  if (hit) {
    telemetry_.metrics().cache_hits_total.add();
  } else {
    telemetry_.metrics().cache_misses_total.add();
  }
  using telemetry::LogEvent;
  telemetry_.log().write(hit ? LogEvent::CacheHit : LogEvent::CacheMiss, span.context(),
                         {{"cache_key", key}});
}

void ResultCache::put(const std::string& key, std::string value,
                      const telemetry::SpanContext& parent) {
  telemetry::Span span =
      telemetry_.tracer().start("cache.put", telemetry::SpanKind::Internal, parent);
  const base::WallTime made = telemetry_.clock().wall_now();
  const std::string file = encoded(value, made);
  if (value.empty() || file.size() > kMaxEntryBytes) return;
  if (options_.shared) {
    [[maybe_unused]] const Status shared = observed(
        "SET", span.context(), [&] { return options_.shared->put(key, file, options_.max_age); });
  }
  if (file.size() > options_.max_disk_bytes) return;
  const std::size_t bytes = value.size();
  const auto text = std::make_shared<const std::string>(std::move(value));
  if (const Status written = store(key, file, text, made); !written) {
    span.fail(written.error().message);
    telemetry_.count_error(written.error(), "cache");
    telemetry_.log().write(telemetry::LogEvent::CacheWriteFailed, span.context(),
                           {{"error", base::describe(written.error())}});
    return;
  }
  telemetry_.log().write(telemetry::LogEvent::CacheStored, span.context(),
                         {{"cache_key", key}, {"bytes", bytes}});
}

}  // namespace testgen::service
