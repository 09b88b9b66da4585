"""An SHT3x's answer to a measurement (datasheet of Sensirion, version 7, sections 4.12 and 4.13)."""


def crc(word: bytes) -> int:
    """Table 20: polynomial 0x31, starts with 0xFF."""
    value = 0xFF
    for byte in word:
        value ^= byte
        for _ in range(8):
            value = ((value << 1) ^ 0x31 if value & 0x80 else value << 1) & 0xFF
    return value


def answer(temperature: int, humidity: int) -> bytes:
    words = temperature.to_bytes(2, "big"), humidity.to_bytes(2, "big")
    return b"".join(word + bytes([crc(word)]) for word in words)


def values(temperature: int, humidity: int) -> tuple[float, float]:
    """°C, %."""
    return -45 + 175 * temperature / 65535, 100 * humidity / 65535
