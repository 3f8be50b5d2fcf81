// The symbols, numbers and known words of which everything else is made, in both directions.
#pragma once

#include "core/columns/memory.hpp"

namespace entresol::columns {

/// What a symbol is: it chooses the mixer's weights and keeps contexts of different symbols apart. A number is three: which guess, size, digits.
enum Symbol : std::uint32_t {
    BLOCK_STEP,
    BLOCK_EPOCH = 3,
    BLOCK_COUNT = 6,
    KIND = 9,
    CREATES,
    IS_NEW,
    NUMBER_HIGH,
    NUMBER_LOW,
    DATA_SIZE,
    SELECTOR_GUESSED = 17,
    SELECTOR,
    WORD_CLASS,
    WORD_DETAIL,
    NESTED,
    VALUE,
    GAS = 25,
    TIP = 28,
    MAX_FEE = 31,
    NONCE_STEP = 34,
    NONCE,
    LIST_SIZE = 38,
    LIST_NUMBER = 41,
    AS_EXPECTED = 44,
    LITERAL,  // LITERAL_SETS of them
};
inline constexpr std::size_t LITERAL_SETS = 10;
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
    unsigned code_byte(unsigned symbol, std::size_t set, const std::array<std::uint32_t, N>& contexts) {
        return m_.mixer.template code_byte<Range, N>(range_, symbol, set, contexts);
    }
    template <std::size_t N>
    unsigned code_bits(unsigned symbol, unsigned bits, std::size_t set, const std::array<std::uint32_t, N>& contexts) {
        return m_.mixer.template code_bits<Range, N>(range_, symbol, bits, set, contexts);
    }
    template <std::size_t N>
    bool code_flag(bool flag, std::size_t set, const std::array<std::uint32_t, N>& contexts) {
        return code_bits<N>(flag ? 1 : 0, 1, set, contexts) != 0;
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

    /// `a` and `b`: what the number may depend on, the more telling first. The last number under each is a guess.
    void code_number(Number& n, std::uint32_t s, std::uint32_t a, std::uint32_t b, unsigned max_size = 32) {
        Number& by_a = m_.numbers[Memory::guess_slot(context(s, 12, a))];
        Number& by_b = m_.numbers[Memory::guess_slot(context(s, 13, b))];
        const unsigned guess = n == by_a ? 1 : n == by_b ? 2 : 0;
        switch (code_bits<3>(guess, 2, s, {context(s, 1), context(s, 2, a), context(s, 3, b)})) {
            case 0: code_digits(n, s, a, b); break;
            case 1: n = by_a; break;
            case 2: n = by_b; break;
            default: refuse();
        }
        if (DECODES && n.size > max_size) {
            refuse();
            n = Number{};
        }
        by_a = n;
        by_b = n;
    }
    void code_u64(std::uint64_t& value, std::uint32_t s, std::uint32_t a) {
        Number n = make_number(value);
        code_number(n, s, a, 0, 8);
        value = to_u64(n);
    }
    /// A known word's number, or 20 raw bytes that become a known word.
    void code_address(Address& address, std::uint32_t place) {
        Hash32 word = to_word(address);
        const auto number = DECODES ? std::nullopt : m_.words.find(word);
        const bool is_new = code_flag<3>(
            !number, IS_NEW,
            {context(IS_NEW, 1, place), context(IS_NEW, 2, place, m_.kind), context(IS_NEW, 3, place, m_.last_to)});
        if (!is_new) {
            word = code_known(number.value_or(0), place);
        } else {
            for (std::size_t i = ADDRESS_ZEROS; i < Hash32::SIZE; ++i) code_raw(word.bytes[i]);
            m_.words.add(word);
        }
        address = to_address(word);
    }
    /// A word of the table, by its number.
    Hash32 code_known(std::uint32_t number, std::uint32_t place) {
        constexpr std::uint32_t H = NUMBER_HIGH, L = NUMBER_LOW;
        const std::uint32_t last = m_.word_number;
        const unsigned high = code_byte<3>(number >> 8, H, {context(H, 1), context(H, 2, place), context(H, 3, last)});
        const unsigned low = code_byte<3>(number & 0xff, L,
                                          {context(L, 1, high), context(L, 2, place, high), context(L, 3, last, high)});
        m_.word_number = (high << 8) | low;
        if (m_.word_number < m_.words.size()) return m_.words[m_.word_number];
        refuse();
        return {};
    }

private:
    void code_digits(Number& n, std::uint32_t s, std::uint32_t a, std::uint32_t b) {
        n.size = code_digit_count(n.size, s, a, b);
        std::uint32_t prefix = n.size;
        for (unsigned i = 0; i < n.size; ++i) {
            n.bytes[i] = static_cast<std::uint8_t>(code_byte<3>(
                n.bytes[i], s + 2, {context(s, 9, prefix), context(s, 10, prefix, a), context(s, 11, n.size, i)}));
            prefix = mix_hash(prefix, n.bytes[i]);
        }
        if (!DECODES) return;
        std::fill(n.bytes + n.size, n.bytes + sizeof n.bytes, 0);
        if (n.size != 0 && n.bytes[0] == 0) refuse();
    }
    /// Four bits; from 15 on eight more.
    std::uint8_t code_digit_count(unsigned size, std::uint32_t s, std::uint32_t a, std::uint32_t b) {
        constexpr unsigned MANY = 15;
        const unsigned few =
            code_bits<3>(std::min(size, MANY), 4, s + 1, {context(s, 4), context(s, 5, a), context(s, 6, b)});
        if (few < MANY) return static_cast<std::uint8_t>(few);
        const unsigned count = code_byte<2>(size, s + 1, {context(s, 7), context(s, 8, a)});
        if (DECODES && count > sizeof(Number::bytes)) refuse();
        return static_cast<std::uint8_t>(std::min<std::size_t>(count, sizeof(Number::bytes)));
    }

    static constexpr std::size_t ADDRESS_ZEROS = 12;

    Memory& m_;
    Range& range_;
    RawBytes& raw_;
    Budget& budget_;
};

}  // namespace entresol::columns
