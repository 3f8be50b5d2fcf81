#include "core/derive/chains_testing.hpp"

#include <algorithm>

#include "core/chain/genesis.hpp"
#include "core/crypto/keccak.hpp"
#include "core/derive/deposit.hpp"
#include "core/stf/base_fee.hpp"

namespace entresol::derive::testing {
namespace {

constexpr std::uint64_t L1_CHAIN_ID = 900, L2_CHAIN_ID = 901;
constexpr std::uint64_t L2_GAS_LIMIT = 30'000'000;

Address address_filled(std::uint8_t byte) {
    Address address;
    address.bytes.fill(byte);
    return address;
}

}  // namespace

Hash32 key_of(std::uint8_t seed) {
    Hash32 key;
    key.bytes.fill(seed);
    return key;
}

MemoryL1::MemoryL1(std::uint64_t genesis_timestamp) {
    auto block = std::make_unique<Block>();
    block->header.timestamp = genesis_timestamp;
    block->header.base_fee_per_gas = U256(1'000'000'000);
    block->header.withdrawals_root = crypto::EMPTY_TRIE_ROOT;
    block->header.blob_gas_used = 0;
    block->header.excess_blob_gas = 0;
    block->header.parent_beacon_block_root = Hash32{};
    block->header.requests_hash = Hash32{};
    block->hash = chain::header_hash(block->header);
    chain_.push_back(block.get());
    all_[block->hash] = std::move(block);
}

const MemoryL1::Block& MemoryL1::mine(std::uint64_t seconds) {
    const Block& parent = head();
    auto block = std::make_unique<Block>();
    block->header = parent.header;
    block->header.parent_hash = parent.hash;
    ++block->header.number;
    block->header.timestamp += seconds;
    block->header.extra_data = {fork_salt_};
    block->header.prev_randao = crypto::keccak256(parent.hash.view());
    block->header.parent_beacon_block_root = crypto::keccak256(block->header.prev_randao.view());
    block->header.excess_blob_gas = block->header.number * 100'000;
    block->transactions = std::move(pending);
    block->receipts.resize(std::max<std::size_t>(1, block->transactions.size()));
    for (auto& receipt : block->receipts) receipt.succeeded = true;
    block->receipts.back().logs = std::move(pending_logs);
    pending.clear();
    pending_logs.clear();
    block->header.transactions_root = chain::compute_transactions_root(block->transactions);
    block->header.receipts_root = chain::compute_receipts_root(block->receipts);
    block->hash = chain::header_hash(block->header);
    chain_.push_back(block.get());
    all_[block->hash] = std::move(block);
    return head();
}

void MemoryL1::reorganise(std::uint64_t number) {
    chain_.resize(number + 1);
    ++fork_salt_;
}

void MemoryL1::switch_to(const Hash32& head) {
    std::vector<const Block*> branch;
    const Block* block = all_.at(head).get();
    while (block->header.number >= chain_.size() || chain_[block->header.number] != block) {
        branch.push_back(block);
        block = all_.at(block->header.parent_hash).get();
    }
    chain_.resize(block->header.number + 1);
    chain_.insert(chain_.end(), branch.rbegin(), branch.rend());
}

Hash32 MemoryL1::add_blob(Bytes blob) {
    Hash32 hash = crypto::keccak256(blob);
    hash.bytes[0] = 1;
    blobs_[hash] = std::move(blob);
    return hash;
}

Fetched<chain::Header> MemoryL1::header_by_number(std::uint64_t number) {
    if (fails_now()) return fail(FetchError::Temporary);
    if (number >= chain_.size()) return fail(FetchError::NotFound);
    return chain_[number]->header;
}
Fetched<chain::Header> MemoryL1::header_by_hash(const Hash32& hash) {
    if (fails_now()) return fail(FetchError::Temporary);
    const auto found = all_.find(hash);
    if (found == all_.end()) return fail(FetchError::NotFound);
    return found->second->header;
}
Fetched<std::vector<chain::Receipt>> MemoryL1::receipts(const Hash32& hash) {
    if (fails_now()) return fail(FetchError::Temporary);
    const auto found = all_.find(hash);
    if (found == all_.end()) return fail(FetchError::NotFound);
    return found->second->receipts;
}
Fetched<std::vector<chain::Transaction>> MemoryL1::transactions(const Hash32& hash) {
    if (fails_now()) return fail(FetchError::Temporary);
    const auto found = all_.find(hash);
    if (found == all_.end()) return fail(FetchError::NotFound);
    return found->second->transactions;
}
Fetched<std::vector<Bytes>> MemoryL1::blobs(const L1BlockRef& block, std::span<const BlobId> ids) {
    if (fails_now()) return fail(FetchError::Temporary);
    std::vector<Hash32> of_block;
    for (const chain::Transaction& tx : all_.at(block.hash)->transactions)
        of_block.insert(of_block.end(), tx.blob_hashes.begin(), tx.blob_hashes.end());
    std::vector<Bytes> out;
    for (const BlobId& id : ids) {
        CHECK(of_block.at(id.index) == id.versioned_hash);
        const auto found = blobs_.find(id.versioned_hash);
        if (found == blobs_.end()) return fail(FetchError::NotFound);
        out.push_back(found->second);
    }
    return out;
}

Rollup::Rollup(MemoryL1& l1) : batcher_key(key_of(0xb1)), user_key(key_of(0x5e)) {
    config.l1 = chain::ChainConfig::all_active(L1_CHAIN_ID);
    config.l2 = chain::ChainConfig::op_all_active(L2_CHAIN_ID);
    config.l1_genesis = {l1.head().hash, 0};
    config.l2_genesis_timestamp = l1.head().header.timestamp;
    config.seq_window_size = 20;
    config.channel_timeout = 5;
    config.batch_inbox = address_filled(0xff);
    config.deposit_contract = address_filled(0xde);
    config.system_config_contract = address_filled(0x5c);
    config.genesis_system_config.batcher = crypto::address_of_key(batcher_key).value();
    config.genesis_system_config.scalar = make_scalar({1368, 810'949});
    config.genesis_system_config.gas_limit = L2_GAS_LIMIT;

    genesis_state.accounts[crypto::address_of_key(user_key).value()].account.balance = U256(1) << 90;
    chain::Genesis genesis;
    genesis.timestamp = config.l2_genesis_timestamp;
    genesis.gas_limit = L2_GAS_LIMIT;
    genesis.extra_data = stf::encode_extra_data({250, 6, 0}, config.l2.rules_at(0, genesis.timestamp));
    genesis_header = chain::make_genesis_header(genesis, config.l2, genesis_state.compute_root());
    config.l2_genesis = {chain::header_hash(genesis_header), 0};
}

MemoryL2::MemoryL2(const Rollup& rollup) : rollup_(rollup) {
    const auto root =
        state::compute_state_root(nodes_, crypto::EMPTY_TRIE_ROOT, rollup.genesis_state.as_diff(), nodes_);
    CHECK(root.value() == rollup.genesis_header.state_root);
    chain::Block genesis;
    genesis.header = rollup.genesis_header;
    refs_.push_back(make_l2_block_ref(rollup.config, genesis).value());
    blocks_.push_back(std::move(genesis));
    sources_.push_back(std::nullopt);
}

Fetched<chain::Block> MemoryL2::block_by_number(std::uint64_t number) {
    if (fail_one_in != 0 && random_() % fail_one_in == 0) return fail(FetchError::Temporary);
    if (number >= blocks_.size()) return fail(FetchError::NotFound);
    return blocks_[number];
}
std::optional<BlockId> MemoryL2::derived_from(std::uint64_t number) {
    return keeps_sources ? sources_.at(number) : std::nullopt;
}

bool MemoryL2::append(const PayloadAttributes& attributes, Pipeline* pipeline) {
    const chain::Header& parent = blocks_.back().header;
    const auto hashes = [this](std::uint64_t number) -> std::optional<Hash32> {
        if (number >= refs_.size()) return std::nullopt;
        return refs_[number].hash;
    };
    state::TrieStateView view(nodes_, codes_, parent.state_root, hashes);
    const ParentState parent_state{parent, view, nodes_, nodes_};
    auto derived = pipeline == nullptr ? execute_attributes(rollup_.config, attributes, parent_state)
                                       : derive_block(rollup_.config, *pipeline, attributes, parent_state);
    CHECK(derived.has_value());
    for (const auto& [hash, code] : derived->sealed.outcome.diff.codes) codes_.codes[hash] = code;
    refs_.push_back(make_l2_block_ref(rollup_.config, derived->sealed.block).value());
    CHECK(matches(rollup_.config, derived->attributes, derived->sealed.block));
    blocks_.push_back(std::move(derived->sealed.block));
    sources_.push_back(attributes.derived_from.id());
    return derived->batch_was_invalid;
}

void MemoryL2::rewind(std::uint64_t number) {
    blocks_.resize(number + 1);
    refs_.resize(number + 1);
    sources_.resize(number + 1);
}

PayloadAttributes Sequencer::prepare(std::uint64_t jump) {
    const L2BlockRef parent = l2.head();
    const std::uint64_t timestamp = parent.timestamp + rollup_.config.block_time + jump;
    BlockId epoch = parent.l1_origin;
    if (const auto next = l1_.header_by_number(epoch.number + 1); next && next->timestamp <= timestamp)
        epoch = {chain::header_hash(*next), next->number};
    const chain::Block parent_block = l2.block_by_number(parent.number).value();
    const SystemConfig system = read_system_config(rollup_.config, parent_block).value();
    return prepare_attributes(rollup_.config, l1_, parent, system, epoch, timestamp).value();
}

chain::Transaction Sequencer::transfer() {
    chain::Transaction tx;
    tx.type = chain::TxType::DynamicFee;
    tx.chain_id = rollup_.config.l2.chain_id;
    tx.nonce = nonce_++;
    tx.max_fee_per_gas = U256(10'000'000'000);
    tx.gas_limit = 21'000;
    tx.to = address_filled(0x70);
    tx.value = U256(tx.nonce + 1);
    CHECK(chain::sign_transaction(tx, rollup_.user_key));
    return tx;
}

void Sequencer::sequence(std::size_t transfers, std::uint64_t jump) {
    PayloadAttributes attributes = prepare(jump);
    for (std::size_t i = 0; i < transfers; ++i) attributes.transactions.push_back(chain::encode(transfer()));
    CHECK(!l2.append(attributes));
}

void Sequencer::sequence_with(Bytes transaction) {
    PayloadAttributes attributes = prepare(0);
    attributes.transactions.push_back(transaction);
    (void)l2.append(attributes);
    posted_[l2.head().number] = {std::move(transaction)};
}

std::vector<BatchBlock> Sequencer::batches(std::uint64_t first, std::uint64_t last) const {
    std::vector<BatchBlock> out;
    for (std::uint64_t number = first; number <= last; ++number) {
        out.push_back(make_batch_block(l2.block(number)).value());
        if (const auto posted = posted_.find(number); posted != posted_.end()) out.back().transactions = posted->second;
    }
    return out;
}

chain::Transaction make_calldata_transaction(const Rollup& rollup, Bytes calldata, const Hash32& key) {
    chain::Transaction tx;
    tx.type = chain::TxType::DynamicFee;
    tx.chain_id = L1_CHAIN_ID;
    tx.to = rollup.config.batch_inbox;
    tx.data = std::move(calldata);
    CHECK(chain::sign_transaction(tx, key));
    return tx;
}

chain::Transaction make_blob_transaction(const Rollup& rollup, MemoryL1& l1, std::span<const Bytes> blobs) {
    chain::Transaction tx;
    tx.type = chain::TxType::Blob;
    tx.chain_id = L1_CHAIN_ID;
    tx.to = rollup.config.batch_inbox;
    tx.data = {0, 1, 2};  // ignored
    for (const Bytes& blob : blobs) tx.blob_hashes.push_back(l1.add_blob(blob));
    CHECK(chain::sign_transaction(tx, rollup.batcher_key));
    return tx;
}

chain::Log make_deposit_log(const Rollup& rollup, std::uint64_t value) {
    Bytes opaque(73);
    store_be256(opaque.data(), U256(value));
    store_be256(opaque.data() + 32, U256(value));
    store_be64(opaque.data() + 64, 100'000);
    chain::Log log{
        rollup.config.deposit_contract, {TRANSACTION_DEPOSITED_TOPIC, Hash32{}, Hash32{}, Hash32{}}, Bytes(64)};
    log.topics[1].bytes[31] = 0xaa;
    log.topics[2].bytes[31] = 0xbb;
    log.data[31] = 32;
    store_be64(log.data.data() + 56, opaque.size());
    append(log.data, opaque);
    log.data.resize(64 + 96);
    return log;
}

chain::Log make_config_log(const Rollup& rollup, std::uint64_t type, const U256& value) {
    chain::Log log{
        rollup.config.system_config_contract, {CONFIG_UPDATE_TOPIC, Hash32{}, to_hash32(U256(type))}, Bytes(96)};
    log.data[31] = log.data[63] = 32;
    store_be256(log.data.data() + 64, value);
    return log;
}

EncodedChannel make_channel(const Rollup& rollup, std::span<const BatchBlock> blocks, std::uint8_t id,
                            ChannelOptions options) {
    ChannelId channel_id;
    channel_id.bytes.fill(id);
    return encode_channel(blocks, rollup.config.batch_context(), channel_id, options).value();
}

void post_frames(const Rollup& rollup, MemoryL1& l1, std::span<const Frame> frames) {
    l1.pending.push_back(make_calldata_transaction(rollup, encode_frames(frames), rollup.batcher_key));
}
void post(const Rollup& rollup, MemoryL1& l1, const EncodedChannel& channel) {
    post_frames(rollup, l1, channel.frames);
}

Replica::Replica(const Rollup& rollup, MemoryL1& l1)
    : l2(rollup), rollup_(rollup), l1_(l1), pipeline_(rollup.config, l1, l1, l2) {
    restart(0);
    --resets;  // the first start is none
}

void Replica::restart(std::uint64_t safe_number) {
    while (true) {
        const auto start = find_sync_start(rollup_.config, l1_, l2, safe_number, 0);
        if (!start && start.error() == Stall::Temporary) continue;
        l2.rewind(start.value().safe_head.number);
        pipeline_.reset(*start);
        ++resets;
        return;
    }
}

Stall Replica::run(std::size_t max_blocks) {
    while (max_blocks > 0) {
        const auto attributes = pipeline_.next(l2.head(), 3);
        if (attributes) {
            if (l2.append(*attributes, &pipeline_)) invalid_batches.push_back(l2.head().number);
            --max_blocks;
            continue;
        }
        switch (attributes.error()) {
            case Stall::Again: break;
            case Stall::Temporary: ++waits; break;
            case Stall::Reset: restart(l2.head().number); break;
            case Stall::Exhausted:
            case Stall::NeedsL1:
            case Stall::Broken: return attributes.error();
        }
    }
    return Stall::Again;
}

}  // namespace entresol::derive::testing
