# The tree-sitter core and grammars come from npm (package.json) as C sources and are
# compiled statically: Debian's 0.20 library rejects the newest grammars.
set(TREE_SITTER_ROOT "${CMAKE_SOURCE_DIR}/node_modules" CACHE PATH "where npm put the grammars")
if(NOT EXISTS "${TREE_SITTER_ROOT}/tree-sitter/vendor/tree-sitter/lib/src/lib.c")
  message(FATAL_ERROR "The tree-sitter sources are missing. Run ./dev setup (npm ci --ignore-scripts).")
endif()

set(_core "${TREE_SITTER_ROOT}/tree-sitter/vendor/tree-sitter/lib")
add_library(tree_sitter_core STATIC "${_core}/src/lib.c")
target_include_directories(tree_sitter_core SYSTEM PUBLIC "${_core}/include" PRIVATE "${_core}/src")
target_compile_definitions(tree_sitter_core PRIVATE _POSIX_C_SOURCE=200112L _DEFAULT_SOURCE)
target_compile_options(tree_sitter_core PRIVATE -w -O2)

set(_python "${TREE_SITTER_ROOT}/tree-sitter-python/src")
add_library(tree_sitter_python STATIC "${_python}/parser.c" "${_python}/scanner.c")
target_include_directories(tree_sitter_python SYSTEM PRIVATE "${_python}")
target_compile_options(tree_sitter_python PRIVATE -w -O1)
target_link_libraries(tree_sitter_python PUBLIC tree_sitter_core)
