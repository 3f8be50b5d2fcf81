// Bytes and speed of each codec on a workload, part by part.
#pragma once

#include "node/codec_measure/workload.hpp"

namespace entresol::codec_measure {

enum class Cadence : std::uint8_t { OneShot, TwelveSeconds, SingleBlocks };
inline constexpr Cadence CADENCES[] = {Cadence::OneShot, Cadence::TwelveSeconds, Cadence::SingleBlocks};
[[nodiscard]] const char* to_string(Cadence cadence);

struct Measurement {
    std::string codec;
    Cadence cadence = Cadence::OneShot;
    std::size_t bytes = 0;
    double bytes_per_transaction = 0;
    double encode_mb_per_s = 0;  // of transaction_bytes, by CPU time
    double decode_mb_per_s = 0;
    double decode_transactions_per_s = 0;
    bool exact = false;  // every part gave back what went in
};

struct Report {
    std::string source;
    bool has_signatures = true;
    std::size_t blocks = 0, transactions = 0;
    std::size_t transaction_bytes = 0;  // EIP-2718
    std::size_t channel_bytes = 0;      // as posted; 0 where the file was no channel
    std::vector<Measurement> measurements;
    [[nodiscard]] bool all_exact() const;
};

/// `runs`: each time is the best of so many; encoders slower than 20 MB/s run once.
[[nodiscard]] Report measure(const Workload& workload, const Chain& chain, int runs);

}  // namespace entresol::codec_measure
