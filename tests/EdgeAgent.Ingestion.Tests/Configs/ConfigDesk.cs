using System.Text;
using EdgeAgent.Ingestion.Configs;
using EdgeAgent.Ingestion.Storage.Control;
using EdgeAgent.Protocol.V1;
using EdgeAgent.Testing;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAgent.Ingestion.Tests.Configs;

/// <summary>Configurations over a real database, step by step: what the task of an instance does happens in <see cref="Settle"/>.</summary>
internal sealed class ConfigDesk : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WatchNotes _notes;
    private readonly ReportBook _reports;
    private readonly RolloutDriver _driver;

    public ConfigDesk(int keptReports = 200)
    {
        Control = new SqliteControlDatabase(_folder.Path, [ConfigTables.Tables], Time);
        Changes = new ConfigChanges(Control, Time);
        _notes = new WatchNotes(Control, Time);
        _reports = new ReportBook(Control, new ConfigOptions { KeptReports = keptReports }, Time);
        _driver = new RolloutDriver(Control, Time, NullLogger<RolloutDriver>.Instance);
    }

    public ManualTimeProvider Time { get; } = new();

    public ControlDatabase Control { get; }

    public ConfigChanges Changes { get; }

    public Rollout Push(
        Layer layer, string document, string author = "anna", bool bootstrap = false, bool again = false, string? stages = null, string? after = null,
        double stopAt = 0.2)
    {
        Assert.True(LayerDocument.TryRead(Encoding.UTF8.GetBytes(document), 1024 * 1024, out byte[]? bytes, out _));
        IReadOnlyList<RolloutStage>? parsed = null;
        Assert.True(stages is null || RolloutStage.TryParseAll(stages, out parsed));
        Time.Advance(TimeSpan.FromSeconds(1));
        return Changes.Push(
            new PushOrder(layer, bytes, "why", bootstrap, again, TimeSpan.Zero, parsed, after is null ? TimeSpan.Zero : TimeSpan.Parse(after, null), stopAt), author);
    }

    /// <summary>Devices ask for the first time.</summary>
    public void Meet(params IEnumerable<string> devices)
    {
        foreach (string device in devices)
        {
            _notes.NoteHeld(device, 0, [], "1.0");
        }
        Settle();
    }

    public DateTimeOffset? Settle()
    {
        _notes.Store();
        return _driver.Step();
    }

    public void Send(string device)
    {
        _notes.NoteSent(device, Desired(device).Number);
        Settle();
    }

    /// <summary>The device is sent what it should run, and says what became of it.</summary>
    public void Answer(string device, ConfigOutcome outcome)
    {
        DesiredRevision desired = Desired(device);
        _notes.NoteSent(device, desired.Number);
        Settle();
        Report(device, desired.Number, desired.Hash, outcome, outcome is ConfigOutcome.Applied or ConfigOutcome.OnTrial ? desired.Number : desired.HeldNumber);
        Settle();
    }

    public void Report(string device, long number, byte[] hash, ConfigOutcome outcome, long running, long at = 0, params IEnumerable<ConfigError> errors) =>
        _reports.Accept(device, new ConfigReport
        {
            Number = (ulong)number,
            Hash = ByteString.CopyFrom(hash),
            Outcome = outcome,
            RunningNumber = (ulong)running,
            AtUnixNanoseconds = at,
            Errors = { errors },
        });

    public DesiredRevision Desired(string device) => Control.Read(session => DeviceRows.Get(session, device));

    public Revision Revision(string device) => Control.Read(session => RevisionRows.Get(session, device, DeviceRows.Get(session, device).Number));

    public string Document(string device) => Encoding.UTF8.GetString(Control.Read(session => LayerRows.Document(session, DeviceRows.Get(session, device).Hash)));

    public Rollout Rollout(long number) => Control.Read(session => RolloutRows.Get(session, number));

    public IReadOnlyList<string> Order(long rollout) => Control.Read(session => RolloutRows.Devices(session, rollout)).ConvertAll(device => device.Device);

    public List<StoredReport> Reports(string device) => Control.Read(session => ReportBook.Latest(session, device, 1_000));

    public async ValueTask DisposeAsync()
    {
        await Control.DisposeAsync();
        _folder.Dispose();
    }
}
