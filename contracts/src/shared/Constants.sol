// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Constants
/// @notice Values that the OP Stack's specification fixes for both layers.
library Constants {
    /// @notice What `l2Sender` and the messengers' sender report while no message is executed.
    address internal constant DEFAULT_L2_SENDER = 0x000000000000000000000000000000000000dEaD;

    /// @notice `from` address of gas estimations: a failing inner call reverts for it, so that estimates cover the inner call.
    address internal constant ESTIMATION_ADDRESS = address(1);

    /// @notice Sender of the L1 attributes deposit on L2.
    address internal constant DEPOSITOR_ACCOUNT = 0xDeaDDEaDDeAdDeAdDEAdDEaddeAddEAdDEAd0001;
}
