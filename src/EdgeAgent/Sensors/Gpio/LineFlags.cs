namespace EdgeAgent.Sensors.Gpio;

/// <summary>How a line is set up: <c>enum gpio_v2_line_flag</c> of linux/gpio.h. Without one of the event clock's flags timestamps are of CLOCK_MONOTONIC.</summary>
[Flags]
internal enum LineFlags : ulong
{
    None = 0,
    Used = 1 << 0,
    ActiveLow = 1 << 1,
    Input = 1 << 2,
    Output = 1 << 3,
    EdgeRising = 1 << 4,
    EdgeFalling = 1 << 5,
    OpenDrain = 1 << 6,
    BiasPullUp = 1 << 8,
    BiasPullDown = 1 << 9,
    BiasDisabled = 1 << 10,
}
