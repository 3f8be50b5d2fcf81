// A transaction that decodes encodes to the same bytes, in both forms.
#include "core/chain/transaction.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace entresol;
    const Bytes input(data, data + size);
    if (const auto tx = chain::decode_transaction(input)) CHECK(chain::encode(*tx) == input);
    const auto pooled = chain::decode_pooled_transaction(input);
    if (pooled && pooled->sidecar) CHECK(chain::encode_pooled(pooled->tx, *pooled->sidecar) == input);
    if (pooled && !pooled->sidecar) CHECK(chain::encode(pooled->tx) == input);
    return 0;
}
