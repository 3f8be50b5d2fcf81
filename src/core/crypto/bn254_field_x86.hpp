// bn254's base field in x86-64 assembly: two carry chains at once (adcx, adox), which the compiler cannot be
// brought to. For CPUs with BMI2 and ADX.
#pragma once

#if defined(__x86_64__)

#include "core/base/uint256.hpp"

namespace entresol::crypto::bn254::x86 {

/// P and -1/P mod 2^64, where instructions can read them.
alignas(64) inline constexpr std::uint64_t CONSTANTS[5] = {
    0x3c208c16d87cfd47ULL, 0x97816a916871ca8dULL, 0xb85045b68181585dULL, 0x30644e72e131a029ULL, 0x87d20782e4866389ULL};

// NOLINTBEGIN(hicpp-no-assembler)

// Row by row (CIOS of Koç, Acar, Kaliski 1996). t4:t0 is the sum so far.
#define ENTRESOL_BN254_FIRST_ROW                                                                              \
    "movq %[b0], %%rdx\n"                                                                                     \
    "mulxq %[a0], %[t0], %[t1]\n mulxq %[a1], %[lo], %[t2]\n addq %[lo], %[t1]\n mulxq %[a2], %[lo], %[t3]\n" \
    "adcq %[lo], %[t2]\n mulxq %[a3], %[lo], %[t4]\n adcq %[lo], %[t3]\n adcq $0, %[t4]\n"
// t += a · b, where t4 holds nothing yet (the sum was just reduced) …
#define ENTRESOL_BN254_ROW(b)                                               \
    "movq %[" b                                                             \
    "], %%rdx\n xorl %k[lo], %k[lo]\n"                                      \
    "mulxq %[a0], %[lo], %[hi]\n adoxq %[lo], %[t0]\n adcxq %[hi], %[t1]\n" \
    "mulxq %[a1], %[lo], %[hi]\n adoxq %[lo], %[t1]\n adcxq %[hi], %[t2]\n" \
    "mulxq %[a2], %[lo], %[hi]\n adoxq %[lo], %[t2]\n adcxq %[hi], %[t3]\n" \
    "mulxq %[a3], %[lo], %[t4]\n adoxq %[lo], %[t3]\n"                      \
    "movl $0, %k[lo]\n adcxq %[lo], %[t4]\n adoxq %[lo], %[t4]\n"
// … and t += c · d on top of that.
#define ENTRESOL_BN254_SECOND_ROW(d)                                        \
    "movq %[" d                                                             \
    "], %%rdx\n xorl %k[lo], %k[lo]\n"                                      \
    "mulxq %[c0], %[lo], %[hi]\n adoxq %[lo], %[t0]\n adcxq %[hi], %[t1]\n" \
    "mulxq %[c1], %[lo], %[hi]\n adoxq %[lo], %[t1]\n adcxq %[hi], %[t2]\n" \
    "mulxq %[c2], %[lo], %[hi]\n adoxq %[lo], %[t2]\n adcxq %[hi], %[t3]\n" \
    "mulxq %[c3], %[lo], %[hi]\n adoxq %[lo], %[t3]\n adcxq %[hi], %[t4]\n" \
    "movl $0, %k[lo]\n adoxq %[lo], %[t4]\n"
#define ENTRESOL_BN254_REDUCE                                               \
    "movq %[n0], %%rdx\n imulq %[t0], %%rdx\n xorl %k[lo], %k[lo]\n"        \
    "mulxq %[p0], %[lo], %[hi]\n adcxq %[t0], %[lo]\n movq %[hi], %[t0]\n"  \
    "adcxq %[t1], %[t0]\n mulxq %[p1], %[lo], %[t1]\n adoxq %[lo], %[t0]\n" \
    "adcxq %[t2], %[t1]\n mulxq %[p2], %[lo], %[t2]\n adoxq %[lo], %[t1]\n" \
    "adcxq %[t3], %[t2]\n mulxq %[p3], %[lo], %[t3]\n adoxq %[lo], %[t2]\n" \
    "movl $0, %k[lo]\n adcxq %[lo], %[t3]\n adoxq %[t4], %[t3]\n"
#define ENTRESOL_BN254_SUBTRACT_P                                                     \
    "movq %[t0], %[t4]\n movq %[t1], %[lo]\n movq %[t2], %[hi]\n movq %[t3], %%rdx\n" \
    "subq %[p0], %[t4]\n sbbq %[p1], %[lo]\n sbbq %[p2], %[hi]\n sbbq %[p3], %%rdx\n" \
    "cmovncq %[t4], %[t0]\n cmovncq %[lo], %[t1]\n cmovncq %[hi], %[t2]\n cmovncq %%rdx, %[t3]\n"
#define ENTRESOL_BN254_OUTPUTS \
    [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [lo] "=&r"(lo), [hi] "=&r"(hi)
#define ENTRESOL_BN254_INPUTS                                                                                          \
    [a0] "m"(a.limb[0]), [a1] "m"(a.limb[1]), [a2] "m"(a.limb[2]), [a3] "m"(a.limb[3]), [b0] "m"(b.limb[0]),           \
        [b1] "m"(b.limb[1]), [b2] "m"(b.limb[2]), [b3] "m"(b.limb[3]), [p0] "m"(CONSTANTS[0]), [p1] "m"(CONSTANTS[1]), \
        [p2] "m"(CONSTANTS[2]), [p3] "m"(CONSTANTS[3]), [n0] "m"(CONSTANTS[4])

[[gnu::always_inline]] inline U256 mul(const U256& a, const U256& b) {
    std::uint64_t t0, t1, t2, t3, t4, lo, hi;
    __asm__(ENTRESOL_BN254_FIRST_ROW ENTRESOL_BN254_REDUCE              //
                ENTRESOL_BN254_ROW("b1") ENTRESOL_BN254_REDUCE          //
                    ENTRESOL_BN254_ROW("b2") ENTRESOL_BN254_REDUCE      //
                        ENTRESOL_BN254_ROW("b3") ENTRESOL_BN254_REDUCE  //
                            ENTRESOL_BN254_SUBTRACT_P
            : ENTRESOL_BN254_OUTPUTS
            : ENTRESOL_BN254_INPUTS
            : "rdx", "cc");
    return {t0, t1, t2, t3};
}

[[gnu::always_inline]] inline U256 sum_of_products(const U256& a, const U256& b, const U256& c, const U256& d) {
    std::uint64_t t0, t1, t2, t3, t4, lo, hi;
    __asm__(ENTRESOL_BN254_FIRST_ROW ENTRESOL_BN254_SECOND_ROW("d0") ENTRESOL_BN254_REDUCE              //
                ENTRESOL_BN254_ROW("b1") ENTRESOL_BN254_SECOND_ROW("d1") ENTRESOL_BN254_REDUCE          //
                    ENTRESOL_BN254_ROW("b2") ENTRESOL_BN254_SECOND_ROW("d2") ENTRESOL_BN254_REDUCE      //
                        ENTRESOL_BN254_ROW("b3") ENTRESOL_BN254_SECOND_ROW("d3") ENTRESOL_BN254_REDUCE  //
                            ENTRESOL_BN254_SUBTRACT_P
            : ENTRESOL_BN254_OUTPUTS
            : ENTRESOL_BN254_INPUTS, [c0] "m"(c.limb[0]), [c1] "m"(c.limb[1]), [c2] "m"(c.limb[2]), [c3] "m"(c.limb[3]),
              [d0] "m"(d.limb[0]), [d1] "m"(d.limb[1]), [d2] "m"(d.limb[2]), [d3] "m"(d.limb[3])
            : "rdx", "cc");
    return {t0, t1, t2, t3};
}

// NOLINTEND(hicpp-no-assembler)

#undef ENTRESOL_BN254_FIRST_ROW
#undef ENTRESOL_BN254_ROW
#undef ENTRESOL_BN254_SECOND_ROW
#undef ENTRESOL_BN254_REDUCE
#undef ENTRESOL_BN254_SUBTRACT_P
#undef ENTRESOL_BN254_OUTPUTS
#undef ENTRESOL_BN254_INPUTS

}  // namespace entresol::crypto::bn254::x86

#endif
