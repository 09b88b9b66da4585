using EdgeAgent.Configuration;

namespace EdgeAgent.Sensors.I2c.Chips;

/// <summary>What a converter can measure at a time: one input against ground, or two against each other.</summary>
/// <param name="Name">How the configuration and the series call it: "a0", "a0-a1".</param>
/// <param name="Code">How the chip calls it.</param>
internal sealed record AnalogChannel(string Name, byte Code)
{
    /// <summary>Both converters have four inputs; without the key each of them is read against ground.</summary>
    private const int Inputs = 4;

    /// <summary>Key <c>channels</c>.</summary>
    /// <param name="section">The entry of the chip.</param>
    /// <param name="known">What the chip has, its single inputs first.</param>
    public static IReadOnlyList<AnalogChannel> Read(ConfigSection section, IReadOnlyList<AnalogChannel> known)
    {
        if (!section.Has("channels"))
        {
            section.Any("channels");
            return [.. known.Take(Inputs)];
        }
        var channels = new List<AnalogChannel>();
        foreach (ConfigNode text in section.Texts("channels"))
        {
            AnalogChannel? channel = known.FirstOrDefault(one => one.Name == text.Text);
            if (channel is null)
            {
                section.Report(text, $"\"{text.Text}\" is no channel of this chip. Choose one of {string.Join(", ", known.Select(one => one.Name))}.");
            }
            else if (channels.Contains(channel))
            {
                section.Report(text, $"The channel \"{text.Text}\" stands here twice. Remove one of them.");
            }
            else
            {
                channels.Add(channel);
            }
        }
        return channels;
    }
}
