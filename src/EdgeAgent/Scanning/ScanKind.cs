namespace EdgeAgent.Scanning;

/// <summary>A kind of hardware that is looked for. Its word in lower case stands in <c>--only</c> and in the output.</summary>
internal enum ScanKind
{
    I2c,
    Gpio,
    Iio,
    Hwmon,
    OneWire,
    Thermal,
    Mqtt,
    Host,
}
