// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Claim, GameId, GameType, Hash, Timestamp} from "./DisputeTypes.sol";
import {IDisputeGame} from "./IDisputeGame.sol";

/// @title IDisputeGameFactory
/// @notice Creates games and keeps the list of them.
interface IDisputeGameFactory {
    /// @notice One row of `findLatestGames`.
    struct GameSearchResult {
        uint256 index;
        GameId metadata;
        Timestamp timestamp;
        Claim rootClaim;
        bytes extraData;
    }

    event DisputeGameCreated(address indexed disputeProxy, GameType indexed gameType, Claim indexed rootClaim);
    event ImplementationSet(address indexed impl, GameType indexed gameType);
    event InitBondUpdated(GameType indexed gameType, uint256 indexed newBond);

    /// @notice No implementation is installed for the type.
    error NoImplementation(GameType gameType);
    /// @notice The same claim with the same extra data exists already.
    error GameAlreadyExists(Hash uuid);
    /// @notice The value sent is not the bond of the type.
    error InsufficientBond();

    function create(GameType _gameType, Claim _rootClaim, bytes calldata _extraData)
        external
        payable
        returns (IDisputeGame proxy_);

    function games(GameType _gameType, Claim _rootClaim, bytes calldata _extraData)
        external
        view
        returns (IDisputeGame proxy_, Timestamp timestamp_);

    function gameAtIndex(uint256 _index)
        external
        view
        returns (GameType gameType_, Timestamp timestamp_, IDisputeGame proxy_);

    function gameCount() external view returns (uint256 gameCount_);

    function findLatestGames(GameType _gameType, uint256 _start, uint256 _n)
        external
        view
        returns (GameSearchResult[] memory games_);

    function getGameUUID(GameType _gameType, Claim _rootClaim, bytes calldata _extraData)
        external
        pure
        returns (Hash uuid_);
}
