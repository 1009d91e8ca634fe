#include "unit/storage/forgetful_disk.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

namespace testgen::storage {

namespace {

constexpr std::uint64_t kSector = 512;

// The wal-index: memory that connections to one file share. It dies with the power.
struct Shared {
  std::vector<std::unique_ptr<char[]>> regions;
  std::array<int, SQLITE_SHM_NLOCK> shared_holders{};
  std::array<const void*, SQLITE_SHM_NLOCK> exclusive_holder{};
};

}  // namespace

struct ForgetfulDisk::Handle : sqlite3_file {
  ForgetfulDisk* disk;
  std::string path;
  std::shared_ptr<File> file;
  int lock;
  std::array<bool, SQLITE_SHM_NLOCK> holds_shared;
};

struct ForgetfulDisk::Methods {
  // By disk and path. Locks on whole files too: who holds which level.
  static std::map<std::string, std::shared_ptr<Shared>>& shared_of() {
    static std::map<std::string, std::shared_ptr<Shared>> all;
    return all;
  }
  static std::map<std::string, std::map<const Handle*, int>>& locks_of() {
    static std::map<std::string, std::map<const Handle*, int>> all;
    return all;
  }
  static std::string key(const Handle& handle) { return handle.disk->name_ + ":" + handle.path; }
  static Handle& of(sqlite3_file* file) { return *static_cast<Handle*>(file); }
  static ForgetfulDisk& disk_of(sqlite3_vfs* vfs) {
    return *static_cast<ForgetfulDisk*>(vfs->pAppData);
  }

  static int close(sqlite3_file* raw) {
    Handle& handle = of(raw);
    {
      const std::lock_guard lock(handle.disk->mutex_);
      locks_of()[key(handle)].erase(&handle);
    }
    handle.~Handle();
    return SQLITE_OK;
  }
  static int read(sqlite3_file* raw, void* target, int amount, sqlite3_int64 at) {
    const Handle& handle = of(raw);
    const std::lock_guard lock(handle.disk->mutex_);
    const std::string& content = handle.file->content;
    const auto begin = std::min<std::size_t>(static_cast<std::size_t>(at), content.size());
    const auto count =
        std::min<std::size_t>(static_cast<std::size_t>(amount), content.size() - begin);
    std::memcpy(target, content.data() + begin, count);
    if (count == static_cast<std::size_t>(amount)) return SQLITE_OK;
    std::memset(static_cast<char*>(target) + count, 0, static_cast<std::size_t>(amount) - count);
    return SQLITE_IOERR_SHORT_READ;
  }
  static int write(sqlite3_file* raw, const void* source, int amount, sqlite3_int64 at) {
    const Handle& handle = of(raw);
    const std::lock_guard lock(handle.disk->mutex_);
    if (!handle.disk->change_allowed()) return SQLITE_IOERR_WRITE;
    Write done{static_cast<std::uint64_t>(at),
               std::string(static_cast<const char*>(source), static_cast<std::size_t>(amount))};
    apply(handle.file->content, done);
    handle.file->unsynced.push_back(std::move(done));
    return SQLITE_OK;
  }
  static int truncate(sqlite3_file* raw, sqlite3_int64 size) {
    const Handle& handle = of(raw);
    const std::lock_guard lock(handle.disk->mutex_);
    if (!handle.disk->change_allowed()) return SQLITE_IOERR_TRUNCATE;
    Write done{static_cast<std::uint64_t>(size), "", true};
    apply(handle.file->content, done);
    handle.file->unsynced.push_back(std::move(done));
    return SQLITE_OK;
  }
  static int sync(sqlite3_file* raw, int) {
    const Handle& handle = of(raw);
    const std::lock_guard lock(handle.disk->mutex_);
    if (!handle.disk->change_allowed()) return SQLITE_IOERR_FSYNC;
    handle.file->synced = handle.file->content;
    handle.file->unsynced.clear();
    handle.file->exists_synced = true;
    return SQLITE_OK;
  }
  static int size(sqlite3_file* raw, sqlite3_int64* size) {
    const Handle& handle = of(raw);
    const std::lock_guard lock(handle.disk->mutex_);
    *size = static_cast<sqlite3_int64>(handle.file->content.size());
    return SQLITE_OK;
  }
  static int lock(sqlite3_file* raw, int level) {
    Handle& handle = of(raw);
    const std::lock_guard guard(handle.disk->mutex_);
    auto& holders = locks_of()[key(handle)];
    for (const auto& [other, held] : holders) {
      if (other == &handle) continue;
      if (held >= SQLITE_LOCK_PENDING && level == SQLITE_LOCK_SHARED) return SQLITE_BUSY;
      if (held >= SQLITE_LOCK_RESERVED && level >= SQLITE_LOCK_RESERVED) return SQLITE_BUSY;
      if (held >= SQLITE_LOCK_SHARED && level == SQLITE_LOCK_EXCLUSIVE) return SQLITE_BUSY;
    }
    holders[&handle] = std::max(holders[&handle], level);
    handle.lock = holders[&handle];
    return SQLITE_OK;
  }
  static int unlock(sqlite3_file* raw, int level) {
    Handle& handle = of(raw);
    const std::lock_guard guard(handle.disk->mutex_);
    locks_of()[key(handle)][&handle] = level;
    handle.lock = level;
    return SQLITE_OK;
  }
  static int check_reserved(sqlite3_file* raw, int* reserved) {
    const Handle& handle = of(raw);
    const std::lock_guard guard(handle.disk->mutex_);
    *reserved = 0;
    for (const auto& [other, held] : locks_of()[key(handle)]) {
      if (held >= SQLITE_LOCK_RESERVED) *reserved = 1;
    }
    return SQLITE_OK;
  }
  static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector_size(sqlite3_file*) { return kSector; }
  static int characteristics(sqlite3_file*) { return 0; }

