# Libraries that carry what Entresol does not exist for; each comes from Debian (tools/packages.txt).
find_package(PkgConfig REQUIRED)
find_package(GTest REQUIRED)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(BROTLI REQUIRED IMPORTED_TARGET libbrotlienc libbrotlidec libbrotlicommon)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd) # measured beside our own codec
pkg_check_modules(SECP256K1 REQUIRED IMPORTED_TARGET libsecp256k1)
pkg_check_modules(PROMETHEUS REQUIRED IMPORTED_TARGET prometheus-cpp-core)
pkg_check_modules(GMP IMPORTED_TARGET gmp) # for measurements alone
pkg_check_modules(LMDB IMPORTED_TARGET lmdb) # the same
find_package(RocksDB REQUIRED)
find_package(spdlog REQUIRED)
find_package(OpenSSL REQUIRED)
set(Boost_NO_BOOST_CMAKE ON)
set(Boost_NO_WARN_NEW_VERSIONS ON) # 1.81 is newer than CMake 3.25; Boost.JSON has no dependency that matters here
find_package(Boost 1.81 REQUIRED COMPONENTS json)
