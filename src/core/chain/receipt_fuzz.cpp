// A receipt that decodes encodes to the same bytes.
#include "core/chain/receipt.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace entresol;
    const Bytes input(data, data + size);
    if (const auto receipt = chain::decode_receipt(input)) CHECK(chain::encode(*receipt) == input);
    return 0;
}
