// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// State roots at the two ends of a run (docs/spec/machine.md, "State root", "A program's input and result").
library MachineRoots {
    error NotTheState();

    uint256 internal constant STATE_BYTES = 352;
    uint64 internal constant RUNNING = 0;
    uint64 internal constant EXITED = 1;
    uint64 internal constant TRAPPED = 2;

    /// Of a program (the root of its memory, its entry point) before its first step, with the hash of its input.
    function start(bytes32 memoryRoot, uint64 entry, bytes32 inputHash) internal pure returns (bytes32) {
        // x0 to x9, the input's hash in x10 to x13, x14 to x31, pc, and seven words after it.
        return keccak256(abi.encodePacked(memoryRoot, new bytes(80), inputHash, new bytes(144), entry, new bytes(56)));
    }

    /// What the 352 bytes of a state, whose root this is, say of its end. The result means something only if status is EXITED and
    /// exitCode is 0.
    function end(bytes32 stateRoot, bytes calldata state) internal pure returns (uint64 status, uint64 exitCode, bytes32 result) {
        require(state.length == STATE_BYTES && keccak256(state) == stateRoot, NotTheState());
        result = bytes32(state[32 + 8 * 11:32 + 8 * 15]);
        status = uint64(bytes8(state[32 + 8 * 33:32 + 8 * 34]));
        exitCode = uint64(bytes8(state[32 + 8 * 34:32 + 8 * 35]));
    }
}
