# Lua built as C++ (with the C build an error skips destructors), and Fennel: the compiler of the installed package and
# our own modules, embedded as bytecode that a small generator makes with that very library.

find_package(PkgConfig REQUIRED)
pkg_check_modules(LUA QUIET lua5.4-c++)
if(NOT LUA_FOUND)
  message(FATAL_ERROR "Lua 5.4 built as C++ (liblua5.4-c++) is missing: run 'make deps'")
endif()
# Static: quire-ci starts once a run, and bytecode must meet the very library that made it.
find_library(LUA_LIBRARY NAMES liblua5.4-c++.a lua5.4-c++ HINTS ${LUA_LIBRARY_DIRS} REQUIRED)
find_file(FENNEL_LUA fennel.lua PATHS /usr/local/share/lua/5.4 /usr/share/lua/5.4 NO_DEFAULT_PATH)
if(NOT FENNEL_LUA)
  message(FATAL_ERROR "the Fennel compiler (fennel.lua of the package fennel) is missing: run 'make deps'")
endif()

add_library(quire_lua_library INTERFACE)
target_include_directories(quire_lua_library SYSTEM INTERFACE ${LUA_INCLUDE_DIRS})
target_link_libraries(quire_lua_library INTERFACE ${LUA_LIBRARY} ${CMAKE_DL_LIBS} m)

add_executable(quire-embed lua/embed/main.cc)
target_link_libraries(quire-embed PRIVATE quire_base quire_lua_library)
target_compile_options(quire-embed PRIVATE "SHELL:-iquote ${CMAKE_CURRENT_SOURCE_DIR}")
# A tool of the build: not installed, and not among the programs.
set_target_properties(quire-embed PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})

file(GLOB fennel_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/fennel/quire/*.fnl)
foreach(source IN LISTS fennel_sources)
  get_filename_component(module ${source} NAME_WE)
  list(APPEND fennel_arguments quire.${module}=${source})
endforeach()
set(embedded ${CMAKE_CURRENT_BINARY_DIR}/embedded.cc)
add_custom_command(OUTPUT ${embedded} COMMAND quire-embed ${embedded} ${FENNEL_LUA} ${fennel_arguments}
  DEPENDS quire-embed ${FENNEL_LUA} ${fennel_sources} COMMENT "Compiling Fennel" VERBATIM)
target_sources(quire_lua PRIVATE ${embedded})
target_link_libraries(quire_lua PUBLIC quire_lua_library)
