// The symbols, numbers and known words of which everything else is made, in both directions.
#pragma once

#include "core/columns/memory.hpp"

namespace entresol::columns {

/// What a symbol is: it chooses the mixer's weights and keeps contexts of different symbols apart.
enum Symbol : std::uint32_t {
    BLOCK_STEP,  // and the digits of a number are the symbol after its size
    BLOCK_EPOCH = 2,
    BLOCK_COUNT = 4,
    KIND = 6,
    CREATES,
    IS_NEW,
    NUMBER_HIGH,
    NUMBER_LOW,
    DATA_SIZE,
    SELECTOR = 13,
    WORD_KIND,
    NESTED,
    VALUE,
    GAS = 18,
    TIP = 20,
    MAX_FEE = 22,
    NONCE_STEP = 24,
    NONCE,
    LIST_SIZE = 27,
    LIST_NUMBER = 29,
    KEY_KIND = 31,
    LITERAL,  // LITERAL_SETS of them
};
inline constexpr std::size_t LITERAL_SETS = 15;
static_assert(LITERAL + LITERAL_SETS <= 64);

/// The part of a channel that is not coded: random bytes, in the order in which the model meets them.
struct RawBytes {
    Bytes out;    // the encoder's
    ByteView in;  // the decoder's
};

/// What a decoder may produce; the encoder has no limits.
struct Budget {
    std::size_t bytes = 0;
    bool exceeded = false;
    bool malformed = false;
};

template <typename Range>
class Coder {
public:
    static constexpr bool DECODES = Range::DECODES;

    Coder(Memory& memory, Range& range, RawBytes& raw, Budget& budget)
        : m_(memory), range_(range), raw_(raw), budget_(budget) {}

    /// False as soon as the input has run out, lies, or asks for more than the budget.
    [[nodiscard]] bool ok() const {
        if constexpr (DECODES) return !budget_.exceeded && !budget_.malformed && range_.overrun() <= Range::LOOK_AHEAD;
        return true;
    }

    template <std::size_t N>
    unsigned code(unsigned symbol, std::size_t set, const std::array<std::uint32_t, N>& contexts) {
        return m_.mixer.template code<Range, N>(range_, symbol, set, contexts);
    }
    void code_raw(std::uint8_t& byte) {
        if constexpr (!DECODES) {
            raw_.out.push_back(byte);
        } else if (raw_.in.empty()) {
            budget_.malformed = true;
        } else {
            byte = raw_.in[0];
            raw_.in = raw_.in.subspan(1);
        }
    }
    void refuse() { budget_.malformed = true; }
    /// Takes so many bytes out of the budget.
    bool spend(std::size_t bytes) {
        if constexpr (DECODES) {
            if (bytes > budget_.bytes) {
                budget_.exceeded = true;
                return false;
            }
            budget_.bytes -= bytes;
        }
        return ok();
    }

    void code_number(Number& n, std::uint32_t s, const std::array<std::uint32_t, 4>& about, unsigned max_size = 32) {
        const auto [a, b, c, d] = about;
        n.size = static_cast<std::uint8_t>(code<6>(n.size, s,
                                                   {context(s, 1), context(s, 2, a), context(s, 3, b), context(s, 4, c),
                                                    context(s, 5, a, b), context(s, 6, d)}));
        if (DECODES && n.size > max_size) {
            refuse();
            n.size = 0;
        }
        std::uint32_t prefix = n.size;
        for (unsigned i = 0; i < n.size; ++i) {
            n.bytes[i] = static_cast<std::uint8_t>(
                code<6>(n.bytes[i], s + 1,
                        {context(s, 7, prefix), context(s, 8, prefix, a), context(s, 9, prefix, b),
                         context(s, 10, prefix, c), context(s, 11, n.size, i), context(s, 12, prefix, d)}));
            prefix = mix_hash(prefix, n.bytes[i]);
        }
        if (DECODES && n.size != 0 && n.bytes[0] == 0) refuse();
    }
    void code_u64(std::uint64_t& value, std::uint32_t s, std::uint32_t a) {
        Number n = make_number(value);
        code_number(n, s, {a, 0, 0, 0}, 8);
        value = to_u64(n);
    }
    /// A known word's number, or 20 raw bytes that become a known word.
    void code_address(Address& address, std::uint32_t place) {
        Hash32 word = to_word(address);
        const auto number = DECODES ? std::nullopt : m_.words.find(word);
        const unsigned is_new = code<3>(number ? 0 : 1, IS_NEW,
                                        {context(IS_NEW, 1, place), context(IS_NEW, 2, place, m_.kind),
                                         context(IS_NEW, 3, place, m_.recent_to[0])});
        if (is_new == 0) {
            word = code_known(number.value_or(0), place, m_.recent_to[0], m_.recent_to[1],
                              static_cast<std::uint32_t>(m_.kind));
        } else {
            for (std::size_t i = ADDRESS_ZEROS; i < Hash32::SIZE; ++i) code_raw(word.bytes[i]);
            m_.words.add(word);
        }
        address = to_address(word);
    }
    Hash32 code_known(std::uint32_t number, std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
        constexpr std::uint32_t H = NUMBER_HIGH, L = NUMBER_LOW;
        const std::uint32_t last = m_.word_number;
        const unsigned high = code<6>(number >> 8, H,
                                      {context(H, 1), context(H, 2, a), context(H, 3, a, b), context(H, 4, a, b, c),
                                       context(H, 5, last), context(H, 6, a, d)});
        const unsigned low =
            code<6>(number & 0xff, L,
                    {context(L, 1, high), context(L, 2, a, high), context(L, 3, a, b, high),
                     context(L, 4, a, b, c, high), context(L, 5, last, high), context(L, 6, a, d, high)});
        m_.word_number = (high << 8) | low;
        if (m_.word_number < m_.words.size()) return m_.words[m_.word_number];
        refuse();
        return {};
    }

private:
    static constexpr std::size_t ADDRESS_ZEROS = 12;

    Memory& m_;
    Range& range_;
    RawBytes& raw_;
    Budget& budget_;
};

}  // namespace entresol::columns
