using System.Threading.Channels;
using EdgeAgent.Spooling;

namespace EdgeAgent.Readings;

/// <summary>
/// The one bounded channel between all sources and the batcher. Where it is full, a source that can be held back waits
/// (MQTT stops reading its socket), and a source that cannot (a polled sensor) skips the reading and counts it.
/// </summary>
internal sealed class ReadingChannel(int capacity = ReadingChannel.DefaultCapacity)
{
    /// <summary>8,192 readings: half a megabyte, and 40 ms of the fastest intake, longer than one group commit takes.</summary>
    public const int DefaultCapacity = 8_192;

    private readonly Channel<Reading> _channel = Channel.CreateBounded<Reading>(
        new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = false, FullMode = BoundedChannelFullMode.Wait });

    public ChannelReader<Reading> Reader => _channel.Reader;

    /// <summary>Readings that nobody could hold on to.</summary>
    public LostReadings Lost { get; } = new();

    /// <summary>Waits while the channel is full.</summary>
    public ValueTask WriteAsync(in Reading reading, CancellationToken cancellationToken) => _channel.Writer.WriteAsync(reading, cancellationToken);

    /// <returns>False where the channel is full or closed: the caller still has the reading.</returns>
    public bool TryWrite(in Reading reading) => _channel.Writer.TryWrite(reading);

    /// <summary>For whoever cannot wait.</summary>
    /// <returns>False where the channel is full or closed: the reading is lost, and the spool's ledger will say so.</returns>
    public bool WriteOrLose(in Reading reading, SpoolLane lane)
    {
        bool isTaken = TryWrite(reading);
        if (!isTaken)
        {
            Lost.Add(lane);
        }
        return isTaken;
    }

    /// <summary>No more readings will come; the reader drains what is there and ends.</summary>
    public void Complete() => _channel.Writer.TryComplete();
}
