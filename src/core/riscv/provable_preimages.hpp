// Preimages with proofs of blobs' elements, which take the ceremony's points: on the host only.
#pragma once

#include "core/crypto/kzg.hpp"
#include "core/riscv/preimages.hpp"

namespace entresol::riscv {

class ProvablePreimages : public KnownPreimages {
public:
    [[nodiscard]] std::optional<ElementProof> prove_element(const Hash32& versioned_hash, unsigned index) override {
        const auto blob = find(PreimageType::Blob, versioned_hash);
        if (!blob) return std::nullopt;
        const auto commitment = kzg_.commit(*blob);
        const auto proof = kzg_.prove_point(*blob, element_point(index));
        if (!commitment || !proof) return std::nullopt;
        return ElementProof{*commitment, *proof};
    }

    /// Under the hash of its own commitment. Nothing: it is no blob.
    std::optional<Hash32> add_committed_blob(ByteView blob) {
        if (blob.size() != crypto::BYTES_PER_BLOB) return std::nullopt;
        const auto commitment = kzg_.commit(blob);
        if (!commitment) return std::nullopt;
        const Hash32 hash = crypto::kzg_to_versioned_hash(*commitment);
        add_blob(hash, to_bytes(blob));
        return hash;
    }

private:
    crypto::Kzg kzg_ = crypto::Kzg::ceremony();
};

}  // namespace entresol::riscv
