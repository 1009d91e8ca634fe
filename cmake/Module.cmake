# testgen_module(<name> SOURCES … DEPS … [EXTERNAL …])
#   One folder under src/ is one static library testgen::<name>. DEPS are the only other
#   rooms it may include from; tests/lint/layering_test.py reads the same lists.
function(testgen_module name)
  testgen_library(${name} ${ARGN})
endfunction()

# testgen_library(<name> SOURCES … DEPS … [EXTERNAL …])
#   A part of a room that is a library of its own, for a program that the build itself runs.
function(testgen_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;EXTERNAL" ${ARGN})
  add_library(testgen_${name} STATIC ${ARG_SOURCES})
  add_library(testgen::${name} ALIAS testgen_${name})
  target_include_directories(testgen_${name} PUBLIC "${CMAKE_SOURCE_DIR}/src")
  list(TRANSFORM ARG_DEPS PREPEND "testgen::")
  target_link_libraries(testgen_${name} PUBLIC ${ARG_DEPS} ${ARG_EXTERNAL} PRIVATE testgen_options)
  if(TESTGEN_TIDY)
    set_target_properties(testgen_${name} PROPERTIES CXX_CLANG_TIDY "${CLANG_TIDY_PROGRAM};--quiet")
  endif()
endfunction()

# testgen_unit_test(<name> SOURCES … DEPS …)
#   GoogleTest binary <name>_test, one ctest entry a case, label "unit".
function(testgen_unit_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;EXTERNAL" ${ARGN})
  add_executable(${name}_test ${ARG_SOURCES})
  list(TRANSFORM ARG_DEPS PREPEND "testgen::")
  target_include_directories(${name}_test PRIVATE "${CMAKE_SOURCE_DIR}/src" "${CMAKE_SOURCE_DIR}/tests")
  target_link_libraries(${name}_test PRIVATE ${ARG_DEPS} ${ARG_EXTERNAL} GTest::gtest_main testgen_options)
  # Test bodies run once: optimising them costs more than it saves. What they test is a library and keeps its flags.
  target_compile_options(${name}_test PRIVATE $<$<CONFIG:RelWithDebInfo>:-O0>)
  gtest_discover_tests(${name}_test TEST_PREFIX "unit/${name}/" DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS unit TIMEOUT 120)
endfunction()
