using EdgeAgent.Spooling;
using EdgeAgent.Testing;
using EdgeAgent.Tests.Thinning;

namespace EdgeAgent.Tests.Commands;

/// <summary>
/// A spool in a folder with records as the agent encodes them: record n of the live lane holds temperature n × 1000 + 0 to 9, a second
/// apart from 2026-01-01T00:00:00Z + n × 10 s, and record 1 of the alarm lane one door.
/// </summary>
internal sealed class FilledSpool : IAsyncDisposable
{
    public const long Start = 1_767_225_600_000_000_000;
    public const int ReadingsOfRecord = 10;
    private readonly TemporaryFolder _folder = new();
    private readonly TestBatch _live = new();
    private readonly TestBatch _alarm = new();
    private Spool? _spool;

    public string Path => _folder["spool"];

    public string this[string name] => _folder[name];

    public Spool Spool => _spool!;

    public static async Task<FilledSpool> CreateAsync(int records, bool keepOpen = false)
    {
        var filled = new FilledSpool();
        filled._spool = Spool.Open(Options(filled.Path), TimeProvider.System, Guid.NewGuid());
        filled._alarm.Boolean("door, \"north\"", Start, true);
        filled.Spool[SpoolLane.Alarm].Append(filled._alarm.Close(), 1);
        filled.Append(records);
        await filled.Spool[SpoolLane.Alarm].CommitAsync();
        await filled.Spool[SpoolLane.Live].CommitAsync();
        if (!keepOpen)
        {
            await filled.CloseAsync();
        }
        return filled;
    }

    public static SpoolOptions Options(string path) => new()
    {
        Path = path,
        MaximumBytes = 4 << 20,
        SegmentBytes = 256 << 10,
        FreeSpaceFloor = 0,
    };

    public void Append(int records)
    {
        for (int i = 0; i < records; i++)
        {
            ulong sequence = Spool[SpoolLane.Live].Tail + 1;
            // A dictionary for each piece: what was named in another one may be gone.
            ulong dictionary = Spool[SpoolLane.Live].PrepareAppend(64 * 1024);
            for (int reading = 0; reading < ReadingsOfRecord; reading++)
            {
                _live.Number("office/temperature", Time(sequence, reading), Value(sequence, reading));
            }
            Spool[SpoolLane.Live].Append(_live.Close(dictionary), ReadingsOfRecord);
        }
    }

    public static long Time(ulong sequence, int reading) => Start + (((long)sequence * 10) + reading) * 1_000_000_000;

    public static double Value(ulong sequence, int reading) => (sequence * 1000) + (ulong)reading;

    public async Task CloseAsync()
    {
        if (_spool is { } spool)
        {
            _spool = null;
            await spool.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }
}
