// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MachineReplay, Replay} from "./MachineReplay.sol";

/// RV64IM, Zicsr, fences, mret and wfi (docs/spec/machine.md, "Instructions"); ecall but for the machine's calls.
library MachineInstructions {
    using MachineReplay for Replay;

    uint256 private constant M64 = MachineReplay.M64;
    uint256 private constant M32 = 0xffffffff;
    uint256 private constant PC = MachineReplay.PC;

    uint256 private constant FETCH_MISALIGNED = 0;
    uint256 private constant ILLEGAL = 2;
    uint256 private constant BREAKPOINT = 3;
    uint256 private constant LOAD_MISALIGNED = 4;
    uint256 private constant STORE_MISALIGNED = 6;
    uint256 private constant ENVIRONMENT_CALL = 11;

    function execute(Replay memory r, uint256 instruction) internal pure {
        unchecked {
            uint256 opcode = instruction & 0x7f;
            uint256 a = r.word((instruction >> 15) & 31);
            bool legal;
            if (opcode == 0x13) legal = computeImmediate(r, instruction, a);
            else if (opcode == 0x33) legal = computeRegister(r, instruction, a);
            else if (opcode == 0x03) legal = load(r, instruction, a);
            else if (opcode == 0x23) legal = store(r, instruction, a);
            else if (opcode == 0x63) legal = branch(r, instruction, a);
            else if (opcode == 0x6f) legal = jump(r, instruction, r.word(PC) + immediateJ(instruction));
            else if (opcode == 0x67) legal = jumpRegister(r, instruction, a);
            else if (opcode == 0x37) legal = finish(r, instruction, immediateU(instruction));
            else if (opcode == 0x17) legal = finish(r, instruction, r.word(PC) + immediateU(instruction));
            else if (opcode == 0x1b) legal = computeImmediateWord(r, instruction, a);
            else if (opcode == 0x3b) legal = computeRegisterWord(r, instruction, a);
            else if (opcode == 0x73) legal = system(r, instruction, a);
            else if (opcode == 0x0f) legal = fence(r, instruction);
            if (!legal) r.trap(ILLEGAL, instruction);
        }
    }

    // Immediates, sign-extended to 256 bits; words take the low 64 bits.

    function signExtend(uint256 value, uint256 bits) private pure returns (uint256 extended) {
        assembly ("memory-safe") {
            let shift := sub(256, bits)
            extended := sar(shift, shl(shift, value))
        }
    }

    function signed(uint256 value) private pure returns (int256) {
        return int256(signExtend(value, 64));
    }

    function extendWord(uint256 value) private pure returns (uint256) {
        return signExtend(value, 32);
    }

    function immediateI(uint256 i) private pure returns (uint256) {
        return signExtend(i >> 20, 12);
    }

    function immediateS(uint256 i) private pure returns (uint256) {
        return signExtend(((i >> 20) & 0xfe0) | ((i >> 7) & 31), 12);
    }

    function immediateB(uint256 i) private pure returns (uint256) {
        return signExtend(((i >> 19) & 0x1000) | ((i << 4) & 0x800) | ((i >> 20) & 0x7e0) | ((i >> 7) & 0x1e), 13);
    }

    function immediateU(uint256 i) private pure returns (uint256) {
        return signExtend(i & 0xfffff000, 32);
    }

    function immediateJ(uint256 i) private pure returns (uint256) {
        return signExtend(((i >> 11) & 0x100000) | (i & 0xff000) | ((i >> 9) & 0x800) | ((i >> 20) & 0x7fe), 21);
    }

    function finish(Replay memory r, uint256 i, uint256 value) private pure returns (bool) {
        r.setRegister((i >> 7) & 31, value);
        r.goOn();
        return true;
    }

    // Computing instructions. funct3 chooses; `alternate` is bit 30 of the word.

    function compute(uint256 funct3, bool alternate, uint256 a, uint256 b) private pure returns (uint256) {
        unchecked {
            if (funct3 == 0) return alternate ? a - b : a + b;
            if (funct3 == 1) return a << (b & 63);
            if (funct3 == 2) return signed(a) < signed(b) ? 1 : 0;
            if (funct3 == 3) return a < b ? 1 : 0;
            if (funct3 == 4) return a ^ b;
            if (funct3 == 5) return alternate ? uint256(signed(a) >> (b & 63)) : a >> (b & 63);
            if (funct3 == 6) return a | b;
            return a & b;
        }
    }

    /// a and b as unsigned and as signed numbers of 32 or 64 bits; what the product's upper half is asked of has 64.
    function multiply(uint256 funct3, uint256 a, uint256 b, int256 signedA, int256 signedB) private pure returns (uint256) {
        unchecked {
            if (funct3 == 0) return a * b;
            if (funct3 == 1) return uint256((signedA * signedB) >> 64);
            if (funct3 == 2) return uint256((signedA * int256(b)) >> 64);
            if (funct3 == 3) return (a * b) >> 64;
            // Unprivileged table 7.1; the overflow comes out right by itself.
            if (b == 0) return funct3 < 6 ? M64 : a;
            if (funct3 == 4) return uint256(signedA / signedB);
            if (funct3 == 5) return a / b;
            if (funct3 == 6) return uint256(signedA % signedB);
            return a % b;
        }
    }

    function computeImmediate(Replay memory r, uint256 i, uint256 a) private pure returns (bool) {
        uint256 funct3 = (i >> 12) & 7;
        if (funct3 != 1 && funct3 != 5) return finish(r, i, compute(funct3, false, a, immediateI(i) & M64));
        uint256 kind = i >> 26;
        if (kind != 0 && (kind != 16 || funct3 != 5)) return false;
        return finish(r, i, compute(funct3, kind == 16, a, (i >> 20) & 63));
    }

    function computeRegister(Replay memory r, uint256 i, uint256 a) private pure returns (bool) {
        uint256 funct3 = (i >> 12) & 7;
        uint256 funct7 = i >> 25;
        uint256 b = r.word((i >> 20) & 31);
        if (funct7 == 1) return finish(r, i, multiply(funct3, a, b, signed(a), signed(b)));
        if (funct7 != 0 && (funct7 != 32 || (funct3 != 0 && funct3 != 5))) return false;
        return finish(r, i, compute(funct3, funct7 == 32, a, b));
    }

    /// addw, subw and the shifts of 32-bit words.
    function computeWord(Replay memory r, uint256 i, uint256 a, uint256 b) private pure returns (bool) {
        unchecked {
            uint256 funct3 = (i >> 12) & 7;
            uint256 funct7 = i >> 25;
            uint256 value;
            if (funct3 == 0 && funct7 == 0) value = a + b;
            else if (funct3 == 0 && funct7 == 32) value = a - b;
            else if (funct3 == 1 && funct7 == 0) value = a << (b & 31);
            else if (funct3 == 5 && funct7 == 0) value = (a & M32) >> (b & 31);
            else if (funct3 == 5 && funct7 == 32) value = uint256(int256(extendWord(a)) >> (b & 31));
            else return false;
            return finish(r, i, extendWord(value));
        }
    }

    function computeImmediateWord(Replay memory r, uint256 i, uint256 a) private pure returns (bool) {
        unchecked {
            if ((i >> 12) & 7 == 0) return finish(r, i, extendWord(a + immediateI(i)));
            return computeWord(r, i, a, (i >> 20) & 31);
        }
    }

    function computeRegisterWord(Replay memory r, uint256 i, uint256 a) private pure returns (bool) {
        uint256 b = r.word((i >> 20) & 31);
        if (i >> 25 != 1) return computeWord(r, i, a, b);
        uint256 funct3 = (i >> 12) & 7;
        if (funct3 > 0 && funct3 < 4) return false;
        uint256 value = multiply(funct3, a & M32, b & M32, int256(extendWord(a)), int256(extendWord(b)));
        return finish(r, i, extendWord(value));
    }

    // Jumps

    function jump(Replay memory r, uint256 i, uint256 target) private pure returns (bool) {
        unchecked {
            target &= M64;
            if (target & 3 != 0) {
                r.trap(FETCH_MISALIGNED, target);
            } else {
                r.setRegister((i >> 7) & 31, r.word(PC) + 4);
                r.setWord(PC, target);
            }
            return true;
        }
    }

    function jumpRegister(Replay memory r, uint256 i, uint256 a) private pure returns (bool) {
        unchecked {
            if ((i >> 12) & 7 != 0) return false;
            return jump(r, i, (a + immediateI(i)) & ~uint256(1));
        }
    }

    function branch(Replay memory r, uint256 i, uint256 a) private pure returns (bool) {
        unchecked {
            uint256 funct3 = (i >> 12) & 7;
            uint256 b = r.word((i >> 20) & 31);
            bool taken;
            if (funct3 < 2) taken = a == b;
            else if (funct3 < 4) return false;
            else if (funct3 < 6) taken = signed(a) < signed(b);
            else taken = a < b;
            if (taken == (funct3 & 1 == 1)) {
                r.goOn();
                return true;
            }
            return jump(r, 0, r.word(PC) + immediateB(i)); // 0: rd is x0
        }
    }

    // Memory

    /// Of little-endian bytes and back.
    function reverse(uint256 v) private pure returns (uint256) {
        unchecked {
            v = ((v >> 8) & 0x00ff00ff00ff00ff) | ((v & 0x00ff00ff00ff00ff) << 8);
            v = ((v >> 16) & 0x0000ffff0000ffff) | ((v & 0x0000ffff0000ffff) << 16);
            return (v >> 32) | ((v & M32) << 32);
        }
    }

    function load(Replay memory r, uint256 i, uint256 a) private pure returns (bool) {
        unchecked {
            uint256 funct3 = (i >> 12) & 7;
            if (funct3 == 7) return false;
            uint256 width = 1 << (funct3 & 3);
            uint256 place = (a + immediateI(i)) & M64;
            if (place & (width - 1) != 0) {
                r.trap(LOAD_MISALIGNED, place);
                return true;
            }
            (bytes32 leaf,,) = r.takePath(place >> 5);
            uint256 bits = 8 * width;
            // The value's bytes to the top, then to the low end of 64 bits turned round.
            uint256 value = reverse((uint256(leaf) << (8 * (place & 31))) >> 192) & ((1 << bits) - 1);
            return finish(r, i, funct3 < 4 ? signExtend(value, bits) : value);
        }
    }

    function store(Replay memory r, uint256 i, uint256 a) private pure returns (bool) {
        unchecked {
            uint256 funct3 = (i >> 12) & 7;
            if (funct3 > 3) return false;
            uint256 width = 1 << funct3;
            uint256 place = (a + immediateS(i)) & M64;
            if (place & (width - 1) != 0) {
                r.trap(STORE_MISALIGNED, place);
                return true;
            }
            (bytes32 leaf, uint256 mask, uint256 siblings) = r.takePath(place >> 5);
            uint256 shift = 256 - 8 * ((place & 31) + width);
            uint256 value = reverse(r.word((i >> 20) & 31)) >> (64 - 8 * width);
            uint256 ones = (1 << (8 * width)) - 1;
            leaf = bytes32((uint256(leaf) & ~(ones << shift)) | (value << shift));
            (bytes32 root,) = MachineReplay.foldPath(r.zeros, place >> 5, leaf, mask, siblings);
            r.setMemoryRoot(root);
            r.goOn();
            return true;
        }
    }

    // The rest

    function fence(Replay memory r, uint256 i) private pure returns (bool) {
        if ((i >> 12) & 7 > 1) return false;
        r.goOn();
        return true;
    }

    function system(Replay memory r, uint256 i, uint256 a) private pure returns (bool) {
        uint256 funct3 = (i >> 12) & 7;
        if (funct3 & 3 != 0) return accessRegister(r, i, a);
        if (i == 0x00000073) {
            if (r.word(17) == 93) {
                r.setWord(MachineReplay.STATUS, 1);
                r.setWord(MachineReplay.EXIT_CODE, r.word(10));
            } else {
                r.trap(ENVIRONMENT_CALL, 0);
            }
        } else if (i == 0x00100073) {
            r.trap(BREAKPOINT, r.word(PC));
        } else if (i == 0x30200073) {
            r.setWord(PC, r.word(MachineReplay.MEPC));
        } else if (i == 0x10500073) {
            r.goOn();
        } else {
            return false;
        }
        return true;
    }

    /// csrrw, csrrs, csrrc and their forms with an immediate.
    function accessRegister(Replay memory r, uint256 i, uint256 a) private pure returns (bool) {
        uint256 number = i >> 20;
        uint256 funct3 = (i >> 12) & 7;
        uint256 rs1 = (i >> 15) & 31;
        uint256 operand = funct3 > 3 ? rs1 : a;
        uint256 kind = funct3 & 3; // 1 writes, 2 sets, 3 clears
        bool writes = kind == 1 || rs1 != 0;
        uint256 old;
        if (number == 0x305 || (number >= 0x340 && number <= 0x343)) {
            uint256 index = number == 0x305 ? MachineReplay.MTVEC : number - 0x340 + MachineReplay.MTVEC + 1;
            old = r.word(index);
            if (writes) {
                if (kind == 2) operand |= old;
                if (kind == 3) operand = old & ~operand;
                if (index == MachineReplay.MTVEC || index == MachineReplay.MEPC) operand &= ~uint256(3);
                r.setWord(index, operand);
            }
        } else if (number >= 0xf11 && number <= 0xf14) {
            if (writes) return false;
        } else if (number == 0x300) {
            old = 0x1800;
        } else if (number == 0x301) {
            old = 0x8000000000001100;
        } else if (number != 0x304 && number != 0x344) {
            return false;
        }
        return finish(r, i, old);
    }
}
