// Headers: fifteen fields since Frontier, then those that forks appended, in the order they came.
#include "core/chain/block.hpp"
#include "core/crypto/keccak.hpp"

namespace entresol::chain {
namespace {

using codec::RlpError;
using codec::RlpReader;

Result<void, RlpError> read_frontier_fields(RlpReader& in, Header& header) {
    TRY(header.parent_hash, in.read_fixed<Hash32>());
    TRY(header.ommers_hash, in.read_fixed<Hash32>());
    TRY(header.coinbase, in.read_fixed<Address>());
    TRY(header.state_root, in.read_fixed<Hash32>());
    TRY(header.transactions_root, in.read_fixed<Hash32>());
    TRY(header.receipts_root, in.read_fixed<Hash32>());
    TRY(header.logs_bloom, in.read_fixed<Bloom>());
    TRY(header.difficulty, in.read_u256());
    TRY(header.number, in.read_u64());
    TRY(header.gas_limit, in.read_u64());
    TRY(header.gas_used, in.read_u64());
    TRY(header.timestamp, in.read_u64());
    TRY(const ByteView extra_data, in.read_string());
    header.extra_data = to_bytes(extra_data);
    TRY(header.prev_randao, in.read_fixed<Hash32>());
    TRY(header.nonce, in.read_fixed<FixedBytes<8>>());
    return {};
}

/// Each field needs those before it: the list ends with the fork of the block.
Result<void, RlpError> read_appended_fields(RlpReader& in, Header& header) {
    if (in.empty()) return {};
    TRY(header.base_fee_per_gas, in.read_u256());  // EIP-1559
    if (in.empty()) return {};
    TRY(header.withdrawals_root, in.read_fixed<Hash32>());  // EIP-4895
    if (in.empty()) return {};
    TRY(header.blob_gas_used, in.read_u64());  // EIP-4844
    TRY(header.excess_blob_gas, in.read_u64());
    TRY(header.parent_beacon_block_root, in.read_fixed<Hash32>());  // EIP-4788, the same fork
    if (in.empty()) return {};
    TRY(header.requests_hash, in.read_fixed<Hash32>());  // EIP-7685
    return in.expect_end();
}

void append_fields(Bytes& out, const Header& header) {
    for (const Hash32* hash : {&header.parent_hash, &header.ommers_hash}) codec::append_fixed(out, *hash);
    codec::append_fixed(out, header.coinbase);
    for (const Hash32* hash : {&header.state_root, &header.transactions_root, &header.receipts_root})
        codec::append_fixed(out, *hash);
    codec::append_fixed(out, header.logs_bloom);
    codec::append_uint(out, header.difficulty);
    for (const std::uint64_t value : {header.number, header.gas_limit, header.gas_used, header.timestamp})
        codec::append_uint(out, value);
    codec::append_string(out, header.extra_data);
    codec::append_fixed(out, header.prev_randao);
    codec::append_fixed(out, header.nonce);
    if (header.base_fee_per_gas) codec::append_uint(out, *header.base_fee_per_gas);
    if (header.withdrawals_root) codec::append_fixed(out, *header.withdrawals_root);
    if (header.blob_gas_used) codec::append_uint(out, *header.blob_gas_used);
    if (header.excess_blob_gas) codec::append_uint(out, *header.excess_blob_gas);
    if (header.parent_beacon_block_root) codec::append_fixed(out, *header.parent_beacon_block_root);
    if (header.requests_hash) codec::append_fixed(out, *header.requests_hash);
}

}  // namespace

Bytes encode(const Header& header) {
    Bytes out;
    out.reserve(700 + header.extra_data.size());
    append_fields(out, header);
    codec::close_list(out, 0);
    return out;
}

Result<Header, RlpError> decode_header(ByteView rlp) {
    RlpReader outer(rlp);
    TRY(RlpReader in, outer.read_list());
    TRY_VOID(outer.expect_end());
    Header header;
    TRY_VOID(read_frontier_fields(in, header));
    TRY_VOID(read_appended_fields(in, header));
    return header;
}

Hash32 header_hash(const Header& header) { return crypto::keccak256(encode(header)); }

}  // namespace entresol::chain
