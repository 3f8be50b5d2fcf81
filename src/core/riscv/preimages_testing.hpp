// Preimages for tests: short, empty, as long as a proof holds, longer, computed, and a blob with proofs of some of its elements.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "core/riscv/calls_testing.hpp"
#include "core/riscv/provable_preimages.hpp"

namespace entresol::riscv::testing {

class TestPreimages final : public ProvablePreimages {
public:
    explicit TestPreimages(std::uint64_t seed) {
        std::mt19937_64 random(seed);
        const auto bytes = [&random](std::size_t size) {
            Bytes out(size);
            for (auto& byte : out) byte = static_cast<std::uint8_t>(random());
            return out;
        };
        for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{32}, std::size_t{532}}) {
            add(PreimageType::Keccak256, add_keccak256(bytes(size)));
            add(PreimageType::Sha256, add_sha256(bytes(size)));
        }
        add(PreimageType::Keccak256, add_keccak256(bytes(MAX_INLINE_BYTES)));
        add(PreimageType::Keccak256, add_keccak256(bytes(MAX_INLINE_BYTES + 1)));
        add(PreimageType::Sha256, add_sha256(bytes(MAX_INLINE_BYTES + 1)));
        Address recover;
        recover.bytes[19] = 1;
        const Bytes valid = *parse_hex(KNOWN_INPUTS[0].hex);
        add(PreimageType::Computation, *add_computation(recover, valid));
        add(PreimageType::Computation, *add_computation(recover, Bytes(128)));
        make_blob(random);
    }
    [[nodiscard]] const std::vector<KnownKey>& keys() const { return keys_; }
    // Each takes tens of milliseconds: made once.
    [[nodiscard]] std::optional<ElementProof> prove_element(const Hash32& hash, unsigned index) override {
        auto& proof = proofs_[index];
        if (!proof) proof = ProvablePreimages::prove_element(hash, index);
        return proof;
    }

private:
    void add(PreimageType type, const Hash32& key) { keys_.push_back({type, key, find(type, key)->size(), {}}); }
    void make_blob(std::mt19937_64& random) {
        Bytes blob(crypto::BYTES_PER_BLOB);
        for (std::size_t i = 0; i < blob.size(); ++i) blob[i] = i % 32 == 0 ? 0 : static_cast<std::uint8_t>(random());
        keys_.push_back({PreimageType::Blob, *add_committed_blob(blob), blob.size(), {0, 1, 1234, 4095}});
    }

    std::vector<KnownKey> keys_;
    std::map<unsigned, std::optional<ElementProof>> proofs_;
};

}  // namespace entresol::riscv::testing
