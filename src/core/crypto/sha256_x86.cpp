#include "core/crypto/sha256_x86.hpp"

#include "core/base/check.hpp"
#include "core/crypto/sha256_constants.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace entresol::crypto {

namespace {
struct Cpuid {
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
    explicit Cpuid(unsigned leaf) : eax(leaf) {
        __asm__("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));  // NOLINT(hicpp-no-assembler)
    }
};
}  // namespace

// GCC 12 cannot be asked for SHA by name: CPUID leaf 7, EBX bit 29 (Intel SDM 2A, table 3-8).
bool has_sha_instructions() {
    return __builtin_cpu_supports("sse4.1") != 0 && Cpuid(0).eax >= 7 && (Cpuid(7).ebx >> 29 & 1) != 0;
}

// The instructions hold the state as ABEF and CDGH and do two rounds at a time; w[0 … 3] are the last sixteen words of the message schedule.
__attribute__((target("sha,sse4.1"))) void sha256_blocks_x86(std::uint32_t (&h)[8], const std::uint8_t* data,
                                                             std::size_t blocks) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    const auto load = [](const void* p) { return _mm_loadu_si128(static_cast<const __m128i*>(p)); };
    const __m128i cdab = _mm_shuffle_epi32(load(h), 0xb1), efgh = _mm_shuffle_epi32(load(h + 4), 0x1b);
    __m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
    for (; blocks > 0; --blocks, data += 64) {
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i w[4];
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) w[i] = _mm_shuffle_epi8(load(data + 16 * i), swap);
#pragma GCC unroll 16
        for (int i = 0; i < 16; ++i) {
            const __m128i sum = _mm_add_epi32(w[i % 4], load(SHA256_K + 4 * i));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
            if (i < 12) {
                const __m128i part = _mm_sha256msg1_epu32(w[i % 4], w[(i + 1) % 4]);
                const __m128i seven_back = _mm_alignr_epi8(w[(i + 3) % 4], w[(i + 2) % 4], 4);
                w[i % 4] = _mm_sha256msg2_epu32(_mm_add_epi32(part, seven_back), w[(i + 3) % 4]);
            }
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    const __m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(h), _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(h + 4), _mm_alignr_epi8(dchg, feba, 8));
}

}  // namespace entresol::crypto

#else

namespace entresol::crypto {

bool has_sha_instructions() { return false; }
void sha256_blocks_x86(std::uint32_t (&)[8], const std::uint8_t*, std::size_t) { CHECK(false); }

}  // namespace entresol::crypto

#endif
