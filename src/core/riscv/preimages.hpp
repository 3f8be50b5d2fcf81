// Byte strings that a key determines: all that a program learns beyond its own memory (docs/spec/machine.md, call 0x410).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "core/base/bytes.hpp"
#include "core/crypto/kzg.hpp"

namespace entresol::riscv {

enum class PreimageType : std::uint64_t { Keccak256 = 1, Sha256 = 2, Blob = 3, Computation = 4 };

inline constexpr std::size_t MAX_PART_BYTES = 4096;  // read at once
inline constexpr std::size_t MAX_INLINE_BYTES =
    65536;  // a longer preimage is published on L1 before the step is proven
inline constexpr std::size_t ELEMENT_BYTES = 32;

struct PreimageRequest {
    PreimageType type;
    Hash32 key;
    std::uint64_t offset = 0;
    std::uint64_t max_bytes = 0;
};
/// What such a request reads.
struct PreimagePart {
    ByteView bytes;
    std::uint64_t total = 0;  // of the whole preimage
};
[[nodiscard]] PreimagePart part_of(ByteView preimage, const PreimageRequest& request);

/// Shows that an element belongs to a blob (EIP-4844).
struct ElementProof {
    crypto::KzgCommitment commitment;
    crypto::KzgProof proof;
};

/// Where a run gets preimages from. What it gives is trusted: check against the key what comes from others.
class PreimageSource {
public:
    virtual ~PreimageSource() = default;
    /// The whole preimage, valid until the next call; nothing: not known here.
    [[nodiscard]] virtual std::optional<ByteView> find(PreimageType type, const Hash32& key) = 0;
    /// Only proofs of steps ask. Nothing: not known here, or this host cannot compute it.
    [[nodiscard]] virtual std::optional<ElementProof> prove_element(const Hash32& versioned_hash, unsigned index) = 0;
};

/// Is there a preimage for this computation: a precompile, and an input of a form that it does not refuse (docs/spec/machine.md, a4 = 4)?
[[nodiscard]] bool is_computable(const Address& precompile, ByteView input);
/// The key under which a precompile's answer is read.
[[nodiscard]] Hash32 computation_key(const Address& precompile, ByteView input);
/// L1's answer: 1 and the output, or 0 (docs/spec/machine.md, a4 = 4).
[[nodiscard]] Bytes compute_precompile(const Address& precompile, ByteView input);

/// The point at which a blob's polynomial has its element of that index (EIP-4844: roots of unity in bit-reversed order).
[[nodiscard]] Hash32 element_point(unsigned index);

struct Computation {
    Address precompile;
    Bytes input;
};

/// Preimages in memory, each under the key computed from it.
class KnownPreimages : public PreimageSource {
public:
    Hash32 add_keccak256(Bytes preimage);
    Hash32 add_sha256(Bytes preimage);
    /// Nothing: it is not computable.
    std::optional<Hash32> add_computation(const Address& precompile, ByteView input);
    /// The caller knows that the blob has that hash.
    void add_blob(const Hash32& versioned_hash, Bytes blob);

    // Here, not in a source file: whoever derives from this needs its type information, which core/ is compiled without.
    [[nodiscard]] std::optional<ByteView> find(PreimageType type, const Hash32& key) override {
        const auto found = known_.find({type, key});
        return found == known_.end() ? std::nullopt : std::optional<ByteView>(found->second);
    }
    /// What has that key; nullptr: not known. Who publishes a computation on L1 gives its input.
    [[nodiscard]] const Computation* find_computation(const Hash32& key) const;
    /// Knows no blob proofs.
    [[nodiscard]] std::optional<ElementProof> prove_element(const Hash32&, unsigned) override { return std::nullopt; }

private:
    std::map<std::pair<PreimageType, Hash32>, Bytes> known_;
    std::map<Hash32, Computation> computations_;
};

}  // namespace entresol::riscv
