// Where what computing a state root made goes: new nodes, and for whoever keeps values beside the tries the leaves that changed.
#pragma once

#include <vector>

#include "core/trie/trie.hpp"

namespace entresol::state {

/// The leaves that lead from one state to another, under the keys that the tries have and with the values that they have (empty: gone).
struct StateStep {
    struct Storage {
        Hash32 account;
        bool cleared = false;  // all slots go before these apply
        std::vector<trie::TrieChange> slots;
    };
    Hash32 from, to;
    std::vector<trie::TrieChange> accounts;
    std::vector<Storage> storages;
};

class StateSink : public trie::NodeSink {
public:
    /// Called once for each root that was computed, after its nodes.
    virtual void put_step(StateStep&& /*step*/) {}
};

}  // namespace entresol::state
