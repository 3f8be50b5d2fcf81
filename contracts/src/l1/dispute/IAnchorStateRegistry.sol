// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GameType, Hash} from "./DisputeTypes.sol";
import {IDisputeGame} from "./IDisputeGame.sol";
import {IDisputeGameFactory} from "./IDisputeGameFactory.sol";

/// @title IAnchorStateRegistry
/// @notice Says which games count, and keeps the newest root that has become final.
interface IAnchorStateRegistry {
    function disputeGameFactory() external view returns (IDisputeGameFactory);
    function disputeGameFinalityDelaySeconds() external view returns (uint256);
    function respectedGameType() external view returns (GameType);
    function retirementTimestamp() external view returns (uint64);
    function disputeGameBlacklist(IDisputeGame _game) external view returns (bool);
    function getAnchorRoot() external view returns (Hash root_, uint256 l2BlockNumber_);
    function isGameRegistered(IDisputeGame _game) external view returns (bool);
    function isGameRespected(IDisputeGame _game) external view returns (bool);
    function isGameRetired(IDisputeGame _game) external view returns (bool);
    function isGameProper(IDisputeGame _game) external view returns (bool);
    function isGameFinalized(IDisputeGame _game) external view returns (bool);
    function isGameClaimValid(IDisputeGame _game) external view returns (bool);
}
