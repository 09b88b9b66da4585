using EdgeAgent.Configuration;
using EdgeAgent.Sensors.Sampling;

namespace EdgeAgent.Sensors.Kernel.Iio;

/// <summary>Key <c>buffer</c> of an entry of section <c>iio</c>.</summary>
internal static class IioCaptureOptionsReader
{
    /// <returns>Null where the entry has no buffer.</returns>
    public static IioCaptureOptions? Read(ConfigSection section, string device)
    {
        if (section.OptionalSection("buffer") is not { } buffer)
        {
            return null;
        }
        if (section.Has("interval"))
        {
            section.Report("interval", "What is captured has a rate instead. Remove this key, or \"buffer\".");
        }
        if (!buffer.Has("rate"))
        {
            buffer.Report("rate", "This key is missing. Add it.");
        }
        return new IioCaptureOptions
        {
            Device = device,
            Channels = [.. section.Texts("channels").Select(channel => channel.Text)],
            Rate = buffer.Number("rate", 0.1, 10_000) ?? 1,
            Trigger = buffer.Text("trigger"),
            Buffered = buffer.Time("buffered", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)),
            Sampling = SensorOptionsReader.Read(section),
        };
    }
}
