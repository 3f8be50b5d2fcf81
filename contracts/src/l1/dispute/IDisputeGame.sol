// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Claim, GameStatus, GameType, Hash, Timestamp} from "./DisputeTypes.sol";
import {IAnchorStateRegistry} from "./IAnchorStateRegistry.sol";

/// @title IDisputeGame
/// @notice What factory, registry, portal and clients need of a game, whatever decides it: time, an interactive dispute or a proof.
/// @dev A game is a clone whose arguments are in its code: `creator(20) | rootClaim(32) | l1Head(32) | extraData`. The first 32 bytes of
///      `extraData` are the L2 block number; what follows is the game type's own.
interface IDisputeGame {
    /// @notice The game is over.
    event Resolved(GameStatus indexed status);

    /// @notice Called once by the factory, in the transaction that creates the game, with the bond as value.
    function initialize() external payable;

    /// @notice Decides the game if its rules allow it now. Anyone may call.
    function resolve() external returns (GameStatus status_);

    /// @notice When the factory created the game.
    function createdAt() external view returns (Timestamp);

    /// @notice When the game was resolved; zero until then.
    function resolvedAt() external view returns (Timestamp);

    /// @notice In progress, or who won.
    function status() external view returns (GameStatus);

    /// @notice Which rules decide the game.
    function gameType() external view returns (GameType);

    /// @notice Who called the factory.
    function gameCreator() external view returns (address);

    /// @notice The output root that is claimed.
    function rootClaim() external view returns (Claim);

    /// @notice The newest L1 block that the claim can depend on.
    function l1Head() external view returns (Hash);

    /// @notice The L2 block whose output root is claimed.
    function l2BlockNumber() external view returns (uint256);

    /// @notice Same as `l2BlockNumber`, under the name that newer clients use.
    function l2SequenceNumber() external view returns (uint256);

    /// @notice Arguments of the game beyond the claim, as given to the factory.
    function extraData() external view returns (bytes memory);

    /// @notice The triple that identifies the game to the factory.
    function gameData() external view returns (GameType gameType_, Claim rootClaim_, bytes memory extraData_);

    /// @notice Whether withdrawals could be proven against this type when the game was created.
    function wasRespectedGameTypeWhenCreated() external view returns (bool);

    /// @notice The registry that the game answers to.
    function anchorStateRegistry() external view returns (IAnchorStateRegistry);
}
