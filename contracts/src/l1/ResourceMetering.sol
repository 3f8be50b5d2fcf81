// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Types} from "../shared/Types.sol";

/// @title ResourceMetering
/// @notice Sells the L2 gas that deposits use: at most so much a block, at a price that moves like EIP-1559's. The buyer pays by burning L1 gas.
abstract contract ResourceMetering {
    /// @notice The block's deposit gas is sold out.
    error OutOfGas();

    /// @dev Fixed point with 18 decimals.
    uint256 private constant WAD = 1e18;
    /// @dev After so many empty blocks any price is at its minimum: (7/8)^1024 < 2^-128.
    uint256 private constant MAX_EMPTY_BLOCKS = 1024;

    /// @notice State of the market at its last use.
    struct ResourceParams {
        uint128 prevBaseFee;
        uint64 prevBoughtGas;
        uint64 prevBlockNum;
    }

    ResourceParams public params;

    /// @dev Runs the function, then sells it `_amount` of gas; work already done counts towards the price.
    modifier metered(uint64 _amount) {
        uint256 gasBefore = gasleft();
        _;
        _sell(_amount, gasBefore);
    }

    /// @dev Limits of the market.
    function _resourceConfig() internal view virtual returns (Types.ResourceConfig memory);

    /// @dev Opens the market; for initializers.
    function _openMarket() internal {
        params = ResourceParams({prevBaseFee: 1 gwei, prevBoughtGas: 0, prevBlockNum: uint64(block.number)});
    }

    function _sell(uint64 _amount, uint256 _gasBefore) private {
        Types.ResourceConfig memory config = _resourceConfig();
        ResourceParams memory state = params;
        if (block.number != state.prevBlockNum) {
            uint256 emptyBlocks = block.number - state.prevBlockNum - 1;
            state.prevBaseFee = uint128(_nextBaseFee(state, config, emptyBlocks));
            state.prevBoughtGas = 0;
            state.prevBlockNum = uint64(block.number);
        }
        if (_amount > config.maxResourceLimit - state.prevBoughtGas) revert OutOfGas();
        state.prevBoughtGas += _amount;
        params = state;

        // The price in wei becomes L1 gas at the block's base fee, taken as one gwei at least, lest an idle L1 make deposits dear.
        uint256 gasPrice = Math.max(block.basefee, 1 gwei);
        uint256 toBurn = uint256(_amount) * state.prevBaseFee / gasPrice;
        uint256 spent = _gasBefore - gasleft();
        if (toBurn > spent) _burnGas(toBurn - spent);
    }

    /// @dev EIP-1559's step for the last used block, then a step down for each empty one; result within the limits, so it fits 128 bits.
    function _nextBaseFee(ResourceParams memory _state, Types.ResourceConfig memory _config, uint256 _emptyBlocks)
        private
        pure
        returns (uint256 fee_)
    {
        uint256 target = _config.maxResourceLimit / _config.elasticityMultiplier;
        uint256 denominator = target * _config.baseFeeMaxChangeDenominator;
        fee_ = _state.prevBaseFee;
        if (_state.prevBoughtGas >= target) {
            fee_ += fee_ * (_state.prevBoughtGas - target) / denominator;
        } else {
            fee_ -= fee_ * (target - _state.prevBoughtGas) / denominator;
        }
        fee_ = _clamp(fee_, _config);
        if (_emptyBlocks != 0) {
            uint256 step = WAD - WAD / _config.baseFeeMaxChangeDenominator;
            fee_ = _clamp(fee_ * _power(step, Math.min(_emptyBlocks, MAX_EMPTY_BLOCKS)) / WAD, _config);
        }
    }

    function _clamp(uint256 _fee, Types.ResourceConfig memory _config) private pure returns (uint256) {
        return Math.max(_config.minimumBaseFee, Math.min(_fee, _config.maximumBaseFee));
    }

    /// @dev `_base` to the power of `_exponent` in fixed point, rounded down, by squaring: at most eleven rounds.
    function _power(uint256 _base, uint256 _exponent) private pure returns (uint256 result_) {
        result_ = WAD;
        for (; _exponent != 0; _exponent >>= 1) {
            if (_exponent & 1 != 0) result_ = result_ * _base / WAD;
            _base = _base * _base / WAD;
        }
    }

    function _burnGas(uint256 _amount) private view {
        uint256 start = gasleft();
        uint256 turns;
        while (start - gasleft() < _amount) {
            unchecked {
                ++turns; // bounded by gas, far below 2^256
            }
        }
    }
}
