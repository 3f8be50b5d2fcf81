// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title UpgradeTimelock
/// @notice Owner of everything that can be changed: a change waits until whoever does not want it has had 30 days to begin an exit and the
///         time that an exit takes. Nobody can shorten that but the timelock itself, as slowly.
contract UpgradeTimelock is TimelockController {
    /// @notice Days, beyond the time that an exit takes, between the announcement of a change and the change.
    uint256 public constant EXIT_WINDOW_DAYS = 30;

    /// @notice Seconds from the decision to leave to the withdrawal's execution, if nobody helps and everything is disputed.
    uint256 public immutable exitDelaySeconds;

    /// @param _exitDelaySeconds Forced inclusion on L2, two clocks of a dispute with its extensions, finality and proof maturity.
    /// @param _council Who may announce changes and cancel them. Anyone may execute what has waited long enough.
    constructor(uint256 _exitDelaySeconds, address _council)
        TimelockController(EXIT_WINDOW_DAYS * 1 days + _exitDelaySeconds, _only(_council), _only(address(0)), address(0))
    {
        exitDelaySeconds = _exitDelaySeconds;
    }

    /// @notice Days in which users can begin to leave before an announced change takes effect, net of the time that leaving takes.
    function exitWindowDays() external view returns (uint256) {
        uint256 delay = getMinDelay();
        return delay < exitDelaySeconds ? 0 : (delay - exitDelaySeconds) / 1 days;
    }

    function _only(address _account) private pure returns (address[] memory accounts_) {
        accounts_ = new address[](1);
        accounts_[0] = _account;
    }
}
