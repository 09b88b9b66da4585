using System.Globalization;
using EdgeAgent.Ingestion.Storage.Control;
using Grpc.Core;

namespace EdgeAgent.Ingestion.Configs;

/// <summary>All that has to do with what devices should run: put together, and what the two servers use of it.</summary>
internal sealed class Configurations : IAsyncDisposable
{
    /// <summary>In the response headers of an upload: the newest revision for the device, where it does not have it and would be sent it.</summary>
    public const string HintHeader = "edge-config";

    private readonly WatchNotes _notes;
    private readonly ConfigTask _task;

    public Configurations(ConfigOptions options, ControlDatabase control, TimeProvider time, ILoggerFactory loggers)
    {
        (Options, Control) = (options, control);
        Changes = new ConfigChanges(control, time);
        Reports = new ReportBook(control, options, time);
        Messages = new RevisionMessages(control);
        Desired = new DesiredRevisions(control);
        Watching = new WatchingDevices(options);
        _notes = new WatchNotes(control, time);
        _task = new ConfigTask(
            control, _notes, new RolloutDriver(control, time, loggers.CreateLogger<RolloutDriver>()), Desired, Watching, time, loggers.CreateLogger<ConfigTask>());
    }

    public ConfigOptions Options { get; }

    public ControlDatabase Control { get; }

    public ConfigChanges Changes { get; }

    public ReportBook Reports { get; }

    public RevisionMessages Messages { get; }

    public DesiredRevisions Desired { get; }

    public WatchingDevices Watching { get; }

    /// <inheritdoc cref="WatchNotes.NoteHeld"/>
    public void NoteHeld(string device, long number, byte[] hash, string agentVersion)
    {
        _notes.NoteHeld(device, number, hash, agentVersion);
        _task.Signal();
    }

    /// <inheritdoc cref="WatchNotes.NoteSent"/>
    public void NoteSent(string device, long number)
    {
        _notes.NoteSent(device, number);
        _task.Signal();
    }

    /// <summary>Tells a device that keeps no Watch open that it is worth opening one.</summary>
    public void AddHint(Metadata headers, string device)
    {
        if (Desired.TryGet(device, out DesiredRevision? desired) && desired.IsAwaited)
        {
            headers.Add(HintHeader, desired.Number.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Before the database is let go of.</summary>
    public ValueTask DisposeAsync() => _task.DisposeAsync();
}
