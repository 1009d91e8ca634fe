# testgen_embed(<name> FILE … HEADER … NAMESPACE … CONSTANT …)
#   Writes <name>.cc in the binary directory: the file's text as a std::string_view constant.
function(testgen_embed name)
  cmake_parse_arguments(ARG "" "FILE;HEADER;NAMESPACE;CONSTANT" "" ${ARGN})
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${name}.cc")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" -DINPUT=${ARG_FILE} -DOUTPUT=${output} -DHEADER=${ARG_HEADER}
            -DNAMESPACE=${ARG_NAMESPACE} -DCONSTANT=${ARG_CONSTANT}
            -P "${CMAKE_SOURCE_DIR}/cmake/EmbedScript.cmake"
    DEPENDS "${ARG_FILE}" "${CMAKE_SOURCE_DIR}/cmake/EmbedScript.cmake"
    VERBATIM)
endfunction()
