// A snapshot's files as bytes (docs/spec/snapshot.md): one manifest and numbered chunks, each an RLP list. Decoding is total and only looks at form;
// whether a chunk is right is check.hpp's matter.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/base/result.hpp"
#include "core/codec/rlp.hpp"
#include "node/snapshot/range_proof.hpp"

namespace entresol::snapshot {

inline constexpr std::uint64_t FORMAT_VERSION = 1;
inline constexpr std::size_t MAX_MANIFEST_BYTES = 4096;
inline constexpr std::size_t MAX_CHUNK_BYTES = 1 << 20;
inline constexpr std::size_t MAX_BLOCK_CHUNK_BYTES = 16 << 20;  // of a chunk that is one block

struct Manifest {
    std::uint64_t chain_id = 0;
    Hash32 genesis_hash;
    std::uint64_t block_number = 0;
    // What the output root is the hash of (OP Stack, "L2 output root proposals", version 0).
    Hash32 state_root, message_passer_root, block_hash;
    std::uint64_t chunks = 0;

    [[nodiscard]] Hash32 output_root() const;
    bool operator==(const Manifest&) const = default;
};
[[nodiscard]] Bytes encode(const Manifest& manifest);
[[nodiscard]] Result<Manifest, std::string> decode_manifest(ByteView file);

/// Newest first, each the parent of the one before it.
struct BlockRecord {
    ByteView block;                  // RLP
    std::vector<ByteView> receipts;  // as consensus encodes them
};
struct BlocksChunk {
    std::vector<BlockRecord> blocks;
};
struct Stretch {
    Range range;
    std::vector<Leaf> leaves;
    std::vector<ByteView> proof;
};
struct AccountsChunk {
    Stretch accounts;  // of the state
};
struct StorageChunk {
    struct Part {
        Hash32 account;
        Stretch slots;
    };
    std::vector<Part> parts;
};
struct CodesChunk {
    std::vector<ByteView> codes;  // in ascending order of their hashes
};
/// Views into the file's bytes.
struct Chunk {
    Hash32 output_root;
    std::uint64_t index = 0;
    std::variant<BlocksChunk, AccountsChunk, StorageChunk, CodesChunk> content;
};
[[nodiscard]] Bytes encode(const Chunk& chunk);
[[nodiscard]] Result<Chunk, std::string> decode_chunk(ByteView file);

}  // namespace entresol::snapshot
