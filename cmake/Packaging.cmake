# The Debian package, by CPack: `./dev package`. Its files are a component of their own with paths
# from the root, which `cmake --install` leaves out.
set(_package "${CMAKE_BINARY_DIR}/package")
file(MAKE_DIRECTORY "${_package}")

# What Debian's policy wants compressed, the same bytes each time.
find_program(GZIP_PROGRAM gzip)
set(_changelog "${_package}/changelog.gz")
add_custom_command(
  OUTPUT "${_package}/testgen.1.gz" "${_changelog}"
  COMMAND "${GZIP_PROGRAM}" -9nc "${CMAKE_BINARY_DIR}/printed/testgen.1" > "${_package}/testgen.1.gz"
  COMMAND "${GZIP_PROGRAM}" -9nc "${CMAKE_SOURCE_DIR}/CHANGELOG.md" > "${_changelog}"
  DEPENDS "${CMAKE_BINARY_DIR}/printed/testgen.1" "${CMAKE_SOURCE_DIR}/CHANGELOG.md"
  VERBATIM)
add_custom_target(package_files DEPENDS "${_package}/testgen.1.gz")
add_dependencies(package_files testgen testgen_printed)

function(_in_package destination)
  cmake_parse_arguments(ARG "" "RENAME" "FILES" ${ARGN})
  if(ARG_RENAME)
    install(FILES ${ARG_FILES} DESTINATION "${destination}" RENAME "${ARG_RENAME}" COMPONENT debian EXCLUDE_FROM_ALL)
  else()
    install(FILES ${ARG_FILES} DESTINATION "${destination}" COMPONENT debian EXCLUDE_FROM_ALL)
  endif()
endfunction()
set(_deploy "${CMAKE_SOURCE_DIR}/deploy")
set(_printed "${CMAKE_BINARY_DIR}/printed")
install(TARGETS testgen RUNTIME DESTINATION usr/bin COMPONENT debian EXCLUDE_FROM_ALL)
_in_package(etc/testgen FILES "${_deploy}/debian/testgen.yaml")
_in_package(etc/logrotate.d FILES "${_deploy}/logrotate/testgen")
_in_package(usr/lib/systemd/system FILES "${_deploy}/systemd/testgen.service")
_in_package(usr/lib/sysusers.d FILES "${_deploy}/debian/sysusers.conf" RENAME testgen.conf)
_in_package(usr/share/man/man1 FILES "${_package}/testgen.1.gz")
_in_package(usr/share/bash-completion/completions FILES "${_printed}/testgen")
_in_package(usr/share/zsh/vendor-completions FILES "${_printed}/_testgen")
_in_package(usr/share/fish/vendor_completions.d FILES "${_printed}/testgen.fish")
_in_package(usr/share/doc/testgen FILES "${_changelog}" "${_deploy}/debian/copyright")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME testgen)
set(CPACK_PACKAGE_CONTACT "The TestGen-Copilot maintainers <testgen@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "generates unit tests that are proven to pass and stay stable")
set(CPACK_DEBIAN_DEBIAN_DESCRIPTION "${CPACK_PACKAGE_DESCRIPTION_SUMMARY}
 Reads source code, searches for inputs that reach its branches by running it in a
 sandbox, and writes the tests that pass in fresh processes, stay stable and show
 something the others do not. As a service it does the same over HTTP for many users.")
set(CPACK_PACKAGE_DIRECTORY "${_package}")
set(CPACK_PACKAGING_INSTALL_PREFIX "/")
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL debian)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_DEBIAN_PACKAGE_NAME testgen)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_DEBIAN_PACKAGE_DEPENDS "bubblewrap, python3 (>= 3.9), python3-pytest")
set(CPACK_DEBIAN_DEBIAN_PACKAGE_RECOMMENDS "python3-coverage, python3-venv, logrotate")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_DEBIAN_PACKAGE_CONTROL_EXTRA
  "${_deploy}/debian/conffiles;${_deploy}/debian/postinst;${_deploy}/debian/prerm;${_deploy}/debian/postrm")
include(CPack)
