// Any bytes come back from a row as they were, in both forms.
#include "core/base/check.hpp"
#include "core/columns/row.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace entresol;
    constexpr std::uint64_t CHAIN_ID = 901;
    for (const auto form : {columns::Form::Signed, columns::Form::Unsigned}) {
        Bytes again;
        columns::append_transaction(again, columns::split({data, size}, CHAIN_ID, form), CHAIN_ID, form);
        CHECK(std::equal(again.begin(), again.end(), data, data + size));
    }
    return 0;
}
