/* The baked trusted setup as an object file (declared in include/entresol_trusted_setup.h). */
    .section .rodata
    .global entresol_trusted_setup
    .balign 64
entresol_trusted_setup:
    .incbin "trusted_setup.bin"
    .section .note.GNU-stack, "", %progbits
