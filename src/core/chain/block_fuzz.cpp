// A block or header that decodes encodes to the same bytes.
#include "core/chain/block.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace entresol;
    const Bytes input(data, data + size);
    if (const auto block = chain::decode_block(input)) CHECK(chain::encode(*block) == input);
    if (const auto header = chain::decode_header(input)) CHECK(chain::encode(*header) == input);
    return 0;
}
