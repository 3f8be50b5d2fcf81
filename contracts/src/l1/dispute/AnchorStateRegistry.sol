// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {SystemConfig} from "../SystemConfig.sol";
import {Claim, GameStatus, GameType, GameTypes, Hash, Timestamp} from "./DisputeTypes.sol";
import {IAnchorStateRegistry} from "./IAnchorStateRegistry.sol";
import {IDisputeGame} from "./IDisputeGame.sol";
import {IDisputeGameFactory} from "./IDisputeGameFactory.sol";

/// @title AnchorStateRegistry
/// @notice Decides which games the portal may trust, and keeps the newest final root, from which later games start.
///         Games that decide themselves are nobody's to strike out but the owner's, who is as slow as an upgrade (UpgradeTimelock).
/// @dev A game counts when it is proper (ours, not struck out), respected, resolved long enough ago, and won by the defender.
contract AnchorStateRegistry is IAnchorStateRegistry, Initializable {
    event AnchorUpdated(IDisputeGame indexed game);
    event RespectedGameTypeSet(GameType gameType);
    event RetirementTimestampSet(uint256 timestamp);
    event DisputeGameBlacklisted(IDisputeGame indexed disputeGame);

    /// @notice Only the owner may do this, or the guardian where nothing else defends a claim.
    error Unauthorized();
    /// @notice The game is not final, or not newer than the present anchor.
    error InvalidAnchorGame();

    /// @notice Semantic version of the ABI.
    string public constant version = "3.5.0";

    /// @dev Seconds between a game's resolution and the first use of its root, in which the guardian can still object.
    uint256 private immutable FINALITY_DELAY_S;

    SystemConfig public systemConfig;
    IDisputeGameFactory public disputeGameFactory;

    /// @notice The game whose root is the anchor; zero while the starting root is.
    IDisputeGame public anchorGame;

    Hash private startingRoot_;
    uint256 private startingL2BlockNumber_;

    /// @notice Games that were struck out.
    mapping(IDisputeGame => bool) public disputeGameBlacklist;

    /// @notice The type whose games withdrawals can be proven against.
    GameType public respectedGameType;

    /// @notice Games created at or before this time do not count.
    uint64 public retirementTimestamp;

    /// @dev Of SystemConfig, and so of everything that can be upgraded.
    modifier onlyOwner() {
        if (msg.sender != systemConfig.owner()) revert Unauthorized();
        _;
    }

    constructor(uint256 _finalityDelaySeconds) {
        FINALITY_DELAY_S = _finalityDelaySeconds;
        _disableInitializers();
    }

    /// @notice Sets the neighbours and the root that the first games start from.
    function initialize(
        SystemConfig _systemConfig,
        IDisputeGameFactory _factory,
        Hash _startingRoot,
        uint256 _startingL2BlockNumber,
        GameType _respectedGameType
    ) external initializer {
        systemConfig = _systemConfig;
        disputeGameFactory = _factory;
        startingRoot_ = _startingRoot;
        startingL2BlockNumber_ = _startingL2BlockNumber;
        respectedGameType = _respectedGameType;
        retirementTimestamp = uint64(block.timestamp);
    }

    /// @notice Changes the type that new withdrawals rely on. Games keep what they were when created.
    function setRespectedGameType(GameType _gameType) external onlyOwner {
        respectedGameType = _gameType;
        emit RespectedGameTypeSet(_gameType);
    }

    /// @notice Strikes out every game created up to now.
    function updateRetirementTimestamp() external onlyOwner {
        retirementTimestamp = uint64(block.timestamp);
        emit RetirementTimestampSet(block.timestamp);
    }

    /// @notice Strikes out one game. The guardian may do so with the proposer's bare claims, which nothing else can remove.
    function blacklistDisputeGame(IDisputeGame _game) external {
        bool isBareClaim = isGameRegistered(_game) && _game.gameType() == GameTypes.CLAIM;
        bool mayStrike = msg.sender == systemConfig.owner() || (isBareClaim && msg.sender == systemConfig.guardian());
        if (!mayStrike) revert Unauthorized();
        disputeGameBlacklist[_game] = true;
        emit DisputeGameBlacklisted(_game);
    }

    /// @notice Makes a final game with a newer block the anchor. Anyone may call.
    function setAnchorState(IDisputeGame _game) external {
        (, uint256 anchorNumber) = getAnchorRoot();
        if (!isGameClaimValid(_game) || _game.l2BlockNumber() <= anchorNumber) revert InvalidAnchorGame();
        anchorGame = _game;
        emit AnchorUpdated(_game);
    }

    /// @notice Seconds between a game's resolution and its finality.
    function disputeGameFinalityDelaySeconds() external view returns (uint256) {
        return FINALITY_DELAY_S;
    }

    /// @notice The newest final root and its L2 block.
    function getAnchorRoot() public view returns (Hash root_, uint256 l2BlockNumber_) {
        if (address(anchorGame) == address(0)) return (startingRoot_, startingL2BlockNumber_);
        return (Hash.wrap(Claim.unwrap(anchorGame.rootClaim())), anchorGame.l2BlockNumber());
    }

    /// @notice Same as `getAnchorRoot`, for clients that ask by type.
    function anchors(GameType) external view returns (Hash root_, uint256 l2BlockNumber_) {
        return getAnchorRoot();
    }

    /// @notice Whether new uses of games are stopped.
    function paused() public view returns (bool) {
        return systemConfig.paused();
    }

    /// @notice Whether our factory made the game and the game answers to this registry.
    function isGameRegistered(IDisputeGame _game) public view returns (bool) {
        (GameType gameType, Claim rootClaim, bytes memory extraData) = _game.gameData();
        (IDisputeGame known,) = disputeGameFactory.games(gameType, rootClaim, extraData);
        return address(known) == address(_game) && address(_game.anchorStateRegistry()) == address(this);
    }

    /// @notice Whether the game's type was the respected one when the game was created.
    function isGameRespected(IDisputeGame _game) public view returns (bool) {
        return _game.wasRespectedGameTypeWhenCreated();
    }

    /// @notice Whether the game was struck out.
    function isGameBlacklisted(IDisputeGame _game) public view returns (bool) {
        return disputeGameBlacklist[_game];
    }

    /// @notice Whether the game is from before the last general retirement.
    function isGameRetired(IDisputeGame _game) public view returns (bool) {
        return Timestamp.unwrap(_game.createdAt()) <= retirementTimestamp;
    }

    /// @notice Whether the game has a winner.
    function isGameResolved(IDisputeGame _game) public view returns (bool) {
        return Timestamp.unwrap(_game.resolvedAt()) != 0 && _game.status() != GameStatus.IN_PROGRESS;
    }

    /// @notice Whether nothing invalidates the game as such. Says nothing about its claim: ask `isGameClaimValid` for that.
    function isGameProper(IDisputeGame _game) public view returns (bool) {
        return isGameRegistered(_game) && !isGameBlacklisted(_game) && !isGameRetired(_game) && !paused();
    }

    /// @notice Whether the game is resolved and the finality delay is over.
    function isGameFinalized(IDisputeGame _game) public view returns (bool) {
        return isGameResolved(_game) && block.timestamp - Timestamp.unwrap(_game.resolvedAt()) > FINALITY_DELAY_S;
    }

    /// @notice Whether withdrawals may be paid out on the game's root.
    function isGameClaimValid(IDisputeGame _game) public view returns (bool) {
        return isGameProper(_game) && isGameRespected(_game) && isGameFinalized(_game)
            && _game.status() == GameStatus.DEFENDER_WINS;
    }
}
