// The sequences of core/state/fused_code.hpp, a part of the main loop: interpreter.cpp includes this file inside of run(), among the other instructions.
// No sequence fails: where stack, gas, memory or target do not suffice, its parts run one by one and fail as they must.
// clang-format off

// A sequence whose parts all fit: stack, gas, memory, target. Where one does not, the parts run one by one from `first` on and fail as they must.
#define FUSED(name, first, needs, grows, cost)                                      \
    L_##name : if ((needs) > 0 && sp < base + (needs)) [[unlikely]] goto L_##first; \
    if ((grows) > 0 && sp > base + STACK_LIMIT - (grows)) [[unlikely]]              \
        goto L_##first;                                                             \
    if (gas < (cost)) [[unlikely]]                                                  \
        goto L_##first;                                                             \
    gas -= (cost);
#define FUSED_NEXT(length) \
    pc += (length);        \
    goto* labels[*pc];
// Gives the gas back.
#define RUN_PARTS(first, cost) \
    {                          \
        gas += (cost);         \
        goto L_##first;        \
    }
// To the target in the WIDTH bytes at `at`, over its JUMPDEST.
#define FUSED_JUMP(width, at)                                                             \
    pc = frame->runs + ((width) == 1 ? std::uint64_t{pc[at]} : load_be16(pc + (at))) + 1; \
    goto* labels[*pc];
#define FUSED_PUSH1(name, change)                            \
    FUSED(PUSH1_##name, PUSH1, 1, 1, 3 + price(OP_##name)) { \
        const std::uint64_t immediate = pc[1];               \
        change;                                              \
        FUSED_NEXT(3)                                        \
    }
#define FUSED_BRANCH(name, first, width, takes, grows, cost, condition, target_at) \
    FUSED(name, first, takes, grows, (cost) + 3 + 10 + JUMPDEST_GAS) {             \
        const bool jumps = (condition);                                            \
        sp -= (takes);                                                             \
        if (jumps) {                                                               \
            FUSED_JUMP(width, target_at)                                           \
        }                                                                          \
        gas += JUMPDEST_GAS;                                                       \
        FUSED_NEXT((target_at) + (width) + 1)                                      \
    }
