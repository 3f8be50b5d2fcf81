// Whatever decodes is the same batch after encoding and decoding again; nothing else happens.
#include "core/base/check.hpp"
#include "core/columns/columns.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace entresol;
    constexpr std::uint64_t CHAIN_ID = 901;
    constexpr columns::Limits LIMITS{200'000, 200};
    const auto batch = columns::decode({data, size}, CHAIN_ID, LIMITS);
    if (!batch) return 0;
    const auto form = (data[1] & 1) != 0 ? columns::Form::Unsigned : columns::Form::Signed;
    const auto again = columns::encode(*batch, CHAIN_ID, form);
    if (!again) return 0;  // above EXPANSION: this encoder writes it shorter
    CHECK(columns::decode(*again, CHAIN_ID).value() == *batch);
    return 0;
}
