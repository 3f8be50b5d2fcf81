// The machine's preimage call as the program's oracle.
#pragma once

#include "core/program/oracle.hpp"

namespace entresol::guest {

enum class PreimageKind : std::uint64_t { Keccak256 = 1, Sha256 = 2, Blob = 3, Computation = 4 };

/// All of it. Where nobody knows it the run has no next step.
[[nodiscard]] Bytes read_preimage(PreimageKind kind, const Hash32& key);

class MachineOracle final : public program::Oracle {
public:
    std::optional<Bytes> find(const Hash32& key) override { return read_preimage(PreimageKind::Keccak256, key); }
    std::optional<Bytes> find_blob(const derive::L1BlockRef& block, const derive::BlobId& id) override;
};

}  // namespace entresol::guest
