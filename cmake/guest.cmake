# Debian's RISC-V cross compiler, aimed at the proof machine: RV64IM, soft float, no compressed instructions, no atomics.
# Its C library is built for another ABI (lp64d): headers alone are used, nothing is linked; src/guest has the runtime.
# Paths are written relative to the source folder: the program is the same bytes wherever it is built.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv64)
set(CMAKE_C_COMPILER riscv64-linux-gnu-gcc-12)
set(CMAKE_CXX_COMPILER riscv64-linux-gnu-g++-12)
set(CMAKE_AR riscv64-linux-gnu-ar CACHE FILEPATH "")
set(CMAKE_RANLIB riscv64-linux-gnu-ranlib CACHE FILEPATH "")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)

set(guest_flags "-march=rv64im -mabi=lp64 -mcmodel=medany -ffunction-sections -fdata-sections -fno-pic -fno-pie -fno-stack-protector -ffile-prefix-map=${CMAKE_SOURCE_DIR}/= -ffile-prefix-map=../../= -isystem ${CMAKE_CURRENT_LIST_DIR}/guest/include")
set(CMAKE_C_FLAGS_INIT "${guest_flags}")
set(CMAKE_ASM_FLAGS_INIT "${guest_flags}")
set(CMAKE_CXX_FLAGS_INIT "${guest_flags} -fno-exceptions -fno-rtti -fno-asynchronous-unwind-tables -fno-threadsafe-statics")
