// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMachineStep} from "./step/IMachineStep.sol";

/// @title Tournament
/// @notice Finds which of two histories of the proof machine is right, between sides and not between accounts (docs/spec/game.md).
/// @dev A list states the machine's root at K equally spaced steps of a segment; it speaks for itself, whoever pays for it. In a match two
///      rival claims about one segment, side 0 and side 1, are each supported by lists. Two lists of opposite sides have a first
///      difference, and that is the match one level deeper; after LEVELS levels the segment is one step, which L1 executes. No function
///      looks at its caller.
abstract contract Tournament {
    /// @notice The agreed root before a segment and the two rival roots after it. The rival ends of the whole run are not two roots, so
    ///         they are zero there: sides are told apart by what the last state says.
    struct Segment {
        bytes32 start;
        bytes32 end0;
        bytes32 end1;
    }

    enum ListState {
        NONE,
        LIVE,
        BEATEN,
        RELEASED
    }

    struct List {
        address payee;
        uint40 postedAt;
        uint32 clock; // seconds left to its side below this list
        uint8 side;
        ListState state;
        bytes32 matchId;
    }

    struct Match {
        uint40 startedAt;
        uint40 firstAt; // when the side that owes a list first posted one; zero until then
        uint32 clock0;
        uint32 clock1;
        uint24 live0;
        uint24 live1;
        uint8 level;
        uint8 first; // the side that owes a list first
        uint40 position; // steps before the segment
        bytes32 segment; // hash of the Segment
        bytes32 list0;
        bytes32 list1;
    }

    event Committed(bytes32 indexed list, bytes32 indexed matchId, uint8 side, address payee, bytes32[] roots);
    event Opened(bytes32 indexed matchId, bytes32 indexed list0, bytes32 indexed list1, uint8 level, uint64 position, Segment segment);
    /// @notice A list is out; `by` is the rival whose payee is rewarded, zero if both fell.
    event Beaten(bytes32 indexed list, bytes32 indexed by);

    error NoSuchMatch();
    error NoSuchList();
    error WrongSegment();
    error WrongRoots();
    error WrongEnd();
    error WrongBond();
    error AlreadyPosted();
    error AlreadyOpen();
    error NotRivals();
    error TooLate();
    /// @notice The other side owes a list first.
    error NotYourTurn();
    /// @notice Segments of one step are proven, longer ones are divided.
    error OneStepLeft();
    error MoreThanOneStep();
    error NothingToSettle();

    /// @dev The match about the whole run.
    bytes32 internal constant WHOLE = bytes32(0);

    IMachineStep private immutable STEP;
    uint8 private immutable LEVELS;
    uint8 private immutable LOG2_K;
    uint32 internal immutable CLOCK_S;
    uint32 private immutable EXTENSION_S;
    uint256 private immutable BOND_WEI;

    mapping(bytes32 => Match) public matches;
    mapping(bytes32 => List) public lists;
    /// @notice Wei that the game owes an account.
    mapping(address => uint256) public credit;

    constructor(IMachineStep _step, uint8 _levels, uint8 _log2K, uint32 _clockSeconds, uint32 _extensionSeconds, uint256 _bondWei) {
        // Positions have 40 bits; a list of more than 64 roots costs more than a further level.
        require(_levels > 0 && _log2K > 0 && _log2K <= 6 && uint256(_levels) * _log2K <= 40);
        STEP = _step;
        LEVELS = _levels;
        LOG2_K = _log2K;
        CLOCK_S = _clockSeconds;
        EXTENSION_S = _extensionSeconds;
        BOND_WEI = _bondWei;
    }

    /// @notice Posts a list for one side of a match below the whole run. The bond is paid back or lost; see `_beat` and FaultGame.release.
    function commit(bytes32 _matchId, Segment calldata _segment, uint8 _side, bytes32[] calldata _roots, address _payee)
        external
        payable
        returns (bytes32)
    {
        _requireOpen();
        Match storage m = _requireMatch(_matchId, _segment);
        if (m.level == LEVELS) revert OneStepLeft();
        _requireRoots(_roots);
        if (_side > 1 || _roots[_roots.length - 1] != (_side == 0 ? _segment.end0 : _segment.end1)) revert WrongEnd();
        return _post(m, _matchId, _side, _roots, _payee);
    }

    /// @notice Opens the match between two live lists of opposite sides, at their first difference. Its time began when the later was posted.
    /// @param _above Segment of the match that the lists are in; for the whole run it is not looked at.
    function open(bytes32 _list0, bytes32 _list1, Segment calldata _above, bytes32[] calldata _roots0, bytes32[] calldata _roots1)
        external
        returns (bytes32 matchId_)
    {
        _requireOpen();
        List storage a = lists[_list0];
        List storage b = lists[_list1];
        if (a.state != ListState.LIVE || b.state != ListState.LIVE) revert NoSuchList();
        if (a.matchId != b.matchId || a.side != 0 || b.side != 1) revert NotRivals();
        if (_listId(a.matchId, _roots0) != _list0 || _listId(a.matchId, _roots1) != _list1) revert WrongRoots();
        Match storage above = matches[a.matchId];
        matchId_ = keccak256(abi.encode(_list0, _list1));
        Match storage m = matches[matchId_];
        if (m.startedAt != 0) revert AlreadyOpen();

        // Opposite sides have different last roots, so there is a difference within the lists.
        uint256 place;
        while (_roots0[place] == _roots1[place]) ++place;
        Segment memory segment = Segment(place == 0 ? _startOf(a.matchId, _above) : _roots0[place - 1], _roots0[place], _roots1[place]);

        uint8 level = above.level + 1;
        (m.level, m.clock0, m.clock1) = (level, a.clock, b.clock);
        (m.list0, m.list1) = (_list0, _list1);
        m.segment = keccak256(abi.encode(segment));
        m.position = above.position + uint40(place << (uint256(LOG2_K) * (LEVELS - level)));
        // The later list is the attack on the earlier; it goes first. In one and the same second the challenger does.
        m.first = a.postedAt > b.postedAt ? 0 : 1;
        m.startedAt = a.postedAt > b.postedAt ? a.postedAt : b.postedAt;
        emit Opened(matchId_, _list0, _list1, level, m.position, segment);
    }

    /// @notice Decides a match about one step by executing it.
    function prove(bytes32 _matchId, Segment calldata _segment, bytes calldata _proof) external {
        _requireOpen();
        Match storage m = _requireMatch(_matchId, _segment);
        if (m.level != LEVELS) revert MoreThanOneStep();
        _requireUndecided(m);
        bytes32 next = STEP.step(_segment.start, _proof);
        _decide(m, next != _segment.end0, next != _segment.end1);
    }

    /// @notice Removes the list above a match whose side in it has no live list and no time left to post one.
    function settle(bytes32 _matchId) external {
        _requireOpen();
        Match storage m = matches[_matchId];
        if (_matchId == WHOLE || m.startedAt == 0) revert NoSuchMatch();
        _requireUndecided(m);
        (bool dead0, bool dead1) = _dead(m);
        if (!dead0 && !dead1) revert NothingToSettle();
        _decide(m, dead0, dead1);
    }

    /// @notice What every list costs until it is known to be right.
    function listBond() external view returns (uint256) {
        return BOND_WEI;
    }

    /// @notice Depth of the bisection: levels of lists, and the number of roots in each as a power of two.
    function shape() external view returns (uint8 levels_, uint8 log2K_) {
        return (LEVELS, LOG2_K);
    }

    /// @notice Seconds that a side has at least, after a move, for its next.
    function clockExtension() external view returns (uint64) {
        return EXTENSION_S;
    }

    function machineStep() external view returns (IMachineStep) {
        return STEP;
    }

    /// @dev Reverts once the game is over.
    function _requireOpen() internal view virtual;

    /// @dev The machine's root before its first step.
    function startState() public view virtual returns (bytes32);

    /// @dev Challengers (side 1) owe a list from the beginning; the defenders only once there is one.
    function _beginTournament() internal {
        Match storage m = matches[WHOLE];
        (m.startedAt, m.first, m.clock0, m.clock1) = (uint40(block.timestamp), 1, CLOCK_S, CLOCK_S);
    }

    function _post(Match storage m, bytes32 _matchId, uint8 _side, bytes32[] calldata _roots, address _payee)
        internal
        returns (bytes32 id_)
    {
        if (msg.value != BOND_WEI) revert WrongBond();
        id_ = _listId(_matchId, _roots);
        List storage list = lists[id_];
        if (list.state != ListState.NONE) revert AlreadyPosted();

        uint256 since = m.startedAt;
        if (_side == m.first) {
            if (m.firstAt == 0) m.firstAt = uint40(block.timestamp);
        } else {
            since = m.firstAt;
            if (since == 0) revert NotYourTurn();
        }
        uint256 used = block.timestamp - since;
        uint256 clock = _side == 0 ? m.clock0 : m.clock1;
        if (used > clock) revert TooLate();
        uint256 left = clock - used;
        if (_side == 0) ++m.live0;
        else ++m.live1;

        (list.payee, list.side, list.state, list.matchId) = (_payee, _side, ListState.LIVE, _matchId);
        list.postedAt = uint40(block.timestamp);
        list.clock = uint32(left < EXTENSION_S ? EXTENSION_S : left);
        emit Committed(id_, _matchId, _side, _payee, _roots);
    }

    /// @dev Which sides have neither a live list nor time left. One step is divided no further: if nobody proves it within the time of
    ///      both sides, both are out.
    function _dead(Match storage m) internal view returns (bool dead0_, bool dead1_) {
        if (m.level == LEVELS) {
            bool late = block.timestamp > uint256(m.startedAt) + m.clock0 + m.clock1;
            return (late, late);
        }
        dead0_ = m.live0 == 0 && _isLate(m, 0, m.clock0);
        dead1_ = m.live1 == 0 && _isLate(m, 1, m.clock1);
    }

    function _isLate(Match storage m, uint8 _side, uint256 _clock) private view returns (bool) {
        uint256 since = _side == m.first ? m.startedAt : m.firstAt;
        return since != 0 && block.timestamp > since + _clock;
    }

    function _decide(Match storage m, bool _out0, bool _out1) private {
        if (_out0) _beat(m.list0, _out1 ? bytes32(0) : m.list1);
        if (_out1) _beat(m.list1, _out0 ? bytes32(0) : m.list0);
    }

    /// @dev Half of the bond goes to the rival's payee; the other half is lost, so that who plays both sides pays for it.
    function _beat(bytes32 _id, bytes32 _by) private {
        List storage list = lists[_id];
        list.state = ListState.BEATEN;
        Match storage m = matches[list.matchId];
        if (list.side == 0) --m.live0;
        else --m.live1;
        if (_by != bytes32(0)) credit[lists[_by].payee] += BOND_WEI / 2;
        emit Beaten(_id, _by);
    }

    /// @dev Whether the list and every list that it supports are unbeaten; and the side of the topmost.
    function _standing(bytes32 _id) internal view returns (bool stands_, uint8 side_) {
        while (true) {
            List storage list = lists[_id];
            if (list.state == ListState.BEATEN) return (false, 0);
            side_ = list.side;
            if (list.matchId == WHOLE) return (true, side_);
            Match storage m = matches[list.matchId];
            _id = side_ == 0 ? m.list0 : m.list1;
        }
    }

    function _bond() internal view returns (uint256) {
        return BOND_WEI;
    }

    function _requireRoots(bytes32[] calldata _roots) internal view {
        if (_roots.length != uint256(1) << LOG2_K) revert WrongRoots();
    }

    function _requireMatch(bytes32 _matchId, Segment calldata _segment) private view returns (Match storage m) {
        m = matches[_matchId];
        if (_matchId == WHOLE || m.startedAt == 0) revert NoSuchMatch();
        if (m.segment != keccak256(abi.encode(_segment))) revert WrongSegment();
    }

    function _startOf(bytes32 _matchId, Segment calldata _segment) private view returns (bytes32) {
        if (_matchId == WHOLE) return startState();
        _requireMatch(_matchId, _segment);
        return _segment.start;
    }

    /// @dev A match between lists of which one is out already, by another match, decides nothing.
    function _requireUndecided(Match storage m) private view {
        if (lists[m.list0].state != ListState.LIVE || lists[m.list1].state != ListState.LIVE) revert NothingToSettle();
    }

    function _listId(bytes32 _matchId, bytes32[] calldata _roots) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(_matchId, _roots));
    }
}