#define FUSED_COMPARE(name, condition)                                    \
    FUSED_BRANCH(name##_JUMPI1, name, 1, 2, 0, 3, condition, 2)           \
    FUSED_BRANCH(name##_JUMPI2, name, 2, 2, 0, 3, condition, 2)           \
    FUSED_BRANCH(name##_ISZERO_JUMPI1, name, 1, 2, 0, 6, !(condition), 3) \
    FUSED_BRANCH(name##_ISZERO_JUMPI2, name, 2, 2, 0, 6, !(condition), 3)
// [x y] → [x]; needs two, takes one.
#define FUSED_DUP2_LT(name, width, cost, condition, target_at) \
    FUSED(name, DUP2, 2, 1, (cost) + 3 + 10 + JUMPDEST_GAS) {  \
        const bool jumps = (condition);                        \
        --sp;                                                  \
        if (jumps) {                                           \
            FUSED_JUMP(width, target_at)                       \
        }                                                      \
        gas += JUMPDEST_GAS;                                   \
        FUSED_NEXT((target_at) + (width) + 1)                  \
    }
#define FUSED_PUSH1_DUP(n)                      \
    FUSED(PUSH1_DUP##n, PUSH1, (n) - 1, 2, 6) { \
        put(sp[1], U256{pc[1]});                \
        put(sp[2], sp[2 - (n)]);                \
        sp += 2;                                \
        FUSED_NEXT(3)                           \
    }
#define FUSED_RETURN(name, first, target_at, cost)                                              \
    FUSED(name, first, (target_at) + 1, 0, (cost) + 8 + JUMPDEST_GAS) {                         \
        if (!frame->is_jump_dest(sp[-(target_at)])) RUN_PARTS(first, (cost) + 8 + JUMPDEST_GAS) \
        pc = frame->runs + sp[-(target_at)].limb[0] + 1;                                        \
        sp -= (target_at) + 1;                                                                  \
        goto* labels[*pc];                                                                      \
    }
#define FUSED_SWAP_POP(n)                          \
    FUSED(SWAP##n##_POP, SWAP##n, (n) + 1, 0, 5) { \
        put(sp[-(n)], sp[0]);                      \
        --sp;                                      \
        FUSED_NEXT(2)                              \
    }
#define FUSED_DUP_ADD(n)                            \
    FUSED(DUP##n##_ADD, DUP##n, n, 1, 6) {          \
        put(sp[0], words::add(sp[1 - (n)], sp[0])); \
        FUSED_NEXT(2)                               \
    }
#define FUSED_DUP_MLOAD(n)                                               \
    FUSED(DUP##n##_MLOAD, DUP##n, n, 1, 6) {                             \
        if (!is_in_memory(*frame, sp[1 - (n)], 32)) RUN_PARTS(DUP##n, 6) \
        put(sp[1], load_be256(frame->memory + sp[1 - (n)].limb[0]));     \
        ++sp;                                                            \
        FUSED_NEXT(2)                                                    \
    }

FUSED_PUSH1(ADD, add_small(sp[0], immediate))
FUSED_PUSH1(MUL, put(sp[0], words::multiply(sp[0], U256{immediate})))
FUSED_PUSH1(SHL, put(sp[0], words::shift_left(U256{immediate}, sp[0])))
FUSED_PUSH1(SHR, put(sp[0], words::shift_right(U256{immediate}, sp[0])))
FUSED_PUSH1(AND, put(sp[0], U256{sp[0].limb[0] & immediate}))
FUSED(PUSH1_MLOAD, PUSH1, 0, 1, 6) {
    if (frame->memory_size < pc[1] + 32ULL) RUN_PARTS(PUSH1, 6)
    ++sp;
    put(*sp, load_be256(frame->memory + pc[1]));
    FUSED_NEXT(3)
}
FUSED(PUSH1_MSTORE, PUSH1, 1, 1, 6) {
    if (frame->memory_size < pc[1] + 32ULL) RUN_PARTS(PUSH1, 6)
    store_be256(frame->memory + pc[1], sp[0]);
    --sp;
    FUSED_NEXT(3)
}
FUSED_PUSH1_DUP(2)
FUSED_PUSH1_DUP(3)
FUSED(PUSH1_JUMP, PUSH1, 0, 1, 3 + 8 + JUMPDEST_GAS) { FUSED_JUMP(1, 1) }
FUSED(PUSH2_JUMP, PUSH2, 0, 1, 3 + 8 + JUMPDEST_GAS) { FUSED_JUMP(2, 1) }
FUSED_BRANCH(PUSH1_JUMPI, PUSH1, 1, 1, 1, 0, !sp[0].is_zero(), 1)
FUSED_BRANCH(PUSH2_JUMPI, PUSH2, 2, 1, 1, 0, !sp[0].is_zero(), 1)
FUSED_BRANCH(ISZERO_JUMPI1, ISZERO, 1, 1, 1, 3, sp[0].is_zero(), 2)
FUSED_BRANCH(ISZERO_JUMPI2, ISZERO, 2, 1, 1, 3, sp[0].is_zero(), 2)
FUSED_DUP2_LT(DUP2_LT_JUMPI1, 1, 6, words::less(sp[-1], sp[0]), 3)
FUSED_DUP2_LT(DUP2_LT_JUMPI2, 2, 6, words::less(sp[-1], sp[0]), 3)
FUSED_DUP2_LT(DUP2_LT_ISZERO_JUMPI1, 1, 9, !words::less(sp[-1], sp[0]), 4)
FUSED_DUP2_LT(DUP2_LT_ISZERO_JUMPI2, 2, 9, !words::less(sp[-1], sp[0]), 4)
FUSED(DUP2_LT, DUP2, 2, 1, 6) {
    put(sp[0], U256{words::less(sp[-1], sp[0]) ? 1ULL : 0ULL});
    FUSED_NEXT(2)
}
FUSED_COMPARE(LT, words::less(sp[0], sp[-1]))
FUSED_COMPARE(GT, words::less(sp[-1], sp[0]))
FUSED_COMPARE(SLT, words::signed_less(sp[0], sp[-1]))
FUSED_COMPARE(SGT, words::signed_less(sp[-1], sp[0]))
FUSED_COMPARE(EQ, words::equal(sp[0], sp[-1]))
FUSED_SWAP_POP(1)
FUSED_SWAP_POP(2)
FUSED_SWAP_POP(3)
FUSED_SWAP_POP(4)
FUSED(SWAP1_SUB, SWAP1, 2, 0, 6) {
    put(sp[-1], words::subtract(sp[-1], sp[0]));
    --sp;
    FUSED_NEXT(2)
}
FUSED(SWAP1_JUMP, SWAP1, 2, 0, 3 + 8 + JUMPDEST_GAS) {
    if (!frame->is_jump_dest(sp[-1])) RUN_PARTS(SWAP1, 3 + 8 + JUMPDEST_GAS)
    pc = frame->runs + sp[-1].limb[0] + 1;
    put(sp[-1], sp[0]);
    --sp;
    goto* labels[*pc];
}
FUSED_RETURN(POP_JUMP, POP, 1, 2)
FUSED_RETURN(POP_POP_JUMP, POP, 2, 4)
FUSED(SWAP1_SHR, SWAP1, 2, 0, 6) {
    put(sp[-1], words::shift_right(sp[-1], sp[0]));
    --sp;
    FUSED_NEXT(2)
}
FUSED(SWAP3_SWAP2_POP, SWAP3, 4, 0, 8) {
    const U256 top = sp[0];
    put(sp[-2], sp[-3]);
    put(sp[-3], top);
    --sp;
    FUSED_NEXT(3)
}
FUSED(DUP2_MSTORE, DUP2, 2, 1, 6) {
    if (!is_in_memory(*frame, sp[-1], 32)) RUN_PARTS(DUP2, 6)
    store_be256(frame->memory + sp[-1].limb[0], sp[0]);
    --sp;
    FUSED_NEXT(2)
}
FUSED(POP_POP, POP, 2, 0, 4) {
    sp -= 2;
    FUSED_NEXT(2)
}
FUSED_DUP_ADD(1)
FUSED_DUP_ADD(2)
FUSED_DUP_ADD(3)
FUSED_DUP_ADD(4)
FUSED_DUP_MLOAD(1)
FUSED_DUP_MLOAD(2)
FUSED_DUP_MLOAD(3)
