"""
Scenario "sensors": readings of real kernel drivers reach the service. Each part sets up its hardware, says what the agent's configuration has for it, and
compares what the service stores with what the hardware was set to.
"""

from harness.stub import StubBus

from .gpio import Gpio
from .i2c_transfers import I2cTransfers
from .kernel_drivers import KernelDrivers
from .scan import Scan
from .smbus import Smbus


def parts(guest) -> list:
    """All parts; what several of them share is made here."""
    stub = StubBus(guest, Smbus.addresses + KernelDrivers.addresses)
    return [I2cTransfers(guest), Smbus(stub), KernelDrivers(guest, stub), Scan(guest, stub), Gpio(guest)]
