#include "core/derive/l1_info.hpp"

#include <gtest/gtest.h>

#include <string_view>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/derive/deposit.hpp"

namespace entresol::derive {
namespace {

Hash32 keccak_text(std::string_view text) {
    return crypto::keccak256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

L1Info make_info() {
    L1Info info;
    info.number = 8'093'573;
    info.timestamp = 0x67f6ac64;
    info.base_fee = 30'334'507;
    info.block_hash.bytes.fill(0xb1);
    info.sequence_number = 2;
    info.batcher.bytes.fill(0x8f);
    info.scalar = make_scalar({0x1db0, 0xd2730});
    info.blob_base_fee = 1;
    info.operator_fee_scalar = 77;
    info.operator_fee_constant = 88;
    info.da_footprint_gas_scalar = 99;
    return info;
}

TEST(L1Info, SelectorsAreThoseOfTheFunctions) {
    const std::pair<L1InfoLayout, std::string_view> rows[] = {
        {L1InfoLayout::Bedrock, "setL1BlockValues(uint64,uint64,uint256,bytes32,uint64,bytes32,uint256,uint256)"},
        {L1InfoLayout::Ecotone, "setL1BlockValuesEcotone()"},
        {L1InfoLayout::Isthmus, "setL1BlockValuesIsthmus()"},
        {L1InfoLayout::Jovian, "setL1BlockValuesJovian()"},
    };
    for (const auto& [layout, signature] : rows) {
        const Bytes calldata = encode_l1_info(make_info(), layout);
        EXPECT_EQ(to_hex(ByteView(calldata).first(4)), to_hex(keccak_text(signature).view().first(4))) << signature;
    }
    EXPECT_EQ(keccak_text("ConfigUpdate(uint256,uint8,bytes)"), CONFIG_UPDATE_TOPIC);
    EXPECT_EQ(keccak_text("TransactionDeposited(address,address,uint256,bytes)"), TRANSACTION_DEPOSITED_TOPIC);
}

TEST(L1Info, RoundTripKeepsWhatTheLayoutHolds) {
    L1Info info = make_info();
    EXPECT_EQ(decode_l1_info(encode_l1_info(info, L1InfoLayout::Jovian)).value(), info);
    info.da_footprint_gas_scalar = 0;
    EXPECT_EQ(decode_l1_info(encode_l1_info(info, L1InfoLayout::Isthmus)).value(), info);
    EXPECT_EQ(decode_l1_info(encode_l1_info(info, L1InfoLayout::Jovian))->da_footprint_gas_scalar, 400)
        << "Jovian's default";
    info.operator_fee_scalar = 0;
    info.operator_fee_constant = 0;
    EXPECT_EQ(decode_l1_info(encode_l1_info(info, L1InfoLayout::Ecotone)).value(), info);
    info.blob_base_fee = 0;
    info.overhead = 188;
    EXPECT_EQ(decode_l1_info(encode_l1_info(info, L1InfoLayout::Bedrock)).value(), info);
}

// The L1 attributes of a real OP Sepolia block (26208384).
TEST(L1Info, RealEcotoneCalldata) {
    const Bytes calldata =
        parse_hex(
            "440a5e2000001db0000d273000000000000000020000000067f6ac6400000000007b5f850000000000000000000000000000000000"
            "00000000"
            "0000000000000001cdee2b0000000000000000000000000000000000000000000000000000000000000001b19b54533a9f45f39c6e"
            "c5fda635"
            "510b5ad63683b0c34db63c22a23a714ac8890000000000000000000000008f23bb38f531600e5d8fddaaec41f13fab46e98c")
            .value();
    const L1Info info = decode_l1_info(calldata).value();
    EXPECT_EQ(info.number, 0x7b5f85U);
    EXPECT_EQ(info.sequence_number, 2U);
    EXPECT_EQ(fee_scalars(info.scalar).base_fee_scalar, 0x1db0U);
    EXPECT_EQ(fee_scalars(info.scalar).blob_base_fee_scalar, 0xd2730U);
    EXPECT_EQ(info.batcher, parse_fixed<Address>("8f23bb38f531600e5d8fddaaec41f13fab46e98c"));
    EXPECT_EQ(encode_l1_info(info, L1InfoLayout::Ecotone), calldata);
    // Its deposit's source hash, from the same block.
    EXPECT_EQ(to_hex(l1_info_deposit_source(info.block_hash, info.sequence_number)),
              "0xa106c5d162ee45f8f98a80d2f2d527bde0682a7340b54946aa14ea9fb7837a81");
}

TEST(L1Info, MalformedCalldataIsRefused) {
    EXPECT_EQ(decode_l1_info({}).error(), L1InfoError::MissingSelector);
    EXPECT_EQ(decode_l1_info(Bytes(178, 1)).error(), L1InfoError::UnknownSelector);
    Bytes calldata = encode_l1_info(make_info(), L1InfoLayout::Jovian);
    calldata.push_back(0);
    EXPECT_EQ(decode_l1_info(calldata).error(), L1InfoError::WrongLength);
    calldata = encode_l1_info(make_info(), L1InfoLayout::Bedrock);
    calldata[4] = 1;
    EXPECT_EQ(decode_l1_info(calldata).error(), L1InfoError::OutOfRange);
}

TEST(L1Info, AnActivationBlockUsesTheLayoutBefore) {
    chain::ChainConfig l2 = chain::ChainConfig::op_all_active(901);
    EXPECT_EQ(l1_info_layout(l2, 100, 102), L1InfoLayout::Jovian);
    l2.op->fork_times[static_cast<std::size_t>(chain::OpFork::Jovian)] = 102;
    EXPECT_EQ(l1_info_layout(l2, 100, 102), L1InfoLayout::Isthmus);
    EXPECT_EQ(l1_info_layout(l2, 102, 104), L1InfoLayout::Jovian);
}

}  // namespace
}  // namespace entresol::derive
