"""Devices of the kernel's own drivers: hwmon (lm75), IIO polled (bmp280) and captured (ads1115 with an hrtimer trigger), 1-Wire (w1_therm)."""

from chips import bme280
from harness.run import Run

LM75, BME280, ADS1115 = 0x49, 0x77, 0x4A
RAW = (500000, 410000, 28000)
THERMOMETER = "28-00000001e240"
TRIGGER = "clock"
# ±2.048 V is the chip's range where nobody chose one (Texas Instruments SBAS444D, table 8): 62.5 µV a bit.
ADS1115_VOLT = 62.5e-6
RULE = 'SUBSYSTEM=="iio", GROUP="edge-agent", MODE="0660", RUN+="/bin/chgrp -R edge-agent /sys%p", RUN+="/bin/chmod -R g+w /sys%p"\n'


class KernelDrivers:
    name = "kernel"
    addresses = [LM75, BME280, ADS1115]

    def __init__(self, guest, stub):
        self._guest, self._stub = guest, stub

    def prepare(self):
        self._allow_captures()
        self._stub.load()
        self._guest.run("modprobe -a lm75 bmp280-i2c ti-ads1015 iio-trig-hrtimer wire w1_therm w1-sim-master")
        self._guest.run(f"mkdir /sys/kernel/config/iio/triggers/hrtimer/{TRIGGER}")
        self._thermometer("temperature 341")
        self._stub.set_word(LM75, 0, 0x1980)
        self._stub.bind("lm75", LM75)
        self._stub.set_bytes(BME280, {**bme280.ID, **bme280.calibration(), **bme280.data(*RAW)})
        self._stub.bind("bme280", BME280)
        self._stub.set_word(ADS1115, 0, 12345)
        self._stub.bind("ads1115", ADS1115)
        self._guest.run("udevadm settle")

    def configuration(self):
        return {
            "hwmon": [{"chip": self._stub.place(LM75), "series": "hwmon/lm75", "interval": "1s"}],
            "iio": [
                {"device": "bme280", "series": "iio/bme280", "interval": "1s"},
                {"device": self._stub.place(ADS1115), "channels": ["voltage0"], "series": "capture/ads1115",
                 "buffer": {"rate": 20, "trigger": TRIGGER}},
            ],
            "onewire": [{"sensor": THERMOMETER, "series": "onewire/boiler", "interval": "2s"}],
            "host": {"series": "host", "interval": "2s", "what": ["memory", "uptime"]},
        }

    def check(self, run: Run):
        self._hwmon(run)
        self._iio(run)
        self._capture(run)
        self._onewire(run)
        uptime = float(self._guest.run("cut -d ' ' -f 1 /proc/uptime"))
        run.checks.arrives(
            "host: uptime", f"at least {uptime}", lambda: run.service.readings("host/uptime"),
            is_right=lambda seen: bool(seen) and seen[0]["quality"] == "good" and seen[0]["value"] >= int(uptime))

    def _allow_captures(self):
        """What docs/systemd.md and docs/sensors/kernel-drivers.md tell whoever wants captures to add: they write settings into sysfs."""
        self._guest.write_file("/etc/systemd/system/edge-agent.service.d/captures.conf", b"[Service]\nReadWritePaths=/sys/devices\n")
        self._guest.write_file("/etc/udev/rules.d/90-captures.rules", RULE.encode())
        self._guest.run("systemctl daemon-reload; udevadm control --reload")

    def _hwmon(self, run: Run):
        run.value_arrives("hwmon: temperature of the LM75", "hwmon/lm75/temp1", 25.5, 0.001)
        self._stub.set_word(LM75, 0, 0xFF80)
        run.value_arrives("hwmon: temperature of the LM75 below zero", "hwmon/lm75/temp1", -0.5, 0.001)

    def _iio(self, run: Run):
        celsius, pascal, percent = bme280.compensated(*RAW)
        run.value_arrives("iio: temperature of the BME280, in degrees", "iio/bme280/temp", celsius, 0.011)
        run.value_arrives("iio: pressure of the BME280, in pascals", "iio/bme280/pressure", round(pascal, 1), 0.3)
        run.value_arrives("iio: humidity of the BME280, in per cent", "iio/bme280/humidityrelative", round(percent, 2), 0.02)

    def _capture(self, run: Run):
        run.value_arrives("iio: a captured voltage, in volts", "capture/ads1115/voltage0", 12345 * ADS1115_VOLT, 1e-4)
        self._stub.set_word(ADS1115, 0, 0x10000 - 8000)
        run.value_arrives("iio: a captured voltage below zero", "capture/ads1115/voltage0", -8000 * ADS1115_VOLT, 1e-4)
        run.checks.arrives(
            "iio: each sample is a reading", "at least 100", lambda: len(run.service.readings("capture/ads1115/voltage0", 200)),
            is_right=lambda seen: seen >= 100)

    def _onewire(self, run: Run):
        # The kernel's file has thousandths of a degree.
        run.value_arrives("onewire: temperature of the DS18B20", "onewire/boiler/temperature", 341 / 16, 0.001)
        self._thermometer("temperature 1360")
        run.quality_arrives("onewire: the power-up value is no value", "onewire/boiler/temperature", "not-ready")
        self._thermometer("temperature -88")
        run.value_arrives("onewire: below zero", "onewire/boiler/temperature", -5.5, 0.0001)
        self._thermometer("checksum 1")
        # This kernel reads three times and then says EIO, as it does where nobody answers.
        run.quality_arrives("onewire: a broken checksum is no value", "onewire/boiler/temperature", "no-response")
        self._thermometer("checksum 0")
        run.value_arrives("onewire: after a broken checksum", "onewire/boiler/temperature", -5.5, 0.0001)

    def _thermometer(self, command: str):
        self._guest.run(f"echo '{command}' >/sys/devices/platform/w1-sim-master/control")
