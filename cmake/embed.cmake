# entresol_embed(<target> <name> <folder> [PATTERNS globs…]): the folder's files become part of the target, and
#   #include <entresol_embedded/<name>.hpp>
# declares `std::span<const File> entresol::embedded::<name>()`, sorted by file name; without the folder the span is empty.
# Files that appear or go are noticed by the next build, contents by the assembler's dependencies.
function(entresol_embed target name folder)
  if(ENTRESOL_GUEST)
    return() # only core/ is built, which embeds nothing
  endif()
  if(NOT TARGET ${target})
    return() # a module of the node, which the proof machine's build leaves out
  endif()
  cmake_parse_arguments(ARG "" "" "PATTERNS" ${ARGN})
  if(NOT ARG_PATTERNS)
    set(ARG_PATTERNS *)
  endif()
  list(TRANSFORM ARG_PATTERNS PREPEND ${folder}/ OUTPUT_VARIABLE globs)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${folder} ${globs})
  list(SORT files)

  set(assembly "    .section .rodata\n")
  set(declarations "")
  set(rows "")
  set(index 0)
  set(paths "")
  foreach(file IN LISTS files)
    set(symbol entresol_embedded_${name}_${index})
    string(APPEND assembly "    .global ${symbol}, ${symbol}_end\n    .balign 16\n${symbol}:\n    .incbin \"${folder}/${file}\"\n${symbol}_end:\n    .byte 0\n")
    string(APPEND declarations "extern \"C\" const std::uint8_t ${symbol}[], ${symbol}_end[];\n")
    string(APPEND rows "        {\"${file}\", {${symbol}, ${symbol}_end}},\n")
    list(APPEND paths ${folder}/${file})
    math(EXPR index "${index} + 1")
  endforeach()
  string(APPEND assembly "    .section .note.GNU-stack, \"\", %progbits\n")

  set(dir ${CMAKE_BINARY_DIR}/embedded)
  set(header "#pragma once\n#include <entresol_embedded/file.hpp>\nnamespace entresol::embedded {\n[[nodiscard]] std::span<const File> ${name}();\n}\n")
  if(files)
    set(body "    static const File files[] = {\n${rows}    };\n    return files;\n")
  else()
    set(body "    return {};\n")
  endif()
  set(source "#include <entresol_embedded/${name}.hpp>\n${declarations}std::span<const entresol::embedded::File> entresol::embedded::${name}() {\n${body}}\n")
  # file(GENERATE) leaves a file alone whose content is the same.
  file(GENERATE OUTPUT ${dir}/${name}.S CONTENT "${assembly}")
  file(GENERATE OUTPUT ${dir}/${name}.cpp CONTENT "${source}")
  file(GENERATE OUTPUT ${dir}/include/entresol_embedded/${name}.hpp CONTENT "${header}")

  add_library(embedded_${name} STATIC ${dir}/${name}.S ${dir}/${name}.cpp)
  set_source_files_properties(${dir}/${name}.S PROPERTIES OBJECT_DEPENDS "${paths}")
  target_include_directories(embedded_${name} SYSTEM PUBLIC ${dir}/include ${CMAKE_SOURCE_DIR}/cmake/include)
  target_link_libraries(${target} PUBLIC embedded_${name})
endfunction()
