#include "core/derive/deposit.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"

namespace entresol::derive {
namespace {

const Address PORTAL = parse_fixed<Address>("16fc5058f25648194471939df75cf27a2fdc48bc").value();
const Hash32 L1_HASH = parse_fixed<Hash32>("b19b54533a9f45f39c6ec5fda635510b5ad63683b0c34db63c22a23a714ac889").value();

Hash32 address_word(std::uint8_t fill) {
    Hash32 word;
    std::fill(word.bytes.begin() + 12, word.bytes.end(), fill);
    return word;
}

/// event TransactionDeposited(address indexed from, address indexed to, uint256 indexed version, bytes opaqueData)
chain::Log make_log(const U256& mint, const U256& value, std::uint64_t gas, bool creates, std::size_t data_size) {
    Bytes opaque(73 + data_size, 0xdd);
    store_be256(opaque.data(), mint);
    store_be256(opaque.data() + 32, value);
    store_be64(opaque.data() + 64, gas);
    opaque[72] = creates ? 1 : 0;
    chain::Log log{PORTAL, {TRANSACTION_DEPOSITED_TOPIC, address_word(0xaa), address_word(0xbb), Hash32{}}, Bytes(64)};
    log.data[31] = 32;
    store_be64(log.data.data() + 56, opaque.size());
    append(log.data, opaque);
    log.data.resize((log.data.size() + 31) / 32 * 32);
    return log;
}

TEST(Deposit, FieldsOfTheEvent) {
    const chain::Transaction tx = decode_deposit(make_log(5, 7, 100'000, false, 40), L1_HASH, 3).value();
    EXPECT_EQ(tx.type, chain::TxType::Deposit);
    EXPECT_EQ(tx.from, to_address(address_word(0xaa)));
    EXPECT_EQ(tx.to, to_address(address_word(0xbb)));
    EXPECT_EQ(tx.mint, U256(5));
    EXPECT_EQ(tx.value, U256(7));
    EXPECT_EQ(tx.gas_limit, 100'000U);
    EXPECT_EQ(tx.data, Bytes(40, 0xdd));
    EXPECT_FALSE(tx.is_system);
    EXPECT_EQ(tx.source_hash, user_deposit_source(L1_HASH, 3));
    EXPECT_FALSE(decode_deposit(make_log(0, 0, 1, true, 0), L1_HASH, 0)->to) << "contract creation";
}

TEST(Deposit, SourceHashesOfTheSpecification) {
    EXPECT_EQ(to_hex(upgrade_deposit_source("Ecotone: L1 Block Deployment")),
              "0x877a6077205782ea15a6dc8699fa5ebcec5e0f4389f09cb8eda09488231346f8");
    EXPECT_EQ(to_hex(upgrade_deposit_source("Isthmus: EIP-2935 Contract Deployment")),
              "0xbfb734dae514c5974ddf803e54c1bc43d5cdb4a48ae27e1d9b875a5a150b553a");
    EXPECT_NE(user_deposit_source(L1_HASH, 1), l1_info_deposit_source(L1_HASH, 1))
        << "domains keep equal numbers apart";
}

TEST(Deposit, IndexCountsAllLogsOfTheBlock) {
    chain::Receipt first, second;
    first.succeeded = second.succeeded = true;
    chain::Log other = make_log(1, 1, 1, false, 1);
    other.address.bytes[0] ^= 1;
    first.logs = {other, make_log(1, 1, 1, false, 1)};
    second.logs = {make_log(2, 2, 2, true, 0)};
    const auto deposits = derive_user_deposits(std::vector{first, second}, L1_HASH, PORTAL).value();
    ASSERT_EQ(deposits.size(), 2U);
    EXPECT_EQ(deposits[0].source_hash, user_deposit_source(L1_HASH, 1));
    EXPECT_EQ(deposits[1].source_hash, user_deposit_source(L1_HASH, 2));
}

TEST(Deposit, FailedReceiptsDepositNothing) {
    chain::Receipt failed;
    failed.logs = {make_log(1, 1, 1, false, 1)};
    EXPECT_TRUE(derive_user_deposits(std::vector{failed}, L1_HASH, PORTAL)->empty());
}

TEST(Deposit, MalformedEventsAreErrors) {
    const auto error = [](auto change) {
        chain::Log log = make_log(1, 2, 3, false, 10);
        change(log);
        const auto result = decode_deposit(log, L1_HASH, 0);
        return result ? DepositError{255} : result.error();
    };
    EXPECT_EQ(error([](auto& log) { log.topics.pop_back(); }), DepositError::Topics);
    EXPECT_EQ(error([](auto& log) { log.topics[1].bytes[0] = 1; }), DepositError::AddressPadding);
    EXPECT_EQ(error([](auto& log) { log.topics[3].bytes[31] = 1; }), DepositError::Version);
    EXPECT_EQ(error([](auto& log) { log.data[31] = 64; }), DepositError::Layout);
    EXPECT_EQ(error([](auto& log) { log.data[40] = 1; }), DepositError::Layout) << "length above 64 bits";
    EXPECT_EQ(error([](auto& log) { log.data.pop_back(); }), DepositError::Layout);
    EXPECT_EQ(error([](auto& log) { log.data.back() = 1; }), DepositError::Layout) << "padding";
    EXPECT_EQ(error([](auto& log) {
                  log.data.resize(128);
                  store_be64(log.data.data() + 56, 64);
              }),
              DepositError::OpaqueDataTooShort);
}

}  // namespace
}  // namespace entresol::derive
