// Call data: a selector, then words of 32 bytes as the contract ABI lays them out, with calls inside calls. What is no such thing is coded all the
// same, as words that are hard to guess.
#pragma once

#include "core/columns/coder.hpp"

namespace entresol::columns {

// Kinds of a word: 0 to 32 zeros before its literal bytes, or 32 + n: n zeros after them; and these.
inline constexpr unsigned ZERO_WORD = 32, KNOWN = 64, NEXT_GUESS = 65, PLACE_GUESS = 66, RANDOM = 67, WORD_KINDS = 68;
inline constexpr unsigned ADDRESS_ZEROS = 12;

/// Frequent kinds are a group of their own, the others share one and are told apart by a detail.
struct WordClass {
    std::uint8_t group = 0, detail = 0;
};
struct WordClasses {
    static constexpr std::uint8_t NONE = 32;  // kind of a pair that no encoder writes; any kind will do
    static constexpr unsigned GROUPS = 16, DETAILS = 16, FIRST_SHARED = 11;
    std::array<WordClass, WORD_KINDS> of_kind{};
    std::uint8_t kind_of[GROUPS][DETAILS] = {};

    constexpr WordClasses() {
        for (auto& row : kind_of)
            for (auto& kind : row) kind = NONE;
        constexpr unsigned ALONE[FIRST_SHARED] = {ZERO_WORD, NEXT_GUESS, PLACE_GUESS, KNOWN, ADDRESS_ZEROS, RANDOM, 31,
                                                  30,        29,         28,          0};
        for (unsigned group = 0; group < FIRST_SHARED; ++group) set(ALONE[group], group, 0);
        for (unsigned zeros = 1; zeros < ADDRESS_ZEROS; ++zeros) set(zeros, 11, zeros);
        for (unsigned zeros = ADDRESS_ZEROS + 1; zeros < 28; ++zeros) set(zeros, 12, zeros - ADDRESS_ZEROS);
        for (unsigned zeros = 1; zeros < 32; ++zeros) set(ZERO_WORD + zeros, zeros < 16 ? 13 : 14, zeros % 16);
    }
    [[nodiscard]] constexpr bool has_detail(unsigned group) const { return group >= FIRST_SHARED; }

private:
    constexpr void set(unsigned kind, unsigned group, unsigned detail) {
        of_kind[kind] = {static_cast<std::uint8_t>(group), static_cast<std::uint8_t>(detail)};
        kind_of[group][detail] = static_cast<std::uint8_t>(kind);
    }
};
inline constexpr WordClasses WORD_CLASSES{};

template <typename Range>
class CallDataModel {
public:
    CallDataModel(Memory& memory, Coder<Range>& coder) : m_(memory), c_(coder) {}

    /// Hash of recipient and selector, once the data is coded.
    [[nodiscard]] std::uint32_t function() const { return function_; }

    void code(Bytes& data, std::uint32_t to) {
        begin(to, data.empty() ? 0 : 1);
        data_ = &data;
        Number n = make_number(data.size());
        c_.code_number(n, DATA_SIZE, to, m_.last_to, 4);
        const auto size = static_cast<std::uint32_t>(to_u64(n));
        if (!c_.spend(size) || size == 0) return;
        size_ = size;
        function_ = mix_hash(to, 1);
        if (size >= SELECTOR_BYTES) code_selector();
        code_words(size);
    }
    /// Storage keys of an access list.
    void code_keys(std::vector<Hash32>& keys, std::uint32_t count, std::uint32_t address) {
        begin(address, 2);
        for (std::uint32_t i = 0; i < count && c_.spend(Hash32::SIZE); ++i) {
            if (DECODES) keys.emplace_back();
            keys[i] = code_word(keys[i], Hash32::SIZE);
        }
    }

private:
    static constexpr bool DECODES = Range::DECODES;
    static constexpr std::uint32_t WORD = Hash32::SIZE;
    static constexpr std::uint32_t SELECTOR_BYTES = 4;
    static constexpr std::uint32_t MAX_DEPTH = 8;
    static constexpr std::uint32_t MAX_INDEX = 64;  // words further on share their contexts
    static constexpr unsigned MIN_KNOWN_BYTES = 6;  // shorter literals are not worth a number

