#include <gtest/gtest.h>

#include "core/trie/definition_testing.hpp"

namespace entresol::trie {
namespace {

using Path = std::vector<std::uint8_t>;
using PathEntries = std::vector<std::pair<Path, Bytes>>;

Bytes rlp_header(std::size_t size, std::uint8_t base) {
    if (size < 56) return {static_cast<std::uint8_t>(base + size)};
    Bytes length;
    for (std::size_t rest = size; rest > 0; rest >>= 8)
        length.insert(length.begin(), static_cast<std::uint8_t>(rest & 0xff));
    length.insert(length.begin(), static_cast<std::uint8_t>(base + 55 + length.size()));
    return length;
}
Bytes rlp_string(const Bytes& text) {
    if (text.size() == 1 && text[0] < 0x80) return text;
    Bytes out = rlp_header(text.size(), 0x80);
    append(out, text);
    return out;
}
Bytes rlp_list(const std::vector<Bytes>& items) {
    Bytes payload;
    for (const auto& item : items) append(payload, item);
    Bytes out = rlp_header(payload.size(), 0xc0);
    append(out, payload);
    return out;
}
// HP of appendix C.
Bytes hex_prefix(const Path& path, bool is_leaf) {
    Bytes out;
    const std::uint8_t flag = is_leaf ? 2 : 0;
    std::size_t i = 0;
    if (path.size() % 2 == 1)
        out.push_back(static_cast<std::uint8_t>((flag + 1) * 16 + path[i++]));
    else
        out.push_back(static_cast<std::uint8_t>(flag * 16));
    for (; i < path.size(); i += 2) out.push_back(static_cast<std::uint8_t>(path[i] * 16 + path[i + 1]));
    return out;
}

Bytes cap(const PathEntries& entries, std::size_t depth);

// n of appendix D.
Bytes reference(const PathEntries& entries, std::size_t depth) {
    if (entries.empty()) return rlp_string({});
    const Bytes node = cap(entries, depth);
    return node.size() < 32 ? node : rlp_string(to_bytes(crypto::keccak256(node).view()));
}

// c of appendix D.
Bytes cap(const PathEntries& entries, std::size_t depth) {
    const auto& [first_path, first_value] = entries.front();
    if (entries.size() == 1) {
        const Path rest(first_path.begin() + static_cast<std::ptrdiff_t>(depth), first_path.end());
        return rlp_list({rlp_string(hex_prefix(rest, true)), rlp_string(first_value)});
    }
    std::size_t shared = first_path.size();
    for (const auto& [path, value] : entries) {
        std::size_t n = 0;
        while (n < shared && n < path.size() && path[n] == first_path[n]) ++n;
        shared = n;
    }
    if (shared > depth) {
        const Path rest(first_path.begin() + static_cast<std::ptrdiff_t>(depth),
                        first_path.begin() + static_cast<std::ptrdiff_t>(shared));
        return rlp_list({rlp_string(hex_prefix(rest, false)), reference(entries, shared)});
    }
    std::vector<Bytes> items;
    for (std::uint8_t nibble = 0; nibble < 16; ++nibble) {
        PathEntries below;
        for (const auto& entry : entries)
            if (entry.first.size() > depth && entry.first[depth] == nibble) below.push_back(entry);
        items.push_back(reference(below, depth + 1));
    }
    Bytes value;
    for (const auto& entry : entries)
        if (entry.first.size() == depth) value = entry.second;
    items.push_back(rlp_string(value));
    return rlp_list(items);
}

}  // namespace

Hash32 compute_root_by_definition(const Entries& entries) {
    PathEntries paths;
    for (const auto& [key, value] : entries) {
        Path path;
        for (const std::uint8_t byte : key) {
            path.push_back(byte >> 4);
            path.push_back(byte & 15);
        }
        paths.emplace_back(path, value);
    }
    return crypto::keccak256(paths.empty() ? rlp_string({}) : cap(paths, 0));
}

Hash32 update_or_die(MemoryNodes& nodes, const Hash32& root, const Entries& changes) {
    std::vector<KeyChange> list;
    for (const auto& [key, value] : changes) list.push_back({key, value});
    const auto updated = update_root(nodes, root, list, nodes);
    EXPECT_TRUE(updated) << to_string(updated.error());
    return updated ? *updated : Hash32{};
}

}  // namespace entresol::trie
