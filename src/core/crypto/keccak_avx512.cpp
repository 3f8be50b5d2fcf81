#include "core/crypto/keccak_avx512.hpp"

#include "core/base/check.hpp"
#include "core/crypto/keccak_f1600.hpp"

#if defined(__x86_64__)
// GCC 12's headers pass an undefined register to masked instructions on purpose and warn about it.
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

namespace entresol::crypto {

bool has_keccak_avx512() { return __builtin_cpu_supports("avx512f") != 0; }

// Rotation amounts of rho, and where pi moves a lane: both are walked in one pass, as in keccak_f1600.hpp.
__attribute__((target("avx512f"))) void keccak_f1600_eight(EightKeccakStates& states) {
    __m512i a[25];
    for (int i = 0; i < 25; ++i) a[i] = _mm512_load_si512(states.lanes + 8 * i);
    for (const std::uint64_t constant : KECCAK_ROUND_CONSTANTS) {
        __m512i c[5], d[5], b[25];
        for (int x = 0; x < 5; ++x)  // theta; 0x96 is the exclusive or of three
            c[x] = _mm512_ternarylogic_epi64(_mm512_ternarylogic_epi64(a[x], a[x + 5], a[x + 10], 0x96), a[x + 15],
                                             a[x + 20], 0x96);
        for (int x = 0; x < 5; ++x) d[x] = _mm512_xor_si512(c[(x + 4) % 5], _mm512_rol_epi64(c[(x + 1) % 5], 1));
        for (int i = 0; i < 25; ++i) a[i] = _mm512_xor_si512(a[i], d[i % 5]);
        b[0] = a[0];
        b[10] = _mm512_rol_epi64(a[1], 1);
        b[20] = _mm512_rol_epi64(a[2], 62);
        b[5] = _mm512_rol_epi64(a[3], 28);
        b[15] = _mm512_rol_epi64(a[4], 27);
        b[16] = _mm512_rol_epi64(a[5], 36);
        b[1] = _mm512_rol_epi64(a[6], 44);
        b[11] = _mm512_rol_epi64(a[7], 6);
        b[21] = _mm512_rol_epi64(a[8], 55);
        b[6] = _mm512_rol_epi64(a[9], 20);
        b[7] = _mm512_rol_epi64(a[10], 3);
        b[17] = _mm512_rol_epi64(a[11], 10);
        b[2] = _mm512_rol_epi64(a[12], 43);
        b[12] = _mm512_rol_epi64(a[13], 25);
        b[22] = _mm512_rol_epi64(a[14], 39);
        b[23] = _mm512_rol_epi64(a[15], 41);
        b[8] = _mm512_rol_epi64(a[16], 45);
        b[18] = _mm512_rol_epi64(a[17], 15);
        b[3] = _mm512_rol_epi64(a[18], 21);
        b[13] = _mm512_rol_epi64(a[19], 8);
        b[14] = _mm512_rol_epi64(a[20], 18);
        b[24] = _mm512_rol_epi64(a[21], 2);
        b[9] = _mm512_rol_epi64(a[22], 61);
        b[19] = _mm512_rol_epi64(a[23], 56);
        b[4] = _mm512_rol_epi64(a[24], 14);
        for (int y = 0; y < 25; y += 5)  // chi; 0xd2 is a ^ (~b & c)
            for (int x = 0; x < 5; ++x)
                a[y + x] = _mm512_ternarylogic_epi64(b[y + x], b[y + (x + 1) % 5], b[y + (x + 2) % 5], 0xd2);
        a[0] = _mm512_xor_si512(a[0], _mm512_set1_epi64(static_cast<long long>(constant)));
    }
    for (int i = 0; i < 25; ++i) _mm512_store_si512(states.lanes + 8 * i, a[i]);
}

}  // namespace entresol::crypto

#else

namespace entresol::crypto {

bool has_keccak_avx512() { return false; }
void keccak_f1600_eight(EightKeccakStates&) { CHECK(false); }

}  // namespace entresol::crypto

#endif
