// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMachineStep} from "../../src/l1/dispute/step/IMachineStep.sol";

/// @notice A machine small enough to be run in a test's JavaScript, with the states of docs/spec/machine.md: it hashes its memory root and a
///         counter (x5) until the counter reaches LIMIT, then ends with the hash of that root and its input. A step's proof is the state.
contract CountingMachine is IMachineStep {
    error NotTheState();

    uint64 private immutable LIMIT;

    constructor(uint64 _limit) {
        LIMIT = _limit;
    }

    function step(bytes32 _stateRoot, bytes calldata _state) external view returns (bytes32) {
        if (_state.length != 352 || keccak256(_state) != _stateRoot) revert NotTheState();
        bytes memory next = _state;
        if (uint64(bytes8(_state[296:304])) != 0) return _stateRoot;
        uint64 count = uint64(bytes8(_state[72:80])) + 1;
        bytes32 memoryRoot = keccak256(abi.encodePacked(bytes32(_state[:32]), count));
        _set(next, 0, memoryRoot);
        next = _with(next, 72, count);
        if (count != LIMIT) return keccak256(next);
        bytes32 result = keccak256(abi.encodePacked(memoryRoot, _state[112:144]));
        _set(next, 120, result);
        return keccak256(_with(next, 296, 1));
    }

    function _set(bytes memory _data, uint256 _offset, bytes32 _word) private pure {
        assembly ("memory-safe") {
            mstore(add(add(_data, 0x20), _offset), _word)
        }
    }

    function _with(bytes memory _data, uint256 _offset, uint64 _value) private pure returns (bytes memory) {
        for (uint256 i; i < 8; ++i) _data[_offset + i] = bytes8(_value)[i];
        return _data;
    }
}

/// @notice An account that, when it is paid, asks for its credit again.
contract GreedyPayee {
    address public game;
    bool public succeeded;

    function prepare(address _game) external {
        game = _game;
    }

    receive() external payable {
        (succeeded,) = game.call(abi.encodeWithSignature("claimCredit(address)", address(this)));
    }
}
