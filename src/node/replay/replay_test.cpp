// Blocks that are right give no difference; each thing that is made wrong is named, and nothing else.
#include "node/replay/replay.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/hex.hpp"
#include "core/state/witness.hpp"
#include "core/stf/build_block.hpp"
#include "node/replay/read_files.hpp"
#include "node/replay/report_text.hpp"
#include "testing/shared_data.hpp"

namespace entresol::replay {
namespace {

Hash32 key() {
    Hash32 k;
    k.bytes[31] = 7;
    return k;
}
Address address(std::uint8_t last) {
    Address a;
    a.bytes[0] = 0xaa;
    a.bytes[19] = last;
    return a;
}
const Address COUNTER = address(1), MINER = address(2), RECIPIENT = address(3);
const Address EIP_7002 = parse_fixed<Address>("0x00000961Ef480Eb55e80D19ad83579A64c007002").value();
const Address EIP_7251 = parse_fixed<Address>("0x0000BBdDc7CE488642fb579F8B00f3a590007251").value();

/// A block of a transfer and two calls of a contract that counts and logs, on a chain with every fork.
class ReplayTest : public ::testing::Test {
protected:
    ReplayTest() : config(chain::ChainConfig::all_active(5)), sender(crypto::address_of_key(key()).value()) {
        state.accounts[sender].account.balance = U256{1'000'000'000'000'000'000};
        state.accounts[COUNTER].account.nonce = 1;
        // sstore(0, sload(0) + 1); log0(0, 32)
        state.set_code(COUNTER, parse_hex("0x5f546001015f5560205fa000").value());
        for (const auto& contract : {EIP_7002, EIP_7251}) {
            state.accounts[contract].account.nonce = 1;
            state.set_code(contract, Bytes{0x00});  // STOP: no requests
        }
        parent.state_root = state::compute_state_root(nodes, crypto::EMPTY_TRIE_ROOT, state.as_diff(), nodes).value();
        parent.gas_limit = 30'000'000;
        parent.timestamp = 1'000;
        parent.base_fee_per_gas = U256{1'000};
        parent.blob_gas_used = parent.excess_blob_gas = 0;
        stf::BlockBuilder builder(state, config, parent,
                                  {.timestamp = 1'002,
                                   .coinbase = MINER,
                                   .prev_randao = {},
                                   .gas_limit = 30'000'000,
                                   .parent_beacon_block_root = Hash32{},
                                   .extra_data = {},
                                   .withdrawals = std::vector<chain::Withdrawal>{{0, 1, RECIPIENT, 3}},
                                   .base_fee_override = {}});
        for (std::uint64_t nonce = 0; nonce < 3; ++nonce) {
            chain::Transaction tx;
            tx.type = chain::TxType::DynamicFee;
            tx.chain_id = 5;
            tx.nonce = nonce;
            tx.max_fee_per_gas = tx.max_priority_fee_per_gas = U256{2'000};
            tx.gas_limit = 100'000;
            tx.to = nonce == 0 ? RECIPIENT : COUNTER;
            tx.value = U256{nonce == 0 ? 9U : 0U};
            CHECK(chain::sign_transaction(tx, key()));
            CHECK(builder.add(tx, sender).has_value());
        }
        auto done = builder.seal(nodes, parent.state_root, nodes);
        CHECK(done.has_value());
        sealed = std::move(*done);
    }

    ReplayInput whole() {
        ReplayInput input;
        input.name = "test";
        input.config = config;
        input.parent = parent;
        input.block = sealed.block;
        input.before = make_whole_state(state, parent);
        for (const auto& outcome : sealed.outcome.transactions)
            input.receipts.push_back({outcome.receipt, outcome.gas_used, outcome.effective_gas_price, std::nullopt});
        input.after = state;
        input.after->apply(sealed.outcome.diff);
        return input;
    }

    /// The names of what differs.
    static std::vector<std::string> differences(const BlockReport& report) {
        std::vector<std::string> out;
        const auto collect = [&](const std::string& prefix, const std::vector<Finding>& findings) {
            for (const auto& finding : findings)
                if (finding.verdict == Verdict::Differs) out.push_back(prefix + finding.field);
        };
        collect("", report.header);
        for (std::size_t i = 0; i < report.transactions.size(); ++i)
            collect(std::to_string(i) + ": ", report.transactions[i].findings);
        collect("", report.accounts);
        return out;
    }
    using Names = std::vector<std::string>;

    chain::ChainConfig config;
    Address sender;
    state::MemoryState state;
    state::MemoryNodes nodes;
    chain::Header parent;
    stf::SealedBlock sealed;
};

TEST_F(ReplayTest, ARightBlockHasNoDifference) {
    const auto report = replay_block(whole());
    EXPECT_EQ(differences(report), Names{});
    EXPECT_FALSE(report.differs()) << to_text(report);
    EXPECT_EQ(report.computed_hash, sealed.hash);
    for (const auto& finding : report.header) EXPECT_EQ(finding.verdict, Verdict::Same) << finding.field;
    for (const auto& tx : report.transactions) EXPECT_GT(tx.findings.size(), 6U);
    EXPECT_GT(report.accounts.size(), 10U);
}

TEST_F(ReplayTest, EachWrongHeaderFieldIsNamed) {
    const auto wrong = [this](const char* field, const auto& change) {
        auto input = whole();
        change(input.block.header);
        const auto found = differences(replay_block(input));
        EXPECT_EQ(found, (Names{field, "hash"})) << field;
    };
    wrong("parentHash", [](auto& h) { h.parent_hash.bytes[3] ^= 1; });
    wrong("sha3Uncles", [](auto& h) { h.ommers_hash.bytes[3] ^= 1; });
    wrong("transactionsRoot", [](auto& h) { h.transactions_root.bytes[3] ^= 1; });
    wrong("withdrawalsRoot", [](auto& h) { h.withdrawals_root->bytes[3] ^= 1; });
    wrong("gasUsed", [](auto& h) { ++h.gas_used; });
    wrong("logsBloom", [](auto& h) { h.logs_bloom.bytes[3] ^= 1; });
    wrong("receiptsRoot", [](auto& h) { h.receipts_root.bytes[3] ^= 1; });
    wrong("requestsHash", [](auto& h) { h.requests_hash->bytes[3] ^= 1; });
    wrong("stateRoot", [](auto& h) { h.state_root.bytes[3] ^= 1; });
    wrong("blobGasUsed", [](auto& h) { *h.blob_gas_used += 131'072; });
}

TEST_F(ReplayTest, AWrongFeeIsNamedWithWhatFollowsFromIt) {
    auto input = whole();
    *input.block.header.base_fee_per_gas += U256{1};
    const auto report = replay_block(input);
    const auto found = differences(report);
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found.front(), "baseFeePerGas");
    EXPECT_NE(report.broken_rule, "");
}

TEST_F(ReplayTest, WhatAReceiptHasOtherwiseIsNamed) {
    auto input = whole();
    input.receipts[1].receipt.logs[0].data.push_back(1);
    *input.receipts[2].gas_used += 1;
    input.receipts[0].receipt.succeeded = false;
    const auto report = replay_block(input);
    EXPECT_EQ(differences(report), (Names{"0: status", "1: logs[0].data", "2: gasUsed"}));
    EXPECT_NE(to_text(report).find("transaction 0 is the first that differs"), std::string::npos);
}

TEST_F(ReplayTest, WhatAnAccountHasOtherwiseIsNamed) {
    auto input = whole();
    input.after->accounts[COUNTER].storage[U256{0}] = U256{3};
    input.after->accounts[RECIPIENT].account.balance += U256{1};
    input.after->accounts.erase(MINER);
    const auto report = replay_block(input);
    EXPECT_EQ(differences(report),
              (Names{to_hex(COUNTER) + ".storage[0x0]", to_hex(RECIPIENT) + ".balance", to_hex(MINER)}));
}

TEST_F(ReplayTest, ARefusedTransactionEndsTheBlockAndSaysWhy) {
    auto input = whole();
    input.block.transactions[1].value = U256{1};  // another sender is recovered, who has nothing
    const auto report = replay_block(input);
    EXPECT_TRUE(report.differs());
    EXPECT_TRUE(report.transactions[0].was_executed);
    EXPECT_NE(report.transactions[1].refusal, "");
    EXPECT_FALSE(report.transactions[2].was_executed);
    for (const auto& finding : report.header) {
        if (finding.field == "stateRoot" || finding.field == "gasUsed") {
            EXPECT_EQ(finding.verdict, Verdict::Unchecked);
        }
    }
}

TEST_F(ReplayTest, AWitnessIsEnoughAndAMissingNodeIsNoticed) {
    state::WitnessRecorder recorder(nodes, state);
    {
        state::TrieStateView view(recorder, recorder, parent.state_root, {});
        const auto outcome = stf::apply_block(view, config, parent, sealed.block);
        ASSERT_TRUE(outcome.has_value());
        state::MemoryNodes sink;
        ASSERT_TRUE(state::compute_state_root(recorder, parent.state_root, outcome->diff, sink).has_value());
    }
    std::vector<Bytes> preimages;
    for (const auto& [hash, preimage] : recorder.preimages()) preimages.push_back(preimage);
    auto input = whole();
    input.before = make_witness_state(preimages, parent);
    EXPECT_EQ(differences(replay_block(input)), Names{});
    for (std::size_t left_out = 0; left_out < preimages.size(); ++left_out) {
        auto fewer = preimages;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(left_out));
        try {
            input.before = make_witness_state(fewer, parent);
        } catch (const std::runtime_error&) {
            continue;  // the root itself
        }
        input.after.reset();
        const auto report = replay_block(input);
        const bool is_unchecked = std::ranges::any_of(report.header, [](const auto& finding) {
            return finding.field == "stateRoot" && finding.verdict == Verdict::Unchecked;
        });
        EXPECT_TRUE(is_unchecked) << "preimage " << left_out;
    }
}

TEST_F(ReplayTest, AccountsThatAreNotTheParentsAreRefused) {
    state.accounts[RECIPIENT].account.balance = U256{1};
    EXPECT_THROW((void)make_whole_state(state, parent), std::runtime_error);
}

TEST_F(ReplayTest, ATraceHasTheStepsOfItsTransactionAlone) {
    const auto input = whole();
    std::vector<std::string> lines;
    const TraceRequest request{2, {}, [&](const std::string& line) { lines.push_back(line); }};
    (void)replay_block(input, &request);
    ASSERT_EQ(lines.size(), 10U);
    EXPECT_NE(lines[0].find("PUSH0"), std::string::npos);
    const TraceRequest beyond{3, {}, request.write};
    EXPECT_THROW((void)replay_block(input, &beyond), std::runtime_error);
}

std::vector<BlockReport> reports_of(const std::vector<std::filesystem::path>& files) {
    std::vector<BlockReport> out;
    replay_files(files, std::nullopt, {}, [&](const ReplayInput& input) {
        out.push_back(replay_block(input));
        return out.back();
    });
    return out;
}

TEST(ReplayFiles, SixBlocksOfOpSepoliaGiveTheirHashes) {
    ENTRESOL_SHARED_OR_SKIP(folder, "op-sepolia");
    std::size_t blocks = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const auto reports = reports_of({entry.path()});
        ASSERT_EQ(reports.size(), 1U);
        EXPECT_FALSE(reports[0].differs()) << to_text(reports[0]);
        EXPECT_EQ(reports[0].given_hash, reports[0].computed_hash);
        ++blocks;
    }
    EXPECT_EQ(blocks, 6U);
}

TEST(ReplayFiles, AMainnetBlockFromItsTraces) {
    ENTRESOL_SHARED_OR_SKIP(folder, "mainnet-block");
    const auto reports = reports_of({folder / "22244135-receipts.json", folder / "22244135-block.json",
                                     folder / "22244135-difftrace.json", folder / "22244135-prestatetrace.json"});
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_FALSE(reports[0].differs()) << to_text(reports[0]);
    EXPECT_EQ(reports[0].transactions.size(), 125U);
    std::size_t compared = 0;
    for (const auto& tx : reports[0].transactions) compared += tx.findings.size();
    EXPECT_GT(compared, 2'000U);
}

}  // namespace
}  // namespace entresol::replay
