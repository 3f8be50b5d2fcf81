// An Ethereum node seen through JSON-RPC and the beacon API. Nothing it answers is believed that can be checked: headers hash to what was asked for,
// transactions and receipts to the header's roots, blobs to their commitments. Thread-safe; calls block.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/chain/block.hpp"
#include "core/crypto/kzg.hpp"
#include "node/l1/transport.hpp"

namespace entresol::l1 {

struct L1Block {
    Hash32 hash;
    chain::Header header;
    std::vector<chain::Transaction> transactions;  // empty where only the header was asked for
};

struct L1Receipt {
    bool succeeded = false;
    std::uint64_t block_number = 0;
    Hash32 block_hash;
    std::uint64_t gas_used = 0;
    std::vector<chain::Log> logs;
};

/// An event and where it stands.
struct L1Log {
    chain::Log log;
    std::uint64_t block_number = 0;
    Hash32 block_hash;
    Hash32 tx_hash;
    std::uint64_t index = 0;  // in the block
};

struct FeeSuggestion {
    U256 base_fee;  // of the next block, wei
    U256 tip;
    U256 blob_base_fee;  // 1 where L1 does not tell
    bool has_blobs = false;
};

/// How the beacon chain counts its slots.
struct BeaconClock {
    std::uint64_t genesis_time = 0, seconds_per_slot = 0;
};

enum class BlockTag : std::uint8_t { Latest, Safe, Finalized };

class L1Client {
public:
    /// `beacon` may be null: then blobs cannot be had. `kzg` is needed for blobs only.
    L1Client(std::shared_ptr<Transport> execution, std::shared_ptr<Transport> beacon,
             std::function<const crypto::Kzg&()> kzg);

    [[nodiscard]] L1Result<std::uint64_t> chain_id();
    [[nodiscard]] L1Result<L1Block> header(BlockTag tag);
    [[nodiscard]] L1Result<L1Block> header(std::uint64_t number);
    [[nodiscard]] L1Result<L1Block> header(const Hash32& hash);
    [[nodiscard]] L1Result<L1Block> block(const Hash32& hash);  // with transactions
    [[nodiscard]] L1Result<std::vector<chain::Receipt>> receipts(const L1Block& block);
    /// Blobs of a block in the order of `versioned_hashes`.
    [[nodiscard]] L1Result<std::vector<Bytes>> blobs(const chain::Header& header,
                                                     std::span<const Hash32> versioned_hashes);
    /// Asked once.
    [[nodiscard]] L1Result<BeaconClock> beacon_clock();

    [[nodiscard]] L1Result<std::uint64_t> nonce(const Address& address, bool pending);
    [[nodiscard]] L1Result<U256> balance(const Address& address);
    [[nodiscard]] L1Result<FeeSuggestion> suggest_fees();
    [[nodiscard]] L1Result<std::uint64_t> estimate_gas(const Address& from, const Address& to, ByteView data,
                                                       const U256& value);
    [[nodiscard]] L1Result<Bytes> call(const Address& to, ByteView data,
                                       std::optional<std::uint64_t> block_number = std::nullopt);
    [[nodiscard]] L1Result<Hash32> send_raw(ByteView raw);
    [[nodiscard]] L1Result<std::optional<L1Receipt>> find_receipt(const Hash32& tx_hash);
    /// Events of a contract in blocks `first` to `last`, oldest first. The endpoint is believed: for showing, not for deriving.
    [[nodiscard]] L1Result<std::vector<L1Log>> logs(const Address& contract, std::uint64_t first, std::uint64_t last);

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace entresol::l1
