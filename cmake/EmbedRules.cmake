# Joins rule files into one constant of src/scan/rules/built_in.h, each behind a line with its name.
# In pieces: a string literal has a greatest length.
string(REPLACE "|" ";" files "${FILES}")
set(out "")
foreach(file IN LISTS files)
  file(READ "${ROOT}/${file}" text)
  if(text MATCHES "\\)RULE\"")
    message(FATAL_ERROR "${file} holds the end of a raw string")
  endif()
  # ; and [] are lists to CMake, but not inside quotes.
  string(APPEND out "R\"RULE(#FILE ${file}\n${text})RULE\"\n")
endforeach()
file(WRITE "${OUTPUT}" "#include \"scan/rules/built_in.h\"

namespace testgen::scan {
const std::string_view kBuiltInText =
    ${out};
}  // namespace testgen::scan
")
