// The trie of an ordered list, node by node: what a block's transactions or receipts look like to who knows only their root.
#pragma once

#include <span>
#include <vector>

#include "core/base/bytes.hpp"

namespace entresol::program {

/// Every node that is found by its hash.
[[nodiscard]] std::vector<Bytes> make_list_nodes(std::span<const Bytes> values);

}  // namespace entresol::program
