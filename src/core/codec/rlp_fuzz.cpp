// What decodes encodes back to the same bytes: there is one encoding of each item.
#include "core/codec/rlp.hpp"

namespace {

using entresol::Bytes;
using entresol::codec::RlpReader;

constexpr int MAX_DEPTH = 1000;

bool rewrite(RlpReader& reader, Bytes& out, int depth) {
    if (depth > MAX_DEPTH) return false;
    if (!reader.next_is_list()) {
        const auto text = reader.read_string();
        if (text) entresol::codec::append_string(out, *text);
        return text.has_value();
    }
    auto list = reader.read_list();
    if (!list) return false;
    const std::size_t start = out.size();
    while (!list->empty())
        if (!rewrite(*list, out, depth + 1)) return false;
    entresol::codec::close_list(out, start);
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    RlpReader reader({data, size});
    Bytes again;
    while (!reader.empty()) {
        const RlpReader before = reader;
        (void)reader.read_u64();
        reader = before;
        if (!rewrite(reader, again, 0)) return 0;
    }
    CHECK(again == Bytes(data, data + size));
    return 0;
}
