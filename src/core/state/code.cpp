#include "core/state/account.hpp"
#include "core/state/fused_code.hpp"

namespace entresol::state {

CodePtr make_code(ByteView code, CodeUse use) {
    constexpr std::size_t PADDING = 33;  // PUSH32 at the last byte, and a STOP after it
    auto result = std::make_shared<Code>();
    result->size = code.size();
    result->bytes.assign(code.begin(), code.end());
    result->bytes.resize(code.size() + PADDING);
    result->jump_dests.resize((code.size() + 63) / 64);
    for (std::size_t i = 0; i < code.size(); ++i) {
        const std::uint8_t op = code[i];
        if (op == 0x5b)
            result->jump_dests[i / 64] |= 1ULL << (i % 64);  // JUMPDEST
        else if (op >= 0x60 && op <= 0x7f)
            i += op - 0x5fU;  // PUSH1 to PUSH32 carry data
    }
    fuse(*result, use);
    return result;
}

}  // namespace entresol::state
