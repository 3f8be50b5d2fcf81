/* The text of the KZG ceremony's trusted setup as an object file (declared in include/entresol_trusted_setup.h). */
    .section .rodata
    .global entresol_trusted_setup
    .global entresol_trusted_setup_size
    .balign 8
entresol_trusted_setup:
    .incbin "trusted_setup.txt"
entresol_trusted_setup_end:
    .balign 8
entresol_trusted_setup_size:
    .quad entresol_trusted_setup_end - entresol_trusted_setup
    .section .note.GNU-stack, "", %progbits