    void begin(std::uint32_t to, std::uint32_t what) {
        function_ = mix_hash(to, what);
        index_ = kinds_ = at_ = depth_ = size_ = 0;
        last_word_ = before_last_ = Hash32{};
    }

    void code_words(std::uint32_t end) {
        while (at_ < end && c_.ok()) {
            const std::uint32_t count = std::min(WORD, end - at_);
            put(code_word(take(count), count), count);
            const std::uint32_t length = small_number(last_word_);
            if (length % WORD != SELECTOR_BYTES || length > end - at_ || depth_ == MAX_DEPTH) continue;
            const bool nested = c_.template code_flag<3>(
                looks_nested(length), NESTED,
                {context(NESTED, 1), context(NESTED, 2, function_, index_), context(NESTED, 3, function_)});
            if (nested) code_call(length, end);
        }
    }
    /// A selector and its arguments inside the data of another call, behind their length; zeros after them keep the outer words in step.
    void code_call(std::uint32_t length, std::uint32_t end) {
        const std::uint32_t function = function_, index = index_;
        const std::uint32_t inner_end = at_ + length;
        ++depth_;
        code_selector();
        index_ = 0;
        code_words(inner_end);
        --depth_;
        function_ = function;
        index_ = index + 1;
        if (!c_.ok() || at_ == end) return;
        const std::uint32_t count = std::min(WORD - SELECTOR_BYTES, end - at_);
        put(code_word(take(count), count), count);
    }
    /// For the encoder: are there more zeros where words of a nested call would have them than where the outer words would?
    [[nodiscard]] bool looks_nested(std::uint32_t length) const {
        if constexpr (DECODES) return false;
        constexpr std::uint32_t LOOKED_AT = 4 * WORD;
        std::uint32_t outer = 0, inner = 0;
        for (std::uint32_t i = 0; i + WORD <= length && i < LOOKED_AT; i += WORD)
            for (std::uint32_t j = 0; j < ADDRESS_ZEROS; ++j) {
                outer += (*data_)[at_ + i + j] == 0 ? 1 : 0;
                inner += (*data_)[at_ + SELECTOR_BYTES + i + j] == 0 ? 1 : 0;
            }
        return inner >= outer;
    }
    void code_selector() {
        constexpr std::uint32_t G = SELECTOR_GUESSED;
        std::uint8_t bytes[SELECTOR_BYTES] = {};
        if constexpr (!DECODES) std::memcpy(bytes, data_->data() + at_, SELECTOR_BYTES);
        std::uint32_t& guess = m_.selectors[Memory::guess_slot(context(SELECTOR, function_, index_, depth_))];
        if (c_.template code_flag<3>(
                load_le32(bytes) == guess, G,
                {context(G, 1, function_, index_, depth_), context(G, 2, size_, function_), context(G, 3, guess)}))
            store_le32(bytes, guess);
        else
            code_new_selector(bytes);
        guess = load_le32(bytes);
        if (DECODES) append(*data_, bytes);
        at_ += SELECTOR_BYTES;
        m_.history.append(bytes);
        function_ = mix_hash(depth_ == 0 ? function_ : 0, guess);
    }
    void code_new_selector(std::uint8_t* bytes) {
        constexpr std::uint32_t S = SELECTOR;
        std::uint32_t prefix = 0;
        for (std::uint32_t i = 0; i < SELECTOR_BYTES; ++i) {
            bytes[i] = static_cast<std::uint8_t>(
                c_.template code_byte<4>(bytes[i], S,
                                         {context(S, 1, prefix, function_, i), context(S, 2, prefix, i),
                                          context(S, 3, size_, prefix, i), context(S, 4, index_, prefix, depth_)}));
            prefix = mix_hash(prefix, bytes[i]);
        }
    }

