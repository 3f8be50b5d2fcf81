// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCall} from "../../shared/SafeCall.sol";
import {CloneGame} from "./CloneGame.sol";
import {GameStatus, GameType, GameTypes, Timestamp} from "./DisputeTypes.sol";
import {IAnchorStateRegistry} from "./IAnchorStateRegistry.sol";
import {IDisputeGame} from "./IDisputeGame.sol";

/// @title ClaimGame
/// @notice A claim by the proposer that stands once the challenge period is over. Nobody can dispute it inside the game: within the period
///         and the finality delay the guardian can strike it out in the registry, and that is the only defence this type has. FaultGame
///         implements the same interface and replaces it through the factory and the registry.
contract ClaimGame is CloneGame {
    /// @notice Only the proposer may make claims of this type.
    error NotProposer();
    /// @notice The challenge period is not over.
    error ClockNotExpired();

    /// @notice Semantic version of the ABI.
    string public constant version = "1.0.0";

    uint64 private immutable CHALLENGE_PERIOD_S;

    /// @notice The only account that may create games of this type.
    address public immutable proposer;

    /// @notice Wei to be paid back to the creator.
    uint256 private bond_;

    constructor(uint64 _challengePeriodSeconds, IAnchorStateRegistry _registry, address _proposer) CloneGame(_registry) {
        CHALLENGE_PERIOD_S = _challengePeriodSeconds;
        proposer = _proposer;
    }

    /// @inheritdoc IDisputeGame
    function initialize() external payable {
        _begin();
        if (gameCreator() != proposer) revert NotProposer();
        if (_args().length != EXTRA_DATA_AT + 32) revert BadExtraData();
        uint256 number = l2BlockNumber();
        (, uint256 anchorNumber) = REGISTRY.getAnchorRoot();
        if (number <= anchorNumber || number > type(uint64).max) revert UnexpectedL2BlockNumber(number);
        bond_ = msg.value;
    }

    /// @inheritdoc IDisputeGame
    function resolve() external returns (GameStatus status_) {
        if (status != GameStatus.IN_PROGRESS) revert GameNotInProgress();
        // The implementation itself has no arguments and was never initialized; it cannot be resolved.
        if (Timestamp.unwrap(createdAt) == 0 || block.timestamp < expectedResolution()) revert ClockNotExpired();
        status_ = GameStatus.DEFENDER_WINS;
        _end(status_);
    }

    /// @notice Pays the bond back to the creator of a resolved game. Anyone may call.
    function claimCredit(address _recipient) external {
        if (status != GameStatus.DEFENDER_WINS) revert GameNotResolved();
        uint256 amount = credit(_recipient);
        bond_ -= amount;
        if (!SafeCall.send(_recipient, amount)) revert BondTransferFailed();
    }

    /// @notice Wei that the game owes an account.
    function credit(address _recipient) public view returns (uint256) {
        return _recipient == gameCreator() ? bond_ : 0;
    }

    /// @notice When the game can be resolved.
    function expectedResolution() public view returns (uint64) {
        return Timestamp.unwrap(createdAt) + CHALLENGE_PERIOD_S;
    }

    /// @notice The challenge period, under the name that clients know from the fault dispute game.
    function maxClockDuration() external view returns (uint64) {
        return CHALLENGE_PERIOD_S;
    }

    /// @inheritdoc IDisputeGame
    function gameType() public pure override returns (GameType) {
        return GameTypes.CLAIM;
    }
}
