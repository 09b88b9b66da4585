"""Chips on an adapter that knows SMBus transfers only, read by the agent's own drivers."""

from chips import bme280
from harness.run import Run

BME280, MCP9808, LM75 = 0x76, 0x18, 0x48
RAW = (519888, 415148, 32000)


class Smbus:
    name = "smbus"
    addresses = [BME280, MCP9808, LM75]

    def __init__(self, stub):
        self._stub = stub

    def prepare(self):
        self._stub.load()
        self._stub.set_bytes(BME280, {**bme280.ID, **bme280.calibration(), **bme280.data(*RAW)})
        # Microchip DS25095A, registers 5 to 7: ambient temperature in 1/16 °C, manufacturer, device.
        self._stub.set_word(MCP9808, 5, 0x0194)
        self._stub.set_word(MCP9808, 6, 0x0054)
        self._stub.set_word(MCP9808, 7, 0x0400)
        self._stub.set_word(LM75, 0, 0x1980)

    def configuration(self):
        return {"i2c": [{"bus": self._stub.number, "sensors": [
            {"chip": "bme280", "address": f"0x{BME280:x}", "series": "smbus/bme280", "interval": "1s"},
            {"chip": "mcp9808", "address": f"0x{MCP9808:x}", "series": "smbus/mcp9808", "interval": "1s"},
            {"chip": "lm75", "address": f"0x{LM75:x}", "series": "smbus/lm75", "interval": "1s"},
        ]}]}

    def check(self, run: Run):
        celsius, pascal, percent = bme280.compensated(*RAW)
        run.value_arrives("smbus: temperature of the BME280", "smbus/bme280/temperature", celsius, 0.011)
        run.value_arrives("smbus: pressure of the BME280", "smbus/bme280/pressure", round(pascal, 1), 0.3)
        run.value_arrives("smbus: humidity of the BME280", "smbus/bme280/humidity", round(percent, 2), 0.02)
        run.value_arrives("smbus: temperature of the MCP9808", "smbus/mcp9808/temperature", 25.25, 0.001)
        run.value_arrives("smbus: temperature of the LM75", "smbus/lm75/temperature", 25.5, 0.001)
        # Below zero: bit 12 is the sign of the one, bit 15 that of the other.
        self._stub.set_word(MCP9808, 5, 0x1F58)
        self._stub.set_word(LM75, 0, 0xE700)
        run.value_arrives("smbus: temperature of the MCP9808 below zero", "smbus/mcp9808/temperature", -10.5, 0.001)
        run.value_arrives("smbus: temperature of the LM75 below zero", "smbus/lm75/temperature", -25, 0.001)
