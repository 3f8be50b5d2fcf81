# Faster builds where the tools are present; warnings are errors everywhere.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_C_COMPILER_LAUNCHER})
endif()
if(NOT ENTRESOL_GUEST)
  find_program(MOLD mold)
  find_program(LLD ld.lld)
  if(MOLD)
    add_link_options(-fuse-ld=mold)
  elseif(LLD)
    add_link_options(-fuse-ld=lld)
  endif()
endif()

add_library(entresol_warnings INTERFACE)
target_compile_options(entresol_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wvla -Wno-missing-field-initializers -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # GCC 12 sees impossible sizes in inlined vector and string code (its bugs 105329, 105651, 107852); the sanitizers look at the real ones.
  target_compile_options(entresol_warnings INTERFACE
    -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()
