using System.Text;
using EdgeAgent.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Sensors.Mqtt.Mapping;

/// <summary>
/// Shows a person one discarded message now and then, with its topic and first bytes; the counters count all of them. A
/// publisher of rubbish must not fill the log.
/// </summary>
internal sealed partial class DiscardLog(ILogger logger, TimeProvider time, string source)
{
    /// <summary>Enough of a payload to recognise it.</summary>
    private const int ShownBytes = 48;

    private readonly LogSampler _sampler = new(time);

    public void Show(DiscardCause cause, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        if (_sampler.TryTake(out long unseen))
        {
            Log.Discarded(logger, source, cause, Printable(topic), Printable(payload), payload.Length, unseen);
        }
    }

    /// <summary>ASCII as it is, all else as \xNN: a payload must not be able to write control characters into a log.</summary>
    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (byte value in bytes[..Math.Min(bytes.Length, ShownBytes)])
        {
            _ = value is >= 0x20 and < 0x7F and not (byte)'\\' ? text.Append((char)value) : text.Append($"\\x{value:x2}");
        }
        return bytes.Length > ShownBytes ? text.Append('…').ToString() : text.ToString();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning,
            "{Source} discarded a message: {Cause}. Topic {Topic}, payload of {Length} bytes begins {Payload}. {Unseen} more were discarded since the last such line.")]
        public static partial void Discarded(
            ILogger logger, string source, DiscardCause cause, string topic, string payload, int length, long unseen);
    }
}
