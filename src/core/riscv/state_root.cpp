#include "core/riscv/state_root.hpp"

#include <algorithm>

#include "core/base/endian.hpp"
#include "core/crypto/keccak.hpp"

namespace entresol::riscv {
namespace {

// After x0 to x31, in the order of the specification's table; status stands between pc and these.
constexpr std::uint64_t Hart::* LAST_WORDS[] = {&Hart::exit_code, &Hart::mtvec,  &Hart::mscratch,
                                                &Hart::mepc,      &Hart::mcause, &Hart::mtval};
constexpr std::size_t PC = 32;
constexpr std::size_t STATUS = 33;
static_assert(STATUS + 1 + std::size(LAST_WORDS) == HART_WORDS);

bool is_valid(const Hart& hart) {
    return hart.x[0] == 0 && hart.pc % 4 == 0 && hart.mtvec % 4 == 0 && hart.mepc % 4 == 0 &&
           hart.status <= Status::Trapped;
}

}  // namespace

std::array<std::uint8_t, STATE_BYTES> encode_state(const State& state) {
    std::array<std::uint8_t, STATE_BYTES> bytes;
    std::uint8_t* out = std::copy_n(state.memory_root.data(), Hash32::SIZE, bytes.data());
    const auto put = [&out](std::uint64_t word) {
        store_be64(out, word);
        out += 8;
    };
    for (const auto x : state.hart.x) put(x);
    put(state.hart.pc);
    put(static_cast<std::uint64_t>(state.hart.status));
    for (const auto member : LAST_WORDS) put(state.hart.*member);
    return bytes;
}

std::optional<State> decode_state(ByteView bytes) {
    if (bytes.size() != STATE_BYTES) return std::nullopt;
    State state{from_bytes<Hash32>(bytes), {}};
    const auto word = [&bytes](std::size_t i) { return load_be64(&bytes[Hash32::SIZE + 8 * i]); };
    for (std::size_t i = 0; i < state.hart.x.size(); ++i) state.hart.x[i] = word(i);
    state.hart.pc = word(PC);
    state.hart.status = static_cast<Status>(word(STATUS));
    for (std::size_t i = 0; i < std::size(LAST_WORDS); ++i) state.hart.*LAST_WORDS[i] = word(STATUS + 1 + i);
    if (!is_valid(state.hart)) return std::nullopt;
    return state;
}

void set_input(Hart& hart, const Hash32& input_hash) {
    for (std::size_t i = 0; i < 4; ++i) hart.x[10 + i] = load_be64(input_hash.data() + 8 * i);
}
Hash32 result_of(const Hart& hart) {
    Hash32 result;
    for (std::size_t i = 0; i < 4; ++i) store_be64(result.data() + 8 * i, hart.x[11 + i]);
    return result;
}

Hash32 compute_state_root(const State& state) { return crypto::keccak256(encode_state(state)); }

}  // namespace entresol::riscv
