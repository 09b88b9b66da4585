using System.Globalization;
using EdgeAgent.Configuration;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>What an entry says of an ADS1115.</summary>
internal sealed class Ads1115Options
{
    /// <summary>What is measured, one after the other. Default: the four inputs, each against ground.</summary>
    public IReadOnlyList<AnalogChannel> Channels { get; init; } = [.. Ads1115.Channels.Take(4)];

    /// <summary>Index into <see cref="Ads1115.FullScales"/>. Default 4.096 V: the smallest that holds what a chip fed with 3.3 V may be given.</summary>
    public int Gain { get; init; } = 1;

    /// <summary>Index into <see cref="Ads1115.Rates"/>. Default 128 a second, as the chip's own: 8 ms each.</summary>
    public int Rate { get; init; } = 4;

    public static Ads1115Options Read(ConfigSection section)
    {
        double volts = section.Number("maximumVoltage", 0.001, Ads1115.FullScales[0]) ?? 4.096;
        int rate = section.Integer("rate", 128, Ads1115.Rates[0], Ads1115.Rates[^1]);
        if (!Ads1115.Rates.Contains(rate))
        {
            string known = string.Join(", ", Ads1115.Rates.Select(one => one.ToString(CultureInfo.InvariantCulture)));
            section.Report("rate", $"The chip does not convert {rate} times a second. Choose one of {known}.");
        }
        return new Ads1115Options
        {
            Channels = AnalogChannel.Read(section, Ads1115.Channels),
            Gain = Array.FindLastIndex(Ads1115.FullScales, scale => scale >= volts),
            Rate = Math.Max(0, Array.IndexOf(Ads1115.Rates, rate)),
        };
    }
}
