#include "node/store/trie_sweep.hpp"

#include <algorithm>

#include "core/crypto/keccak.hpp"
#include "core/trie/node.hpp"

namespace entresol::store {

TrieSweep::TrieSweep(BlockStore& store, const std::vector<Hash32>& roots) : store_(store) {
    for (const auto& root : roots) open_.push_back({root, false});
    // What is written from now on is kept: its children are of a state that is marked, or are written with it. It counts as written, not as marked: the walk
    // may yet come to a node that is written anew, and has to go on below it.
    store_.set_node_listener([this](const Hash32& hash) { written_.insert(mark_of(hash)); });
}

TrieSweep::~TrieSweep() { store_.set_node_listener({}); }

TrieSweep::Mark TrieSweep::mark_of(const Hash32& hash) {
    Mark mark;
    std::copy_n(hash.bytes.begin(), Mark::SIZE, mark.bytes.begin());
    return mark;
}

TrieSweep::Progress TrieSweep::step(std::size_t max_nodes) {
    if (cursor_) return sweep(max_nodes);
    for (; max_nodes > 0 && !open_.empty(); --max_nodes) {
        const Reference next = open_.back();
        open_.pop_back();
        if (!mark(next)) return Progress::Incomplete;
        if (marked_.size() + written_.size() > MAX_MARKED) return Progress::TooLarge;
    }
    if (open_.empty()) cursor_ = Hash32{};
    return Progress::Going;
}

// Past the cache: a walk over everything would leave nothing in it.
bool TrieSweep::mark(const Reference& reference) {
    if (reference.hash == crypto::EMPTY_TRIE_ROOT) return true;
    if (!marked_.insert(mark_of(reference.hash)).second) return true;
    const auto rlp = store_.tables()->find(Table::Nodes, reference.hash.view());
    return rlp && follow(*rlp, reference.is_storage);
}

// A node embedded in its parent is shorter than 32 bytes, so embedding ends after a few levels.
bool TrieSweep::follow(ByteView rlp, bool is_storage) {
    const auto node = trie::parse_node(rlp);
    if (!node) return false;
    if (node->kind == trie::NodeKind::Leaf) {
        if (is_storage) return true;
        const auto account = state::decode_trie_account(node->value);
        if (account) open_.push_back({account->storage_root, true});
        return account.has_value();
    }
    for (const auto& child : node->children) {
        if (child.empty()) continue;
        if (const auto hash = trie::hash_of(child))
            open_.push_back({*hash, is_storage});
        else if (!follow(child, is_storage))
            return false;
    }
    return true;
}

TrieSweep::Progress TrieSweep::sweep(std::size_t max_nodes) {
    WriteBatch batch;
    std::size_t seen = 0;
    bool has_more = false;
    store_.tables()->scan(Table::Nodes, cursor_->view(), ScanOrder::Ascending, [&](ByteView key, ByteView) {
        const Hash32 hash = from_bytes<Hash32>(key);
        if (seen++ == max_nodes) {
            cursor_ = hash;
            has_more = true;
            return false;
        }
        if (!marked_.contains(mark_of(hash)) && !written_.contains(mark_of(hash))) batch.erase(Table::Nodes, key);
        return true;
    });
    removed_ += batch.operations().size();
    if (!batch.operations().empty()) store_.tables()->write(batch, false);
    return has_more ? Progress::Going : Progress::Done;
}

}  // namespace entresol::store
