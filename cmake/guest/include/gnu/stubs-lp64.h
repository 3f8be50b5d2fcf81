/* The cross C library has this file for lp64d alone; ours is lp64 (soft float), and no function is stubbed out in headers. */
