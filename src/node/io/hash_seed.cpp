#include "node/io/hash_seed.hpp"

#include <sys/random.h>

#include "core/base/check.hpp"

namespace entresol::io {

namespace {
HashSeed draw() {
    HashSeed seed;
    // Up to 256 bytes come whole once the machine has started (getrandom(2)).
    CHECK(::getrandom(&seed, sizeof seed, 0) == static_cast<ssize_t>(sizeof seed));
    return seed;
}
}  // namespace

const HashSeed& hash_seed() {
    static const HashSeed seed = draw();
    return seed;
}

}  // namespace entresol::io
