// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Which rules a game is played by.
type GameType is uint32;

/// @notice An output root that somebody claims.
type Claim is bytes32;

/// @notice A 32-byte hash: of an L1 block, of a game's identity.
type Hash is bytes32;

/// @notice Seconds since 1970.
type Timestamp is uint64;

/// @notice `gameType(32) | createdAt(64) | address(160)`, from the most significant bit down.
type GameId is bytes32;

/// @notice How a game stands; the numbers are part of the ABI.
enum GameStatus {
    IN_PROGRESS,
    CHALLENGER_WINS,
    DEFENDER_WINS
}

using {sameType as ==, otherType as !=} for GameType global;

function sameType(GameType _a, GameType _b) pure returns (bool) {
    return GameType.unwrap(_a) == GameType.unwrap(_b);
}

function otherType(GameType _a, GameType _b) pure returns (bool) {
    return GameType.unwrap(_a) != GameType.unwrap(_b);
}

/// @title GameTypes
/// @notice Numbers of our games, away from those that the OP Stack assigns; clients give meaning to some of its numbers (4, 5, 7, 9).
library GameTypes {
    /// @notice The proposer's claim stands after a period; see ClaimGame.
    GameType internal constant CLAIM = GameType.wrap(0xE001);
    /// @notice Decided by a dispute that anyone may join; see FaultGame.
    GameType internal constant FAULT = GameType.wrap(0xE002);
    /// @notice Reserved for the validity proof.
    GameType internal constant VALIDITY = GameType.wrap(0xE003);
}

/// @title GameIds
/// @notice Packs what the factory stores of a game into one word.
library GameIds {
    function pack(GameType _type, Timestamp _createdAt, address _game) internal pure returns (GameId) {
        return GameId.wrap(
            bytes32(
                (uint256(GameType.unwrap(_type)) << 224) | (uint256(Timestamp.unwrap(_createdAt)) << 160)
                    | uint160(_game)
            )
        );
    }

    function unpack(GameId _id) internal pure returns (GameType type_, Timestamp createdAt_, address game_) {
        uint256 word = uint256(GameId.unwrap(_id));
        // Truncating casts pick the fields.
        type_ = GameType.wrap(uint32(word >> 224));
        createdAt_ = Timestamp.wrap(uint64(word >> 160));
        game_ = address(uint160(word));
    }
}
