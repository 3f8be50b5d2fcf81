// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Constants} from "../shared/Constants.sol";
import {Predeploys} from "../shared/Predeploys.sol";
import {FastLz} from "./FastLz.sol";
import {L1Block} from "./L1Block.sol";

/// @title GasPriceOracle
/// @notice Tells what a transaction pays beside L2 gas (0x42…0F): L1 data fee by Fjord's formula and operator fee by Isthmus' or Jovian's.
contract GasPriceOracle {
    error NotDepositor();
    error AlreadyActive();

    /// @notice Semantic version of the ABI.
    string public constant version = "1.6.0";

    /// @notice Decimals of the scalars.
    uint256 public constant DECIMALS = 6;

    /// @dev Fjord's regression from FastLZ size to the size under brotli, in millionths of a byte.
    int256 private constant COST_INTERCEPT = -42_585_600;
    int256 private constant COST_FASTLZ_COEF = 836_500;
    int256 private constant MIN_TRANSACTION_SIZE_SCALED = 100e6;
    /// @dev Bytes that a signature adds to an unsigned transaction.
    uint256 private constant SIGNATURE_SIZE = 68;

    /// @notice This chain starts after Ecotone, Fjord and Isthmus.
    bool public constant isEcotone = true;
    bool public constant isFjord = true;
    bool public constant isIsthmus = true;
    /// @notice Whether the operator fee follows Jovian; written by the genesis or, at the fork, by `setJovian`.
    bool public isJovian;

    /// @notice Switches to Jovian's operator fee.
    function setJovian() external {
        if (msg.sender != Constants.DEPOSITOR_ACCOUNT) revert NotDepositor();
        if (isJovian) revert AlreadyActive();
        isJovian = true;
    }

    /// @notice L1 data fee in wei of an unsigned, encoded transaction.
    function getL1Fee(bytes memory _data) external view returns (uint256) {
        return _l1Fee(FastLz.compressedSize(_data) + SIGNATURE_SIZE);
    }

    /// @notice Upper bound of the L1 data fee of an unsigned transaction of a given size, for nearly all transactions.
    function getL1FeeUpperBound(uint256 _unsignedTxSize) external view returns (uint256) {
        uint256 size = _unsignedTxSize + SIGNATURE_SIZE;
        return _l1Fee(size + size / 255 + 16);
    }

    /// @notice L1 gas that the estimated size would take as calldata.
    function getL1GasUsed(bytes memory _data) external pure returns (uint256) {
        return _estimatedSizeScaled(FastLz.compressedSize(_data) + SIGNATURE_SIZE) * 16 / 10 ** DECIMALS;
    }

    /// @notice Operator fee in wei of a transaction that uses `_gasUsed`.
    function getOperatorFee(uint256 _gasUsed) external view returns (uint256) {
        uint256 product = _gasUsed * _l1Block().operatorFeeScalar();
        uint256 variable_ = isJovian ? product * 100 : product / 10 ** DECIMALS;
        return variable_ + _l1Block().operatorFeeConstant();
    }

    /// @notice The L2 block's base fee.
    function gasPrice() external view returns (uint256) {
        return block.basefee;
    }

    /// @notice The L2 block's base fee.
    function baseFee() external view returns (uint256) {
        return block.basefee;
    }

    /// @notice The newest known L1 base fee.
    function l1BaseFee() public view returns (uint256) {
        return _l1Block().basefee();
    }

    /// @notice The newest known L1 blob base fee.
    function blobBaseFee() public view returns (uint256) {
        return _l1Block().blobBaseFee();
    }

    function baseFeeScalar() public view returns (uint32) {
        return _l1Block().baseFeeScalar();
    }

    function blobBaseFeeScalar() public view returns (uint32) {
        return _l1Block().blobBaseFeeScalar();
    }

    /// @notice Decimals of the scalars.
    function decimals() external pure returns (uint256) {
        return DECIMALS;
    }

    function _l1Fee(uint256 _fastLzSize) private view returns (uint256) {
        uint256 feeScaled = uint256(baseFeeScalar()) * 16 * l1BaseFee() + uint256(blobBaseFeeScalar()) * blobBaseFee();
        return _estimatedSizeScaled(_fastLzSize) * feeScaled / 10 ** (2 * DECIMALS);
    }

    function _estimatedSizeScaled(uint256 _fastLzSize) private pure returns (uint256) {
        int256 size = COST_INTERCEPT + COST_FASTLZ_COEF * int256(_fastLzSize);
        return uint256(size < MIN_TRANSACTION_SIZE_SCALED ? MIN_TRANSACTION_SIZE_SCALED : size);
    }

    function _l1Block() private pure returns (L1Block) {
        return L1Block(Predeploys.L1_BLOCK_ATTRIBUTES);
    }
}
