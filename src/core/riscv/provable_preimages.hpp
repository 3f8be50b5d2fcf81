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

protected:
    [[nodiscard]] const crypto::Kzg& kzg() const { return kzg_; }

private:
    crypto::Kzg kzg_ = crypto::Kzg::ceremony();
};

}  // namespace entresol::riscv
