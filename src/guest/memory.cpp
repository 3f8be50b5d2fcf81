// memcpy and its kin: by words wherever alignment allows, for the machine traps on misaligned accesses. Compiled so that no loop becomes a call of itself.
#include <cstddef>
#include <cstdint>

namespace {

using Word = std::uint64_t;
constexpr std::size_t WORD = 8;

std::uint64_t low_bits(const void* pointer) { return reinterpret_cast<std::uint64_t>(pointer) % WORD; }

// Words may look at anything: that is what these functions are for.
typedef Word __attribute__((may_alias)) AnyWord;

void copy_forwards(std::uint8_t* to, const std::uint8_t* from, std::size_t size) {
    while (size != 0 && low_bits(to) != 0) {
        *to++ = *from++;
        --size;
    }
    auto* to_words = reinterpret_cast<AnyWord*>(to);
    if (const std::uint64_t skew = low_bits(from); skew == 0) {
        const auto* words = reinterpret_cast<const AnyWord*>(from);
        for (; size >= 4 * WORD; size -= 4 * WORD) {
            const Word a = words[0], b = words[1], c = words[2], d = words[3];
            to_words[0] = a;
            to_words[1] = b;
            to_words[2] = c;
            to_words[3] = d;
            words += 4;
            to_words += 4;
        }
        for (; size >= WORD; size -= WORD) *to_words++ = *words++;
        from = reinterpret_cast<const std::uint8_t*>(words);
    } else if (size >= 2 * WORD) {
        // Each word is the end of one and the beginning of the next. The last word read has at least one byte of the source in it.
        const unsigned shift = static_cast<unsigned>(8 * skew);
        const auto* words = reinterpret_cast<const AnyWord*>(from - skew);
        Word current = *words++;
        std::size_t copied = 0;
        for (; size - copied >= 2 * WORD; copied += WORD) {
            const Word next = *words++;
            *to_words++ = current >> shift | next << (64 - shift);
            current = next;
        }
        from += copied;
        size -= copied;
    }
    to = reinterpret_cast<std::uint8_t*>(to_words);
    while (size-- != 0) *to++ = *from++;
}

void copy_backwards(std::uint8_t* to, const std::uint8_t* from, std::size_t size) {
    to += size;
    from += size;
    if (low_bits(to) == low_bits(from)) {
        while (size != 0 && low_bits(to) != 0) {
            *--to = *--from;
            --size;
        }
        for (; size >= WORD; size -= WORD) {
            to -= WORD;
            from -= WORD;
            *reinterpret_cast<AnyWord*>(to) = *reinterpret_cast<const AnyWord*>(from);
        }
    }
    while (size-- != 0) *--to = *--from;
}

}  // namespace

extern "C" {

void* memcpy(void* to, const void* from, std::size_t size) {
    copy_forwards(static_cast<std::uint8_t*>(to), static_cast<const std::uint8_t*>(from), size);
    return to;
}

void* memmove(void* to, const void* from, std::size_t size) {
    auto* target = static_cast<std::uint8_t*>(to);
    const auto* source = static_cast<const std::uint8_t*>(from);
    if (target > source && target < source + size)
        copy_backwards(target, source, size);
    else if (target + 2 * WORD <= source || target >= source + size)
        copy_forwards(target, source, size);
    else  // closer than the words that are read ahead
        for (std::size_t i = 0; i < size; ++i) target[i] = source[i];
    return to;
}

void* memset(void* to, int value, std::size_t size) {
    auto* target = static_cast<std::uint8_t*>(to);
    const auto byte = static_cast<std::uint8_t>(value);
    while (size != 0 && low_bits(target) != 0) {
        *target++ = byte;
        --size;
    }
    const Word pattern = byte * 0x0101010101010101ULL;
    auto* words = reinterpret_cast<AnyWord*>(target);
    for (; size >= WORD; size -= WORD) *words++ = pattern;
    target = reinterpret_cast<std::uint8_t*>(words);
    while (size-- != 0) *target++ = byte;
    return to;
}

int memcmp(const void* left, const void* right, std::size_t size) {
    const auto* a = static_cast<const std::uint8_t*>(left);
    const auto* b = static_cast<const std::uint8_t*>(right);
    if (low_bits(a) == 0 && low_bits(b) == 0)
        for (; size >= WORD && *reinterpret_cast<const AnyWord*>(a) == *reinterpret_cast<const AnyWord*>(b);
             size -= WORD) {
            a += WORD;
            b += WORD;
        }
    for (; size != 0; --size, ++a, ++b)
        if (*a != *b) return *a < *b ? -1 : 1;
    return 0;
}

void* memchr(const void* from, int value, std::size_t size) {
    const auto* at = static_cast<const std::uint8_t*>(from);
    for (; size != 0; --size, ++at)
        if (*at == static_cast<std::uint8_t>(value)) return const_cast<std::uint8_t*>(at);
    return nullptr;
}

std::size_t strlen(const char* text) {
    std::size_t length = 0;
    while (text[length] != 0) ++length;
    return length;
}
}
