#include "node/ledger/chain_archive.hpp"

#include <unordered_map>
#include <unordered_set>

#include "core/base/hex.hpp"
#include "core/state/trie_state.hpp"
#include "core/trie/walk.hpp"
#include "node/io/hash_seed.hpp"
#include "node/ledger/ledger.hpp"
#include "node/ledger/stored_outcomes.hpp"
#include "node/store/block_store.hpp"

namespace entresol::ledger {
namespace {

using HashSet = std::unordered_set<Hash32, io::TableHash>;
using HashMap = std::unordered_map<Hash32, ByteView, io::TableHash>;

constexpr std::size_t NODES_PER_WRITE = 10'000;

// Storage tries of all accounts. Two sets of known nodes, here and in StateWalk: what is complete as storage need not be as accounts.
class StorageVisitor final : public trie::TrieVisitor {
public:
    explicit StorageVisitor(std::vector<Bytes>* kept) : kept_(kept) {}
    bool enter(const Hash32& hash) override { return known_.insert(hash).second; }
    void node(const Hash32&, ByteView rlp) override {
        if (kept_ != nullptr) kept_->push_back(to_bytes(rlp));
    }
    bool value(ByteView) override { return true; }

private:
    HashSet known_;
    std::vector<Bytes>* kept_;
};

// The states of a chain, one root after another; what they share is read once.
class StateWalk final : public trie::TrieVisitor {
public:
    /// `kept`: where nodes and codes go, or null.
    StateWalk(trie::NodeSource& nodes, state::CodeSource& codes, ChainArchive* kept)
        : nodes_(nodes), codes_(codes), kept_(kept), storage_(kept != nullptr ? &kept->nodes : nullptr) {}

    [[nodiscard]] Result<void, std::string> add(const Hash32& root) {
        roots_to_do_.clear();
        const auto accounts = trie::walk(nodes_, root, *this);
        if (!accounts) return fail("the state " + to_hex(root) + ": " + trie::to_string(accounts.error()));
        for (const auto& storage_root : roots_to_do_) {
            const auto storage = trie::walk(nodes_, storage_root, storage_);
            if (!storage) return fail("the storage " + to_hex(storage_root) + ": " + trie::to_string(storage.error()));
        }
        if (missing_code_) return fail("the code " + to_hex(*missing_code_) + " is missing");
        return {};
    }

    bool enter(const Hash32& hash) override { return known_.insert(hash).second; }
    void node(const Hash32&, ByteView rlp) override {
        if (kept_ != nullptr) kept_->nodes.push_back(to_bytes(rlp));
    }
    bool value(ByteView bytes) override {
        const auto account = state::decode_trie_account(bytes);
        if (!account) return false;
        roots_to_do_.push_back(account->storage_root);
        add_code(account->account.code_hash);
        return true;
    }

private:
    void add_code(const Hash32& hash) {
        if (hash == crypto::EMPTY_CODE_HASH || !known_codes_.insert(hash).second) return;
        const auto code = codes_.find_code(hash);
        if (code == nullptr)
            missing_code_ = hash;
        else if (kept_ != nullptr)
            kept_->codes.push_back(to_bytes(code->view()));
    }

