// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Constants} from "../shared/Constants.sol";

/// @title L1Block
/// @notice What L2 knows of L1 (0x42…15), written by the first transaction of each block. The fee rules of the protocol read these slots
///         directly, so the layout is consensus (OP Stack: L1 attributes, Ecotone, Isthmus, Jovian).
contract L1Block {
    error NotDepositor();

    /// @notice Semantic version of the ABI.
    string public constant version = "1.8.0";

    // slot 0
    uint64 public number;
    uint64 public timestamp;
    // slot 1
    uint256 public basefee;
    // slot 2
    bytes32 public hash;
    // slot 3
    uint64 public sequenceNumber;
    uint32 public blobBaseFeeScalar;
    uint32 public baseFeeScalar;
    // slot 4
    bytes32 public batcherHash;
    // slots 5 and 6: fee parameters of Bedrock, not written any more
    uint256 public l1FeeOverhead;
    uint256 public l1FeeScalar;
    // slot 7
    uint256 public blobBaseFee;
    // slot 8
    uint64 public operatorFeeConstant;
    uint32 public operatorFeeScalar;
    uint16 public daFootprintGasScalar;

    /// @notice The account whose transactions write here.
    function DEPOSITOR_ACCOUNT() public pure returns (address) {
        return Constants.DEPOSITOR_ACCOUNT;
    }

    /// @notice Packed attributes since Ecotone (164 bytes).
    function setL1BlockValuesEcotone() external {
        _setEcotone();
    }

    /// @notice Packed attributes since Isthmus (176 bytes): those of Ecotone, operator fee scalar and constant.
    function setL1BlockValuesIsthmus() external {
        _setEcotone();
        _setOperatorFee();
    }

    /// @notice Packed attributes since Jovian (178 bytes): those of Isthmus and the DA footprint scalar.
    function setL1BlockValuesJovian() external {
        _setEcotone();
        _setOperatorFee();
        daFootprintGasScalar = uint16(_read(176, 2));
    }

    function _setEcotone() private {
        if (msg.sender != Constants.DEPOSITOR_ACCOUNT) revert NotDepositor();
        baseFeeScalar = uint32(_read(4, 4));
        blobBaseFeeScalar = uint32(_read(8, 4));
        sequenceNumber = uint64(_read(12, 8));
        timestamp = uint64(_read(20, 8));
        number = uint64(_read(28, 8));
        basefee = _read(36, 32);
        blobBaseFee = _read(68, 32);
        hash = bytes32(_read(100, 32));
        batcherHash = bytes32(_read(132, 32));
    }

    function _setOperatorFee() private {
        operatorFeeScalar = uint32(_read(164, 4));
        operatorFeeConstant = uint64(_read(168, 8));
    }

    /// @dev A big-endian field of the calldata; bytes beyond its end read as zero.
    function _read(uint256 _at, uint256 _size) private pure returns (uint256 value_) {
        assembly ("memory-safe") {
            value_ := shr(sub(256, mul(8, _size)), calldataload(_at))
        }
    }
}
