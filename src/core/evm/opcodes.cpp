#include "core/evm/opcodes.hpp"

namespace entresol::evm {

const char* opcode_name(std::uint8_t opcode) {
    switch (opcode) {
#define X(byte, name, takes, gives, since, gas) \
    case byte: return #name;
        ENTRESOL_OPCODES(X)
#undef X
        default: return nullptr;
    }
}

int stack_takes(std::uint8_t opcode) {
    switch (opcode) {
#define X(byte, name, takes, gives, since, gas) \
    case byte: return takes;
        ENTRESOL_OPCODES(X)
#undef X
        default: return 0;
    }
}

}  // namespace entresol::evm
