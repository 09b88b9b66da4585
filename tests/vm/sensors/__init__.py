"""
Scenario "sensors": readings of real kernel drivers reach the service. Each part sets up its hardware, says what the agent's configuration has for it, and
compares what the service stores with what the hardware was set to.
"""

from .i2c_transfers import I2cTransfers


def parts(guest) -> list:
    """All parts; what several of them share is made here."""
    return [I2cTransfers(guest)]
