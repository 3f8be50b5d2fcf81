// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMachineStep} from "./IMachineStep.sol";
import {IPublishedPreimages} from "./IPublishedPreimages.sol";
import {MachineCalls} from "./MachineCalls.sol";
import {MachineInstructions} from "./MachineInstructions.sol";
import {MachineReplay, Replay} from "./MachineReplay.sol";

/// The second of two descriptions of the machine's step; src/core/riscv/step.hpp is the first, and a test holds them against each other.
contract MachineStep is IMachineStep {
    using MachineReplay for Replay;

    uint256 private constant ECALL = 0x00000073;
    uint256 private constant A7 = 17;

    IPublishedPreimages public immutable published;

    constructor(IPublishedPreimages published_) {
        published = published_;
    }

    /// @inheritdoc IMachineStep
    function step(bytes32 stateRoot, bytes calldata proof) external view returns (bytes32) {
        Replay memory r = MachineReplay.begin(stateRoot, proof);
        if (r.word(MachineReplay.STATUS) == 0) execute(r);
        return r.finish();
    }

    function execute(Replay memory r) private view {
        uint256 instruction = fetch(r);
        uint256 number = r.word(A7);
        if (instruction == ECALL && MachineCalls.isCall(number)) MachineCalls.make(r, number, published);
        else MachineInstructions.execute(r, instruction);
    }

    /// The little-endian word at pc.
    function fetch(Replay memory r) private pure returns (uint256 v) {
        unchecked {
            uint256 pc = r.word(MachineReplay.PC);
            (bytes32 leaf,,) = r.takePath(pc >> 5);
            v = (uint256(leaf) << (8 * (pc & 31))) >> 224;
            v = ((v >> 8) & 0x00ff00ff) | ((v & 0x00ff00ff) << 8);
            v = (v >> 16) | ((v & 0xffff) << 16);
        }
    }
}
