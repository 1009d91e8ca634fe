# Language standard, warnings and sanitizers, as one INTERFACE target that only
# first-party code links. -Werror is for developers: a newer compiler's new
# warning must not break a user's build.
option(TESTGEN_WERROR "Treat warnings as errors" OFF)
option(TESTGEN_TIDY "Run clang-tidy while compiling" OFF)
option(TESTGEN_FUZZ "Build the libFuzzer harnesses" OFF)
set(TESTGEN_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# Line tables are what a stack trace needs; full debug information would make the program five times as large.
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
# Test binaries go to build/<preset>/bin; the program itself to build/<preset>/testgen.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_C_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()

# -Wrestrict misfires on std::string concatenation in g++ 12 (GCC bug 105651).
add_library(testgen_options INTERFACE)
target_compile_options(testgen_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wno-missing-field-initializers -Wno-restrict
  -fno-omit-frame-pointer "-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.")
if(TESTGEN_WERROR)
  target_compile_options(testgen_options INTERFACE -Werror)
endif()
if(TESTGEN_SANITIZE)
  add_compile_options(-fsanitize=${TESTGEN_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TESTGEN_SANITIZE})
endif()
if(TESTGEN_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(TESTGEN_TIDY)
  find_program(CLANG_TIDY_PROGRAM NAMES clang-tidy-14 clang-tidy REQUIRED)
endif()