    trie::NodeSource& nodes_;
    state::CodeSource& codes_;
    ChainArchive* kept_;
    StorageVisitor storage_;
    HashSet known_, known_codes_;
    std::vector<Hash32> roots_to_do_;
    std::optional<Hash32> missing_code_;
};

// An archive's state, each node and code under the hash it has.
class ArchiveSource final : public trie::NodeSource, public state::CodeSource {
public:
    explicit ArchiveSource(const ChainArchive& archive) {
        for (const auto& node : archive.nodes) nodes_.emplace(crypto::keccak256(node), node);
        for (const auto& code : archive.codes) codes_.emplace(crypto::keccak256(code), code);
    }
    std::optional<Bytes> find_node(const Hash32& hash) override {
        const auto it = nodes_.find(hash);
        if (it == nodes_.end()) return std::nullopt;
        return to_bytes(it->second);
    }
    state::CodePtr find_code(const Hash32& hash) override {
        const auto it = codes_.find(hash);
        return it == codes_.end() ? nullptr : state::make_code(it->second);
    }
    [[nodiscard]] const HashMap& nodes() const { return nodes_; }
    [[nodiscard]] const HashMap& codes() const { return codes_; }

private:
    HashMap nodes_, codes_;
};

// Checks the archive's block on top of its parent and makes what the store takes.
Result<store::BlockCommit, std::string> check_block(const ChainArchive::Block& record, std::uint64_t number,
                                                    const Hash32& parent_hash, Hash32& state_root) {
    const auto refuse = [number](const char* what) { return fail("block " + std::to_string(number) + ": " + what); };
    const auto block = chain::decode_block(record.body);
    if (!block) return refuse("it cannot be decoded");
    const auto& header = block->header;
    if (header.number != number) return refuse("it has another number");
    if (header.parent_hash != parent_hash) return refuse("it is no child of the block before it");
    if (chain::compute_transactions_root(block->transactions) != header.transactions_root)
        return refuse("its transactions are others than its header says");
    auto outcomes = decode_outcomes(record.receipts);
    if (!outcomes || outcomes->outcomes.size() != block->transactions.size())
        return refuse("its receipts cannot be decoded, or are too few");
    std::vector<chain::Receipt> receipts;
    for (auto& outcome : outcomes->outcomes) receipts.push_back(std::move(outcome.receipt));
    if (chain::compute_receipts_root(receipts) != header.receipts_root)
        return refuse("its receipts are others than its header says");
    store::BlockCommit commit{.hash = chain::header_hash(header),
                              .number = number,
                              .header_rlp = chain::encode(header),
                              .body = record.body,
                              .receipts = record.receipts,
                              .tx_hashes = {},
                              .state = {},
                              .codes = {}};
    for (const auto& tx : block->transactions) commit.tx_hashes.push_back(chain::transaction_hash(tx));
    state_root = header.state_root;
    return commit;
}

void write_state(const ArchiveSource& source, store::BlockStore& store) {
    std::vector<std::pair<Hash32, Bytes>> nodes, codes;
    for (const auto& [hash, code] : source.codes()) codes.emplace_back(hash, to_bytes(code));
    store.put_nodes({}, codes);
    for (const auto& [hash, rlp] : source.nodes()) {
        nodes.emplace_back(hash, to_bytes(rlp));
        if (nodes.size() < NODES_PER_WRITE) continue;
        store.put_nodes(nodes, {});
        nodes.clear();
    }
    store.put_nodes(nodes, {});
}

}  // namespace

ChainArchive make_archive(const Ledger& ledger) {
    ChainArchive archive;
    auto& store = *ledger.store();
    StateWalk states(store, store, &archive);
    const auto add_state = [&](const BlockPtr& block) {
        CHECK(states.add(block->block.header.state_root).has_value());
    };
    add_state(ledger.genesis());
    const auto head = ledger.head()->number();
    for (std::uint64_t number = 1; number <= head; ++number) {
        const auto block = ledger.find_block(number);
        CHECK(block != nullptr);
        const Hash32 base_root = ledger.state_before(*block)->state_root();  // development writes are in no block
        const bool was_written = base_root != ledger.find_block(number - 1)->block.header.state_root;
        CHECK(states.add(base_root).has_value());
        add_state(block);
        archive.blocks.push_back({.body = store.find_body(block->hash).value(),
                                  .receipts = store.find_receipts(block->hash).value(),
                                  .base_root = was_written ? std::optional(base_root) : std::nullopt});
    }
    archive.safe = ledger.safe()->number();
    archive.finalized = ledger.finalized()->number();
    return archive;
}

Result<void, std::string> restore_archive(const ChainArchive& archive, store::BlockStore& store) {
    const auto genesis = store.head(store::HeadKind::Latest);
    CHECK(genesis.has_value() && store.find_canonical_hash(0) == genesis);
    if (archive.safe > archive.blocks.size() || archive.finalized > archive.blocks.size())
        return fail(std::string("the safe and finalized heads are not blocks of the chain"));

    ArchiveSource source(archive);
    StateWalk states(source, source, nullptr);
    std::vector<store::BlockCommit> commits;
    Hash32 parent = *genesis;
    for (const auto& record : archive.blocks) {
        Hash32 state_root;
        TRY(auto commit, check_block(record, commits.size() + 1, parent, state_root));
        if (record.base_root) TRY_VOID(states.add(*record.base_root));
        TRY_VOID(states.add(state_root));
        parent = commit.hash;
        commits.push_back(std::move(commit));
    }
    write_state(source, store);
    for (std::size_t i = 0; i < commits.size(); ++i) {
        if (const auto& base_root = archive.blocks[i].base_root)
            store.put_meta(base_root_name(commits[i].hash), base_root->view());
        store.append_block(commits[i]);
    }
    const auto hash_of = [&](std::uint64_t number) { return number == 0 ? *genesis : commits[number - 1].hash; };
    store.set_head(store::HeadKind::Safe, hash_of(archive.safe));
    store.set_head(store::HeadKind::Finalized, hash_of(archive.finalized));
    return {};
}

}  // namespace entresol::ledger
