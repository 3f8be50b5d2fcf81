#include "core/derive/l1_info.hpp"

#include <algorithm>

namespace entresol::derive {
namespace {

/// First four bytes of keccak256 of the function's signature, and the size of the calldata.
struct LayoutRow {
    L1InfoLayout layout;
    std::uint8_t selector[4];
    std::size_t size;
};
constexpr LayoutRow LAYOUTS[] = {
    // setL1BlockValues(uint64,uint64,uint256,bytes32,uint64,bytes32,uint256,uint256)
    {L1InfoLayout::Bedrock, {0x01, 0x5d, 0x8e, 0xb9}, 4 + 8 * 32},
    {L1InfoLayout::Ecotone, {0x44, 0x0a, 0x5e, 0x20}, 164},  // setL1BlockValuesEcotone()
    {L1InfoLayout::Isthmus, {0x09, 0x89, 0x99, 0xbe}, 176},  // setL1BlockValuesIsthmus()
    {L1InfoLayout::Jovian, {0x3d, 0xb6, 0xbe, 0x2b}, 178},   // setL1BlockValuesJovian()
};

constexpr std::uint16_t DEFAULT_DA_FOOTPRINT_GAS_SCALAR = 400;  // Jovian L1 attributes specification

const LayoutRow& row_of(L1InfoLayout layout) { return LAYOUTS[static_cast<std::size_t>(layout)]; }

U256 to_word(const Address& address) { return to_u256(address); }

void encode_bedrock(const L1Info& info, std::uint8_t* out) {
    const U256 words[] = {info.number,          info.timestamp,        info.base_fee, to_u256(info.block_hash),
                          info.sequence_number, to_word(info.batcher), info.overhead, to_u256(info.scalar)};
    for (std::size_t i = 0; i < 8; ++i) store_be256(out + 4 + 32 * i, words[i]);
}

// Offsets of the packed layouts (Ecotone, Isthmus and Jovian L1 attributes specifications).
enum Offset : std::size_t {
    BaseFeeScalar = 4,
    BlobBaseFeeScalar = 8,
    SequenceNumber = 12,
    Timestamp = 20,
    Number = 28,
    BaseFee = 36,
    BlobBaseFee = 68,
    BlockHash = 100,
    BatcherHash = 132,
    OperatorFeeScalar = 164,
    OperatorFeeConstant = 168,
    DaFootprintGasScalar = 176,
};

void encode_packed(const L1Info& info, L1InfoLayout layout, std::uint8_t* out) {
    const FeeScalars scalars = fee_scalars(info.scalar);
    store_be32(out + BaseFeeScalar, scalars.base_fee_scalar);
    store_be32(out + BlobBaseFeeScalar, scalars.blob_base_fee_scalar);
    store_be64(out + SequenceNumber, info.sequence_number);
    store_be64(out + Timestamp, info.timestamp);
    store_be64(out + Number, info.number);
    store_be256(out + BaseFee, info.base_fee);
    store_be256(out + BlobBaseFee, info.blob_base_fee);
    std::copy_n(info.block_hash.data(), 32, out + BlockHash);
    store_be256(out + BatcherHash, to_word(info.batcher));
    if (layout < L1InfoLayout::Isthmus) return;
    store_be32(out + OperatorFeeScalar, info.operator_fee_scalar);
    store_be64(out + OperatorFeeConstant, info.operator_fee_constant);
    if (layout < L1InfoLayout::Jovian) return;
    const std::uint16_t scalar = info.da_footprint_gas_scalar;
    store_be16(out + DaFootprintGasScalar, scalar == 0 ? DEFAULT_DA_FOOTPRINT_GAS_SCALAR : scalar);
}

Result<L1Info, L1InfoError> decode_bedrock(const std::uint8_t* in) {
    U256 words[8];
    for (std::size_t i = 0; i < 8; ++i) words[i] = load_be256(in + 4 + 32 * i);
    if (!words[0].fits_u64() || !words[1].fits_u64() || !words[4].fits_u64()) return fail(L1InfoError::OutOfRange);
    L1Info info;
    info.number = words[0].limb[0];
    info.timestamp = words[1].limb[0];
    info.base_fee = words[2];
    info.block_hash = to_hash32(words[3]);
    info.sequence_number = words[4].limb[0];
    info.batcher = to_address(words[5]);
    info.overhead = words[6];
    info.scalar = to_hash32(words[7]);
    return info;
}

L1Info decode_packed(const std::uint8_t* in, L1InfoLayout layout) {
    L1Info info;
    info.scalar = make_scalar({load_be32(in + BaseFeeScalar), load_be32(in + BlobBaseFeeScalar)});
    info.sequence_number = load_be64(in + SequenceNumber);
    info.timestamp = load_be64(in + Timestamp);
    info.number = load_be64(in + Number);
    info.base_fee = load_be256(in + BaseFee);
    info.blob_base_fee = load_be256(in + BlobBaseFee);
    info.block_hash = from_bytes<Hash32>({in + BlockHash, 32});
    info.batcher = to_address(load_be256(in + BatcherHash));
    if (layout >= L1InfoLayout::Isthmus) {
        info.operator_fee_scalar = load_be32(in + OperatorFeeScalar);
        info.operator_fee_constant = load_be64(in + OperatorFeeConstant);
    }
    if (layout >= L1InfoLayout::Jovian) info.da_footprint_gas_scalar = load_be16(in + DaFootprintGasScalar);
    return info;
}

}  // namespace

L1InfoLayout l1_info_layout(const chain::ChainConfig& l2, std::uint64_t parent_timestamp, std::uint64_t timestamp) {
    const auto active_before = [&](chain::OpFork fork) {
        if (!l2.op) return false;
        const auto& time = l2.op->fork_times[static_cast<std::size_t>(fork)];
        return time && *time <= timestamp && *time <= parent_timestamp;
    };
    if (active_before(chain::OpFork::Jovian)) return L1InfoLayout::Jovian;
    if (active_before(chain::OpFork::Isthmus)) return L1InfoLayout::Isthmus;
    if (active_before(chain::OpFork::Ecotone)) return L1InfoLayout::Ecotone;
    return L1InfoLayout::Bedrock;
}

Bytes encode_l1_info(const L1Info& info, L1InfoLayout layout) {
    const LayoutRow& row = row_of(layout);
    Bytes out(row.size);
    std::copy_n(row.selector, 4, out.begin());
    layout == L1InfoLayout::Bedrock ? encode_bedrock(info, out.data()) : encode_packed(info, layout, out.data());
    return out;
}

const char* to_string(L1InfoError error) {
    switch (error) {
        case L1InfoError::MissingSelector: return "L1 attributes without a selector";
        case L1InfoError::UnknownSelector: return "L1 attributes of an unknown layout";
        case L1InfoError::WrongLength: return "L1 attributes of the wrong length";
        case L1InfoError::OutOfRange: return "L1 attributes out of range";
    }
    return "?";
}

Result<L1Info, L1InfoError> decode_l1_info(ByteView calldata) {
    if (calldata.size() < 4) return fail(L1InfoError::MissingSelector);
    for (const LayoutRow& row : LAYOUTS) {
        if (!std::equal(row.selector, row.selector + 4, calldata.begin())) continue;
        if (calldata.size() != row.size) return fail(L1InfoError::WrongLength);
        if (row.layout == L1InfoLayout::Bedrock) return decode_bedrock(calldata.data());
        return decode_packed(calldata.data(), row.layout);
    }
    return fail(L1InfoError::UnknownSelector);
}

}  // namespace entresol::derive
