// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {CrossDomainMessenger} from "../shared/CrossDomainMessenger.sol";
import {Predeploys} from "../shared/Predeploys.sol";
import {OptimismPortal} from "./OptimismPortal.sol";

/// @title L1CrossDomainMessenger
/// @notice The messenger on L1; the portal carries its messages.
contract L1CrossDomainMessenger is CrossDomainMessenger, Initializable {
    /// @notice Semantic version of the ABI.
    string public constant version = "2.9.0";

    OptimismPortal public portal;

    constructor() {
        _disableInitializers();
    }

    /// @notice Sets the carrier.
    function initialize(OptimismPortal _portal) external initializer {
        portal = _portal;
        otherMessenger = CrossDomainMessenger(Predeploys.L2_CROSS_DOMAIN_MESSENGER);
    }

    /// @notice Same as `portal`, under its older name.
    function PORTAL() external view returns (OptimismPortal) {
        return portal;
    }

    /// @inheritdoc CrossDomainMessenger
    function paused() public view override returns (bool) {
        return portal.paused();
    }

    function _sendMessage(address _to, uint64 _gasLimit, uint256 _value, bytes memory _data) internal override {
        portal.depositTransaction{value: _value}(_to, _value, _gasLimit, false, _data);
    }

    function _isOtherMessenger() internal view override returns (bool) {
        return msg.sender == address(portal) && portal.l2Sender() == address(otherMessenger);
    }

    function _isBlockedTarget(address _target) internal view override returns (bool) {
        return _target == address(this) || _target == address(portal);
    }
}
