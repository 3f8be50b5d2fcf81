// The seed of this process for hash tables, and the hash that the shell's tables use.
#pragma once

#include "core/base/seeded_hash.hpp"

namespace entresol::io {

/// Drawn once from the machine's entropy; thread-safe.
[[nodiscard]] const HashSeed& hash_seed();

/// For keys that come from outside: hashes, addresses, bytes.
class TableHash {
public:
    using is_transparent = void;
    template <typename Key>
    std::size_t operator()(const Key& key) const {
        return hash_(key);
    }

private:
    SeededHash hash_{hash_seed()};
};

}  // namespace entresol::io
