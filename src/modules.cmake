# The rooms of the house, each with the rooms it may use. tools/check_includes.py reads these lines and refuses any other include and any cycle.
entresol_module(core/base)
entresol_module(core/crypto  USES core/base
  HOST_SOURCES blake2f.cpp bls12_381.cpp bn254.cpp bn254_adx.cpp host_entry_points.cpp keccak.cpp keccak_vector.cpp kzg.cpp kzg_blobs.cpp
    modular_inverse.cpp p256.cpp secp256k1.cpp secp256k1_scalar.cpp secp256k1_table.cpp secp256k1_vector.cpp sha256.cpp sha256_x86.cpp
  HOST_LINKS entresol_secp256k1 entresol_kzg TEST_LINKS Boost::json BENCH_LINKS PkgConfig::GMP OpenSSL::Crypto)
entresol_module(core/codec   USES core/base core/crypto TEST_LINKS Boost::json)
entresol_module(core/trie    USES core/base core/crypto core/codec TEST_LINKS Boost::json)
entresol_module(core/chain   USES core/base core/crypto core/codec core/trie TEST_LINKS Boost::json)
entresol_module(core/state   USES core/base core/crypto core/codec core/trie core/chain)
entresol_module(core/evm     USES core/base core/crypto core/codec core/chain core/state TEST_LINKS Boost::json)
entresol_module(core/stf     USES core/base core/crypto core/codec core/trie core/chain core/state core/evm TEST_LINKS Boost::json)
entresol_module(core/columns USES core/base core/crypto core/codec TEST_USES core/trie core/chain)
entresol_module(core/derive  USES core/base core/crypto core/codec core/trie core/chain core/columns core/state core/evm core/stf
  HOST_SOURCES brotli.cpp compress.cpp channel_builder.cpp HOST_LINKS ZLIB::ZLIB PkgConfig::BROTLI)
entresol_module(core/program USES core/base core/crypto core/codec core/trie core/chain core/columns core/state core/evm core/stf core/derive)
entresol_guest_program(guest USES core/base core/crypto core/codec core/trie core/chain core/columns core/state core/evm core/stf core/derive core/program)
entresol_module(core/riscv   USES core/base core/crypto core/chain core/evm HOST_SOURCES preimage_file.cpp)

entresol_module(node/io        USES core/base core/crypto LINKS Threads::Threads spdlog::spdlog OpenSSL::Crypto Boost::json)
entresol_module(node/store     USES core/base core/crypto core/codec core/chain core/trie core/state node/io LINKS RocksDB::rocksdb-shared BENCH_LINKS PkgConfig::LMDB)
entresol_module(node/parallel  USES core/base core/crypto core/chain core/state core/evm core/stf LINKS Threads::Threads TEST_USES core/codec core/trie)
entresol_module(node/ledger    USES core/base core/crypto core/codec core/trie core/chain core/state core/evm core/stf node/parallel node/io node/store)
entresol_module(node/pool      USES core/base core/crypto core/codec core/trie core/chain core/state core/evm core/stf node/io)
entresol_module(node/sequencer USES core/base core/crypto core/codec core/trie core/chain core/state core/evm core/stf node/io node/store node/ledger node/pool)
entresol_module(node/rpc       USES core/base core/crypto core/codec core/trie core/chain core/state core/evm core/stf node/io node/store node/ledger node/pool node/sequencer node/http LINKS Boost::json
  TEST_USES node/genesis)
