# testgen_embed(<name> FILES … HEADER … NAMESPACE … CONSTANT …)
#   Writes <name>.cc in the binary directory: the files' text, joined in the order given, as a
#   std::string_view constant.
function(testgen_embed name)
  cmake_parse_arguments(ARG "" "HEADER;NAMESPACE;CONSTANT" "FILES" ${ARGN})
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${name}.cc")
  list(JOIN ARG_FILES "|" inputs)
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DINPUTS=${inputs}" -DOUTPUT=${output} -DHEADER=${ARG_HEADER}
            -DNAMESPACE=${ARG_NAMESPACE} -DCONSTANT=${ARG_CONSTANT}
            -P "${CMAKE_SOURCE_DIR}/cmake/EmbedScript.cmake"
    DEPENDS ${ARG_FILES} "${CMAKE_SOURCE_DIR}/cmake/EmbedScript.cmake"
    VERBATIM)
endfunction()
