#include "sandbox/init/image.h"

#include <string_view>

#include "sandbox/memory_file.h"

// TESTGEN_INIT_BINARY is the path of the built program, from CMakeLists.txt.
__asm__(
    ".pushsection .rodata\n"
    ".balign 16\n"
    ".hidden testgen_init_begin\n"
    ".global testgen_init_begin\n"
    "testgen_init_begin:\n"
    ".incbin \"" TESTGEN_INIT_BINARY
    "\"\n"
    ".hidden testgen_init_end\n"
    ".global testgen_init_end\n"
    "testgen_init_end:\n"
    ".byte 0\n"
    ".popsection\n");

extern "C" {
// NOLINTBEGIN(readability-identifier-naming): assembler symbols, which have no namespace.
extern const char testgen_init_begin[];
extern const char testgen_init_end[];
// NOLINTEND(readability-identifier-naming)
}

namespace testgen::sandbox {

base::Result<base::UniqueFd> open_init_image() {
  const auto size = static_cast<std::size_t>(testgen_init_end - testgen_init_begin);
  return memory_file("testgen-init", std::string_view(testgen_init_begin, size));
}

}  // namespace testgen::sandbox
