// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// One step of the proof machine, checked on L1 (docs/spec/machine.md, "Proof of a step").
interface IMachineStep {
    /// The state root after the step from stateRoot. A machine that has stopped stays as it is. Reverts on whatever is not the one proof of
    /// that step, and when the gas left could not show that a precompile's failure is one: the result never depends on the gas given.
    function step(bytes32 stateRoot, bytes calldata proof) external view returns (bytes32 next);
}