  static int shm_map(sqlite3_file* raw, int region, int bytes, int extend, void volatile** out) {
    Handle& handle = of(raw);
    const std::lock_guard guard(handle.disk->mutex_);
    auto& shared = shared_of()[key(handle)];
    if (!shared) shared = std::make_shared<Shared>();
    *out = nullptr;
    while (shared->regions.size() <= static_cast<std::size_t>(region)) {
      if (extend == 0) return SQLITE_OK;
      shared->regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(bytes)));
    }
    *out = shared->regions[static_cast<std::size_t>(region)].get();
    return SQLITE_OK;
  }
  static int shm_lock(sqlite3_file* raw, int first, int count, int flags) {
    Handle& handle = of(raw);
    const std::lock_guard guard(handle.disk->mutex_);
    auto& shared = shared_of()[key(handle)];
    if (!shared) shared = std::make_shared<Shared>();
    const auto begin = static_cast<std::size_t>(first);
    const auto end = begin + static_cast<std::size_t>(count);
    for (std::size_t i = begin; i < end; ++i) {
      const int others = shared->shared_holders[i] - (handle.holds_shared[i] ? 1 : 0);
      const bool taken =
          shared->exclusive_holder[i] != nullptr && shared->exclusive_holder[i] != &handle;
      if ((flags & SQLITE_SHM_LOCK) == 0) continue;
      if (taken || ((flags & SQLITE_SHM_EXCLUSIVE) != 0 && others > 0)) return SQLITE_BUSY;
    }
    for (std::size_t i = begin; i < end; ++i) {
      if ((flags & SQLITE_SHM_EXCLUSIVE) != 0) {
        shared->exclusive_holder[i] = (flags & SQLITE_SHM_LOCK) != 0 ? &handle : nullptr;
      } else if (((flags & SQLITE_SHM_LOCK) != 0) != handle.holds_shared[i]) {
        handle.holds_shared[i] = !handle.holds_shared[i];
        shared->shared_holders[i] += handle.holds_shared[i] ? 1 : -1;
      }
    }
    return SQLITE_OK;
  }
  static void shm_barrier(sqlite3_file* raw) {
    const std::lock_guard guard(of(raw).disk->mutex_);  // its memory order is what is wanted
  }
  static int shm_unmap(sqlite3_file* raw, int remove) {
    Handle& handle = of(raw);
    const std::lock_guard guard(handle.disk->mutex_);
    if (remove != 0) shared_of().erase(key(handle));
    return SQLITE_OK;
  }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* raw, int flags, int* out) {
    static const sqlite3_io_methods kMethods{2,
                                             close,
                                             read,
                                             write,
                                             truncate,
                                             sync,
                                             size,
                                             lock,
                                             unlock,
                                             check_reserved,
                                             control,
                                             sector_size,
                                             characteristics,
                                             shm_map,
                                             shm_lock,
                                             shm_barrier,
                                             shm_unmap,
                                             nullptr,
                                             nullptr};
    ForgetfulDisk& disk = disk_of(vfs);
    const std::lock_guard guard(disk.mutex_);
    const std::string path = name != nullptr ? name : "(temporary)";
    auto found = disk.files_.find(path);
    if (found == disk.files_.end()) {
      raw->pMethods = nullptr;
      if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
      if (!disk.change_allowed()) return SQLITE_CANTOPEN;
      found = disk.files_.emplace(path, std::make_shared<File>()).first;
    }
    auto* handle = new (raw) Handle{};
    handle->pMethods = &kMethods;
    handle->disk = &disk;
    handle->path = path;
    handle->file = found->second;
    if (out != nullptr) *out = flags;
    return SQLITE_OK;
  }
  static int remove(sqlite3_vfs* vfs, const char* name, int) {
    ForgetfulDisk& disk = disk_of(vfs);
    const std::lock_guard guard(disk.mutex_);
    if (!disk.change_allowed()) return SQLITE_IOERR_DELETE;
    return disk.files_.erase(name) > 0 ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
  }
  static int access(sqlite3_vfs* vfs, const char* name, int, int* result) {
    ForgetfulDisk& disk = disk_of(vfs);
    const std::lock_guard guard(disk.mutex_);
    *result = disk.files_.contains(name) ? 1 : 0;
    return SQLITE_OK;
  }
  static int full_path(sqlite3_vfs*, const char* name, int bytes, char* out) {
    std::snprintf(out, static_cast<std::size_t>(bytes), "%s", name);
    return SQLITE_OK;
  }

  static void apply(std::string& content, const Write& write) {
    if (write.truncate) {
      content.resize(static_cast<std::size_t>(write.at));
      return;
    }
    const std::size_t end = static_cast<std::size_t>(write.at) + write.bytes.size();
    if (content.size() < end) content.resize(end);
    content.replace(static_cast<std::size_t>(write.at), write.bytes.size(), write.bytes);
  }
};

