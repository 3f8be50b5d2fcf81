// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {ProxiedOwnable} from "../ProxiedOwnable.sol";
import {Claim, GameId, GameIds, GameType, Hash, Timestamp} from "./DisputeTypes.sol";
import {IDisputeGame} from "./IDisputeGame.sol";
import {IDisputeGameFactory} from "./IDisputeGameFactory.sol";

/// @title DisputeGameFactory
/// @notice One clone of a game implementation for each claim about the L2's state; the list is append-only.
contract DisputeGameFactory is IDisputeGameFactory, Initializable, ProxiedOwnable {
    using GameIds for GameId;

    /// @notice Semantic version of the ABI.
    string public constant version = "1.2.0";

    /// @notice Implementation that new games of a type are clones of.
    mapping(GameType => IDisputeGame) public gameImpls;

    /// @notice Wei that creating a game of a type takes.
    mapping(GameType => uint256) public initBonds;

    mapping(Hash => GameId) private gameOfUuid_;
    GameId[] private games_;

    constructor() {
        _disableInitializers();
    }

    /// @notice Sets the owner, who installs game types.
    function initialize(address _owner) external initializer {
        _transferOwnership(_owner);
    }

    /// @notice Creates the game of a claim. What the game demands of creator and claim, its `initialize` enforces.
    function create(GameType _gameType, Claim _rootClaim, bytes calldata _extraData)
        external
        payable
        returns (IDisputeGame proxy_)
    {
        IDisputeGame impl = gameImpls[_gameType];
        if (address(impl) == address(0)) revert NoImplementation(_gameType);
        if (msg.value != initBonds[_gameType]) revert InsufficientBond();
        Hash uuid = getGameUUID(_gameType, _rootClaim, _extraData);
        if (GameId.unwrap(gameOfUuid_[uuid]) != 0) revert GameAlreadyExists(uuid);

        bytes memory args = abi.encodePacked(msg.sender, _rootClaim, blockhash(block.number - 1), _extraData);
        proxy_ = IDisputeGame(Clones.cloneWithImmutableArgs(address(impl), args));
        // Recorded before the game runs, so that whatever it calls sees it and cannot create it twice.
        GameId id = GameIds.pack(_gameType, Timestamp.wrap(uint64(block.timestamp)), address(proxy_));
        gameOfUuid_[uuid] = id;
        games_.push(id);
        emit DisputeGameCreated(address(proxy_), _gameType, _rootClaim);
        proxy_.initialize{value: msg.value}();
    }

    /// @notice Installs or, with the zero address, removes the implementation of a type. Existing games stay as they are.
    function setImplementation(GameType _gameType, IDisputeGame _impl) external onlyOwner {
        gameImpls[_gameType] = _impl;
        emit ImplementationSet(address(_impl), _gameType);
    }

    /// @notice Sets the bond of new games of a type.
    function setInitBond(GameType _gameType, uint256 _initBond) external onlyOwner {
        initBonds[_gameType] = _initBond;
        emit InitBondUpdated(_gameType, _initBond);
    }

    /// @notice The game of a claim, or zeros.
    function games(GameType _gameType, Claim _rootClaim, bytes calldata _extraData)
        external
        view
        returns (IDisputeGame proxy_, Timestamp timestamp_)
    {
        address game;
        (, timestamp_, game) = gameOfUuid_[getGameUUID(_gameType, _rootClaim, _extraData)].unpack();
        proxy_ = IDisputeGame(game);
    }

    /// @notice The game at a place of the list.
    function gameAtIndex(uint256 _index)
        external
        view
        returns (GameType gameType_, Timestamp timestamp_, IDisputeGame proxy_)
    {
        address game;
        (gameType_, timestamp_, game) = games_[_index].unpack();
        proxy_ = IDisputeGame(game);
    }

    /// @notice Length of the list.
    function gameCount() external view returns (uint256 gameCount_) {
        return games_.length;
    }

    /// @notice Up to `_n` games of a type, newest first, from place `_start` downwards.
    function findLatestGames(GameType _gameType, uint256 _start, uint256 _n)
        external
        view
        returns (GameSearchResult[] memory found_)
    {
        uint256 count = games_.length;
        if (_start >= count || _n == 0) return found_;
        found_ = new GameSearchResult[](_n <= _start ? _n : _start + 1);
        uint256 found;
        for (uint256 i = _start + 1; i != 0 && found < found_.length; --i) {
            GameId id = games_[i - 1];
            (GameType gameType, Timestamp timestamp, address game) = id.unpack();
            if (gameType != _gameType) continue;
            found_[found++] = GameSearchResult({
                index: i - 1,
                metadata: id,
                timestamp: timestamp,
                rootClaim: IDisputeGame(game).rootClaim(),
                extraData: IDisputeGame(game).extraData()
            });
        }
        assembly ("memory-safe") {
            mstore(found_, found) // shorten to what was found
        }
    }

    /// @notice Identity of a game.
    function getGameUUID(GameType _gameType, Claim _rootClaim, bytes calldata _extraData)
        public
        pure
        returns (Hash uuid_)
    {
        return Hash.wrap(keccak256(abi.encode(_gameType, _rootClaim, _extraData)));
    }
}
