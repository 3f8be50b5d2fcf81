// KZG commitments of EIP-4844. Point evaluation needs no setup beyond one constant; blob operations need the ceremony's points.
#pragma once

#include <memory>
#include <optional>

#include "core/base/bytes.hpp"

namespace entresol::crypto {

inline constexpr std::size_t BYTES_PER_BLOB = 131072;  // EIP-4844: 4096 field elements of 32 bytes
using KzgCommitment = FixedBytes<48>;
using KzgProof = FixedBytes<48>;

/// 0x01 followed by the last 31 bytes of sha256(commitment) (EIP-4844).
[[nodiscard]] Hash32 kzg_to_versioned_hash(const KzgCommitment& commitment);

/// verify_kzg_proof for the point evaluation precompile: false also for malformed points or field elements.
[[nodiscard]] bool verify_kzg_proof(const KzgCommitment& commitment, const Hash32& z, const Hash32& y,
                                    const KzgProof& proof);

/// Blob commitments and proofs. Immutable; safe to share between threads. Blobs are exactly BYTES_PER_BLOB long. On the host only.
class Kzg {
public:
    /// On the setup of Ethereum's ceremony, which the program carries ready for use: takes no time, and memory only for what is used.
    [[nodiscard]] static Kzg ceremony();
    ~Kzg();
    Kzg(Kzg&&) noexcept;
    Kzg& operator=(Kzg&&) noexcept;

    [[nodiscard]] std::optional<KzgCommitment> commit(ByteView blob) const;
    [[nodiscard]] std::optional<KzgProof> prove_blob(ByteView blob, const KzgCommitment& commitment) const;
    /// That the blob's polynomial has its value at z: EIP-4844's compute_kzg_proof.
    [[nodiscard]] std::optional<KzgProof> prove_point(ByteView blob, const Hash32& z) const;
    [[nodiscard]] bool verify_blob(ByteView blob, const KzgCommitment& commitment, const KzgProof& proof) const;
    // EIP-7594 cell proofs (128 proofs of 48 bytes for a blob), as wrapper version 1 of blob transactions carries them.
    [[nodiscard]] std::optional<Bytes> compute_cell_proofs(ByteView blob) const;
    [[nodiscard]] bool verify_cell_proofs(ByteView blob, const KzgCommitment& commitment, ByteView cell_proofs) const;

private:
    struct Impl;
    explicit Kzg(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace entresol::crypto
