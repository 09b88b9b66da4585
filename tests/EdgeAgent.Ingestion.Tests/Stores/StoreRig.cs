using EdgeAgent.Ingestion.Hosting;
using EdgeAgent.Ingestion.Storage;
using EdgeAgent.Ingestion.Storage.Postgres;
using EdgeAgent.Ingestion.Storage.Sqlite;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;

namespace EdgeAgent.Ingestion.Tests.Stores;

/// <summary>A store of one kind with its own database, which can be opened again and looked into.</summary>
internal sealed class StoreRig : IAsyncDisposable
{
    public static readonly SourceKey Source = new("plant-1", new Guid(Uploads.Spool, bigEndian: true), Lane.Live);

    private readonly TemporaryFolder _folder = new();
    private readonly string? _connection;

    private StoreRig(string? connection) => _connection = connection;

    public IReadingStore Store { get; private set; } = null!;

    public IReadingQueries Queries { get; private set; } = null!;

    public static async Task<StoreRig> OpenAsync(StoreKind kind, SharedPostgres postgres)
    {
        var rig = new StoreRig(kind == StoreKind.Postgres ? await postgres.CreateDatabaseAsync() : null);
        await rig.OpenAsync();
        return rig;
    }

    public async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        await OpenAsync();
    }

    /// <summary>Another instance of the service on the same database, to be disposed of.</summary>
    public async Task<IReadingStore> OpenAnotherAsync() => _connection is null
        ? SqliteReadingStore.Open(new SqliteFile(_folder.Path), TimeProvider.System)
        : await PostgresReadingStore.OpenAsync(Database(), TimeProvider.System, CancellationToken.None);

    public async Task<StoreOutcome[]> StoreAsync(params SourceChunk[] chunks)
    {
        IReadOnlyList<StoreResult> results = await Store.StoreAsync(chunks, CancellationToken.None);
        return [.. results.Select(result => result.Outcome)];
    }

    /// <summary>Records of one reading each, whose value is the sequence × 1000.</summary>
    public static SourceChunk Chunk(
        ulong first, ulong last, bool define = true, string device = "plant-1", ulong dictionary = 1, Func<ulong, long>? time = null,
        long received = Uploads.Start, Lane lane = Lane.Live)
    {
        var chunk = new SourceChunk(Source with { Device = device, Lane = lane }, "test") { ReceivedUnixNanoseconds = received };
        chunk.Begin(first - 1);
        if (define)
        {
            chunk.Readings.Define(dictionary, Uploads.Temperature);
        }
        for (ulong sequence = first; sequence <= last; sequence++)
        {
            chunk.Readings.BeginRecord(sequence);
            chunk.Readings.Numbers(dictionary, 1, [time?.Invoke(sequence) ?? (long)sequence], [sequence * 1000d], []);
            chunk.Through = sequence;
            chunk.RecordsStored++;
        }
        return chunk;
    }

    /// <summary>What is stored of a series, in order.</summary>
    public List<StoredReading> Readings(string series = "office/temperature", string device = "plant-1")
    {
        var range = new ReadingRange(Queries.FindSeries(device, series)!.Id, long.MinValue, null, Descending: false);
        var all = new List<StoredReading>();
        var block = new StoredReading[3];
        int count;
        do
        {
            count = Queries.ReadBlock(range, all.Count > 0 ? all[^1] : null, block);
            all.AddRange(block[..count]);
        }
        while (count == block.Length);
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Dispose();
    }

    private PostgresDatabase Database() => new(new PostgresOptions { Connection = _connection });

    private async Task OpenAsync()
    {
        if (_connection is null)
        {
            var file = new SqliteFile(_folder.Path);
            (Store, Queries) = (SqliteReadingStore.Open(file, TimeProvider.System), new SqlReadingQueries(file));
        }
        else
        {
            PostgresDatabase database = Database();
            (Store, Queries) = (await PostgresReadingStore.OpenAsync(database, TimeProvider.System, CancellationToken.None), new SqlReadingQueries(database));
        }
    }
}
