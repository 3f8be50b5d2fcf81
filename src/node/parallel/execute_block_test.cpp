// Whatever the threads do, a block's result is the serial one: random blocks full of conflicts, bit by bit. ENTRESOL_PARALLEL_BLOCKS=N for more of them.
#include "node/parallel/execute_block.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "core/base/hex.hpp"
#include "core/state/trie_state.hpp"
#include "core/stf/build_block.hpp"
#include "core/stf/state_root.hpp"
#include "node/parallel/memory_reader.hpp"
#include "node/parallel/random_block_testing.hpp"

namespace entresol::parallel {
namespace {

using namespace testing;  // NOLINT
using chain::ChainConfig;
using chain::Fork;
using chain::OpFork;

using Done = Result<stf::BlockOutcome, stf::BlockFailure>;

/// The block from its first system call to its last, without what its header says of the result.
Done execute(const RandomBlock& b, state::StateView& view, const stf::RunTransactions& run) {
    state::Journal journal(view);
    const auto context = stf::make_block_context(b.block.header, b.rules);
    evm::Vm vm(journal, context);
    stf::begin_block(journal, vm, b.block.header, b.rules);
    stf::BlockProgress progress;
    stf::BlockOutcome outcome;
    std::vector<Address> senders;
    TRY(outcome.transactions, run(journal, vm, context, progress, b.block.transactions, senders));
    EXPECT_EQ(senders, b.senders);
    TRY(outcome.requests, stf::end_block(journal, vm, b.block, b.rules, b.config, outcome.transactions));
    outcome.diff = journal.take_diff();
    stf::summarize(outcome, progress);
    return outcome;
}

Done execute_serially(const RandomBlock& b) {
    MemoryReader view(b.state);
    return execute(b, view,
                   [&](auto& journal, auto& vm, const auto& context, auto& progress, auto transactions,
                       auto& senders) -> Result<std::vector<stf::TxOutcome>, stf::BlockFailure> {
                       std::vector<stf::TxOutcome> outcomes;
                       for (std::size_t i = 0; i < transactions.size(); ++i) {
                           auto outcome =
                               stf::apply_transaction(journal, vm, context, progress, transactions[i], b.senders[i]);
                           if (!outcome) return stf::transaction_failure(outcome.error(), i);
                           outcomes.push_back(std::move(*outcome));
                       }
                       senders = b.senders;
                       return outcomes;
                   });
}

Done execute_in_parallel(Executor& executor, const RandomBlock& b) {
    MemoryReader view(b.state);
    const auto open = [&] { return std::make_unique<MemoryReader>(b.state); };
    auto run = executor.begin(view, open, b.senders);
    return execute(b, run.view(), run.runner());
}

std::string describe(const state::StateDiff& diff) {
    std::string text;
    for (const auto& [address, part] : diff.accounts) {
        text += to_hex(address);
        if (part.account)
            text += " nonce " + std::to_string(part.account->nonce) + " balance " + to_decimal(part.account->balance) +
                    " code " + to_hex(part.account->code_hash);
        if (part.storage_cleared) text += " cleared";
        for (const auto& [key, value] : part.storage) text += " " + to_decimal(key) + "=" + to_decimal(value);
        text += "\n";
    }
    for (const auto& [hash, code] : diff.codes) text += to_hex(hash) + " " + to_hex(code->view()) + "\n";
    return text;
}

void expect_same(const stf::TxOutcome& a, const stf::TxOutcome& b) {
    EXPECT_EQ(chain::encode(a.receipt), chain::encode(b.receipt));
    EXPECT_EQ(a.receipt.cumulative_gas_used, b.receipt.cumulative_gas_used);
    EXPECT_EQ(a.receipt.logs, b.receipt.logs);
    EXPECT_EQ(a.gas_used, b.gas_used);
    EXPECT_EQ(a.gas_refunded, b.gas_refunded);
    EXPECT_EQ(a.blob_gas_used, b.blob_gas_used);
    EXPECT_EQ(a.effective_gas_price, b.effective_gas_price);
    EXPECT_EQ(a.created, b.created);
    EXPECT_EQ(a.status, b.status);
    EXPECT_EQ(a.fault.opcode, b.fault.opcode);
    EXPECT_EQ(a.output, b.output);
    EXPECT_EQ(a.l1_fee, b.l1_fee);
    EXPECT_EQ(a.operator_fee, b.operator_fee);
    EXPECT_EQ(a.l1_gas_used, b.l1_gas_used);
    EXPECT_EQ(a.da_footprint, b.da_footprint);
}

void expect_same(const Done& expected, const Done& found) {
    ASSERT_EQ(expected.has_value(), found.has_value())
        << (expected ? "" : expected.error().detail) << (found ? "" : found.error().detail);
    if (!expected) {
        EXPECT_EQ(expected.error().error, found.error().error);
        EXPECT_EQ(expected.error().tx_error, found.error().tx_error);
        EXPECT_EQ(expected.error().tx_index, found.error().tx_index);
        EXPECT_EQ(expected.error().detail, found.error().detail);
        return;
    }
    ASSERT_EQ(expected->transactions.size(), found->transactions.size());
    for (std::size_t i = 0; i < expected->transactions.size(); ++i) {
        SCOPED_TRACE("transaction " + std::to_string(i));
        expect_same(expected->transactions[i], found->transactions[i]);
    }
    EXPECT_EQ(describe(expected->diff), describe(found->diff));
    EXPECT_EQ(expected->requests, found->requests);
    EXPECT_EQ(expected->gas_used, found->gas_used);
    EXPECT_EQ(expected->blob_gas_used, found->blob_gas_used);
    EXPECT_EQ(expected->logs_bloom, found->logs_bloom);
}

std::vector<ChainConfig> configs() {
    return {ChainConfig::all_active(1, Fork::Byzantium),     ChainConfig::all_active(1, Fork::Berlin),
            ChainConfig::all_active(1, Fork::Shanghai),      ChainConfig::all_active(1, Fork::Cancun),
            ChainConfig::all_active(1, Fork::Osaka),         ChainConfig::op_all_active(10, OpFork::Ecotone),
            ChainConfig::op_all_active(10, OpFork::Isthmus), ChainConfig::op_all_active(10, OpFork::Jovian)};
}

std::uint64_t wanted_blocks() {
    const char* const more = std::getenv("ENTRESOL_PARALLEL_BLOCKS");  // NOLINT(concurrency-mt-unsafe)
    return more == nullptr ? 2'000 : std::strtoull(more, nullptr, 10);
}

TEST(ExecuteBlock, EqualsSerial) {
    struct Row {
        unsigned threads;
        std::size_t chunk;
    };
    constexpr Row ROWS[] = {{1, 3}, {2, 1}, {2, 4}, {3, 2}, {4, 1}, {4, 5}, {2, 0}, {4, 0}};
    std::vector<std::unique_ptr<Executor>> executors;
    for (const auto& row : ROWS)
        executors.push_back(std::make_unique<Executor>(Options{row.threads, row.chunk, false}));
    const auto all = configs();
    std::size_t transactions = 0, refused = 0;
    for (std::uint64_t seed = 0; seed < wanted_blocks(); ++seed) {
        const auto block = make_random_block(seed, {all[seed % all.size()], 4 + seed % 29, seed % 7 == 0});
        const auto expected = execute_serially(block);
        transactions += block.block.transactions.size();
        refused += expected ? 0 : 1;
        for (std::size_t i = 0; i < executors.size(); ++i) {
            SCOPED_TRACE("seed " + std::to_string(seed) + ", " + std::to_string(ROWS[i].threads) +
                         " threads, chunks of " + std::to_string(ROWS[i].chunk));
            expect_same(expected, execute_in_parallel(*executors[i], block));
            ASSERT_FALSE(::testing::Test::HasFailure());
        }
    }
    EXPECT_GT(transactions, 8 * wanted_blocks());
    EXPECT_GT(refused, wanted_blocks() / 20);
    std::uint64_t committed = 0, aborted = 0;
    for (const auto& executor : executors) {
        committed += executor->statistics().committed;
        aborted += executor->statistics().aborted;
    }
    EXPECT_GT(committed, wanted_blocks() / 2) << "the guesses must be exercised";
    EXPECT_GT(aborted, wanted_blocks() / 2) << "and so must their failure";
}

/// A block of signed transfers from key to key, each the next in its sender's order.
RandomBlock make_signed_block(std::size_t transactions) {
    RandomBlock b;
    b.config = ChainConfig::all_active(1, Fork::Cancun);
    b.rules = b.config.rules_at(1, 1'000);
    for (std::size_t i = 0; i < transactions; ++i) {
        Hash32 key;
        key.bytes[31] = static_cast<std::uint8_t>(1 + i % 7);
        chain::Transaction tx;
        tx.chain_id = 1;
        tx.nonce = i / 7;
        tx.gas_limit = 21'000;
        tx.to = Address{};
        tx.to->bytes[0] = static_cast<std::uint8_t>(i);
        tx.value = 1;
        tx.max_fee_per_gas = tx.max_priority_fee_per_gas = 2'000;
        CHECK(chain::sign_transaction(tx, key));
        b.senders.push_back(crypto::address_of_key(key).value());
        b.state.accounts[b.senders.back()].account.balance = U256{1'000'000'000'000};
        b.block.transactions.push_back(tx);
    }
    return b;
}

struct Sealed {
    chain::Header parent;
    chain::Block block;
};

Sealed seal(const RandomBlock& b) {
    Sealed sealed;
    sealed.parent.gas_limit = 30'000'000;
    sealed.parent.timestamp = 998;
    sealed.parent.base_fee_per_gas = 1'000;
    sealed.parent.blob_gas_used = sealed.parent.excess_blob_gas = 0;
    state::MemoryNodes nodes;
    sealed.parent.state_root =
        state::compute_state_root(nodes, crypto::EMPTY_TRIE_ROOT, b.state.as_diff(), nodes).value();
    MemoryReader view(b.state);
    stf::BlockBuilder builder(view, b.config, sealed.parent, {.timestamp = 1'000, .gas_limit = 30'000'000});
    EXPECT_TRUE(builder.add_all(b.block.transactions));
    sealed.block = builder.seal(nodes, sealed.parent.state_root, nodes).value().block;
    return sealed;
}

TEST(ExecuteBlock, RecoversSendersAndComparesWithTheHeader) {
    const auto b = make_signed_block(100);
    const Sealed sealed = seal(b);
    MemoryReader view(b.state);
    const auto open = [&] { return std::make_unique<MemoryReader>(b.state); };
    for (const unsigned threads : {1U, 2U, 3U}) {
        Executor executor({threads, 0, true});
        std::vector<Address> senders;
        expect_same(stf::apply_block(view, b.config, sealed.parent, sealed.block),
                    executor.apply_block(view, open, b.config, sealed.parent, sealed.block, senders));
        EXPECT_EQ(senders, b.senders);
    }
}

TEST(ExecuteBlock, TellsTheFirstThatIsWrong) {
    const auto b = make_signed_block(100);
    Sealed sealed = seal(b);
    sealed.block.transactions[41].signature.r = U256{};  // names nobody
    const auto open = [&] { return std::make_unique<MemoryReader>(b.state); };
    for (const std::size_t too_high : {99U, 7U}) {  // behind it and before it
        sealed.block.transactions[too_high].nonce += 1;
        CHECK(chain::sign_transaction(sealed.block.transactions[too_high], [&] {
            Hash32 key;
            key.bytes[31] = static_cast<std::uint8_t>(1 + too_high % 7);
            return key;
        }()));
        sealed.block.header.transactions_root = chain::compute_transactions_root(sealed.block.transactions);
        MemoryReader view(b.state);
        const auto expected = stf::apply_block(view, b.config, sealed.parent, sealed.block);
        ASSERT_FALSE(expected);
        EXPECT_EQ(expected.error().tx_index, std::min<std::size_t>(too_high, 41));
        for (const unsigned threads : {1U, 2U, 3U}) {
            Executor executor({threads, 0, true});
            std::vector<Address> senders;
            expect_same(expected, executor.apply_block(view, open, b.config, sealed.parent, sealed.block, senders));
        }
    }
}

TEST(ExecuteBlock, StopsGuessingWhereGuessesFail) {
    RandomBlock b = make_signed_block(400);
    Bytes one_more = {0x60, 0x01, 0x60, 0x00, 0x54, 0x01, 0x60, 0x00, 0x55};  // one slot for all
    b.state.set_code(Address{}, one_more);
    for (auto& tx : b.block.transactions) tx.to = Address{}, tx.gas_limit = 60'000;
    b.block.header.number = 1;
    b.block.header.timestamp = 1'000;
    b.block.header.gas_limit = 30'000'000;
    b.block.header.base_fee_per_gas = 7;
    b.block.withdrawals.emplace();
    Executor executor({2, 4, true});
    for (int i = 0; i < 20; ++i) expect_same(execute_serially(b), execute_in_parallel(executor, b));
    const auto& s = executor.statistics();
    EXPECT_EQ(s.chunks, 2'000U);
    EXPECT_LT(s.aborted, s.chunks / 20);
}

}  // namespace
}  // namespace entresol::parallel
