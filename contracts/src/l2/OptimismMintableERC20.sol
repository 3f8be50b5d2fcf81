// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ILegacyMintableERC20, IOptimismMintableERC20} from "../shared/IOptimismMintableERC20.sol";

/// @title OptimismMintableERC20
/// @notice A token that stands for one on the other layer; the standard bridge mints and burns it.
contract OptimismMintableERC20 is IOptimismMintableERC20, ILegacyMintableERC20, IERC165, ERC20, ERC20Permit {
    event Mint(address indexed account, uint256 amount);
    event Burn(address indexed account, uint256 amount);

    error OnlyBridge();

    /// @notice Semantic version of the ABI.
    string public constant version = "1.4.0";

    address private immutable REMOTE;
    address private immutable MINTER;
    uint8 private immutable DECIMALS;

    modifier onlyBridge() {
        if (msg.sender != MINTER) revert OnlyBridge();
        _;
    }

    constructor(address _bridge, address _remoteToken, string memory _name, string memory _symbol, uint8 _decimals)
        ERC20(_name, _symbol)
        ERC20Permit(_name)
    {
        MINTER = _bridge;
        REMOTE = _remoteToken;
        DECIMALS = _decimals;
    }

    /// @notice Creates tokens for what arrived from the other layer.
    function mint(address _to, uint256 _amount)
        external
        override(IOptimismMintableERC20, ILegacyMintableERC20)
        onlyBridge
    {
        _mint(_to, _amount);
        emit Mint(_to, _amount);
    }

    /// @notice Destroys tokens that leave for the other layer.
    function burn(address _from, uint256 _amount)
        external
        override(IOptimismMintableERC20, ILegacyMintableERC20)
        onlyBridge
    {
        _burn(_from, _amount);
        emit Burn(_from, _amount);
    }

    /// @notice The token on the other layer.
    function remoteToken() external view returns (address) {
        return REMOTE;
    }

    /// @notice The bridge that mints and burns.
    function bridge() external view returns (address) {
        return MINTER;
    }

    /// @notice Older names of `remoteToken`.
    function l1Token() external view returns (address) {
        return REMOTE;
    }

    function REMOTE_TOKEN() external view returns (address) {
        return REMOTE;
    }

    /// @notice Older names of `bridge`.
    function l2Bridge() external view returns (address) {
        return MINTER;
    }

    function BRIDGE() external view returns (address) {
        return MINTER;
    }

    /// @inheritdoc ERC20
    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 _id) external pure returns (bool) {
        return _id == type(IERC165).interfaceId || _id == type(ILegacyMintableERC20).interfaceId
            || _id == type(IOptimismMintableERC20).interfaceId;
    }
}
