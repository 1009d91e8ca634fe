// Which host folders a request shows inside, as an ordered list of small steps. When untrusted
// code runs as another user than ours, this is also where that user gets access: writable
// folders are handed over, and the entries of a folder that only root may enter are shown one
// by one, so that nobody has to change its mode. What is private inside it stays private.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "sandbox/identity.h"
#include "sandbox/sandbox.h"

namespace testgen::sandbox {

struct FolderStep {
  enum class Kind {
    Folder,    // make an empty folder
    ReadOnly,  // show the host's path
    Writable,
    Symlink,  // make a link to `target`
    Empty,    // an empty file over the one that is shown
  };
  Kind kind = Kind::Folder;
  std::filesystem::path path;
  std::string target;
};

// Parents come before what they contain, and what is hidden after all that is shown. `runner` is
// the id that the program will have, or nothing when it keeps ours. InvalidArgument for folders
// that would undo the isolation; NotFound, PermissionDenied or TooLarge for those that cannot be
// shown.
[[nodiscard]] base::Result<std::vector<FolderStep>> plan_folders(const Request& request,
                                                                 const UidLease* runner);

}  // namespace testgen::sandbox
