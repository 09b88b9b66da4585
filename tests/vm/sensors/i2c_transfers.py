"""Chips on an adapter with plain I2C (I2C_RDWR), with repeated starts and with what goes wrong on a wire."""

from chips import bme280, sht3x
from harness.adapter import BUS, SimAdapter
from harness.run import Run

BME280, SHT3X = 0x76, 0x44
SUMMER = (519888, 415148, 32000)
WINTER = (480000, 400000, 26000)
# What docs/systemd.md tells whoever wants a stuck adapter to be bound anew: the files of drivers are root's.
REBINDING = b"""[Service]
ReadWritePaths=/sys/bus/platform/drivers
CapabilityBoundingSet=CAP_DAC_OVERRIDE
AmbientCapabilities=CAP_DAC_OVERRIDE
"""


class I2cTransfers:
    name = "i2c"

    def __init__(self, guest):
        self._guest = guest
        self._adapter = SimAdapter(guest)

    def prepare(self):
        self._guest.write_file("/etc/systemd/system/edge-agent.service.d/rebinding.conf", REBINDING)
        self._guest.run("systemctl daemon-reload")
        self._adapter.load()
        # Bosch's chips take pairs of register and value, and these must not be asked without a repeated start.
        self._adapter.add(BME280, "pairs", restart=True)
        self._adapter.set(BME280, {**bme280.ID, **bme280.calibration(), **bme280.data(*SUMMER)})
        self._adapter.add(SHT3X, "answer")
        self._adapter.set(SHT3X, {0: sht3x.answer(0x6666, 0x7FFF)})

    def configuration(self):
        return {"i2c": [{"bus": BUS, "recover": {"driver": True}, "sensors": [
            {"chip": "bme280", "address": f"0x{BME280:x}", "series": "wire/bme280", "interval": "1s"},
            {"chip": "sht3x", "address": f"0x{SHT3X:x}", "series": "wire/sht3x", "interval": "1s"},
        ]}]}

    def check(self, run: Run):
        self._bme280_measures(run, "first", SUMMER)
        self._adapter.set(BME280, bme280.data(*WINTER))
        self._bme280_measures(run, "after a change", WINTER)
        run.checks.at_least("i2c: register and data in one transfer, with a repeated start", 1, self._adapter.state("repeated_starts"))
        self._sht3x_measures(run, "first", 0x6666, 0x7FFF)
        self._broken_checksum(run)
        self._absent_and_back(run)
        self._faults_of_the_wire(run)
        self._stuck_bus(run)

    def _bme280_measures(self, run: Run, when: str, raw):
        celsius, pascal, percent = bme280.compensated(*raw)
        run.value_arrives(f"i2c: temperature of the BME280, {when}", "wire/bme280/temperature", celsius, 0.011)
        run.value_arrives(f"i2c: pressure of the BME280, {when}", "wire/bme280/pressure", round(pascal, 1), 0.3)
        run.value_arrives(f"i2c: humidity of the BME280, {when}", "wire/bme280/humidity", round(percent, 2), 0.02)

    def _sht3x_measures(self, run: Run, when: str, temperature: int, humidity: int):
        celsius, percent = sht3x.values(temperature, humidity)
        run.value_arrives(f"i2c: temperature of the SHT3x, {when}", "wire/sht3x/temperature", round(celsius, 2), 0.006)
        run.value_arrives(f"i2c: humidity of the SHT3x, {when}", "wire/sht3x/humidity", round(percent, 2), 0.006)

    def _broken_checksum(self, run: Run):
        answer = bytearray(sht3x.answer(0x7000, 0x7000))
        answer[2] ^= 1
        self._adapter.set(SHT3X, {0: bytes(answer)})
        run.quality_arrives("i2c: a broken checksum is no value", "wire/sht3x/temperature", "checksum")
        self._adapter.set(SHT3X, {0: sht3x.answer(0x7000, 0x6000)})
        self._sht3x_measures(run, "after a broken checksum", 0x7000, 0x6000)

    def _absent_and_back(self, run: Run):
        self._adapter.remove(BME280)
        run.quality_arrives("i2c: a chip that is gone does not answer", "wire/bme280/temperature", "no-response")
        self._sht3x_measures(run, "beside a chip that is gone", 0x7000, 0x6000)
        self._adapter.add(BME280, "pairs", restart=True)
        self._adapter.set(BME280, {**bme280.ID, **bme280.calibration(), **bme280.data(*SUMMER)})
        self._bme280_measures(run, "back after it was gone", SUMMER)

    def _faults_of_the_wire(self, run: Run):
        # Two chips that are asked once a second: of four transfers each chip has one at least.
        for kind in ("nack", "arbitration", "timeout"):
            self._adapter.fault(kind, 4)
            run.quality_is_seen(f"i2c: a transfer that ends by {kind} is no value", "wire/sht3x/temperature", "no-response", within=10)
            self._adapter.set(SHT3X, {0: sht3x.answer(0x5000, 0x5000)})
            self._sht3x_measures(run, f"after {kind}", 0x5000, 0x5000)
            self._adapter.set(SHT3X, {0: sht3x.answer(0x7000, 0x6000)})
            self._sht3x_measures(run, f"changed after {kind}", 0x7000, 0x6000)

    def _stuck_bus(self, run: Run):
        # Only binding the adapter's driver anew ends it.
        self._adapter.fault("stuck", 1)
        run.quality_arrives("i2c: a stuck bus is no value", "wire/bme280/temperature", "no-response")
        self._adapter.set(BME280, bme280.data(*WINTER))
        self._bme280_measures(run, "after the bus was stuck", WINTER)