ForgetfulDisk::ForgetfulDisk(std::string name) : name_(std::move(name)) {
  const sqlite3_vfs* usual = sqlite3_vfs_find(nullptr);
  vfs_ = *usual;  // its clock, sleep and randomness
  vfs_.szOsFile = sizeof(Handle);
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.pNext = nullptr;
  vfs_.xOpen = Methods::open;
  vfs_.xDelete = Methods::remove;
  vfs_.xAccess = Methods::access;
  vfs_.xFullPathname = Methods::full_path;
  sqlite3_vfs_register(&vfs_, 0);
}

ForgetfulDisk::~ForgetfulDisk() {
  sqlite3_vfs_unregister(&vfs_);
  std::erase_if(Methods::shared_of(),
                [this](const auto& entry) { return entry.first.starts_with(name_ + ":"); });
  std::erase_if(Methods::locks_of(),
                [this](const auto& entry) { return entry.first.starts_with(name_ + ":"); });
}

std::uint64_t ForgetfulDisk::changes() const {
  const std::lock_guard lock(mutex_);
  return changes_;
}

void ForgetfulDisk::cut_power_at(std::uint64_t change) {
  const std::lock_guard lock(mutex_);
  cut_at_ = change;
}

bool ForgetfulDisk::power_is_off() const {
  const std::lock_guard lock(mutex_);
  return off_;
}

bool ForgetfulDisk::change_allowed() {
  if (off_) return false;
  ++changes_;
  off_ = changes_ >= cut_at_;
  return !off_;
}

void ForgetfulDisk::restore_power(base::Random& random) {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::shared_ptr<File>> kept;
  for (const auto& [path, file] : files_) {
    if (!file->exists_synced && random.below(2) == 0) continue;
    auto survivor = std::make_shared<File>();
    survivor->content = file->synced;
    for (const Write& write : file->unsynced) {
      if (write.truncate) {
        if (random.below(2) == 0) Methods::apply(survivor->content, write);
        continue;
      }
      for (std::uint64_t from = 0; from < write.bytes.size(); from += kSector) {
        if (random.below(2) == 0) continue;
        Methods::apply(survivor->content, {write.at + from, write.bytes.substr(from, kSector)});
      }
    }
    survivor->synced = survivor->content;
    survivor->exists_synced = true;
    kept.emplace(path, std::move(survivor));
  }
  files_ = std::move(kept);
  std::erase_if(Methods::shared_of(),
                [this](const auto& entry) { return entry.first.starts_with(name_ + ":"); });
  std::erase_if(Methods::locks_of(),
                [this](const auto& entry) { return entry.first.starts_with(name_ + ":"); });
  cut_at_ = UINT64_MAX;
  off_ = false;
}

}  // namespace testgen::storage