entresol_module(node/l1        USES core/base core/crypto core/codec core/chain node/http LINKS Boost::json)
entresol_module(node/http      USES core/base node/io LINKS Boost::boost Threads::Threads OpenSSL::SSL)
entresol_module(node/failover  USES core/base node/io node/http LINKS Boost::json Threads::Threads)
entresol_module(node/genesis   USES core/base core/crypto core/codec core/chain core/state core/evm core/stf core/derive LINKS Boost::json)
entresol_embed(node_genesis contract_artifacts ${CMAKE_SOURCE_DIR}/build/contracts PATTERNS artifacts.json)
entresol_embed(node_genesis deploy_plan ${CMAKE_SOURCE_DIR}/contracts/deploy PATTERNS *.json)
entresol_module(node/bridge    USES core/base core/codec core/chain core/derive node/ledger node/l1)
entresol_module(node/explorer  USES core/base core/codec core/chain core/state core/stf core/derive node/io node/ledger node/pool node/sequencer node/rpc node/http node/bridge LINKS Boost::json)
entresol_embed(node_explorer explorer_assets ${CMAKE_SOURCE_DIR}/explorer/dist)
entresol_module(node/devnet    USES core/base core/crypto core/codec core/trie core/chain core/state core/evm core/stf core/derive core/program node/program
  node/io node/http node/store node/ledger node/pool node/sequencer node/rpc node/l1 node/genesis node/sync node/settlement node/replica node/metrics node/bridge node/explorer
  TEST_USES node/challenge)
entresol_module(node/sync      USES core/base core/crypto core/codec core/trie core/chain core/state core/evm core/stf core/derive node/io node/store node/parallel node/ledger node/pool node/sequencer node/l1)
entresol_module(node/settlement USES core/base core/crypto core/codec core/trie core/chain core/state core/evm core/stf core/derive node/io node/store node/ledger node/pool node/sequencer node/l1 node/sync TEST_USES node/rpc)
entresol_module(node/program   USES core/base core/crypto core/codec core/trie core/chain core/state core/evm core/stf core/derive core/program core/riscv node/l1
  LINKS Boost::json)
entresol_embed(node_program guest_program ${CMAKE_SOURCE_DIR}/build/guest/guest PATTERNS *.elf)
entresol_module(node/challenge USES core/base core/crypto core/codec core/chain core/derive core/program core/riscv node/io node/l1 node/program node/settlement
  TEST_USES core/evm core/state node/genesis)
entresol_module(node/metrics   USES core/base core/crypto core/codec core/trie core/chain core/state core/evm core/stf core/derive node/io node/http node/store
  node/parallel node/ledger node/pool node/sequencer node/rpc node/l1 node/sync node/settlement LINKS Boost::json PkgConfig::PROMETHEUS)
entresol_module(node/archive   USES core/base core/crypto core/codec core/chain core/derive node/io node/http node/store LINKS Boost::json TEST_USES node/l1)
entresol_module(node/replica   USES core/base core/crypto core/codec core/trie core/chain core/state core/evm core/stf core/derive node/io node/http node/store node/ledger node/pool node/sequencer node/rpc node/l1 node/genesis node/sync node/settlement node/challenge node/metrics node/bridge node/explorer node/archive LINKS Boost::json)
entresol_module(node/snapshot  USES core/base core/crypto core/codec core/trie core/chain core/state core/evm core/stf core/derive
  node/io node/http node/store node/parallel node/ledger node/l1 node/genesis)
entresol_module(node/sim       USES core/base core/crypto core/codec core/trie core/chain core/state core/evm core/stf core/derive
  node/io node/http node/store node/ledger node/pool node/sequencer node/rpc node/l1 node/genesis node/sync node/settlement node/devnet)
entresol_module(node/conformance USES core/base core/crypto core/codec core/trie core/chain core/state core/evm core/stf node/parallel LINKS Boost::json Threads::Threads)
entresol_module(node/replay    USES core/base core/crypto core/codec core/trie core/chain core/state core/evm core/stf
  node/io node/http node/l1 node/genesis node/conformance LINKS Boost::json)
entresol_module(node/codec_measure USES core/base core/codec core/chain core/columns core/derive node/io LINKS PkgConfig::ZSTD)
entresol_module(node/app       USES core/base core/crypto core/codec core/chain core/columns core/derive core/riscv node/codec_measure node/io node/http node/conformance node/replay node/devnet node/genesis node/l1 node/settlement node/store node/challenge node/replica node/snapshot core/trie core/state core/evm core/stf core/program node/program LINKS Boost::json OpenSSL::Crypto)
entresol_program(entresol node/app)
