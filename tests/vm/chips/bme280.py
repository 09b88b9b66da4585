"""
A BME280 as a register map, and what it means by Bosch's own integer arithmetic (datasheet BST-BME280-DS002, section 4.2.3). The agent computes with the
floating-point formulas of appendix A: two ways to one value.
"""

import struct

ID = {0xD0: b"\x60"}

# Trimming values of a specimen of the usual kind.
T = (28485, 26735, 50)
P = (36738, -10635, 3024, 6980, -4, -7, 9900, -10230, 4285)
H1, H2, H3, H4, H5, H6 = 75, 366, 0, 308, 50, 30


def calibration() -> dict[int, bytes]:
    first = struct.pack("<HhhHhhhhhhhhxB", *T, *P, H1)
    second = struct.pack("<hBbBbb", H2, H3, H4 >> 4, (H4 & 0x0F) | ((H5 & 0x0F) << 4), H5 >> 4, H6)
    return {0x88: first, 0xE1: second}


def data(temperature: int, pressure: int, humidity: int) -> dict[int, bytes]:
    """Raw values as registers 0xF7 to 0xFE, in one burst."""
    return {0xF7: (pressure << 4).to_bytes(3, "big") + (temperature << 4).to_bytes(3, "big") + humidity.to_bytes(2, "big")}


def _divide(a: int, b: int) -> int:
    """As C does: towards zero."""
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def compensated(temperature: int, pressure: int, humidity: int) -> tuple[float, float, float]:
    """°C, Pa, %."""
    linear = (((temperature >> 3) - (T[0] << 1)) * T[1]) >> 11
    square = (((((temperature >> 4) - T[0]) * ((temperature >> 4) - T[0])) >> 12) * T[2]) >> 14
    fine = linear + square
    celsius = ((fine * 5 + 128) >> 8) / 100

    a = fine - 128000
    b = a * a * P[5] + ((a * P[4]) << 17) + (P[3] << 35)
    a = ((a * a * P[2]) >> 8) + ((a * P[1]) << 12)
    a = (((1 << 47) + a) * P[0]) >> 33
    p = _divide((((1048576 - pressure) << 31) - b) * 3125, a)
    p = ((p + ((P[8] * (p >> 13) * (p >> 13)) >> 25) + ((P[7] * p) >> 19)) >> 8) + (P[6] << 4)
    pascal = p / 256

    h = fine - 76800
    h = (((humidity << 14) - (H4 << 20) - H5 * h + 16384) >> 15) * (
        ((((((h * H6) >> 10) * (((h * H3) >> 11) + 32768)) >> 10) + 2097152) * H2 + 8192) >> 14)
    h -= ((((h >> 15) * (h >> 15)) >> 7) * H1) >> 4
    return celsius, pascal, (min(max(h, 0), 419430400) >> 12) / 1024
