// Where an L2 block's batch is on L1.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/derive/frame.hpp"

namespace entresol::settlement {

struct BatchPosition {
    Hash32 l1_tx_hash;                 // of the channel's last frame
    std::vector<Hash32> l1_tx_hashes;  // of all of the channel
    std::uint64_t l1_block_number = 0;
    Hash32 l1_block_hash;
    derive::ChannelId channel_id;
    std::uint64_t first_l2_block = 0, last_l2_block = 0;
    Hash32 last_l2_hash;  // tells of which branch they were
    std::size_t raw_bytes = 0, compressed_bytes = 0;
    bool in_blobs = false;
    bool operator==(const BatchPosition&) const = default;
};

}  // namespace entresol::settlement
