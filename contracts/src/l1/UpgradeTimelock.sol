// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title UpgradeTimelock
/// @notice Owner of everything that can be changed: a change waits until whoever does not want it has had the exit window, 30 days
///         where the plan's default holds, to begin an exit and the time that an exit takes. Nobody can shorten that but the timelock itself, as slowly.
contract UpgradeTimelock is TimelockController {
    /// @dev A game ends within two clocks and this many extensions, however many wrong claims there are (docs/spec/game.md, "Delay").
    uint256 private constant EXTENSIONS = 18;

    /// @notice Seconds from the decision to leave to the withdrawal's execution, if nobody helps and everything is disputed.
    uint256 public immutable exitDelaySeconds;

    /// @param _exitWindowSeconds Time, beyond that which an exit takes, between the announcement of a change and the change.
    /// @param _forcedInclusionSeconds From a deposit on L1 to the L2 block that must contain it, whoever has stopped.
    /// @param _clockSeconds What each side of a dispute has (docs/spec/game.md).
    /// @param _extensionSeconds What a side has at least for its next move.
    /// @param _finalityDelaySeconds From a game's end to its first use.
    /// @param _proofMaturitySeconds From a withdrawal's proof to its execution.
    /// @param _council Who may announce changes and cancel them. Anyone may execute what has waited long enough.
    constructor(
        uint256 _exitWindowSeconds,
        uint256 _forcedInclusionSeconds,
        uint256 _clockSeconds,
        uint256 _extensionSeconds,
        uint256 _finalityDelaySeconds,
        uint256 _proofMaturitySeconds,
        address _council
    )
        TimelockController(
            _exitWindowSeconds + _forcedInclusionSeconds + 2 * _clockSeconds + EXTENSIONS * _extensionSeconds + _finalityDelaySeconds
                + _proofMaturitySeconds,
            _only(_council),
            _only(address(0)),
            address(0)
        )
    {
        exitDelaySeconds = getMinDelay() - _exitWindowSeconds;
    }

    /// @notice Days in which users can begin to leave before an announced change takes effect, net of the time that leaving takes.
    function exitWindowDays() external view returns (uint256) {
        return exitWindowSeconds() / 1 days;
    }

    /// @notice The same in seconds.
    function exitWindowSeconds() public view returns (uint256) {
        uint256 delay = getMinDelay();
        return delay < exitDelaySeconds ? 0 : delay - exitDelaySeconds;
    }

    function _only(address _account) private pure returns (address[] memory accounts_) {
        accounts_ = new address[](1);
        accounts_[0] = _account;
    }
}