    /// The next bytes, behind zeros that fill up the word.
    [[nodiscard]] Hash32 take(std::uint32_t count) const {
        Hash32 word;
        if constexpr (!DECODES) std::memcpy(word.data() + (WORD - count), data_->data() + at_, count);
        return word;
    }
    void put(const Hash32& word, std::uint32_t count) {
        if constexpr (DECODES) append(*data_, word.view().last(count));
        at_ += count;
    }
    /// The word's number where it is below 2^32, otherwise 0.
    [[nodiscard]] static std::uint32_t small_number(const Hash32& word) {
        const std::uint8_t* p = word.data();
        if ((load_le64(p) | load_le64(p + 8) | load_le64(p + 16) | load_le32(p + 24)) != 0) return 0;
        return load_be32(p + 28);
    }

    Hash32 code_word(Hash32 word, std::uint32_t count) {
        const std::uint32_t place = context(WORD_CLASS, function_, std::min(index_, MAX_INDEX), count);
        const std::uint32_t last = hash(last_word_);
        Hash32& next_guess =
            m_.next_words[Memory::guess_slot(context(WORD_CLASS, last, hash(before_last_), function_))];
        Hash32& place_guess = m_.place_words[Memory::guess_slot(place)];
        const unsigned kind = code_kind(DECODES ? 0 : choose_kind(word, count, next_guess, place_guess), place, last);
        switch (kind) {
            case KNOWN: word = c_.code_known(DECODES ? 0 : m_.words.find(word).value_or(0), place); break;
            case NEXT_GUESS: word = next_guess; break;
            case PLACE_GUESS: word = place_guess; break;
            default: code_literal(word, kind, count, place);
        }
        if (kind >= KNOWN && kind != RANDOM) remember(word, WORD - count, WORD);
        next_guess = word;
        place_guess = word;
        before_last_ = last_word_;
        last_word_ = word;
        ++index_;
        return word;
    }
    /// Its group, and what tells it apart in there.
    unsigned code_kind(unsigned kind, std::uint32_t place, std::uint32_t last) {
        constexpr std::uint32_t W = WORD_CLASS, D = WORD_DETAIL;
        const WordClass wanted = DECODES ? WordClass{} : WORD_CLASSES.of_kind[kind];
        const unsigned group = c_.template code_bits<3>(
            wanted.group, 4, W,
            {context(W, 1, place, kinds_ & 0xf), context(W, 2, kinds_ & 0xfff), context(W, 3, last, place)});
        kinds_ = (kinds_ << 4) | group;
        unsigned detail = 0;
        if (WORD_CLASSES.has_detail(group))
            detail = c_.template code_bits<3>(
                wanted.detail, 4, D, {context(D, 1, group), context(D, 2, group, place), context(D, 3, group, last)});
        if (DECODES && WORD_CLASSES.of_kind[WORD_CLASSES.kind_of[group][detail]].group != group) c_.refuse();
        return WORD_CLASSES.kind_of[group][detail];
    }
    /// For the encoder.
    [[nodiscard]] unsigned choose_kind(const Hash32& word, std::uint32_t count, const Hash32& next_guess,
                                       const Hash32& place_guess) const {
        unsigned leading = 0, trailing = 0;
        while (leading < WORD && word.bytes[leading] == 0) ++leading;
        if (leading == WORD) return ZERO_WORD;
        while (word.bytes[WORD - 1 - trailing] == 0) ++trailing;
        if (WORD - leading >= MIN_KNOWN_BYTES) {
            if (word == next_guess) return NEXT_GUESS;
            if (word == place_guess) return PLACE_GUESS;
        }
        if (count == WORD && WORD - std::max(leading, trailing) >= MIN_KNOWN_BYTES && m_.words.find(word)) return KNOWN;
        if (trailing > leading - (WORD - count)) return ZERO_WORD + trailing;
        if (leading == 0 && looks_random(word) && !m_.history.knows_parts_of(word)) return RANDOM;
        return leading;
    }
    /// So many different bytes as 32 random ones have: 30.1 on average.
    [[nodiscard]] static bool looks_random(const Hash32& word) {
        constexpr int ENOUGH = 26;
        std::uint64_t seen[4] = {};
        for (const std::uint8_t byte : word.bytes) seen[byte >> 6] |= std::uint64_t{1} << (byte & 63);
        int different = 0;
        for (const std::uint64_t bits : seen) different += __builtin_popcountll(bits);
        return different >= ENOUGH;
    }

