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

# testgen_grammar(<language> <folder under node_modules>): one target a grammar. The generated
# parsers are tables and one large switch: -O1 is as fast as -O2 and compiles in half the time.
function(testgen_grammar language folder)
  set(sources "${TREE_SITTER_ROOT}/${folder}/src/parser.c")
  if(EXISTS "${TREE_SITTER_ROOT}/${folder}/src/scanner.c")
    list(APPEND sources "${TREE_SITTER_ROOT}/${folder}/src/scanner.c")
  endif()
  add_library(tree_sitter_${language} STATIC ${sources})
  target_include_directories(tree_sitter_${language} SYSTEM PRIVATE "${TREE_SITTER_ROOT}/${folder}/src")
  target_compile_options(tree_sitter_${language} PRIVATE -w -O1 -g0)
  target_link_libraries(tree_sitter_${language} PUBLIC tree_sitter_core)
endfunction()

testgen_grammar(python tree-sitter-python)
testgen_grammar(javascript tree-sitter-javascript)
testgen_grammar(typescript tree-sitter-typescript/typescript)
testgen_grammar(tsx tree-sitter-typescript/tsx)
testgen_grammar(java tree-sitter-java)
testgen_grammar(go tree-sitter-go)
testgen_grammar(csharp tree-sitter-c-sharp)
testgen_grammar(rust tree-sitter-rust)
testgen_grammar(c tree-sitter-c)
testgen_grammar(cpp tree-sitter-cpp)
