#include "core/base/seeded_hash.hpp"

#include <algorithm>

namespace entresol {

std::size_t SeededHash::operator()(ByteView bytes) const {
    std::uint64_t h = fold(bytes.size(), 0);
    for (std::size_t at = 0; at < bytes.size(); at += 16) {
        std::uint64_t words[2] = {};
        std::memcpy(words, bytes.data() + at, std::min<std::size_t>(16, bytes.size() - at));
        h = mix(h, words[0], words[1]);
    }
    return h;
}

}  // namespace entresol