    void code_literal(Hash32& word, unsigned kind, std::uint32_t count, std::uint32_t place) {
        word = DECODES ? Hash32{} : word;
        const std::uint32_t begin = WORD - count;
        std::uint32_t first = begin, last = WORD;
        if (kind <= ZERO_WORD) first = std::max<std::uint32_t>(kind, begin);
        if (kind > ZERO_WORD && kind < KNOWN) last = std::max<std::uint32_t>(WORD - (kind - ZERO_WORD), begin);
        remember(word, begin, first);
        if (kind == ADDRESS_ZEROS || kind == RANDOM) {
            for (std::uint32_t i = first; i < last; ++i) c_.code_raw(word.bytes[i]);
            remember(word, first, last);
        } else {
            code_digits(word, kind, first, last, place);
        }
        remember(word, last, WORD);
        if (last - first >= MIN_KNOWN_BYTES && count == WORD && !m_.words.find(word)) m_.words.add(word);
    }
    void code_digits(Hash32& word, unsigned kind, std::uint32_t first, std::uint32_t last, std::uint32_t place) {
        for (std::uint32_t i = first; i < last; ++i) {
            if (!guess_digit(word.bytes[i], i, place)) code_digit(word.bytes[i], kind, i, place);
            m_.history.append(word.bytes[i]);
        }
    }
    /// A long match is asked first: is it the expected byte?
    bool guess_digit(std::uint8_t& digit, std::uint32_t i, std::uint32_t place) {
        constexpr std::uint32_t E = AS_EXPECTED;
        const unsigned expected = m_.history.expected();
        const std::uint32_t trust = trust_in_match();
        if (trust < 2) return false;
        const bool right = c_.template code_flag<3>(
            digit == expected, E,
            {context(E, 1, m_.history.match_length()), context(E, 2, expected, trust), context(E, 3, place, i)});
        if (right) digit = static_cast<std::uint8_t>(expected);
        return right;
    }
    void code_digit(std::uint8_t& digit, unsigned kind, std::uint32_t i, std::uint32_t place) {
        constexpr std::uint32_t L = LITERAL;
        const std::uint64_t recent = m_.history.recent();
        const std::uint32_t trust = trust_in_match();
        const std::uint32_t set = L + trust + (kind >= 24 && kind < ZERO_WORD ? TRUST_LEVELS : 0);
        digit = static_cast<std::uint8_t>(
            c_.template code_byte<4>(digit, set,
                                     {context(L, 1, place, i, kind), context(L, 2, recent & 0xff, i, kind),
                                      context(L, 3, recent & 0xffff), context(L, 4, m_.history.expected(), trust)}));
    }
    static constexpr std::uint32_t TRUST_LEVELS = 5;
    [[nodiscard]] std::uint32_t trust_in_match() const {
        if (m_.history.expected() == History::NOTHING) return 0;
        const std::uint32_t length = m_.history.match_length();
        return length < 6 ? 1 : length < 12 ? 2 : length < 24 ? 3 : 4;
    }
    void remember(const Hash32& word, std::uint32_t from, std::uint32_t to) {
        m_.history.append(word.view().subspan(from, to - from));
    }

    Memory& m_;
    Coder<Range>& c_;
    Bytes* data_ = nullptr;
    std::uint32_t size_ = 0;      // of all data
    std::uint32_t function_ = 0;  // hash of recipient and selector
    std::uint32_t index_ = 0;     // of the word in its function's arguments
    std::uint32_t kinds_ = 0;     // groups of the last eight words, four bits each
    std::uint32_t at_ = 0, depth_ = 0;
    Hash32 last_word_, before_last_;
};

}  // namespace entresol::columns
