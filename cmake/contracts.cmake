# Target `contracts`: compiles contracts/ into ${ENTRESOL_CONTRACTS_OUT}/artifacts.json. Needs Node and `npm ci` in contracts/, which ./dev does.
find_program(NODE_PROGRAM node REQUIRED)
set(ENTRESOL_CONTRACTS_OUT ${CMAKE_BINARY_DIR}/contracts)
set(ENTRESOL_CONTRACTS_ARTIFACTS ${ENTRESOL_CONTRACTS_OUT}/artifacts.json)
file(GLOB_RECURSE contract_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/contracts/src/*.sol)

add_custom_command(
  OUTPUT ${ENTRESOL_CONTRACTS_ARTIFACTS}
  COMMAND ${NODE_PROGRAM} ${CMAKE_SOURCE_DIR}/contracts/build.mjs --out ${ENTRESOL_CONTRACTS_OUT}
  # An unchanged input leaves the file alone; ninja needs to see that the command has run.
  COMMAND ${CMAKE_COMMAND} -E touch ${ENTRESOL_CONTRACTS_ARTIFACTS}
  DEPENDS ${contract_sources} ${CMAKE_SOURCE_DIR}/contracts/build.mjs ${CMAKE_SOURCE_DIR}/contracts/package-lock.json
  COMMENT "Compiling the contracts"
  VERBATIM)
add_custom_target(contracts DEPENDS ${ENTRESOL_CONTRACTS_ARTIFACTS})
