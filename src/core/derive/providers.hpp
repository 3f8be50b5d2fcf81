// Everything that derivation reads comes through these interfaces. Implementations: the node's L1 client and store, the challenger's
// and prover's preimages, a chain in memory. A provider may answer late (Temporary) but never wrongly.
#pragma once

#include <span>

#include "core/derive/block_ref.hpp"

namespace entresol::derive {

enum class FetchError : std::uint8_t {
    Temporary,  // ask again later
    NotFound,   // there is no such block (by number: not yet; by hash: not, or no longer)
};
template <typename T>
using Fetched = Result<T, FetchError>;

class L1Provider {
public:
    virtual ~L1Provider() = default;
    /// Of the canonical chain as it is now.
    [[nodiscard]] virtual Fetched<chain::Header> header_by_number(std::uint64_t number) = 0;
    /// Its header_hash is the given one. Orphans may be found or not.
    [[nodiscard]] virtual Fetched<chain::Header> header_by_hash(const Hash32& hash) = 0;
    /// All of the block, checked against its receiptsRoot and transactionsRoot.
    [[nodiscard]] virtual Fetched<std::vector<chain::Receipt>> receipts(const Hash32& block_hash) = 0;
    [[nodiscard]] virtual Fetched<std::vector<chain::Transaction>> transactions(const Hash32& block_hash) = 0;
};

/// A blob of a block: its position among all of the block's blobs, as beacon APIs count, and its versioned hash.
struct BlobId {
    std::uint64_t index = 0;
    Hash32 versioned_hash;
};

class BlobProvider {
public:
    virtual ~BlobProvider() = default;
    /// In the order asked, each checked against its versioned hash.
    [[nodiscard]] virtual Fetched<std::vector<Bytes>> blobs(const L1BlockRef& block, std::span<const BlobId> ids) = 0;
};

/// The L2 chain as far as it is derived, and before a reset also what is still to be doubted.
class L2Reader {
public:
    virtual ~L2Reader() = default;
    [[nodiscard]] virtual Fetched<chain::Block> block_by_number(std::uint64_t number) = 0;
    /// The L1 block whose data completed the derivation of this L2 block; nothing where it was not kept. With it a reset rewinds exactly as
    /// far as L1 was reorganised, without it by a sequencing window.
    [[nodiscard]] virtual std::optional<BlockId> derived_from(std::uint64_t number) = 0;
};

/// Why there is no result. Internal to the pipeline: Exhausted and Again.
enum class Stall : std::uint8_t {
    Exhausted,  // the stage has used all of the current L1 block
    Again,      // something was consumed: call again
    NeedsL1,    // the next L1 block is not there yet
    Temporary,  // a provider could not answer
    Reset,      // L1 was reorganised: find_sync_start and reset
    Broken,  // L1 or L2 holds what no genuine chain holds, such as a malformed deposit event: derivation cannot go on
};
[[nodiscard]] const char* to_string(Stall stall);

/// A block known by hash that is not found has been reorganised away.
[[nodiscard]] constexpr Stall to_stall(FetchError error) {
    return error == FetchError::Temporary ? Stall::Temporary : Stall::Reset;
}

}  // namespace entresol::derive
