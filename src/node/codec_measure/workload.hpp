// The transactions of a file, block by block, in the form in which codecs are measured.
#pragma once

#include <string>

#include "core/columns/columns.hpp"

namespace entresol::codec_measure {

/// What a file does not say about its chain.
struct Chain {
    std::uint64_t chain_id = 10;
    std::uint64_t genesis_timestamp = 1'686'068'903;  // seconds; OP Mainnet's, as the chain id
    std::uint64_t block_time = 2;                     // seconds
};

struct Workload {
    std::string source;  // what the file was found to be
    columns::Form form = columns::Form::Signed;
    columns::Batch batch;
    std::size_t file_bytes = 0;
    std::size_t channel_bytes = 0;  // as it was posted; 0 for a blob
};

/// Throws io::Failure (Usage) where the file is nothing that can be measured.
[[nodiscard]] Workload read_workload(const Bytes& file, const Chain& chain);
/// The same transactions without signatures, with the senders that signed them. Precondition: Form::Signed.
[[nodiscard]] Workload remove_signatures(const Workload& workload, const Chain& chain);

}  // namespace entresol::codec_measure
