# The first instruction. a0 to a3 are the hash of the input (docs/spec/machine.md, "A program's input and result").
    .section .text.start, "ax"
    .global _start
_start:
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    li sp, 0x4000000000
    call guest_main
    unimp
